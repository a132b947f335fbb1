"""Rules of extensions and of lateness that need neither database nor clock."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from server.access.errors import NotYourStep
from server.access.roles import Role
from server.calendars.rules import Calendar, count, end_of
from server.items.deadlines import RULE_STATED, Due
from server.items.kinds import Mode
from server.items.numbers import normal_name
from server.items.remaining import Measure, ends_with_its_day
from server.items.timing_errors import LimitOfALeader, NotLater, OneLimit
from server.kit.clock import SHANGHAI
from server.kit.limits import Limit, LimitUnit
from server.rulepacks.rules import RulePack

RULE_EXTENDED: Final = "DL-EXT"
_TICK: Final = timedelta(microseconds=1)
# D1.13: UDEP; the principal leader and the liaison hand in for the unit as well.
_ASKING: Final = (Role.UDEP, Role.UHEAD, Role.LIAISON)
# 自办: the office is its own unit; somebody else than who asks decides all the same.
_ASKING_SELF: Final = (Role.SUP, Role.OFFICE)
_ABOVE: Final = (Role.LEADER, Role.ORIGIN)
# What stands before or after a leader's name where somebody says who stated a limit.
_TITLE: Final = (
    r"(?:总理|省长|市长|州长|盟长|县长|区长|旗长|乡长|镇长|厅长|局长|部长|处长|科长|组长|秘书长|主席|书记|常委|委员"
    r"|主任|专员|领导|同志)"
)
_BEFORE: Final = re.compile(rf"(?:^|[^\w]|{_TITLE})$")
_AFTER: Final = re.compile(
    rf"(?:$|[^\w]|(?:[省市州盟县区旗乡镇]委|党组|党工委|管委会|政府|常务|副|代)*{_TITLE}|批示|签批|要求|指示)"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A later limit: until a day, or so much after the present last day."""

    until: date | None
    limit: Limit | None


@dataclass(frozen=True, slots=True)
class Instructor:
    """A leader on whose instruction an item rests: his account if he has one, and how he is called."""

    person_id: UUID | None
    names: tuple[str, ...]


def wanted(until: date | None, n: int | None, unit: LimitUnit | None) -> Wanted:
    """What a request or a decision names.

    Raises:
        OneLimit: not exactly one of both.
    """
    if (n is None) != (unit is None) or (until is None) == (n is None):
        raise OneLimit
    return Wanted(until, Limit(n, unit) if n is not None and unit is not None else None)


def asking(mode: str | None) -> tuple[Role, ...]:
    """Who speaks for the unit that handles an item of this mode."""
    return _ASKING_SELF if mode == Mode.SELF else _ASKING


def must_ask(held: Collection[Role], mode: str | None) -> None:
    """Refuse somebody who does not speak for the unit that handles an item of this mode.

    Raises:
        NotYourStep: none of the unit's functions for it.
    """
    if not set(held) & set(asking(mode)):
        raise NotYourStep(params={"act": "extend", "by": [role.value for role in asking(mode)]})


def is_own_units(decider: UUID | None, asking_unit: UUID, mode: str | None) -> bool:
    """Whether a request comes from the decider's own unit, for which he is no judge; 自办 has no other one."""
    return mode != Mode.SELF and decider == asking_unit


def names(stated_by: str, name: str) -> bool:
    """Whether these words name this leader: his whole name, beside a title or alone, and no longer name around it."""
    told, wanted_name = normal_name(stated_by), normal_name(name)
    return bool(wanted_name) and any(
        _BEFORE.search(told[: found.start()]) and _AFTER.match(told[found.end() :])
        for found in re.finditer(re.escape(wanted_name), told)
    )


def who_stated(stated_by: str, leaders: Collection[Instructor]) -> UUID | None:
    """The account of the one instructing leader of an item who stated its limit; nobody where two could be meant."""
    named = [one for one in leaders if any(names(stated_by, name) for name in one.names)]
    found = {one.person_id or one.names for one in named}
    return named[0].person_id if len(found) == 1 else None


