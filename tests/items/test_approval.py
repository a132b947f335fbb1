"""拟办, 送审, 审核, 审定, 退回, 不予立项, 合并, 办法确认: each act by whom the rules name, and by nobody else."""

from __future__ import annotations

from typing import Any

import anyio
import pytest

from server.access.roles import Role
from server.items.approval_rules import intensity_of
from server.kit import db
from server.kit.ids import new_id
from tests.factories.files import handed_in
from tests.factories.people import Caller, Office
from tests.factories.process import Process, fields, instruction, ok

pytestmark = pytest.mark.anyio


@pytest.fixture
async def process(office: Office) -> Process:
    return await Process.prepared(office)


async def state(process: Process, item_id: str) -> str:
    found: str = (await ok(process.chief.get(f"/api/items/{item_id}")))["state"]
    return found


class TestPropose:
    async def test_a_proposal_may_grow_but_goes_up_only_when_complete(self, process: Process) -> None:
        item = await process.registered()
        put = f"/api/items/{item}/proposal"
        shown = await ok(process.supervisor.request("PUT", put, json={"task": "整改"}))
        assert (shown["state"], shown["acts"]) == ("PROPOSED", ["propose", "submit"])
        refused = await process.supervisor.post(f"/api/items/{item}/submit")
        assert refused.json()["code"] == "proposal_incomplete"
        named = {field for field, _ in fields(refused)}
        assert named >= {
            "proposal_text", "requirement", "basis_text", "scope_text", "mode", "kind", "content_kind", "basis_kind",
            "handling_unit_id", "responsible_person_id", "follow_up_id",
        }  # fmt: skip
        assert "task" not in named
        await process.submitted(item)
        assert await state(process, item) == "UNDER_APPROVAL"

    @pytest.mark.requirement("R4")
    async def test_a_leaders_instruction_goes_up_only_with_its_record_and_document(self, process: Process) -> None:
        item = await process.proposed(await process.registered(source_kind="LEADER_INSTRUCTION"))
        submit = f"/api/items/{item}/submit"
        assert fields(await process.supervisor.post(submit)) == {("instruction", "instruction_missing")}
        told = instruction(id=str(new_id()))
        await ok(process.registrar.post(f"/api/items/{item}/instructions", told))
        assert fields(await process.supervisor.post(submit)) == {("instruction", "annotated_document_missing")}
        paper = await handed_in(process.registrar)
        again = instruction(replaces_id=told["id"], attachment_id=paper)
        await ok(process.registrar.post(f"/api/items/{item}/instructions", again))
        assert (await ok(process.supervisor.post(submit)))["state"] == "UNDER_APPROVAL"
        # What the leaders have before them is not changed any more.
        late = instruction(wording="另请公安局参加。")
        assert (await process.registrar.post(f"/api/items/{item}/instructions", late)).json()["code"] == "wrong_state"

    @pytest.mark.requirement("R17")
    @pytest.mark.parametrize(
        ("changed", "problem"),
        [
            ({"mode": "JOINT"}, ("assist_unit_ids", "assist_missing")),
            ({"mode": "FORWARD", "assist_unit_ids": "office"}, ("assist_unit_ids", "assist_not_joint")),
            ({"mode": "SELF"}, ("handling_unit_id", "not_the_office")),
            ({"mode": "SELF"}, ("mode_reason", "mode_reason_missing")),
            ({"mode": "FORWARD", "handling_unit_id": "office"}, ("handling_unit_id", "office_itself")),
            ({"stated_limit_n": 5, "stated_limit_unit": "WORKING_DAYS"}, ("stated_by", "stated_by_missing")),
        ],
    )
    async def test_a_mode_has_its_units(
        self, process: Process, changed: dict[str, Any], problem: tuple[str, str]
    ) -> None:
        own = str(process.office.office_unit)
        given = {
            key: ([own] if key == "assist_unit_ids" else own) if value == "office" else value
            for key, value in changed.items()
        }
        item = await process.proposed(**given)
        assert problem in fields(await process.supervisor.post(f"/api/items/{item}/submit"))

    @pytest.mark.requirement("R22")
    async def test_the_responsible_person_is_of_the_unit(self, process: Process) -> None:
        item = await process.proposed(responsible_person_id=str(process.chief.person_id))
        refused = await process.supervisor.post(f"/api/items/{item}/submit")
        assert fields(refused) == {("responsible_person_id", "person_of_another_unit")}

    async def test_a_company_is_no_object_of_supervision(self, process: Process) -> None:
        company = new_id()
        await db.execute(
            "INSERT INTO units (id, org_id, name, kind) VALUES ($1, $2, '云溪建工有限公司', 'company')",
            company,
            process.office.org_id,
        )
        item = await process.registered()
        body = process.proposal(handling_unit_id=str(company))
        refused = await process.supervisor.request("PUT", f"/api/items/{item}/proposal", json=body)
        assert (refused.status_code, refused.json()["code"]) == (422, "not_an_object")

    @pytest.mark.requirement("R25")
    async def test_the_follow_up_officer_is_a_supervisor(self, process: Process) -> None:
        item = await process.registered()
        body = process.proposal(follow_up_id=str(process.liaison.person_id))
        refused = await process.supervisor.request("PUT", f"/api/items/{item}/proposal", json=body)
        assert refused.json()["code"] == "unknown_person"

    async def test_two_limits_or_half_a_one_are_refused(self, process: Process) -> None:
        item = await process.registered()
        for wrong in (
            {"stated_limit_n": 3},
            {"stated_limit_unit": "DAYS"},
            {"stated_limit_n": 3, "stated_limit_unit": "DAYS", "stated_due_at": "2027-01-01T00:00:00Z"},
        ):
            body = process.proposal(stated_by="顾远", **wrong)
            refused = await process.supervisor.request("PUT", f"/api/items/{item}/proposal", json=body)
            assert fields(refused) == {("stated_limit_n", "limit_unclear")}

    async def test_only_what_was_looked_at_is_changed(self, process: Process) -> None:
        item = await process.proposed()
        answer = await process.supervisor.request(
            "PUT", f"/api/items/{item}/proposal", json=process.proposal(), headers={"If-Match": '"1"'}
        )
        assert answer.json()["code"] == "changed_meanwhile"


