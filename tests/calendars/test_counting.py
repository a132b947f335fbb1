"""Counting limits: the handbook's vectors, years that are not known, and laws that hold for every calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.calendars import shipped
from server.calendars.errors import CalendarNotPublished
from server.calendars.rules import Calendar, Limit, LimitUnit, YearRules, count
from server.kit.clock import SHANGHAI

NATIONAL = shipped.national()
VECTORS = [
    ("2026-02-13", "2026-02-25", "2026-03-02", "2026-03-12", "2026-03-15"),
    ("2026-02-14", "2026-02-26", "2026-03-03", "2026-03-13", "2026-03-16"),
    ("2026-04-30", "2026-05-08", "2026-05-13", "2026-05-25", "2026-05-30"),
    ("2026-05-08", "2026-05-12", "2026-05-18", "2026-05-28", "2026-06-07"),
    ("2026-06-17", "2026-06-23", "2026-06-29", "2026-07-09", "2026-07-17"),
    ("2026-09-18", "2026-09-22", "2026-09-29", "2026-10-15", "2026-10-18"),
    ("2026-09-30", "2026-10-10", "2026-10-15", "2026-10-27", "2026-10-30"),
    ("2026-12-21", "2026-12-24", "2026-12-30", None, "2027-01-20"),
]


def received(day: str, at: time = time(9, 30)) -> datetime:
    return datetime.combine(date.fromisoformat(day), at, SHANGHAI).astimezone(UTC)


def working(n: int) -> Limit:
    return Limit(n, LimitUnit.WORKING_DAYS)


@pytest.mark.parametrize(("day", "n", "due"), [(v[0], n, v[i]) for v in VECTORS for i, n in ((1, 3), (2, 7), (3, 15))])
def test_working_days_of_the_handbook(day: str, n: int, due: str | None) -> None:
    if due is None:
        return
    counted = count(NATIONAL, received(day), working(n))
    assert counted.last_day == date.fromisoformat(due)
    assert counted.calendar == "2026v1"
    assert not counted.provisional


@pytest.mark.parametrize(("day", "due"), [(v[0], v[4]) for v in VECTORS])
def test_thirty_days_of_the_handbook_ask_no_calendar(day: str, due: str) -> None:
    counted = count(Calendar({}), received(day), Limit(30, LimitUnit.DAYS))
    assert counted.last_day == date.fromisoformat(due)
    assert (counted.calendar, counted.provisional) == ("", False)


def test_the_year_has_its_working_days() -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    by_month = [sum(NATIONAL.is_working_day(d) for d in days if d.month == m) for m in range(1, 13)]
    assert by_month == [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23]
    assert sum(by_month) == 248


def test_the_limit_ends_with_the_last_day() -> None:
    counted = count(NATIONAL, received("2026-04-30"), working(15))
    assert counted.at == datetime(2026, 5, 25, 16, tzinfo=UTC)
    closing = count(NATIONAL, received("2026-04-30"), working(15), closing=time(17, 30))
    assert closing.at == datetime(2026, 5, 25, 9, 30, tzinfo=UTC)


def test_the_day_of_receipt_is_that_of_shanghai() -> None:
    just_before = datetime(2026, 4, 30, 15, 59, tzinfo=UTC)
    just_after = datetime(2026, 4, 30, 16, 1, tzinfo=UTC)
    assert count(NATIONAL, just_before, Limit(30, LimitUnit.DAYS)).last_day == date(2026, 5, 30)
    assert count(NATIONAL, just_after, Limit(30, LimitUnit.DAYS)).last_day == date(2026, 5, 31)


def test_hours_run_through_nights_and_holidays() -> None:
    counted = count(NATIONAL, received("2026-10-01", time(23, 30)), Limit(1, LimitUnit.HOURS))
    assert counted.at - received("2026-10-01", time(23, 30)) == timedelta(hours=1)


class TestUnknownYear:
    def test_is_refused_where_a_certain_answer_is_wanted(self) -> None:
        with pytest.raises(CalendarNotPublished) as refused:
            count(NATIONAL, received("2026-12-21"), working(15), provisional_ok=False)
        assert refused.value.params == {"year": 2027}
        with pytest.raises(CalendarNotPublished):
            NATIONAL.add_working_days(date(2026, 12, 21), 15)

    def test_is_marked_provisional_otherwise(self) -> None:
        counted = count(NATIONAL, received("2026-12-21"), working(15))
        assert counted.provisional
        assert counted.calendar == "2026v1/2027暂"
        assert counted.last_day == date(2027, 1, 12), "new year's day is off in every year"

    def test_says_nothing_of_a_single_day(self) -> None:
        with pytest.raises(CalendarNotPublished):
            NATIONAL.is_working_day(date(2027, 3, 1))

    def test_a_region_without_its_notice_is_unknown_too(self) -> None:
        torches = YearRules(2026, 2, frozenset({date(2026, 8, 6)}), region="凉山")
        years = {2026: NATIONAL.years[2026], 2027: YearRules(2027, 1, frozenset({date(2027, 1, 1)}))}
        calendar = Calendar(years, (torches,))
        assert calendar.label(2026) == "2026v1+凉山v2"
        assert calendar.knows(2026)
        assert not calendar.knows(2027)
        assert count(calendar, received("2026-12-21"), working(15)).provisional


class TestRollForward:
    def test_a_last_day_in_the_holiday_moves_behind_it(self) -> None:
        limit = Limit(30, LimitUnit.DAYS)
        stays = count(NATIONAL, received("2026-09-03"), limit)
        moves = count(NATIONAL, received("2026-09-03"), limit, roll_forward=True)
        assert (stays.last_day, moves.last_day) == (date(2026, 10, 3), date(2026, 10, 8))
        assert moves.calendar == "2026v1"

    def test_into_an_unknown_year_is_provisional(self) -> None:
        counted = count(NATIONAL, received("2026-12-03"), Limit(30, LimitUnit.DAYS), roll_forward=True)
        assert counted.provisional
        assert counted.last_day == date(2027, 1, 4)


def test_the_region_rests_on_its_own_holidays() -> None:
    torches = YearRules(
        2026, 1, frozenset({date(2026, 8, 6), date(2026, 8, 7)}), frozenset({date(2026, 8, 9)}), region="凉山"
    )
    calendar = Calendar(NATIONAL.years, (torches,))
    assert NATIONAL.is_working_day(date(2026, 8, 6))
    assert not calendar.is_working_day(date(2026, 8, 6))
    assert calendar.is_working_day(date(2026, 8, 9)), "a Sunday exchanged for it"
    assert calendar.add_working_days(date(2026, 8, 5), 1) == date(2026, 8, 9)


days_of_2026 = st.dates(date(2026, 1, 1), date(2026, 9, 30))
few = st.integers(1, 30)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    off = draw(st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=40))
    work = draw(st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=10))
    return Calendar({2026: YearRules(2026, 1, off - work, work), 2027: YearRules(2027, 1, frozenset())})


class TestLaws:
    @settings(deadline=None)
    @given(calendars(), days_of_2026, few)
    def test_lands_on_a_working_day_after_the_start(self, calendar: Calendar, day: date, n: int) -> None:
        last = calendar.add_working_days(day, n)
        assert last > day
        assert calendar.is_working_day(last)

    @settings(deadline=None)
    @given(calendars(), days_of_2026, few, few)
    def test_may_be_counted_in_two_parts(self, calendar: Calendar, day: date, n: int, m: int) -> None:
        halfway = calendar.add_working_days(day, n)
        assert calendar.add_working_days(halfway, m) == calendar.add_working_days(day, n + m)

    @settings(deadline=None)
    @given(calendars(), days_of_2026, st.integers(0, 20), few)
    def test_a_later_receipt_is_never_due_earlier(self, calendar: Calendar, day: date, later: int, n: int) -> None:
        assert calendar.add_working_days(day, n) <= calendar.add_working_days(day + timedelta(days=later), n)

    @settings(deadline=None)
    @given(calendars(), days_of_2026, few)
    def test_holds_exactly_as_many_working_days(self, calendar: Calendar, day: date, n: int) -> None:
        last = calendar.add_working_days(day, n)
        between = [day + timedelta(days=k) for k in range(1, (last - day).days + 1)]
        assert sum(calendar.is_working_day(one) for one in between) == n

    @settings(deadline=None)
    @given(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(0, 60), st.sampled_from(LimitUnit))
    def test_one_more_is_never_earlier(self, day: date, n: int, unit: LimitUnit) -> None:
        start = received(day.isoformat())
        assert count(NATIONAL, start, Limit(n, unit)).at <= count(NATIONAL, start, Limit(n + 1, unit)).at

    @settings(deadline=None)
    @given(st.dates(date(2026, 1, 1), date(2026, 12, 31)), few)
    def test_a_certain_answer_is_the_provisional_one(self, day: date, n: int) -> None:
        start = received(day.isoformat())
        supposed = count(NATIONAL, start, working(n))
        if not supposed.provisional:
            assert count(NATIONAL, start, working(n), provisional_ok=False) == supposed


def test_a_limit_is_no_slip_of_the_finger() -> None:
    with pytest.raises(ValueError, match="limit"):
        Limit(-1, LimitUnit.DAYS)
    with pytest.raises(ValueError, match="limit"):
        Limit(100_000, LimitUnit.HOURS)
    assert (Limit(1, LimitUnit.WORKING_DAYS).words_en(), Limit(0, LimitUnit.HOURS).words()) == ("1 working day", "立即")
