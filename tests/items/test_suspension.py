"""Clocks that stand still: what was left before is left afterwards."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.calendars import shipped
from server.calendars.rules import end_of
from server.items.remaining import Measure, Remaining, left_of, restored
from server.kit import db
from server.kit.clock import SHANGHAI, last_day
from server.kit.ids import new_id
from tests.factories.circulation import hands
from tests.factories.items import registered_item
from tests.factories.people import Office
from tests.factories.timing import DUE, MONDAY, Timing, ok
from tests.factories.trail import moved

pytestmark = pytest.mark.anyio

CALENDAR = shipped.national()
DAYS = st.dates(date(2026, 1, 5), date(2026, 9, 30))
HOURS = st.times(min_value=time(0, 0), max_value=time(23, 59))


@pytest.fixture
async def timing(office: Office) -> Timing:
    return await Timing.prepared(office)


def instant(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, SHANGHAI).astimezone(UTC)


class TestWhatIsLeft:
    @given(
        stopped=DAYS,
        at=HOURS,
        ahead=st.integers(0, 40),
        still=st.integers(0, 60),
        again=HOURS,
        measure=st.sampled_from([Measure.WORKING_DAYS, Measure.DAYS, Measure.TIME]),
    )
    def test_before_is_left_after(
        self, stopped: date, at: time, ahead: int, still: int, again: time, measure: Measure
    ) -> None:
        suspended_at = instant(stopped, at)
        due_at = end_of(stopped + timedelta(days=ahead))
        resumed_at = max(suspended_at, instant(stopped + timedelta(days=still), again))
        left = left_of(CALENDAR, due_at, suspended_at, measure)
        new = restored(CALENDAR, due_at, left, resumed_at)
        assert left_of(CALENDAR, new.at, resumed_at, measure) == left
        assert new.at > resumed_at
        # Standing still for no time at all takes nothing away and gives nothing beyond rest days.
        if measure is not Measure.WORKING_DAYS and resumed_at == suspended_at:
            assert new.at == due_at

    @given(
        stopped=DAYS,
        at=HOURS,
        late=st.integers(1, 30 * 24 * 60),
        still=st.integers(0, 60 * 24 * 60),
        measure=st.sampled_from(list(Measure)),
    )
    def test_is_never_more_for_what_was_overdue(
        self, stopped: date, at: time, late: int, still: int, measure: Measure
    ) -> None:
        suspended_at = instant(stopped, at)
        due_at = suspended_at - timedelta(minutes=late)
        resumed_at = suspended_at + timedelta(minutes=still)
        left = left_of(CALENDAR, due_at, suspended_at, measure)
        if measure is Measure.NONE:
            assert left == Remaining(Measure.NONE)
            return
        assert restored(CALENDAR, due_at, left, resumed_at).at == resumed_at - timedelta(minutes=late)

    @given(stopped=DAYS, ahead=st.integers(0, 20), still=st.integers(0, 40), again=HOURS)
    def test_ends_at_close_of_business_where_that_is_the_rule(
        self, stopped: date, ahead: int, still: int, again: time
    ) -> None:
        closing = time(17, 30)
        suspended_at = instant(stopped, time(9, 0))
        due_at = end_of(stopped + timedelta(days=ahead), closing)
        resumed_at = max(suspended_at, instant(stopped + timedelta(days=still), again))
        new = restored(CALENDAR, due_at, left_of(CALENDAR, due_at, suspended_at, Measure.WORKING_DAYS), resumed_at)
        assert new.at.astimezone(SHANGHAI).time() == closing
        assert new.at > resumed_at

    def test_is_counted_in_the_days_of_the_limit(self) -> None:
        # Friday before the Dragon Boat Festival of 2026, due on the Tuesday after it.
        suspended_at = instant(date(2026, 6, 12), time(15, 0))
        due_at = end_of(date(2026, 6, 23))
        assert left_of(CALENDAR, due_at, suspended_at, Measure.WORKING_DAYS).days == 6
        assert left_of(CALENDAR, due_at, suspended_at, Measure.DAYS).days == 11
        left = Remaining(Measure.WORKING_DAYS, days=6)
        new = restored(CALENDAR, due_at, left, instant(date(2026, 7, 1), time(8, 0)))
        assert last_day(new.at) == date(2026, 7, 9)
        assert new.calendar == "2026v1"

    def test_says_when_a_year_is_not_known(self) -> None:
        left = Remaining(Measure.WORKING_DAYS, days=5)
        new = restored(CALENDAR, end_of(date(2026, 12, 31)), left, instant(date(2026, 12, 30), time(8, 0)))
        assert new.provisional


class TestSuspension:
    async def test_stops_the_clock_and_restores_what_was_left(self, timing: Timing) -> None:
        with hands(MONDAY) as clock:
            item_id = await timing.handed_over()
            clock.pass_(days=2)
            view = await timing.suspended(item_id, "2026-06-15")
            assert view["state"] == "SUSPENDED"
            standing = view["suspensions"][0]
            assert (standing["measure"], standing["remaining_days"]) == ("WORKING_DAYS", 5)
            clock.pass_(days=40)
            assert await timing.overdue() == []
            assert not (await timing.time(item_id))["overdue"]
            view = await timing.resumed(item_id)
            # Resumed on Monday, 6 July: five working days later it is Monday, 13 July.
            assert view["due_at"] == "2026-07-13T16:00:00Z"
            assert view["original_due_at"] == DUE
            assert view["suspensions"][0]["due_after"] == view["due_at"]
            assert view["state"] == "IN_PROGRESS"

    async def test_is_not_nested_and_may_follow_on_another(self, timing: Timing) -> None:
        item_id = await timing.handed_over()
        future = "2099-01-01"
        await timing.suspended(item_id, future)
        body = {"id": str(new_id()), "obstacle": "又一障碍", "review_on": future}
        answer = await timing.leader.post(f"/api/items/{item_id}/suspend", body)
        assert answer.json()["code"] == "wrong_state"
        with pytest.raises(Exception, match="item_suspensions_one"):
            await db.execute(
                "INSERT INTO item_suspensions (id, org_id, item_id, obstacle, review_on, suspended_by, suspended_at,"
                " measure) SELECT $1, org_id, item_id, 'x', review_on, suspended_by, suspended_at, 'NONE'"
                " FROM item_suspensions LIMIT 1",
                new_id(),
            )
        await timing.resumed(item_id)
        assert (await timing.chief.post(f"/api/items/{item_id}/resume", {})).json()["code"] == "wrong_state"
        assert len((await timing.suspended(item_id, future))["suspensions"]) == 2

    async def test_is_a_leaders_and_its_end_the_offices(self, timing: Timing) -> None:
        item_id = await timing.handed_over()
        body = {"id": str(new_id()), "obstacle": "涉诉", "review_on": "2099-01-01"}
        path = f"/api/items/{item_id}"
        assert (await timing.chief.post(f"{path}/suspend", body)).status_code == 403
        assert (await timing.head.post(f"{path}/suspend", body)).json()["code"] == "not_your_step"
        past = await timing.leader.post(f"{path}/suspend", {**body, "review_on": "2020-01-01"})
        assert past.json()["code"] == "review_in_the_past"
        await timing.suspended(item_id, "2099-01-01")
        assert (await timing.leader.post(f"{path}/resume", {})).status_code == 403
        assert "resume" in (await timing.time(item_id))["acts"]

    async def test_reviews_that_are_due_are_listed_first(self, timing: Timing) -> None:
        with hands(MONDAY) as clock:
            later, sooner = await timing.handed_over(), await timing.handed_over()
            await timing.suspended(later, "2026-07-01")
            await timing.suspended(sooner, "2026-06-01")
            clock.pass_(days=7)
            listed = (await ok(timing.supervisor.get("/api/suspensions")))["standing"]
            assert [(row["item"]["id"], row["review_due"]) for row in listed] == [(sooner, True), (later, False)]
            await timing.resumed(sooner)
            assert len((await ok(timing.supervisor.get("/api/suspensions")))["standing"]) == 1

    @pytest.mark.requirement("R37")
    async def test_sets_no_new_limit_so_an_earlier_report_still_counts(self, timing: Timing) -> None:
        with hands(MONDAY) as clock:
            item_id = await timing.handed_over()
            await timing.reported(item_id)
            await timing.suspended(item_id)
            clock.pass_(days=30)
            await timing.resumed(item_id)
            clock.pass_(days=30)
            assert [row["id"] for row in await timing.overdue(kind="reported")] == [item_id]


class TestTermination:
    async def test_is_the_heads_with_a_reason_and_ends_a_suspension(self, timing: Timing) -> None:
        item_id = await timing.handed_over()
        path = f"/api/items/{item_id}/terminate"
        await timing.suspended(item_id, "2099-01-01")
        assert (await timing.leader.post(path, {"reason": "政策调整"})).json()["code"] == "not_your_step"
        assert (await timing.chief.post(path, {"reason": "政策调整"})).status_code == 403
        assert (await timing.head.post(path, {"reason": ""})).status_code == 422
        view = await ok(timing.head.post(path, {"reason": "政策调整，事项灭失"}))
        assert view["state"] == "TERMINATED"
        assert view["suspensions"][0]["ended_how"] == "TERMINATED"
        assert view["acts"] == []
        told = await db.fetch_value("SELECT opinion FROM item_steps WHERE act = 'terminate'")
        assert told == "政策调整，事项灭失"


async def test_who_had_the_item_when_it_was_ended_goes_on_reading_it(timing: Timing) -> None:
    with hands(MONDAY):
        had = await timing.handed_over()
        taken_over = (await registered_item(timing.registrar, timing.office.handling_unit))["id"]
        await moved("IN_PROGRESS", "o.id = $2", taken_over)
        never = (await registered_item(timing.registrar, timing.office.handling_unit))["id"]
        for item_id in (had, taken_over, never):
            await ok(timing.head.post(f"/api/items/{item_id}/terminate", {"reason": "政策调整"}))
    for item_id in (had, taken_over):
        seen = await ok(timing.liaison.get(f"/api/items/{item_id}"))
        assert (seen["state"], seen["process"]) == ("TERMINATED", None)
        assert (await timing.liaison.get(f"/api/items/{item_id}/time")).status_code == 200
    assert (await timing.liaison.get(f"/api/items/{never}")).status_code == 404
    listed = (await timing.liaison.get("/api/items")).json()["items"]
    assert {one["id"] for one in listed} == {had, taken_over}