async def signed_past_the_door(process: Process, item: str, who: Caller) -> None:
    """Write a first signature into the table itself."""
    await db.execute(
        "INSERT INTO item_signatures (id, org_id, item_id, round, kind, signer_id, signed_at)"
        " SELECT $1, $2, id, approval_round, 'FIRST', $4, now() FROM items WHERE id = $3",
        new_id(),
        process.office.org_id,
        item,
        who.person_id,
    )


class TestSign:
    @pytest.mark.requirement("R13")
    async def test_two_persons_sign_one_after_the_other(self, process: Process) -> None:
        item = await process.submitted()
        assert (await process.sign(process.head, item, "SECOND")).json()["code"] == "first_signature_missing"
        assert (await process.sign(process.head, item, "FIRST")).json()["code"] == "not_your_step"
        first = await ok(process.sign(process.leader, item, "FIRST", "情况属实，拟同意"))
        assert first["state"] == "UNDER_APPROVAL"
        again = await process.sign(process.leader, item, "SECOND")
        assert again.json()["code"] == "signed_by_you"
        second = await ok(process.sign(process.head, item, "SECOND"))
        assert second["state"] == "ESTABLISHED"
        signed = [(one["kind"], one["signer"]["name"], one["void"]) for one in second["process"]["signatures"]]
        assert signed == [("FIRST", "lu", False), ("SECOND", "gu", False)]

    @pytest.mark.requirement("R14")
    async def test_no_item_is_established_but_by_its_signatures(self, process: Process) -> None:
        item = await process.submitted()
        with pytest.raises(Exception, match="two signatures"):
            await db.execute("UPDATE items SET state = 'ESTABLISHED' WHERE id = $1", item)
        for sql in ("DELETE FROM item_signatures", "UPDATE item_signatures SET opinion = '不同意'"):
            await ok(process.sign(process.leader, item, "FIRST")) if "DELETE" in sql else None
            with pytest.raises(Exception, match=r"append-only|never"):
                await db.execute(sql)

    async def test_what_the_office_proposes_is_for_the_head_of_government(self, process: Process) -> None:
        item = await process.submitted(basis_kind="PROPOSAL")
        await ok(process.sign(process.leader, item, "FIRST"))
        refused = await process.sign(process.deputy, item, "SECOND")
        assert (refused.status_code, refused.json()["code"]) == (403, "head_must_sign")
        assert (await ok(process.sign(process.head, item, "SECOND")))["state"] == "ESTABLISHED"

    async def test_a_decision_may_be_established_by_another_leader(self, process: Process) -> None:
        item = await process.submitted(basis_kind="DECISION")
        await ok(process.sign(process.leader, item, "FIRST"))
        assert (await ok(process.sign(process.deputy, item, "SECOND")))["state"] == "ESTABLISHED"

    @pytest.mark.requirement("R13")
    async def test_a_proposal_stays_ones_own_when_a_colleague_touched_it_last(self, process: Process) -> None:
        both = await process.office.caller("both", Role.SUP, Role.LEADER)
        item = await process.registered()
        await ok(both.request("PUT", f"/api/items/{item}/proposal", json=process.proposal()))
        await process.submitted(item)
        assert (await process.sign(both, item, "FIRST")).json()["code"] == "own_item_proposal"
        await ok(process.sign(process.leader, item, "FIRST"))
        assert (await process.sign(both, item, "SECOND")).json()["code"] == "own_item_proposal"
        await ok(process.sign(process.head, item, "SECOND"))

    @pytest.mark.requirement("R13")
    @pytest.mark.parametrize("wrote", ["earlier", "submitted", "an earlier round"])
    async def test_door_desk_and_database_agree_on_who_wrote(self, process: Process, wrote: str) -> None:
        both = await process.office.caller("both", Role.SUP, Role.LEADER)
        other = await process.office.caller("other", Role.LEADER)
        item = await process.registered()
        if wrote == "submitted":
            await process.proposed(item)
            await ok(both.post(f"/api/items/{item}/submit"))
        else:
            await ok(both.request("PUT", f"/api/items/{item}/proposal", json=process.proposal()))
            await process.submitted(item)
        if wrote == "an earlier round":
            await ok(process.leader.post(f"/api/items/{item}/send-back", {"reason": "请补充依据"}))
            await process.submitted(item)
        assert (await process.sign(both, item, "FIRST")).json()["code"] == "own_item_proposal"
        assert "review_first" not in (await ok(both.get(f"/api/items/{item}")))["acts"]
        assert (await ok(both.get("/api/items/waiting")))["waiting"] == []
        with pytest.raises(Exception, match="his own proposal"):
            await signed_past_the_door(process, item, both)
        # Who wrote nothing is offered the signature, and may give it by either way.
        assert "review_first" in (await ok(other.get(f"/api/items/{item}")))["acts"]
        assert [one["act"] for one in (await ok(other.get("/api/items/waiting")))["waiting"]] == ["review_first"]
        await signed_past_the_door(process, item, other)

    @pytest.mark.requirement("R13")
    async def test_nobody_signs_his_own_proposal(self, process: Process) -> None:
        both = await process.office.caller("both", Role.SUP, Role.LEADER, Role.HEAD)
        item = await process.registered()
        await ok(both.request("PUT", f"/api/items/{item}/proposal", json=process.proposal()))
        await ok(process.supervisor.post(f"/api/items/{item}/submit"))
        assert (await process.sign(both, item, "FIRST")).json()["code"] == "own_item_proposal"
        assert (await ok(both.get(f"/api/items/{item}")))["acts"] == ["send_back", "refuse", "terminate"]
        with pytest.raises(Exception, match="his own proposal"):
            await signed_past_the_door(process, item, both)

    @pytest.mark.parametrize("kind", ["FIRST", "SECOND"])
    async def test_of_two_who_sign_at_once_one_wins_and_the_other_is_told(self, process: Process, kind: str) -> None:
        item = await process.submitted()
        if kind == "SECOND":
            third = await process.office.caller("third", Role.LEADER)
            await ok(process.sign(third, item, "FIRST"))
        answers: list[tuple[int, str]] = []

        async def one(who: Caller) -> None:
            answer = await process.sign(who, item, kind)
            answers.append((answer.status_code, answer.json().get("code", "")))

        async with anyio.create_task_group() as group:
            for who in (process.leader, process.deputy):
                group.start_soon(one, who)
        assert sorted(answers) == [(200, ""), (409, "already_signed")]

    @pytest.mark.requirement("R13")
    async def test_sent_back_it_begins_a_new_round_and_what_was_signed_is_void(self, process: Process) -> None:
        item = await process.submitted()
        await ok(process.sign(process.leader, item, "FIRST"))
        assert (await process.head.post(f"/api/items/{item}/send-back", {"reason": ""})).status_code == 422
        back = await ok(process.head.post(f"/api/items/{item}/send-back", {"reason": "工作标准不明确"}))
        assert (back["state"], back["process"]["approval_round"]) == ("PROPOSED", 2)
        assert [one["void"] for one in back["process"]["signatures"]] == [True]
        await process.submitted(item, requirement="逐项销号，照片留存")
        assert (await process.sign(process.head, item, "SECOND")).json()["code"] == "first_signature_missing"
        await ok(process.sign(process.leader, item, "FIRST"))
        assert (await ok(process.sign(process.head, item, "SECOND")))["state"] == "ESTABLISHED"
        kept = await db.fetch("SELECT content->>'requirement' AS r FROM item_proposals ORDER BY round")
        assert [one["r"] for one in kept] == ["隐患清零，逐项附整改前后照片", "逐项销号，照片留存"]

    @pytest.mark.requirement("R10")
    async def test_a_matter_outside_the_scope_is_refused_with_a_reason(self, process: Process) -> None:
        early = await process.registered(
            source_kind="LEADER_INSTRUCTION",
            instruction=instruction(leader_person_id=str(process.head.person_id)),
        )
        late = await process.submitted()
        for item in (early, late):
            assert (await process.head.post(f"/api/items/{item}/refuse", {"reason": "不属督查范围"})).status_code == 403
            shown = await ok(process.leader.post(f"/api/items/{item}/refuse", {"reason": "不属督查范围"}))
            assert (shown["state"], shown["acts"]) == ("NOT_ESTABLISHED", [])
        told = await db.fetch_value(
            "SELECT data->'people' FROM journal_entries WHERE kind = 'item.feedback_given' AND subject_id = $1", early
        )
        assert str(process.head.person_id) in told

    async def test_an_opinion_with_a_marking_is_refused(self, process: Process) -> None:
        item = await process.submitted()
        refused = await process.sign(process.leader, item, "FIRST", "绝密★30年")
        assert refused.json()["code"] == "state_secret_refused"


