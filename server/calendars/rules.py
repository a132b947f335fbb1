"""Working days and how limits are counted (handbook B8). Pure: no database, no clock.

The day of receipt is not counted; a limit ends at the end of its last day (民法典 art. 201, 203, by analogy). A year is
known only when its notice is in force. An unknown year is refused, or counted provisionally with a mark; it is never
taken for Monday to Friday without saying so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from server.calendars.errors import CalendarNotPublished
from server.kit.clock import SHANGHAI, day_of, end_of_day
from server.kit.limits import LONGEST, Limit, LimitUnit

__all__ = ["Calendar", "Counted", "Limit", "LimitUnit", "YearRules", "count", "end_of"]

ONE_DAY: Final = timedelta(days=1)

# 全国年节及纪念日放假办法: holidays with a fixed date. The others follow the moon or the sun and wait for the notice.
_FIXED_HOLIDAYS: Final = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})


@dataclass(frozen=True, slots=True)
class YearRules:
    """One version of one year: the days off and the exchanged working days, of the country or of a region."""

    year: int
    version: int
    off: frozenset[date]
    work: frozenset[date] = frozenset()
    region: str = ""
    source: str = ""
    names: Mapping[date, str] = field(default_factory=dict, hash=False)

    @property
    def label(self) -> str:
        """``2026v1`` for the country, ``凉山v2`` for a region."""
        return f"{self.region or self.year}v{self.version}"


@dataclass(frozen=True)
class Calendar:
    """All years in force of an organisation, with the holidays of its region laid over them."""

    years: Mapping[int, YearRules]
    overlays: tuple[YearRules, ...] = ()

    def knows(self, year: int) -> bool:
        """Whether the year's notice is in force, and that of the region where one is kept."""
        return year in self.years and self.regions <= {one.region for one in self.overlays if one.year == year}

    def days_worked(self, year: int) -> tuple[int, ...]:
        """The working days of each month, supposed where the year is not known."""
        months = [0] * 12
        day = date(year, 1, 1)
        while day.year == year:
            months[day.month - 1] += self.supposed_working_day(day)
            day += ONE_DAY
        return tuple(months)

    @property
    def regions(self) -> frozenset[str]:
        """The regions whose holidays count here: a year without them is not known in full."""
        return frozenset(one.region for one in self.overlays)

    def label(self, year: int) -> str:
        """``2026v1``, with an overlay ``2026v1+凉山v2``; ``2027暂`` for what was only supposed."""
        if year not in self.years:
            return f"{year}暂"
        over = [one.label for one in self.overlays if one.year == year]
        return "+".join([self.years[year].label, *over]) + ("" if self.knows(year) else "(地方暂)")

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on that day.

        Raises:
            CalendarNotPublished: nobody can say yet.
        """
        if not self.knows(day.year):
            raise CalendarNotPublished(
                f"The arrangement of holidays for {day.year} is not in force here.", params={"year": day.year}
            )
        return self._works(day)

    def supposed_working_day(self, day: date) -> bool:
        """The same, with a supposition for years that are not known: weekends and fixed holidays off."""
        return self._works(day)

    def _works(self, day: date) -> bool:
        for one in (*(over for over in self.overlays if over.year == day.year), self.years.get(day.year)):
            if one is not None and day in one.work:
                return True
            if one is not None and day in one.off:
                return False
        if day.year not in self.years and (day.month, day.day) in _FIXED_HOLIDAYS:
            return False
        return day.weekday() < 5

    def add_working_days(self, day: date, n: int) -> date:
        """The ``n``-th working day after ``day``.

        Raises:
            CalendarNotPublished: the count runs into a year that is not known.
        """
        return _step(day, n, self.is_working_day)

    def differences(self, other: Calendar, year: int) -> list[tuple[date, bool, bool]]:
        """The days of a year on which the other calendar decides otherwise: the day, whether worked here, and there."""
        found = []
        day = date(year, 1, 1)
        while day.year == year:
            here, there = self.supposed_working_day(day), other.supposed_working_day(day)
            if here != there:
                found.append((day, here, there))
            day += ONE_DAY
        return found

    def with_year(self, one: YearRules) -> Calendar:
        """This calendar with another version of one year, of the country or of a region."""
        if not one.region:
            return Calendar({**self.years, one.year: one}, self.overlays)
        kept = tuple(over for over in self.overlays if (over.year, over.region) != (one.year, one.region))
        return Calendar(self.years, (*kept, one))

    def name_of(self, day: date) -> str:
        """What the notice calls a day off; empty if it does not say."""
        for one in (*(over for over in self.overlays if over.year == day.year), self.years.get(day.year)):
            if one is not None and day in one.names:
                return one.names[day]
        return ""


def _step(day: date, n: int, works: Callable[[date], bool]) -> date:
    if not 0 <= n <= LONGEST:
        raise ValueError(f"{n} working days cannot be counted")
    while n:
        day += ONE_DAY
        n -= works(day)
    return day


@dataclass(frozen=True, slots=True)
class Counted:
    """A counted limit: ``at`` is the instant at which it is over, in UTC.

    ``calendar`` names the versions that were asked; it is empty when none was needed. ``provisional`` says that a year
    was not yet known and ``at`` may move when its notice comes.
    """

    at: datetime
    calendar: str
    provisional: bool
    last_day: date


def count(
    calendar: Calendar,
    received_at: datetime,
    limit: Limit,
    *,
    roll_forward: bool = False,
    closing: time | None = None,
    provisional_ok: bool = True,
) -> Counted:
    """When a limit that began with the receipt is over.

    ``roll_forward`` moves the last day of a limit in days to the next working day; ``closing`` ends the last day at
    close of business in place of 24:00.

    Raises:
        CalendarNotPublished: a year is not known and a provisional answer is not wanted.
    """
    received_on = day_of(received_at)
    if limit.n == 0 or limit.unit is LimitUnit.HOURS:
        over = received_at.astimezone(UTC) + timedelta(hours=limit.n)
        return Counted(over, "", False, day_of(over))
    asked: dict[int, None] = {}

    def works(day: date) -> bool:
        asked[day.year] = None
        return calendar.supposed_working_day(day) if provisional_ok else calendar.is_working_day(day)

    if limit.unit is LimitUnit.WORKING_DAYS:
        last = _step(received_on, limit.n, works)
    else:
        last = received_on + timedelta(days=limit.n)
        while roll_forward and not works(last):
            last += ONE_DAY
    return Counted(
        end_of(last, closing),
        "/".join(calendar.label(year) for year in asked),
        not all(calendar.knows(year) for year in asked),
        last,
    )


def end_of(day: date, closing: time | None = None) -> datetime:
    """The end of a day in Shanghai as an instant in UTC: 24:00, or close of business."""
    if closing is not None:
        return datetime.combine(day, closing, SHANGHAI).astimezone(UTC)
    return end_of_day(day).astimezone(UTC)
