"""Fifty-one instructions and their notices (晋城), co-handling (铜仁), a paper without a number (铜仁)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from server.access.roles import Role
from server.kit import clock, db
from server.kit.ids import new_id
from tests.factories.people import Office
from tests.factories.process import ok
from tests.factories.slips import Slips
from tests.factories.trail import moved

pytestmark = pytest.mark.anyio


async def _instructions(slips: Slips, count: int) -> list[str]:
    """Leaders' instructions that have come as far as the method; their own way there is told elsewhere."""
    ids = [str(new_id()) for _ in range(count)]
    for position, item_id in enumerate(ids, start=1):
        await db.execute(
            "INSERT INTO items (id, org_id, register_year, register_seq, title, source_kind, category, state,"
            " received_at, registered_by, created_at)"
            " VALUES ($1, $2, 2026, $3, $4, 'LEADER_INSTRUCTION', 'SPECIAL', 'METHOD_CONFIRMED', $5, $6, $5)",
            item_id,
            slips.process.office.org_id,
            1000 + position,
            f"领导批示第{position}件",
            clock.now(),
            slips.process.registrar.person_id,
        )
    return ids


async def _report(slips: Slips, **period: str) -> dict[str, Any]:
    return await ok(slips.process.chief.get("/api/slips/control", params=period))


@pytest.mark.requirement("S3")
@pytest.mark.requirement("R21")
async def test_every_instruction_of_the_period_has_its_task_notice(office: Office) -> None:
    slips = await Slips.prepared(office)
    ids = await _instructions(slips, 51)
    report = await _report(slips)
    assert (report["instructions"], report["issued"], len(report["exceptions"])) == (51, 0, 51)
    for item_id in ids[:-1]:
        await slips.issued(slips.body(item_id=item_id))
    report = await _report(slips)
    assert (report["issued"], [one["item"]["id"] for one in report["exceptions"]]) == (50, ids[-1:])
    last = await slips.issued(slips.body(item_id=ids[-1]))
    report = await _report(slips)
    assert (report["instructions"], report["issued"], report["exceptions"]) == (51, 51, [])
    assert last["number"].endswith("〕51号")
    # A notice taken back is none; an instruction not established needs none.
    await ok(slips.process.leader.post(f"/api/slips/{last['id']}/withdraw", {"reason": "完成时限有误"}))
    assert len((await _report(slips))["exceptions"]) == 1
    await moved("NOT_ESTABLISHED", "o.id = $2", ids[-1])
    report = await _report(slips)
    assert (report["exceptions"], [one["item"]["id"] for one in report["settled"]]) == ([], ids[-1:])
    tomorrow = (clock.now().astimezone(clock.SHANGHAI).date() + timedelta(days=1)).isoformat()
    assert (await _report(slips, since=tomorrow, until=tomorrow))["instructions"] == 0
    upside_down = await slips.process.chief.get("/api/slips/control?since=2026-02-01&until=2026-01-01")
    assert upside_down.json()["code"] == "invalid_input"


@pytest.mark.requirement("S10")
async def test_one_lead_and_two_assisting_units_report_through_the_lead(office: Office) -> None:
    slips = await Slips.prepared(office)
    await slips.joint()
    path = f"/api/items/{slips.item_id}/contributions"
    for unit, text in ((slips.water, "涵管一并更换"), (slips.power, "电杆已迁移")):
        body = {"id": str(new_id()), "text": text}
        upward = await unit.deputy.post(path, body | {"addressed_to": "OFFICE"})
        assert upward.json()["code"] == "assisting_unit_cannot_report"
        await ok(unit.deputy.post(path, body))
    lead = await slips.assignment(slips.road.deputy)
    assert [one["text"] for one in lead["contributions"]] == ["涵管一并更换", "电杆已迁移"]
    assert [one["state"] for one in lead["tasks"]] == ["ACCEPTED", "INPUT_GIVEN", "INPUT_GIVEN"]
    reporter = await slips.road.deputy.post(path, {"id": str(new_id()), "text": "综合情况"})
    assert reporter.json()["code"] == "not_an_assisting_unit"


@pytest.mark.requirement("S24")
async def test_a_paper_without_a_number_is_a_draft_and_is_not_issued(office: Office) -> None:
    slips = await Slips.prepared(office)
    draft = await slips.drafted(slips.body(standard=""))
    assert (draft["number"], draft["state"]) == (None, "DRAFT")
    assert (await slips.issue(draft)).json()["code"] == "slip_incomplete"
    # Nothing can have the state of an issued paper without a number, nor a number as a draft.
    for change in ("state = 'ISSUED'", "year = 2026, seq = 1"):
        with pytest.raises(Exception, match="check constraint"):
            await db.execute(f"UPDATE slips SET {change} WHERE id = $1", draft["id"])
    await office.caller("road-2", Role.LIAISON, unit=slips.road.id)
    issued = await slips.issued()
    assert issued["number"].endswith("〕1号")
