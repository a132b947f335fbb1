"""Slips beside the task notice, and what stays of them."""

from __future__ import annotations

import pytest

from server.kit import db
from server.kit.ids import new_id
from tests.factories.people import Office
from tests.factories.process import ok
from tests.factories.slips import Slips, lacking

pytestmark = pytest.mark.anyio


@pytest.fixture
async def slips(office: Office) -> Slips:
    return await Slips.prepared(office)


class TestOtherSlips:
    async def test_a_tracking_slip_names_a_milestone_and_goes_to_who_has_a_task(self, slips: Slips) -> None:
        await slips.issued()
        body = slips.body(slips.water.recipient(), series="TRACKING", mode=None, standard="")
        assert lacking(await slips.drafted(body)) == {
            ("milestone", "milestone_missing"),
            ("recipients.0", "unit_without_task"),
        }
        good = slips.body(series="TRACKING", mode=None, milestone="4月10日前完成路基", limit={"n": 3, "unit": "DAYS"})
        issued = await slips.issued(good)
        assert issued["number"].startswith("跟踪督查单〔")
        assert issued["content"]["limit"]["words"].startswith("3 日")
        refused = await slips.refuse(slips.road.liaison, issued)
        assert refused.json()["code"] == "wrong_state"

    async def test_a_coordination_slip_gives_each_unit_its_task_and_limit(self, slips: Slips) -> None:
        await slips.issued()
        base = {"series": "COORDINATION", "mode": None, "standard": ""}
        alone = await slips.drafted(slips.body(slips.water.recipient(), **base))
        assert lacking(alone) == {
            ("obstacle", "obstacle_missing"),
            ("recipients", "several_units_needed"),
            ("recipients.0.task", "task_missing"),
            ("recipients.0.limit", "limit_missing"),
        }
        parts = [
            slips.water.recipient(task="迁移给水管", limit={"n": 5, "unit": "WORKING_DAYS"}),
            slips.power.recipient(task="迁移电杆", limit={"n": 3, "unit": "DAYS"}),
        ]
        issued = await slips.issued(slips.body(*parts, **base, obstacle="管线与电杆占道"))
        assert [one["due_words"] for one in issued["content"]["units"]] == ["5 个工作日", "3 日"]
        tasks = (await slips.assignment())["tasks"]
        assert [one["kind"] for one in tasks] == ["LEAD", "COORDINATE", "COORDINATE"]
        assert all(one["due_at"] for one in tasks)
        # Who has to act knows what it is about.
        assert (await slips.item(slips.power.liaison))["id"] == slips.item_id

    async def test_a_cancellation_slip_waits_for_its_time_and_for_somebody_else_to_verify(self, slips: Slips) -> None:
        await slips.issued()
        process = slips.process
        body = slips.body(
            series="CANCELLATION", mode=None, standard="", task="", result="", verifier_id=str(process.responsible)
        )
        assert lacking(await slips.drafted(body)) == {
            ("result", "result_missing"),
            ("verifier_id", "verifier_missing"),
            ("verified_on", "verified_on_missing"),
        }
        whole = body | {
            "id": str(new_id()),
            "result": "路面修复完成",
            "verifier_id": str(process.supervisor.person_id),
            "verified_on": "2026-03-02",
        }
        draft = await slips.drafted(whole)
        assert lacking(draft) == set()
        assert (await slips.issue(draft)).json()["code"] == "cancellation_not_yet"

    async def test_a_withdrawn_number_stays_used(self, slips: Slips) -> None:
        await slips.issued()
        notice = {"series": "NOTICE", "mode": None, "standard": ""}
        first = await slips.issued(slips.body(**notice))
        body = {"reason": "内容有误"}
        unit = await slips.road.liaison.post(f"/api/slips/{first['id']}/withdraw", body)
        assert unit.json()["code"] == "not_your_step"
        withdrawn = await ok(slips.process.leader.post(f"/api/slips/{first['id']}/withdraw", body))
        assert (withdrawn["state"], withdrawn["number"]) == ("WITHDRAWN", first["number"])
        assert withdrawn["receipts"][0]["state"] == "WITHDRAWN"
        second = await slips.issued(slips.body(**notice))
        assert second["number"].endswith("〕2号")
        assert (await slips.sign(slips.road.liaison, first)).json()["code"] == "slip_withdrawn"
        again = await slips.process.chief.post(f"/api/slips/{first['id']}/withdraw", body)
        assert again.json()["code"] == "slip_withdrawn"


@pytest.mark.requirement("R36")
async def test_frozen_limits_are_not_moved_by_sql_either(slips: Slips) -> None:
    await slips.issued(slips.body(slips.road.recipient(limit={"n": 3, "unit": "DAYS"})))
    for sql in (
        "UPDATE items SET original_due_at = original_due_at + interval '1 year'",
        "UPDATE items SET original_due_at = NULL",
        "UPDATE slip_recipients SET due_at = due_at + interval '1 year'",
    ):
        with pytest.raises(Exception, match="append-only"):
            await db.execute(sql)
