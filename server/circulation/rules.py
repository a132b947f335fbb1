"""Rules of circulation that need neither database nor clock: limits, breaches, absences, what a stub may hold."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from server.calendars.rules import Calendar
from server.circulation.errors import (
    ClassOfAnotherKind,
    SerialNotPlain,
    StubHasNoContent,
    TimeOutOfOrder,
    WayNotAllowed,
)
from server.circulation.kinds import STUB_CLASSES, STUB_WAYS, CirculationKind, Way
from server.kit.clock import SHANGHAI
from server.kit.limits import Limit, LimitUnit
from server.rulepacks.rules import RulePack
from server.rulepacks.vocabulary import DESK_CLASSES, DeskClass

# 机〔2026〕12号: digits, letters, brackets, and too few characters to tell a story.
_SERIAL: Final = re.compile(r"(?=.*\d)[0-9A-Za-z〔〕()()\-—/\u4e00-\u9fff]{1,24}")
_LONGEST_STORY: Final = 4


@dataclass(frozen=True, slots=True)
class DeskDue:
    """The frozen answer to «until when may it lie here»; ``at`` is ``None`` where the pack knows no limit."""

    at: datetime | None
    rule: str
    words: str
    words_en: str
    pack: str


def desk_due(
    pack: RulePack, calendar: Calendar, desk_class: DeskClass, delivered_at: datetime, *, borrowed: bool = False
) -> DeskDue:
    """The limit of one stay on one desk (R40, R41), counted from the minute of delivery.

    ``borrowed`` says that the office's own rules are silent and those of another pack are used; the words tell so.

    3 天 on a desk are 72 hours and not the end of the third day: a breach shows at the minute at which it occurs.
    Working days keep the time of day. 0 means 即送即阅: the limit is over at delivery.

    Raises:
        CalendarNotPublished: the pack counts working days of a year that is not known.
    """
    name, name_en = DESK_CLASSES[desk_class]
    rule = next((one for one in pack.desk_rules if one.desk_class == desk_class), None)
    if rule is None or rule.limit is None:
        return DeskDue(
            None, "", f"{name}：{pack.short.zh}未规定送阅时限", f"{name_en}: no limit is laid down", pack.label
        )
    words = "即送即阅" if rule.limit.n == 0 else f"不超过 {rule.limit.words()}"
    ground, ground_en = ("", "")
    if borrowed:
        ground, ground_en = f"(本级规则未规定，参照{pack.short.zh})", f" (own rules silent, as in {pack.short.en})"
    elif rule.ground.article:
        ground, ground_en = f",{rule.ground.article.zh}", f", {rule.ground.article.en}"
    return DeskDue(
        _until(calendar, delivered_at, rule.limit),
        rule.id,
        f"{name}{words}{ground}",
        f"{name_en}: {rule.limit.words_en()}{ground_en}",
        pack.label,
    )


def _until(calendar: Calendar, delivered_at: datetime, limit: Limit) -> datetime:
    match limit.unit:
        case LimitUnit.HOURS:
            return delivered_at + timedelta(hours=limit.n)
        case LimitUnit.DAYS:
            return delivered_at + timedelta(days=limit.n)
        case LimitUnit.WORKING_DAYS:
            local = delivered_at.astimezone(SHANGHAI)
            last = calendar.add_working_days(local.date(), limit.n)
            return delivered_at + (last - local.date())


def breached(due_at: datetime | None, left_at: datetime | None, now: datetime) -> bool:
    """Whether it lay longer than allowed: exactly at the limit not yet. Computed, never stored."""
    return due_at is not None and (left_at or now) > due_at


@dataclass(frozen=True, slots=True)
class Away:
    """Days on which somebody is away, both included."""

    from_on: date
    to_on: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.to_on - self.from_on).days + 1


def away_on(day: date, absences: Iterable[Away]) -> Away | None:
    """The whole absence that holds a day: what follows on without a day between is one absence."""
    found: Away | None = None
    for one in sorted(absences, key=lambda one: one.from_on):
        if found is not None and one.from_on <= found.to_on + timedelta(days=1):
            found = Away(found.from_on, max(found.to_on, one.to_on))
        elif found is None or not found.from_on <= day <= found.to_on:
            found = one
    return found if found is not None and found.from_on <= day <= found.to_on else None


def too_long_away(away: Away | None, away_days: int | None) -> bool:
    """Whether what lies on the desk is to be re-routed: away for *more* than so many days (R42)."""
    return away is not None and away_days is not None and away.days > away_days


def check_kind(kind: CirculationKind, desk_class: DeskClass, *, title: str, serial: str, content: bool) -> None:
    """Refuse a class of another kind, a document without a title, and a stub that tells anything (B13).

    ``content`` says whether a reference or an item was named.

    Raises:
        ClassOfAnotherKind, StubHasNoContent, SerialNotPlain: as the names say.
    """
    if (kind is CirculationKind.CONFIDENTIAL) != (desk_class in STUB_CLASSES):
        raise ClassOfAnotherKind
    if kind is CirculationKind.DOCUMENT:
        return
    if title or content:
        raise StubHasNoContent
    stories = re.findall(r"[\u4e00-\u9fff]+", serial)
    if not _SERIAL.fullmatch(serial) or max(map(len, stories), default=0) > _LONGEST_STORY:
        raise SerialNotPlain


def check_way(kind: CirculationKind, way: Way, note: str) -> None:
    """Refuse an open way for a confidential item, and remarks about it.

    Raises:
        WayNotAllowed, StubHasNoContent: as the names say.
    """
    if kind is CirculationKind.CONFIDENTIAL:
        if way not in STUB_WAYS:
            raise WayNotAllowed
        if note:
            raise StubHasNoContent


def moment(given: datetime | None, *, after: datetime | None, now: datetime) -> datetime:
    """When it happened: now, or the earlier minute that the secretary enters from the paper.

    Raises:
        TimeOutOfOrder: in the future, or before what happened last.
    """
    if given is None:
        return now
    if given > now or (after is not None and given < after):
        raise TimeOutOfOrder
    return given
