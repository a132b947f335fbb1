"""The origin of an item: what an instructing leader sees and decides, what origins are told (D1.7, D1.11, D1.13)."""

from __future__ import annotations

from typing import Any

import pytest
from asyncpg import IntegrityConstraintViolationError

from server.access.roles import Role
from server.kit import db
from server.kit.ids import new_id
from server.settings import Settings
from tests.factories.files import handed_in
from tests.factories.people import Caller, Office
from tests.factories.process import Process, instruction, ok
from tests.factories.timing import Timing
from tests.factories.worker import run_jobs_once

pytestmark = pytest.mark.anyio


@pytest.fixture
async def process(office: Office) -> Process:
    return await Process.prepared(office)


async def instructed(process: Process, leader: Caller | None = None, **changed: Any) -> str:
    """An item that rests on a leader's instruction."""
    file_id = await handed_in(process.registrar, name="批示件.pdf")
    told = instruction(attachment_id=file_id, leader_person_id=str(leader.person_id) if leader else None, **changed)
    return await process.registered(source_kind="LEADER_INSTRUCTION", instruction=told, source_ref=str(new_id()))


class TestScope:
    @pytest.mark.requirement("R16")
    async def test_sees_what_rests_on_his_instruction_and_nothing_else(self, process: Process) -> None:
        origin = await process.office.caller("origin", Role.ORIGIN)
        other = await process.office.caller("origin2", Role.ORIGIN)
        own = await instructed(process, origin)
        foreign = await instructed(process, other, leader_name="陆 川")
        plain = await process.registered()
        assert [one["id"] for one in (await origin.get("/api/items")).json()["items"]] == [own]
        seen = await ok(origin.get(f"/api/items/{own}"))
        assert [one["wording"] for one in seen["process"]["instructions"]] == [instruction()["wording"]]
        absent = (await origin.get(f"/api/items/{new_id()}")).content
        for hidden in (foreign, plain):
            answer = await origin.get(f"/api/items/{hidden}")
            assert (answer.status_code, answer.content) == (404, absent)
            assert (await origin.get(f"/api/items/{hidden}/steps")).status_code == 404
        assert (await origin.get(f"/api/items/{own}/steps")).json()["steps"]

    async def test_ends_with_a_correction_that_names_another(self, process: Process) -> None:
        origin = await process.office.caller("origin", Role.ORIGIN)
        own = await instructed(process, origin)
        seen = await ok(process.chief.get(f"/api/items/{own}"))
        replaced = seen["process"]["instructions"][0]["id"]
        other = instruction(replaces_id=replaced, leader_name="陆川", id=str(new_id()))
        await ok(process.registrar.post(f"/api/items/{own}/instructions", other))
        assert (await origin.get(f"/api/items/{own}")).status_code == 404

    async def test_is_nothing_without_the_function(self, process: Process) -> None:
        observer = await process.office.caller("handler", Role.UH, unit=process.office.handling_unit)
        own = await instructed(process, observer)
        assert (await observer.get(f"/api/items/{own}")).status_code == 404

    async def test_acts_on_nothing_but_extensions(self, process: Process) -> None:
        origin = await process.office.caller("origin", Role.ORIGIN)
        own = await instructed(process, origin)
        assert (await origin.post(f"/api/items/{own}/refuse", {"reason": "不办"})).status_code == 403
        assert (await origin.post(f"/api/items/{own}/merge", {"into_id": own, "reason": "x"})).status_code == 403


