"""The rules of the desk without a desk: limits, breaches, absences, what a stub may hold."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.calendars.shipped import national
from server.circulation.errors import (
    ClassOfAnotherKind,
    SerialNotPlain,
    StubHasNoContent,
    TimeOutOfOrder,
    WayNotAllowed,
)
from server.circulation.kinds import STUB_CLASSES, CirculationKind, Way
from server.circulation.limits import _with_desks
from server.circulation.rules import (
    Away,
    away_on,
    breached,
    check_kind,
    check_way,
    desk_due,
    moment,
    too_long_away,
)
from server.kit.limits import Limit, LimitUnit
from server.rulepacks import shipped
from server.rulepacks.vocabulary import DeskClass

AT = datetime(2026, 5, 25, 9, 30, tzinfo=UTC)
DESKS = _with_desks(shipped.packs()[shipped.DEFAULT])
DAY = date(2026, 5, 25)


class TestTheLimit:
    @pytest.mark.requirement("R40")
    @pytest.mark.parametrize(
        ("desk_class", "length"),
        [
            (DeskClass.NORMAL, timedelta(days=3)),
            (DeskClass.URGENT, timedelta(days=1)),
            (DeskClass.EMERGENCY, timedelta(hours=1)),
        ],
    )
    def test_of_a_document_counts_from_the_minute_of_delivery(self, desk_class: DeskClass, length: timedelta) -> None:
        due = desk_due(DESKS, national(), desk_class, AT)
        assert due.at == AT + length
        assert due.pack == DESKS.label
        assert due.words and due.words_en and due.rule

    @pytest.mark.requirement("R41")
    @pytest.mark.parametrize(
        ("desk_class", "length"),
        [
            (DeskClass.CONFIDENTIAL, timedelta(days=7)),
            (DeskClass.CONFIDENTIAL_IMPORTANT, timedelta(days=3)),
            (DeskClass.CONFIDENTIAL_URGENT, timedelta(0)),
        ],
    )
    def test_of_a_confidential_item_is_longer_or_none_at_all(self, desk_class: DeskClass, length: timedelta) -> None:
        assert desk_due(DESKS, national(), desk_class, AT).at == AT + length

    def test_is_none_where_the_pack_is_silent_and_the_words_say_so(self) -> None:
        due = desk_due(shipped.packs()[shipped.DEFAULT], national(), DeskClass.NORMAL, AT)
        assert due.at is None
        assert "未规定" in due.words

    def test_says_when_it_is_borrowed(self) -> None:
        assert DESKS.short.zh in desk_due(DESKS, national(), DeskClass.NORMAL, AT, borrowed=True).words


class TestABreach:
    @pytest.mark.requirement("R40")
    def test_begins_after_the_limit_and_not_at_it(self) -> None:
        due = AT + timedelta(hours=1)
        assert not breached(due, None, due)
        assert breached(due, None, due + timedelta(minutes=1))
        assert breached(due, due + timedelta(seconds=1), due)
        assert not breached(due, due, due + timedelta(days=9))
        assert not breached(None, None, AT)


class TestAnAbsence:
    @pytest.mark.requirement("R42")
    def test_is_too_long_when_it_lasts_longer_than_the_pack_says(self) -> None:
        three, four = Away(DAY, DAY + timedelta(days=2)), Away(DAY, DAY + timedelta(days=3))
        assert not too_long_away(three, 3)
        assert too_long_away(four, 3)
        assert not too_long_away(four, None)
        assert not too_long_away(None, 3)

    def test_goes_on_when_the_next_follows_without_a_day_between(self) -> None:
        trips = [Away(DAY, DAY + timedelta(days=1)), Away(DAY + timedelta(days=2), DAY + timedelta(days=3))]
        assert away_on(DAY, trips) == Away(DAY, DAY + timedelta(days=3))
        apart = [Away(DAY, DAY), Away(DAY + timedelta(days=2), DAY + timedelta(days=3))]
        assert away_on(DAY, apart) == Away(DAY, DAY)
        assert away_on(DAY + timedelta(days=1), apart) is None

    @given(
        trips=st.lists(st.tuples(st.integers(-20, 20), st.integers(0, 8)), max_size=8),
        shift=st.integers(-25, 30),
    )
    def test_covers_exactly_the_days_around_one_that_are_all_away(
        self, trips: list[tuple[int, int]], shift: int
    ) -> None:
        marked = [Away(DAY + timedelta(days=a), DAY + timedelta(days=a + b)) for a, b in trips]
        days = {one.from_on + timedelta(days=n) for one in marked for n in range(one.days)}
        day = DAY + timedelta(days=shift)
        found = away_on(day, marked)
        if day not in days:
            assert found is None
            return
        first = last = day
        while first - timedelta(days=1) in days:
            first -= timedelta(days=1)
        while last + timedelta(days=1) in days:
            last += timedelta(days=1)
        assert found == Away(first, last)


class TestAStub:
    @pytest.mark.requirement("R41")
    def test_has_a_serial_and_nothing_else(self) -> None:
        kind, of = CirculationKind.CONFIDENTIAL, DeskClass.CONFIDENTIAL
        check_kind(kind, of, title="", serial="机〔2026〕12号", content=False)
        with pytest.raises(StubHasNoContent):
            check_kind(kind, of, title="关于某事", serial="机〔2026〕12号", content=False)
        with pytest.raises(StubHasNoContent):
            check_kind(kind, of, title="", serial="机〔2026〕12号", content=True)
        for serial in ("", "无号", "关于水库除险加固1", "机〔2026〕12号 关于", "x" * 25 + "1"):
            with pytest.raises(SerialNotPlain):
                check_kind(kind, of, title="", serial=serial, content=False)

    def test_and_a_document_have_classes_of_their_own(self) -> None:
        for of in DeskClass:
            wrong = CirculationKind.DOCUMENT if of in STUB_CLASSES else CirculationKind.CONFIDENTIAL
            with pytest.raises(ClassOfAnotherKind):
                check_kind(wrong, of, title="", serial="", content=False)

    @pytest.mark.requirement("R103")
    def test_goes_by_its_channel_or_by_courier_without_remarks(self) -> None:
        for way in (Way.DESK, Way.FAX, Way.OTHER):
            with pytest.raises(WayNotAllowed):
                check_way(CirculationKind.CONFIDENTIAL, way, "")
        with pytest.raises(StubHasNoContent):
            check_way(CirculationKind.CONFIDENTIAL, Way.COURIER, "某件")
        check_way(CirculationKind.CONFIDENTIAL, Way.COURIER, "")
        check_way(CirculationKind.DOCUMENT, Way.FAX, "传真号")


def test_a_time_from_the_paper_lies_between_the_last_step_and_now() -> None:
    assert moment(None, after=AT, now=AT) == AT
    assert moment(AT, after=AT, now=AT) == AT
    for told, after in ((AT + timedelta(seconds=1), None), (AT - timedelta(seconds=1), AT)):
        with pytest.raises(TimeOutOfOrder):
            moment(told, after=after, now=AT)


def test_working_days_on_a_desk_keep_the_hour() -> None:
    from server.circulation.rules import _until

    friday = datetime(2026, 5, 22, 2, 0, tzinfo=UTC)
    assert _until(national(), friday, Limit(1, LimitUnit.WORKING_DAYS)) == datetime(2026, 5, 25, 2, 0, tzinfo=UTC)
