"""Dates that were counted before a year was published: a proposal when it is, and a person who settles it.

The date was the n-th supposed working day of the year that was not known. It becomes the n-th real one; so nothing
but the date itself and the label of its calendar is needed, whether the limit came from a pack, a leader or an
extension.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar
from uuid import UUID

from server.access.actor import Actor
from server.calendars.queries import calendar_in_force
from server.calendars.rules import Calendar, end_of
from server.items import steps
from server.items.commands.locking import item_for_update
from server.items.due_schemas import ProvisionalRow, SettleDue
from server.items.numbers import register_no
from server.items.scope import visible_to
from server.journal.events import Event
from server.journal.work import unit_of_work
from server.kit import db
from server.kit.clock import SHANGHAI
from server.kit.errors import ChangedMeanwhile, DomainError

_SUPPOSED = re.compile(r"(?<!\d)(\d{4})(?:v\d+)?(?:\+[^/]*)?(?:暂|\(地方暂\))")
_NOTE, _NOTE_EN = "（暂定，待放假安排公布）", " (provisional until the holidays are published)"


class NothingToSettle(DomainError):
    """This date is not provisional, or its year is still not published."""

    code, status = "nothing_to_settle", 409
    zh = "该时限不是暂定的，或所涉年度的放假安排仍未公布。"


class ItemDueSettled(Event):
    """A provisional date was settled by the published calendar."""

    KIND: ClassVar[str] = "item.due_settled"
    SUBJECT: ClassVar[str] = "item"

    due_before: datetime
    due_after: datetime
    calendar: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """The date by the calendar that is now in force."""

    at: datetime
    calendar: str


def proposal(calendar: Calendar, due_at: datetime, counted_by: str) -> Proposal | None:
    """The settled date, or ``None`` while a year is still not known. Pure.

    Args:
        calendar: what is in force now.
        due_at: the provisional date.
        counted_by: the label of the calendar by which it was counted (``2026v1/2027暂``).
    """
    supposed = [int(year) for year in _SUPPOSED.findall(counted_by)]
    if not supposed or not all(calendar.knows(year) for year in supposed):
        return None
    local = due_at.astimezone(SHANGHAI)
    by_the_day = local.time() == time()
    last = local.date() - timedelta(days=1) if by_the_day else local.date()
    before = Calendar(
        {year: rules for year, rules in calendar.years.items() if f"{year}暂" not in counted_by},
        tuple(one for one in calendar.overlays if one.year not in supposed),
    )
    first = date(min(supposed), 1, 1)
    nth = sum(before.supposed_working_day(first + timedelta(days=k)) for k in range((last - first).days + 1))
    settled = calendar.add_working_days(first - timedelta(days=1), nth) if nth > 0 else last
    labels = [calendar.label(int(part[:4])) for part in counted_by.split("/") if part[:4].isdecimal()]
    return Proposal(end_of(settled, None if by_the_day else local.time()), "/".join(labels))


async def provisional(actor: Actor) -> tuple[ProvisionalRow, ...]:
    """Open items whose date is provisional, in the actor's scope; those that can be settled first."""
    condition, args = visible_to(actor, 1)
    rows = await db.fetch(
        "SELECT i.id, i.register_year, i.register_seq, i.title, i.due_at, i.due_calendar, i.version FROM items i"
        f" WHERE i.due_provisional AND i.due_at IS NOT NULL AND {condition} ORDER BY i.due_at, i.id LIMIT 500",
        *args,
    )
    calendar = await calendar_in_force(actor.org_id)
    found = []
    for row in rows:
        settled = proposal(calendar, row["due_at"], row["due_calendar"] or "")
        found.append(
            ProvisionalRow(
                item_id=row["id"],
                register_no=register_no(row["register_year"], row["register_seq"]),
                title=row["title"],
                due_at=row["due_at"],
                calendar=row["due_calendar"] or "",
                proposed_at=settled.at if settled else None,
                proposed_calendar=settled.calendar if settled else None,
                version=row["version"],
            )
        )
    return tuple(sorted(found, key=lambda one: one.proposed_at is None))


async def settle(actor: Actor, item_id: UUID, cmd: SettleDue, *, expected: int | None = None) -> None:
    """Settle one date on what was proposed.

    Raises:
        NothingToSettle: the date is not provisional, or the year still unknown.
        ChangedMeanwhile: the proposal is another by now.
        NotFound: no such item in the actor's scope.
    """
    async with unit_of_work(actor) as work:
        row = await item_for_update(work, actor, item_id, expected)
        calendar = await calendar_in_force(actor.org_id)
        settled = _settled(calendar, row)
        if settled.at != cmd.due_at:
            raise ChangedMeanwhile(params={"due_at": settled.at.isoformat()})
        await work.conn.execute(
            "UPDATE items SET due_at = $2, due_calendar = $3, due_provisional = false, due_words = $4,"
            " due_words_en = $5, version = version + 1,"
            " original_due_at = CASE WHEN original_due_at = due_at THEN $2 ELSE original_due_at END WHERE id = $1",
            item_id,
            settled.at,
            settled.calendar,
            _reworded(row["due_words"], row["due_calendar"], settled.calendar, _NOTE),
            _reworded(row["due_words_en"], row["due_calendar"], settled.calendar, _NOTE_EN),
        )
        data = {"due_before": row["due_at"].isoformat(), "due_at": settled.at.isoformat()}
        await steps.add(work, item_id, "settle_due", row["state"], row["state"], settled.calendar, data=data)
        work.record(
            ItemDueSettled(
                subject_id=item_id, due_before=row["due_at"], due_after=settled.at, calendar=settled.calendar
            )
        )


def _settled(calendar: Calendar, row: Any) -> Proposal:
    if row["due_provisional"] and row["due_at"] is not None:
        settled = proposal(calendar, row["due_at"], row["due_calendar"] or "")
        if settled is not None:
            return settled
    raise NothingToSettle


def _reworded(words: str | None, before: str | None, after: str, note: str) -> str | None:
    return None if words is None else words.replace(note, "").replace(before or note, after)