@pytest.mark.requirement("R38")
class TestExtensions:
    async def test_of_a_limit_that_he_stated_are_his_to_decide(self, office: Office) -> None:
        timing = await Timing.prepared(office)
        item_id = await timing.handed_over(stated_by="县长 origin")
        mine = await office.caller("origin", Role.ORIGIN)
        theirs = await office.caller("origin2", Role.ORIGIN)
        for who in (mine, theirs):
            await give_instruction(item_id, who, timing)
        extension = (await timing.asked(item_id))["extensions"][-1]
        assert extension["stated_by"] == "县长 origin"
        pending = (await mine.get("/api/extensions")).json()["extensions"]
        assert [(one["item"]["id"], one["mine"]) for one in pending] == [(str(item_id), True)]
        assert not (await theirs.get("/api/extensions")).json()["extensions"][0]["mine"]
        path = f"/api/extensions/{extension['id']}"
        assert (await theirs.post(f"{path}/refuse", {"opinion": "不同意"})).json()["code"] == "not_your_step"
        await ok(mine.post(f"{path}/grant", {"opinion": "同意"}))

    async def test_are_not_for_one_whose_name_is_part_of_the_name_that_stated_it(self, office: Office) -> None:
        timing = await Timing.prepared(office)
        item_id = await timing.handed_over(stated_by="县长 origin2")
        similar = await office.caller("origin", Role.ORIGIN)
        await give_instruction(item_id, similar, timing)
        extension = (await timing.asked(item_id))["extensions"][-1]
        assert not (await similar.get("/api/extensions")).json()["extensions"][0]["mine"]
        refused = await similar.post(f"/api/extensions/{extension['id']}/grant", {})
        assert refused.json()["code"] == "not_your_step"

    async def test_of_two_with_one_name_are_for_leaders_in_charge(self, office: Office) -> None:
        timing = await Timing.prepared(office)
        item_id = await timing.handed_over(stated_by="县长王伟")
        for login in ("wang", "wang2"):
            await office.person(login, Role.ORIGIN, name="王伟")
            await give_instruction(item_id, await office.caller(login), timing)
        extension = (await timing.asked(item_id))["extensions"][-1]
        path = f"/api/extensions/{extension['id']}/grant"
        for login in ("wang", "wang2"):
            assert (await office.callers[login].post(path, {})).json()["code"] == "not_your_step"
        await ok(timing.leader.post(path, {}))

    async def test_are_never_for_the_unit_that_asks(self, office: Office) -> None:
        timing = await Timing.prepared(office)
        item_id = await timing.handed_over(stated_by="县长 both")
        both = await office.caller("both", Role.ORIGIN, Role.LEADER, unit=office.handling_unit)
        await give_instruction(item_id, both, timing)
        view = await timing.asked(item_id)
        path = f"/api/extensions/{view['extensions'][-1]['id']}/grant"
        assert "decide_extension" not in (await timing.time(item_id, by=both))["acts"]
        assert (await both.post(path, {})).json()["code"] == "not_your_own_request"

    async def test_of_others_are_not_there(self, office: Office) -> None:
        timing = await Timing.prepared(office)
        item_id = await timing.handed_over()
        stranger = await office.caller("origin", Role.ORIGIN)
        extension = (await timing.asked(item_id))["extensions"][-1]
        assert (await stranger.get("/api/extensions")).json()["extensions"] == []
        assert (await stranger.post(f"/api/extensions/{extension['id']}/grant", {})).status_code == 404

    async def test_of_a_default_limit_stay_with_the_office(self, office: Office) -> None:
        timing = await Timing.prepared(office)
        item_id = await timing.handed_over()
        origin = await office.caller("origin", Role.ORIGIN)
        await give_instruction(item_id, origin, timing)
        extension = (await timing.asked(item_id))["extensions"][-1]
        refused = await origin.post(f"/api/extensions/{extension['id']}/grant", {})
        assert refused.json()["code"] == "not_your_step"


async def give_instruction(item_id: Any, who: Caller, timing: Timing) -> None:
    await db.execute(
        "INSERT INTO item_instructions (id, org_id, item_id, leader_name, leader_level, leader_person_id,"
        " instructed_on, wording, wording_key, recorded_by, recorded_at) SELECT $1, org_id, id, '领导', 'COUNTY', $3,"
        " '2026-03-02', '请抓紧', $4, registered_by, created_at FROM items WHERE id = $2",
        new_id(),
        item_id,
        who.person_id,
        str(new_id()),
    )


