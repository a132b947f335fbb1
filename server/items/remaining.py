"""What is left of a limit when the clock stops, and when it is over once the clock runs again (D1.14, D1.15). Pure.

The measure is that of the limit:

* WORKING_DAYS: the working days after the day of suspension up to and with the last day. On resumption as many working
  days follow the day of resumption. So the day on which the clock stops counts as used, and the day on which it runs
  again does not count, as the day of receipt does not (民法典 art. 201, by analogy).
* DAYS: the same with calendar days.
* TIME: the exact length, for limits in hours, for a stated minute, and for whatever is overdue already: what was late
  by so much stays late by so much.

A limit in days keeps its hour (24:00, or close of business). Nobody is made late by the resumption itself: if the
restored last day is over at its hour already, the next (working) day takes its place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from server.calendars.rules import Calendar
from server.kit.clock import SHANGHAI, day_of, last_day

_DAY: Final = timedelta(days=1)


class Measure(StrEnum):
    """In what the rest of a limit is counted; ``NONE`` for an item without a limit."""

    WORKING_DAYS = "WORKING_DAYS"
    DAYS = "DAYS"
    TIME = "TIME"
    NONE = "NONE"


@dataclass(frozen=True, slots=True)
class Remaining:
    """So many days of the measure, or so much time; negative time is lateness."""

    measure: Measure
    days: int = 0
    time: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Restored:
    """When a resumed limit is over, and which calendar said so."""

    at: datetime
    calendar: str
    provisional: bool


def at_hour_of(due_at: datetime, day: date) -> datetime:
    """The same hour of another last day."""
    return due_at + (day - last_day(due_at))


def left_of(calendar: Calendar, due_at: datetime | None, at: datetime, measure: Measure) -> Remaining:
    """What is left of a limit at an instant, in the measure of the limit."""
    if due_at is None or measure is Measure.NONE:
        return Remaining(Measure.NONE)
    if measure is Measure.TIME or due_at <= at:
        return Remaining(Measure.TIME, time=due_at - at)
    today, last = day_of(at), last_day(due_at)
    if measure is Measure.DAYS:
        return Remaining(measure, days=(last - today).days)
    return Remaining(measure, days=sum(calendar.supposed_working_day(day) for day in _days_after(today, last)))


def restored(calendar: Calendar, due_before: datetime, left: Remaining, resumed_at: datetime) -> Restored:
    """When a limit with so much left is over if its clock runs again from an instant."""
    if left.measure is Measure.TIME:
        return Restored(resumed_at + left.time, "", False)
    asked: dict[int, None] = {}

    def works(day: date) -> bool:
        asked[day.year] = None
        return calendar.supposed_working_day(day)

    counts = works if left.measure is Measure.WORKING_DAYS else _every
    day = _follow(day_of(resumed_at), left.days, counts)
    at = at_hour_of(due_before, day)
    if at <= resumed_at:
        at = at_hour_of(due_before, _follow(day, 1, counts))
    return Restored(
        at, "/".join(calendar.label(year) for year in asked), not all(calendar.knows(year) for year in asked)
    )


def ends_with_its_day(due_at: datetime) -> bool:
    """Whether a limit is over at 24:00, so that it was meant in days and not to the minute."""
    return due_at.astimezone(SHANGHAI).time() == time()


def _days_after(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]


def _follow(day: date, n: int, counts: Callable[[date], bool]) -> date:
    while n:
        day += _DAY
        n -= counts(day)
    return day


def _every(_: date) -> bool:
    return True
