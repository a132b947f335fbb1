"""Reading an item's time, within the actor's scope."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from server.access.actor import Actor
from server.access.schemas import NamedView, named
from server.items.acts import possible_acts
from server.items.lifecycle import ItemState
from server.items.limit_rules import asking, is_own_units, may_decide
from server.items.overdue import OWING, overdue, reported
from server.items.remaining import Measure
from server.items.scope import inside, visible_to
from server.items.timing_schemas import ExtensionView, SuspensionView, TimeView, WrittenReportView
from server.kit import clock, db
from server.kit.errors import NotFound
from server.kit.limits import LimitUnit

EXTENSION: Final = (
    "x.*, xu.name AS unit_name, xr.name AS asker_name, xd.name AS decider_name FROM item_extensions x"
    " JOIN units xu ON xu.id = x.unit_id JOIN people xr ON xr.id = x.requested_by"
    " LEFT JOIN people xd ON xd.id = x.decided_by"
)
SUSPENSION: Final = (
    "s.*, sp.name AS suspender_name, se.name AS ender_name FROM item_suspensions s"
    " JOIN people sp ON sp.id = s.suspended_by LEFT JOIN people se ON se.id = s.ended_by"
)


async def time_of(actor: Actor, item_id: UUID) -> TimeView:
    """All about the time of one item.

    Raises:
        NotFound: no such item in the actor's scope.
    """
    condition, args = visible_to(actor, 3)
    row = await db.fetch_one(
        f"SELECT i.*, {overdue('$2')} AS is_overdue, {reported()} AS is_reported FROM items i"
        f" WHERE i.id = $1 AND {condition}",
        item_id,
        clock.now(),
        *args,
    )
    if row is None:
        raise NotFound
    extensions = [
        (one, extension_view(one))
        for one in await db.fetch(f"SELECT {EXTENSION} WHERE x.item_id = $1 ORDER BY x.requested_at, x.id", item_id)
    ]
    first = next((one for one, _ in extensions if one["no"] == 1), None)
    return TimeView(
        item_id=item_id,
        state=ItemState(row["state"]),
        due_at=row["due_at"],
        original_due_at=row["original_due_at"],
        rule=row["due_rule"],
        words=row["due_words"],
        words_en=row["due_words_en"],
        original_words=first["words_before"] if first else row["due_words"],
        original_words_en=first["words_en_before"] if first else row["due_words_en"],
        pack=row["due_pack"],
        calendar=row["due_calendar"],
        provisional=row["due_provisional"],
        stated_by=row["stated_by"],
        overdue=row["is_overdue"] or False,
        reported=row["is_reported"],
        extension_count=sum(view.state == "GRANTED" for _, view in extensions),
        extensions=tuple(view for _, view in extensions),
        written_reports=await _written_reports(actor, row),
        suspensions=await _suspensions(item_id),
        acts=_acts(actor, row, next((one for one, _ in extensions if one["state"] == "PENDING"), None)),
        version=row["version"],
    )


async def item_of_extension(actor: Actor, extension_id: UUID) -> UUID:
    """The item that a request is about.

    Raises:
        NotFound: no such request under an item in the actor's scope.
    """
    condition, args = visible_to(actor, 2)
    found: UUID | None = await db.fetch_value(
        f"SELECT i.id FROM item_extensions x JOIN items i ON i.id = x.item_id WHERE x.id = $1 AND {condition}",
        extension_id,
        *args,
    )
    if found is None:
        raise NotFound
    return found


async def _written_reports(actor: Actor, item: Any) -> tuple[WrittenReportView, ...]:
    """Those of the unit that handles the item; of one from which it was taken back, for the office only."""
    rows = await db.fetch(
        "SELECT w.*, u.name AS unit_name, p.name AS filer_name FROM item_written_reports w"
        " JOIN units u ON u.id = w.unit_id JOIN people p ON p.id = w.filed_by"
        " WHERE w.item_id = $1 AND ($2::bool OR w.unit_id = $3::uuid) ORDER BY w.filed_at, w.id",
        item["id"],
        inside(actor),
        item["handling_unit_id"],
    )
    return tuple(
        WrittenReportView(
            id=row["id"],
            reason=row["reason"],
            progress=row["progress"],
            expected_on=row["expected_on"],
            unit=NamedView(id=row["unit_id"], name=row["unit_name"]),
            filed_by=NamedView(id=row["filed_by"], name=row["filer_name"]),
            filed_at=row["filed_at"],
            in_time=row["in_time"],
        )
        for row in rows
    )


async def _suspensions(item_id: UUID) -> tuple[SuspensionView, ...]:
    rows = await db.fetch(f"SELECT {SUSPENSION} WHERE s.item_id = $1 ORDER BY s.suspended_at, s.id", item_id)
    return tuple(suspension_view(row) for row in rows)


def _acts(actor: Actor, row: Any, pending: Any) -> tuple[str, ...]:
    state = ItemState(row["state"])
    asks = actor.has(*asking(row["mode"])) and actor.unit_id == row["handling_unit_id"] and row["due_at"] is not None
    acts = [act for act in possible_acts(actor, row, {}, ()) if act in ("suspend", "resume", "terminate")]
    if asks and state is ItemState.IN_PROGRESS and pending is None:
        acts.append("request_extension")
    if asks and pending is not None:
        acts.append("withdraw_extension")
    if asks and state in OWING:
        acts.append("file_written_report")
    if pending is not None and state is ItemState.IN_PROGRESS and decides(actor, pending, row["mode"]):
        acts.append("decide_extension")
    return tuple(acts)


def decides(actor: Actor, one: Any, mode: str | None) -> bool:
    """Whether this person may decide on a request (its row) about an item of this mode; the command judges again."""
    if one["requested_by"] == actor.person_id or is_own_units(actor.unit_id, one["unit_id"], mode):
        return False
    return may_decide(actor.roles, one["stated_by"], stater=one["stated_by_id"] == actor.person_id)


def extension_view(row: Any) -> ExtensionView:
    """A row of ``EXTENSION`` as a view."""
    decider = row["decided_by"]
    return ExtensionView(
        id=row["id"],
        state=row["state"],
        reason=row["reason"],
        progress=row["progress"],
        wanted_until=row["wanted_until"],
        wanted_n=row["wanted_n"],
        wanted_unit=LimitUnit(row["wanted_unit"]) if row["wanted_unit"] else None,
        unit=NamedView(id=row["unit_id"], name=row["unit_name"]),
        requested_by=NamedView(id=row["requested_by"], name=row["asker_name"]),
        requested_at=row["requested_at"],
        late=row["late"],
        stated_by=row["stated_by"],
        due_before=row["due_before"],
        no=row["no"],
        due_after=row["due_after"],
        decided_by=named(decider, row["decider_name"]),
        decided_at=row["decided_at"],
        opinion=row["opinion"],
    )


def suspension_view(row: Any) -> SuspensionView:
    """A row of ``SUSPENSION`` as a view."""
    left = row["remaining_us"]
    return SuspensionView(
        id=row["id"],
        obstacle=row["obstacle"],
        review_on=row["review_on"],
        suspended_by=NamedView(id=row["suspended_by"], name=row["suspender_name"]),
        suspended_at=row["suspended_at"],
        due_before=row["due_before"],
        measure=Measure(row["measure"]),
        remaining_days=row["remaining_days"],
        remaining_seconds=None if left is None else int(timedelta(microseconds=left).total_seconds()),
        ended_at=row["ended_at"],
        ended_by=named(row["ended_by"], row["ender_name"]),
        ended_how=row["ended_how"],
        note=row["note"],
        due_after=row["due_after"],
    )