class TestFeedback:
    @pytest.mark.requirement("R10")
    async def test_of_a_refused_intake_reaches_leader_and_source(self, process: Process, settings: Settings) -> None:
        origin = await process.office.caller("origin", Role.ORIGIN)
        own = await instructed(process, origin)
        await ok(process.leader.post(f"/api/items/{own}/refuse", {"reason": "已由省督查组直接督查"}))
        await run_jobs_once(settings)
        notices = (await origin.get("/api/inbox")).json()["notices"]
        assert [(one["kind"], one["subject_id"]) for one in notices] == [("item_feedback", own)]
        told = (await ok(origin.get(f"/api/items/{own}")))["feedbacks"]
        assert [(one["kind"], one["addressee"], one["reason"]) for one in told] == [
            ("NOT_ESTABLISHED", "ORIGIN", "已由省督查组直接督查")
        ]
        assert told[0]["told_at"] is not None

    @pytest.mark.requirement("R10")
    async def test_goes_to_each_of_two_leaders_of_one_name(self, process: Process) -> None:
        own = await instructed(process, leader_name="王伟", leader_level="COUNTY")
        other = instruction(id=str(new_id()), leader_name="王伟", leader_level="CITY", wording="请一并核查")
        await ok(process.registrar.post(f"/api/items/{own}/instructions", other))
        await ok(process.leader.post(f"/api/items/{own}/refuse", {"reason": "已由省督查组直接督查"}))
        told = (await ok(process.registrar.get(f"/api/items/{own}")))["feedbacks"]
        assert [(one["addressee"], one["name"], one["told_at"]) for one in told] == [("ORIGIN", "王伟", None)] * 2

    @pytest.mark.requirement("R10")
    async def test_is_no_notice_to_who_may_not_read_the_item(self, process: Process, settings: Settings) -> None:
        handler = await process.office.caller("handler", Role.UH, unit=process.office.handling_unit)
        own = await instructed(process, handler)
        await ok(process.leader.post(f"/api/items/{own}/refuse", {"reason": "已由省督查组直接督查"}))
        await run_jobs_once(settings)
        assert (await handler.get("/api/inbox")).json()["notices"] == []
        (one,) = (await ok(process.registrar.get(f"/api/items/{own}")))["feedbacks"]
        assert one["told_at"] is None  # the office still has to tell him

    async def test_to_who_has_no_account_is_recorded_once(self, process: Process) -> None:
        item_id = await process.registered(source_kind="PETITION", source_ref="云信呈〔2026〕17号")
        await ok(process.leader.post(f"/api/items/{item_id}/refuse", {"reason": "不属督查范围"}))
        seen = await ok(process.registrar.get(f"/api/items/{item_id}"))
        (one,) = seen["feedbacks"]
        assert (one["addressee"], one["name"], one["told_at"]) == ("SOURCE", "云信呈〔2026〕17号", None)
        path = f"/api/items/{item_id}/feedbacks/{one['id']}/told"
        assert (await process.supervisor.post(path, {"how": "电话"})).json()["code"] == "not_your_step"
        after = await ok(process.registrar.post(path, {"how": "书面复函信访局"}))
        assert after["feedbacks"][0]["told_how"] == "书面复函信访局"
        assert (await process.chief.post(path, {"how": "再次"})).status_code == 404
        with pytest.raises(IntegrityConstraintViolationError):
            await db.execute("UPDATE item_feedbacks SET reason = '另一理由'")

    async def test_names_who_sent_the_matter_in(self, process: Process) -> None:
        matter = {"id": str(new_id()), "source_kind": "PETITION", "from_whom": "县信访局", "subject": "污水直排"}
        await ok(process.registrar.post("/api/intake", matter))
        item = {"id": str(new_id()), "title": "污水直排", "source_kind": "PETITION", "category": "SPECIAL"}
        await ok(process.registrar.post(f"/api/intake/{matter['id']}/register", {"item": item}))
        await ok(process.leader.post(f"/api/items/{item['id']}/refuse", {"reason": "不属督查范围"}))
        assert [one["name"] for one in (await ok(process.chief.get(f"/api/items/{item['id']}")))["feedbacks"]] == [
            "县信访局"
        ]
