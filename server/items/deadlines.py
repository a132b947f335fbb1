"""When an item is due: the pack says how long, the calendar what a working day is, and the answer is frozen (R36)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from server.calendars.queries import calendar_in_force
from server.calendars.rules import Calendar, count
from server.journal.work import UnitOfWork
from server.kit.clock import SHANGHAI, last_day
from server.kit.limits import Limit, LimitUnit
from server.rulepacks.queries import pack_in_force
from server.rulepacks.rules import RulePack, deadline_rule
from server.rulepacks.vocabulary import SLIP_KINDS

RULE_STATED = "DL-ANY-L"
RULE_IMMEDIATE = "DL-IMM"
_SLIPS = {zh.removesuffix("（单）"): en for zh, en in SLIP_KINDS.values()}


@dataclass(frozen=True, slots=True)
class Due:
    """The answer that an item keeps; ``at`` is ``None`` where neither the pack nor anybody states a limit."""

    at: datetime | None
    rule: str
    words: str
    words_en: str
    pack: str
    calendar: str | None
    provisional: bool


async def due_for(
    actor_org: UUID,
    item_row: Mapping[str, Any],
    *,
    received_at: datetime,
    stated: Limit | None = None,
    stated_at: datetime | None = None,
    stated_by: str = "",
) -> Due:
    """When an item received then is due, under what is in force for the organisation today.

    A limit stated by a leader or on the slip overrides every default (R34); without arguments for it, what the item
    itself carries as stated counts.
    """
    pack, calendar = await pack_in_force(actor_org), await calendar_in_force(actor_org)
    return compute(
        pack, calendar, item_row, received_at=received_at, stated=stated, stated_at=stated_at, stated_by=stated_by
    )


def compute(
    pack: RulePack,
    calendar: Calendar,
    item_row: Mapping[str, Any],
    *,
    received_at: datetime,
    stated: Limit | None = None,
    stated_at: datetime | None = None,
    stated_by: str = "",
) -> Due:
    """The same for a given pack and calendar. Pure."""
    if stated is None and stated_at is None:
        stated, stated_at, stated_by = _stated_in(item_row, stated_by)
    if stated_at is not None:
        return Due(
            stated_at.astimezone(UTC),
            RULE_STATED,
            f"{_who(stated_by)}要求 {_until(stated_at, ' 24时')} 前",
            f"By {_until(stated_at, ' 24:00')}, stated by {_who_en(stated_by)}",
            pack.label,
            None,
            False,
        )
    if stated is not None:
        return _counted(
            pack,
            calendar,
            received_at,
            stated,
            RULE_STATED,
            f"{_who(stated_by)}要求",
            f"stated by {_who_en(stated_by)}",
        )
    if item_row["immediate"]:
        return Due(
            received_at.astimezone(UTC),
            RULE_IMMEDIATE,
            f"特事特办，立即办理，{pack.short.zh}",
            f"At once (matter outside the normal limits), {pack.short.en}",
            pack.label,
            None,
            False,
        )
    rule = deadline_rule(
        pack,
        source_kind=str(item_row["source_kind"]),
        category=str(item_row["category"]),
        urgency=str(item_row["urgency"]),
        importance=str(item_row.get("importance") or "ORDINARY"),
    )
    article = rule.ground.article
    zh = f"{pack.short.zh}{article.zh if article else ''}「{rule.name.zh}」"
    en = f"{pack.short.en}{' ' + article.en if article else ''} ({rule.name.en})"
    if rule.limit is None:
        return Due(
            None,
            rule.id,
            f"须另行写明时限，{zh}未定",
            f"A limit must be stated, {en} sets none",
            pack.label,
            None,
            False,
        )
    return _counted(
        pack, calendar, received_at, rule.limit, rule.id, zh, en, roll_forward=rule.roll_forward, closing=rule.closing
    )


async def freeze_due(work: UnitOfWork, item_id: UUID, due: Due) -> None:
    """Keep the answer with the item; the first due date stays as the original one for ever."""
    await work.conn.execute(
        "UPDATE items SET due_at = $3, original_due_at = coalesce(original_due_at, $3), due_rule = $4, due_words = $5,"
        " due_words_en = $6, due_pack = $7, due_calendar = $8, due_provisional = $9 WHERE id = $1 AND org_id = $2",
        item_id,
        work.actor.org_id,
        due.at,
        due.rule,
        due.words,
        due.words_en,
        due.pack,
        due.calendar,
        due.provisional,
    )


def _stated_in(row: Mapping[str, Any], stated_by: str) -> tuple[Limit | None, datetime | None, str]:
    at: datetime | None = row.get("stated_due_at")
    n, unit = row.get("stated_limit_n"), row.get("stated_limit_unit")
    limit = Limit(n, LimitUnit(unit)) if n is not None and unit is not None else None
    return limit, at, stated_by or row.get("stated_by") or ""


def _counted(
    pack: RulePack,
    calendar: Calendar,
    received_at: datetime,
    limit: Limit,
    rule: str,
    zh: str,
    en: str,
    **kwargs: Any,
) -> Due:
    counted = count(calendar, received_at, limit, **kwargs)
    by_zh = f"，日历 {counted.calendar}" if counted.calendar else ""
    by_en = f", calendar {counted.calendar}" if counted.calendar else ""
    if counted.provisional:
        by_zh, by_en = by_zh + "（暂定，待放假安排公布）", by_en + " (provisional until the holidays are published)"
    return Due(
        counted.at,
        rule,
        f"{limit.words()}，{zh}{by_zh}",
        f"{limit.words_en()}, {en}{by_en}",
        pack.label,
        counted.calendar or None,
        counted.provisional,
    )


def _until(at: datetime, midnight: str) -> str:
    """The end of a limit in words: the end of a day is told by that day, not as the first minute of the next."""
    local = at.astimezone(SHANGHAI)
    return f"{last_day(at):%Y-%m-%d}{midnight}" if local.time() == time() else f"{local:%Y-%m-%d %H:%M}"


def _who(stated_by: str) -> str:
    return stated_by or "领导或督查单"


def _who_en(stated_by: str) -> str:
    """A person or a meeting keeps its name; a slip that states the limit itself is named in English."""
    return f"the {_SLIPS[stated_by].lower()}" if stated_by in _SLIPS else stated_by or "the leader or the slip"