class TestMethod:
    @pytest.mark.requirement("R15")
    @pytest.mark.parametrize("changed", [{"category": "DECISION"}, {}])
    async def test_decisions_and_visits_need_a_plan(self, process: Process, changed: dict[str, str]) -> None:
        item = await process.established(**changed)
        body = {"visits": not changed, "channels": ["INSPECTION"]}
        assert fields(await process.confirm(item, **body)) == {("plan_ids", "plan_missing")}
        shown = await ok(process.confirm(item, **body, plan_ids=[await process.plan()]))
        assert shown["state"] == "METHOD_CONFIRMED"
        assert shown["process"]["method"]["channels"] == ["INSPECTION"]
        assert [one["kind"] for one in shown["process"]["attachments"]] == ["PLAN"]

    @pytest.mark.requirement("R27")
    @pytest.mark.parametrize(
        ("importance", "urgency", "intensity"),
        [
            ("IMPORTANT", "ORDINARY", "KEY"),
            ("IMPORTANT", "EXTRA_URGENT", "KEY"),
            ("ORDINARY", "URGENT", "TRACKING"),
            ("ORDINARY", "EXTRA_URGENT", "TRACKING"),
            ("ORDINARY", "ORDINARY", "PERIODIC"),
        ],
    )
    def test_importance_and_urgency_set_the_intensity(self, importance: str, urgency: str, intensity: str) -> None:
        assert intensity_of(importance, urgency) == intensity

    @pytest.mark.requirement("R15")
    async def test_channels_and_interval_are_kept_with_the_intensity(self, process: Process) -> None:
        item = await process.established(importance="IMPORTANT")
        assert (await process.confirm(item, channels=[])).status_code == 422
        shown = await ok(process.confirm(item, interval_days=3))
        assert shown["process"]["intensity"] == "KEY"
        assert shown["process"]["method"]["interval_days"] == 3
        assert (await process.confirm(item)).json()["code"] == "wrong_state"