def may_decide(held: Collection[Role], stated_by: str, *, stater: bool) -> bool:
    """Whether somebody with these functions decides on an extension (D1.13).

    A leader's own limit is for leaders, and for the instructing leader who stated it (``stater``), known as a person
    and not by his name; he decides on no other.
    """
    if Role.LEADER in held or (Role.OFFICE in held and not stated_by):
        return True
    return Role.ORIGIN in held and stater


def must_decide(held: Collection[Role], stated_by: str, *, stater: bool) -> None:
    """Refuse somebody who may not extend this limit.

    Raises:
        LimitOfALeader: the office, where a leader stated the limit.
        NotYourStep: anybody else.
    """
    if may_decide(held, stated_by, stater=stater):
        return
    if stated_by and Role.OFFICE in held:
        raise LimitOfALeader(params={"stated_by": stated_by})
    raise NotYourStep(params={"act": "extend", "by": [role.value for role in (*_ABOVE, Role.OFFICE)]})


def extended(calendar: Calendar, pack_label: str, due_at: datetime, more: Wanted, *, no: int, by: str) -> Due:
    """The later limit. A length is counted from the present last day, by the calendar, and keeps its hour.

    Raises:
        NotLater: it would be over before the present one.
    """
    head, head_en = f"第 {no} 次延期", f"Extension {no}"
    calendar_label, provisional = "", False
    if more.limit is None:
        assert more.until is not None
        at = end_of(more.until)
        how, how_en = f"延至 {more.until:%Y-%m-%d}", f"until {more.until:%Y-%m-%d}"
    else:
        closing = None if ends_with_its_day(due_at) else due_at.astimezone(SHANGHAI).time()
        # 24:00 is the end of its own day: one tick earlier, the day after it is the first that counts.
        counted = count(calendar, due_at if closing else due_at - _TICK, more.limit, closing=closing)
        at = due_at + timedelta(hours=more.limit.n) if more.limit.unit is LimitUnit.HOURS else counted.at
        calendar_label, provisional = counted.calendar, counted.provisional
        how, how_en = f"原时限后 {more.limit.words()}", f"{more.limit.words_en()} after the limit before"
    if at < due_at:
        raise NotLater
    tail = f"，日历 {calendar_label}" if calendar_label else ""
    tail_en = f", calendar {calendar_label}" if calendar_label else ""
    if provisional:
        tail, tail_en = f"{tail}（暂定，待放假安排公布）", f"{tail_en} (provisional until the holidays are published)"
    return Due(
        at,
        RULE_EXTENDED,
        f"{head}：{how}，{by}批准{tail}",
        f"{head_en}: {how_en}, granted by {by}{tail_en}",
        pack_label,
        calendar_label or None,
        provisional,
    )


def leader_of_limit(item_row: Any) -> str:
    """Which leader stated the limit in force, empty if it is a default or the slip's."""
    stated_by: str = item_row["stated_by"] or ""
    first_rule = item_row["first_rule"] if "first_rule" in item_row else item_row["due_rule"]
    return stated_by if first_rule == RULE_STATED else ""


def measure_of(item_row: Any, pack: RulePack | None, granted_unit: str | None) -> Measure:
    """In what the rest of an item's limit is counted: as the limit itself was stated.

    ``granted_unit`` is that of the last extension; ``pack`` the one under which the limit was found, if it is known.
    """
    due_at, rule = item_row["due_at"], item_row["due_rule"]
    if due_at is None:
        return Measure.NONE
    unit: str | None = None
    if rule == RULE_EXTENDED:
        unit = granted_unit
    elif rule == RULE_STATED:
        # What a slip states is not kept with the item; a calendar is asked for working days only.
        unit = item_row["stated_limit_unit"] or (LimitUnit.WORKING_DAYS if item_row["due_calendar"] else None)
    elif pack is not None:
        limit = next((one.limit for one in pack.deadlines if one.id == rule), None)
        unit = limit.unit if limit is not None else None
    match unit:
        case LimitUnit.WORKING_DAYS:
            return Measure.WORKING_DAYS
        case LimitUnit.HOURS:
            return Measure.TIME
        case LimitUnit.DAYS:
            return Measure.DAYS
        case _:
            return Measure.DAYS if ends_with_its_day(due_at) else Measure.TIME
