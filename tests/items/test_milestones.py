"""Schedules planned backwards, progress against them, the wall chart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from server.access.roles import Role
from server.items.lifecycle import ItemState
from server.items.planning_rules import (
    BackwardStep,
    Standing,
    backward,
    milestone_standing,
    plan_standing,
)
from server.kit import clock, db
from server.kit.clock import end_of_day, last_day
from server.kit.ids import new_id
from tests.factories.items import registered_item
from tests.factories.people import Caller, Office
from tests.factories.trail import moved

DAY = timedelta(days=1)


def works(day: date) -> bool:
    """Monday to Friday, and the National Day week off."""
    return day.weekday() < 5 and not date(2026, 10, 1) <= day <= date(2026, 10, 7)


class TestBackward:
    @pytest.mark.requirement("R26")
    def test_shares_of_the_time_end_at_the_deadline(self) -> None:
        steps = [BackwardStep("a", percent=25), BackwardStep("b", percent=50), BackwardStep("c", percent=100)]
        assert backward(date(2026, 6, 1), date(2026, 9, 9), steps, None) == [
            date(2026, 6, 26),
            date(2026, 7, 21),
            date(2026, 9, 9),
        ]

    @pytest.mark.requirement("R26")
    def test_days_before_are_working_days_where_a_calendar_is(self) -> None:
        step = [BackwardStep("a", days_before=3)]
        due = date(2026, 10, 9)
        assert backward(date(2026, 6, 1), due, step, works) == [date(2026, 9, 29)]
        assert backward(date(2026, 6, 1), due, step, None) == [date(2026, 10, 6)]

    def test_a_day_of_rest_becomes_the_working_day_before(self) -> None:
        found = backward(date(2026, 9, 1), date(2026, 10, 9), [BackwardStep("a", percent=90)], works)
        assert found == [date(2026, 9, 30)]

    def test_nothing_lies_before_the_beginning(self) -> None:
        assert backward(date(2026, 9, 1), date(2026, 9, 10), [BackwardStep("a", days_before=90)], works) == [
            date(2026, 9, 1)
        ]

    def test_a_limit_of_one_day_is_planned_too(self) -> None:
        day = date(2026, 9, 1)
        assert backward(day, day, [BackwardStep("a", percent=0), BackwardStep("b", percent=100)], works) == [day, day]

    def test_the_end_of_a_day_belongs_to_that_day(self) -> None:
        day = date(2026, 5, 25)
        assert last_day(end_of_day(day)) == day


class TestStanding:
    TODAY = date(2026, 6, 10)

    @pytest.mark.requirement("R26")
    @pytest.mark.parametrize(
        ("planned", "done", "standing"),
        [
            (TODAY, None, Standing.ON_PLAN),
            (TODAY - DAY, None, Standing.BEHIND),
            (TODAY - DAY, TODAY - DAY, Standing.DONE),
            (TODAY - DAY, TODAY, Standing.DONE_LATE),
        ],
    )
    def test_of_a_milestone(self, planned: date, done: date | None, standing: Standing) -> None:
        assert milestone_standing(planned, done, self.TODAY) is standing

    @pytest.mark.requirement("R26")
    def test_of_a_plan(self) -> None:
        behind = [(self.TODAY - DAY, None)]
        assert plan_standing(ItemState.IN_PROGRESS, self.TODAY, [], self.TODAY) is Standing.ON_PLAN
        assert plan_standing(ItemState.IN_PROGRESS, self.TODAY, behind, self.TODAY) is Standing.BEHIND
        assert plan_standing(ItemState.IN_PROGRESS, self.TODAY - DAY, behind, self.TODAY) is Standing.LATE
        assert plan_standing(ItemState.CLOSED, self.TODAY - DAY, behind, self.TODAY) is Standing.DONE


@dataclass
class Plan:
    """An item with a deadline, the head of the office and the unit that handles it."""

    office: Office
    chief: Caller
    unit: Caller
    item: str
    today: date

    def milestone(self, name: str, days: int, **changed: Any) -> dict[str, Any]:
        return {"id": str(new_id()), "name": name, "planned_on": (self.today + days * DAY).isoformat(), **changed}

    async def put(self, *milestones: dict[str, Any], **headers: str) -> Any:
        return await self.chief.request(
            "PUT", f"/api/items/{self.item}/schedule", json={"milestones": milestones}, headers=headers
        )

    async def report(self, caller: Caller, milestone: dict[str, Any], **body: Any) -> Any:
        return await caller.post(
            f"/api/items/{self.item}/milestones/{milestone['id']}/progress", {"id": str(new_id()), **body}
        )

    async def schedule(self, caller: Caller | None = None) -> dict[str, Any]:
        view: dict[str, Any] = (await (caller or self.chief).get(f"/api/items/{self.item}/schedule")).json()
        return view


@pytest.fixture
async def plan(office: Office) -> Plan:
    chief = await office.caller("hejing", Role.OFFICE)
    unit = await office.caller("unit", Role.LIAISON, unit=office.handling_unit)
    item = await registered_item(chief, office.handling_unit)
    today = clock.now().astimezone(clock.SHANGHAI).date()
    await moved("IN_PROGRESS", "true", end_of_day(today + 90 * DAY), also=", stated_due_at = $2")
    return Plan(office, chief, unit, item["id"], today)


@pytest.mark.anyio
class TestSchedule:
    @pytest.mark.requirement("R26")
    async def test_is_proposed_from_the_deadline_and_kept_as_edited(self, plan: Plan) -> None:
        steps = [{"name": "开工", "percent": 30}, {"name": "自查", "days_before": 5}, {"name": "完工", "percent": 100}]
        answer = await plan.chief.post(f"/api/items/{plan.item}/schedule/proposal", {"steps": steps})
        assert answer.status_code == 200, answer.text
        proposed = answer.json()
        days = [date.fromisoformat(one["planned_on"]) for one in proposed["milestones"]]
        assert days[0] < days[1] <= days[2] <= plan.today + 90 * DAY
        assert (await plan.schedule())["milestones"] == []
        kept = await plan.put(*(plan.milestone(one["name"], 10 * at) for at, one in enumerate(steps, 1)))
        assert kept.status_code == 200, kept.text
        assert [one["name"] for one in (await plan.schedule())["milestones"]] == ["开工", "自查", "完工"]

    async def test_a_step_has_one_measure(self, plan: Plan) -> None:
        for step in ({"name": "x"}, {"name": "x", "percent": 1, "days_before": 1}):
            answer = await plan.chief.post(f"/api/items/{plan.item}/schedule/proposal", {"steps": [step]})
            assert answer.json()["errors"][0]["code"] == "one_measure"

    async def test_without_a_deadline_there_is_nothing_to_plan_from(self, plan: Plan) -> None:
        item = await registered_item(plan.chief)
        answer = await plan.chief.post(
            f"/api/items/{item['id']}/schedule/proposal", {"steps": [{"name": "x", "percent": 1}]}
        )
        assert answer.json()["code"] == "deadline_missing"

    async def test_no_milestone_lies_after_the_deadline(self, plan: Plan) -> None:
        answer = await plan.put(plan.milestone("a", 10), plan.milestone("b", 91))
        assert (answer.json()["code"], answer.json()["errors"][0]["field"]) == (
            "after_deadline",
            "milestones.1.planned_on",
        )
        assert (await plan.schedule())["milestones"] == []

    async def test_who_planned_from_an_older_version_decides_again(self, plan: Plan) -> None:
        version = (await plan.schedule())["version"]
        assert (await plan.put(plan.milestone("a", 1), **{"If-Match": f'"{version}"'})).status_code == 200
        assert (await plan.put(**{"If-Match": f'"{version}"'})).json()["code"] == "changed_meanwhile"

    async def test_a_milestone_with_progress_is_moved_but_not_dropped(self, plan: Plan) -> None:
        kept, other = plan.milestone("基础完工", 10), plan.milestone("封顶", 40)
        await plan.put(kept, other)
        await plan.report(plan.unit, kept, note="已完成一半")
        assert (await plan.put(other)).json()["code"] == "milestone_has_progress"
        moved = {**kept, "planned_on": (plan.today + 20 * DAY).isoformat()}
        view = (await plan.put(moved)).json()
        assert [(one["name"], len(one["progress"])) for one in view["milestones"]] == [("基础完工", 1)]
        assert (await plan.put(kept, other)).json()["code"] == "id_reused"  # withdrawn is withdrawn

    async def test_a_marked_name_is_refused(self, plan: Plan) -> None:
        assert (await plan.put(plan.milestone("【秘密】节点", 1))).json()["code"] == "state_secret_refused"

    @pytest.mark.requirement("R26")
    async def test_the_last_report_counts_and_none_is_lost(self, plan: Plan) -> None:
        one = plan.milestone("完工", 0)
        await plan.put(one)
        yesterday = (plan.today - DAY).isoformat()
        done = await plan.report(plan.unit, one, done_on=yesterday, note="验收单见附件")
        assert done.status_code == 201, done.text
        assert done.json()["milestones"][0]["standing"] == "DONE"
        taken_back = await plan.report(plan.chief, one, note="现场核查未完工")
        view = taken_back.json()["milestones"][0]
        assert (view["done_on"], view["standing"], len(view["progress"])) == (None, "ON_PLAN", 2)
        with pytest.raises(Exception, match="append-only"):
            await db.execute("UPDATE milestone_progress SET note = ''")

    async def test_the_same_report_twice_is_one(self, plan: Plan) -> None:
        one, report = plan.milestone("完工", 5), str(new_id())
        await plan.put(one)
        for _ in range(2):
            assert (await plan.report(plan.unit, one, id=report, note="半数")).status_code == 201
        assert (await plan.report(plan.unit, one, id=report, note="另一说")).json()["code"] == "id_reused"
        assert len((await plan.schedule())["milestones"][0]["progress"]) == 1

    async def test_nothing_is_done_tomorrow_or_without_a_word(self, plan: Plan) -> None:
        one = plan.milestone("完工", 5)
        await plan.put(one)
        tomorrow = (plan.today + DAY).isoformat()
        assert (await plan.report(plan.unit, one, done_on=tomorrow)).json()["code"] == "done_in_future"
        assert (await plan.report(plan.unit, one)).json()["code"] == "invalid_input"

    async def test_another_unit_neither_sees_nor_reports(self, plan: Plan) -> None:
        one = plan.milestone("完工", 5)
        await plan.put(one)
        foreign = await plan.office.caller("foreign", Role.LIAISON, unit=plan.office.office_unit)
        assert (await foreign.get(f"/api/items/{plan.item}/schedule")).status_code == 404
        assert (await plan.report(foreign, one, note="x")).status_code == 404
        assert (await plan.report(plan.unit, plan.milestone("x", 1), note="x")).status_code == 404
        assert (await plan.unit.request("PUT", f"/api/items/{plan.item}/schedule", json={"milestones": []})).json()[
            "code"
        ] == "not_permitted"


@pytest.mark.anyio
class TestWall:
    @pytest.mark.requirement("R26")
    async def test_shows_items_with_a_schedule_and_where_they_stand(self, plan: Plan) -> None:
        await registered_item(plan.chief)
        await plan.put(plan.milestone("开工", -3), plan.milestone("完工", 30))
        wall = (await plan.chief.get("/api/items/wall")).json()
        assert [(one["id"], one["standing"]) for one in wall["items"]] == [(plan.item, "BEHIND")]
        assert [one["standing"] for one in wall["items"][0]["milestones"]] == ["BEHIND", "ON_PLAN"]
        assert wall["from_on"] <= (plan.today - 3 * DAY).isoformat()
        assert wall["to_on"] == (plan.today + 90 * DAY).isoformat()
        assert wall["more"] is False

    async def test_narrows_by_period_unit_and_what_is_settled(self, plan: Plan) -> None:
        await plan.put(plan.milestone("开工", 5))

        async def shown(**params: str) -> int:
            return len((await plan.chief.get("/api/items/wall", params=params)).json()["items"])

        assert await shown() == 1
        assert await shown(to=(plan.today + 4 * DAY).isoformat()) == 0
        assert await shown(unit=str(plan.office.handling_unit)) == 1
        assert await shown(unit=str(plan.office.office_unit)) == 0
        await moved("CLOSED")
        assert (await shown(), await shown(settled="true")) == (0, 1)

    async def test_a_unit_sees_its_own_lines(self, plan: Plan) -> None:
        await plan.put(plan.milestone("开工", 5))
        assert len((await plan.unit.get("/api/items/wall")).json()["items"]) == 1
        await db.execute("UPDATE items SET handling_unit_id = $1", plan.office.office_unit)
        assert (await plan.unit.get("/api/items/wall")).json()["items"] == []
