"""Accountability cases: drafted from findings, citing evidence by hash, proposed by the office and nobody else."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from uuid import UUID

import anyio
import pytest

from server.access.roles import Role
from server.access.signin import actor_of
from server.cases import commands
from server.cases.schemas import CiteEvidence
from server.kit import db
from server.kit.errors import DomainError
from server.kit.ids import new_id
from tests.factories.cases import capture_row, case_body
from tests.factories.findings import recorded_finding
from tests.factories.people import Office
from tests.factories.visits import Inspection

pytestmark = pytest.mark.anyio


@pytest.fixture
async def inspection(office: Office) -> Inspection:
    inspection = await Inspection.prepared(office)
    await inspection.until("ON_SITE")
    return inspection


@pytest.fixture
async def capture(inspection: Inspection) -> UUID:
    return await capture_row(inspection, inspection.member.person_id, decision="ACCEPTED")


@pytest.fixture
async def finding(inspection: Inspection, capture: UUID) -> UUID:
    return await recorded_finding(inspection, inspection.member, capture_ids=[capture])


async def is_cited(capture: UUID) -> bool:
    found: bool = await db.fetch_value(
        "SELECT EXISTS (SELECT 1 FROM case_evidence WHERE capture_id = $1 AND withdrawn_at IS NULL)", capture
    )
    return found


class TestDraft:
    async def test_cites_the_hash_of_the_statement(self, inspection: Inspection, finding: UUID, capture: UUID) -> None:
        answer = await inspection.member.post("/api/cases", case_body(finding, capture))
        assert answer.status_code == 201
        view = answer.json()
        assert view["state"] == "DRAFT"
        assert view["evidence"][0]["statement_sha256"] == hashlib.sha256(capture.bytes).hexdigest()
        assert view["findings"][0]["id"] == str(finding)
        assert view["item"]["register_no"] == inspection.item["register_no"]
        assert await is_cited(capture)

    async def test_sending_it_twice_is_one_draft(self, inspection: Inspection, finding: UUID, capture: UUID) -> None:
        body = case_body(finding, capture)
        first = await inspection.member.post("/api/cases", body)
        again = await inspection.member.post("/api/cases", body)
        assert first.json() == again.json()
        other = await inspection.member.post("/api/cases", {**body, "title": "另一件"})
        assert other.json()["code"] == "id_reused"

    async def test_rests_on_no_dismissed_finding(self, inspection: Inspection, finding: UUID) -> None:
        await inspection.chief.post(f"/api/findings/{finding}/dismiss", {"reason": "不属实"})
        answer = await inspection.chief.post("/api/cases", case_body(finding))
        assert answer.json()["code"] == "finding_not_established"

    async def test_cites_pending_but_not_rejected_nor_void_evidence(
        self, inspection: Inspection, finding: UUID
    ) -> None:
        author = inspection.member.person_id
        pending = await capture_row(inspection, author)
        rejected = await capture_row(inspection, author, decision="REJECTED")
        void = await capture_row(inspection, author)
        await db.execute("UPDATE captures SET discarded_at = now() WHERE id = $1", void)
        post = inspection.chief.post
        assert (await post("/api/cases", case_body(finding, pending))).status_code == 201
        assert (await post("/api/cases", case_body(finding, rejected))).json()["code"] == "capture_rejected"
        assert (await post("/api/cases", case_body(finding, void))).json()["code"] == "capture_discarded"
        assert (await post("/api/cases", case_body(finding, new_id()))).json()["code"] == "not_found"

    async def test_cites_evidence_of_its_own_item(self, inspection: Inspection, finding: UUID, office: Office) -> None:
        other = await Inspection.prepared(office)
        await other.until("ON_SITE")
        foreign = await capture_row(other, other.member.person_id)
        answer = await inspection.chief.post("/api/cases", case_body(finding, foreign))
        assert answer.json()["code"] == "another_item"

    async def test_a_unit_and_a_field_member_without_the_role_may_not(
        self, inspection: Inspection, finding: UUID, office: Office
    ) -> None:
        liaison = await office.caller("unit", Role.LIAISON, unit=office.handling_unit)
        assert (await liaison.post("/api/cases", case_body(finding))).json()["code"] == "not_permitted"
        assert (await liaison.get("/api/cases")).json()["code"] == "not_permitted"


class TestEvidence:
    async def test_is_added_and_withdrawn_in_a_draft(
        self, inspection: Inspection, finding: UUID, capture: UUID
    ) -> None:
        case = (await inspection.chief.post("/api/cases", case_body(finding))).json()
        path = f"/api/cases/{case['id']}/evidence"
        cited = (await inspection.chief.post(path, {"capture_id": str(capture)})).json()
        again = (await inspection.chief.post(path, {"capture_id": str(capture)})).json()
        assert cited == again
        assert [one["capture_id"] for one in cited["evidence"]] == [str(capture)]
        withdrawn = await inspection.chief.request("DELETE", f"{path}/{capture}")
        assert withdrawn.json()["evidence"] == []
        assert (await inspection.chief.request("DELETE", f"{path}/{capture}")).status_code == 404
        assert await db.fetch_value("SELECT count(*) FROM case_evidence WHERE withdrawn_at IS NOT NULL") == 1

    async def test_a_cited_capture_cannot_be_discarded(
        self, inspection: Inspection, finding: UUID, capture: UUID
    ) -> None:
        case = (await inspection.chief.post("/api/cases", case_body(finding, capture))).json()
        with pytest.raises(Exception, match="cited capture"):
            await db.execute("UPDATE captures SET discarded_at = now() WHERE id = $1", capture)
        await inspection.chief.request("DELETE", f"/api/cases/{case['id']}/evidence/{capture}")
        await db.execute("UPDATE captures SET discarded_at = now() WHERE id = $1", capture)

    async def test_citing_and_discarding_at_once_never_both_succeed(
        self, inspection: Inspection, finding: UUID
    ) -> None:
        chief = await actor_of(inspection.chief.token)
        assert chief is not None
        case = (await inspection.chief.post("/api/cases", case_body(finding))).json()
        for _ in range(10):
            capture = await capture_row(inspection, inspection.member.person_id)

            async def cite(capture: UUID = capture) -> None:
                try:
                    await commands.cite(chief, UUID(case["id"]), CiteEvidence(capture_id=capture))
                except DomainError:
                    return

            async def discard(capture: UUID = capture) -> None:
                try:
                    await db.execute("UPDATE captures SET discarded_at = now() WHERE id = $1", capture)
                except Exception as refused:
                    assert "cited capture" in str(refused)

            async with anyio.create_task_group() as group:
                group.start_soon(cite)
                group.start_soon(discard)
            gone = await db.fetch_value("SELECT discarded_at IS NOT NULL FROM captures WHERE id = $1", capture)
            assert gone != await is_cited(capture)


class TestPropose:
    async def test_the_office_proposes_what_is_accepted_and_whole(
        self, inspection: Inspection, finding: UUID, capture: UUID
    ) -> None:
        case = (await inspection.member.post("/api/cases", case_body(finding, capture))).json()
        path = f"/api/cases/{case['id']}"
        assert (await inspection.member.post(f"{path}/propose")).json()["code"] == "not_permitted"
        proposed = (await inspection.chief.post(f"{path}/propose")).json()
        assert proposed["state"] == "PROPOSED"
        assert proposed["proposed_by"]["name"] == "hejing"
        assert proposed["acts"] == []
        late = await inspection.chief.post(f"{path}/evidence", {"capture_id": str(capture)})
        assert late.json()["code"] == "wrong_state"

    async def test_needs_facts_and_evidence(self, inspection: Inspection, finding: UUID, capture: UUID) -> None:
        case = (await inspection.chief.post("/api/cases", case_body(finding, facts=""))).json()
        path = f"/api/cases/{case['id']}"
        assert (await inspection.chief.post(f"{path}/propose")).json()["code"] == "facts_missing"
        await inspection.chief.request("PATCH", path, json={"facts": "三次现场督查均未整改"})
        assert (await inspection.chief.post(f"{path}/propose")).json()["code"] == "evidence_not_accepted"
        await inspection.chief.post(f"{path}/evidence", {"capture_id": str(capture)})
        assert (await inspection.chief.post(f"{path}/propose")).status_code == 200

    @pytest.mark.parametrize(
        ("decision", "received", "code"),
        [("PENDING", 1, "evidence_not_accepted"), ("ACCEPTED", 0, "receipt_outstanding")],
    )
    async def test_every_piece_cited_is_accepted_and_received(
        self, inspection: Inspection, finding: UUID, capture: UUID, decision: str, received: int, code: str
    ) -> None:
        author = inspection.member.person_id
        weak = await capture_row(inspection, author, decision=decision, received=received)
        case = (await inspection.chief.post("/api/cases", case_body(finding, capture, weak))).json()
        assert (await inspection.chief.post(f"/api/cases/{case['id']}/propose")).json()["code"] == code


class TestScope:
    async def test_a_draft_is_known_to_its_drafter_and_the_head_of_the_office(
        self, inspection: Inspection, finding: UUID, capture: UUID
    ) -> None:
        case = (await inspection.member.post("/api/cases", case_body(finding, capture))).json()
        path = f"/api/cases/{case['id']}"
        assert (await inspection.chief.get(path)).status_code == 200
        assert (await inspection.leader.get(path)).status_code == 404
        assert (await inspection.head.get(path)).status_code == 404
        await inspection.chief.post(f"{path}/propose")
        assert (await inspection.head.get(path)).status_code == 200

    @pytest.mark.requirement("R81")
    async def test_a_proposal_betrays_no_unreleased_visit(
        self, inspection: Inspection, finding: UUID, capture: UUID, office: Office
    ) -> None:
        other_leader = await office.caller("luming", Role.LEADER)
        case = (await inspection.chief.post("/api/cases", case_body(finding, capture))).json()
        await inspection.chief.post(f"/api/cases/{case['id']}/propose")
        hidden = await other_leader.get(f"/api/cases/{case['id']}")
        absent = await other_leader.get(f"/api/cases/{new_id()}")
        assert (hidden.status_code, hidden.content) == (404, absent.content)
        assert (await other_leader.get("/api/cases")).json() == {"cases": [], "next_cursor": None}
        await inspection.until("RELEASED")
        assert (await other_leader.get(f"/api/cases/{case['id']}")).status_code == 200

    @pytest.mark.requirement("R81")
    async def test_a_citation_betrays_no_unreleased_visit(
        self, inspection: Inspection, finding: UUID, capture: UUID, office: Office
    ) -> None:
        other_leader = await office.caller("luming", Role.LEADER)
        await inspection.until("RELEASED")
        second = replace(inspection, visit_id="")
        await second.until("ON_SITE")
        secret = await capture_row(second, second.member.person_id, decision="ACCEPTED")
        case = (await inspection.chief.post("/api/cases", case_body(finding, capture, secret))).json()
        assert (await inspection.chief.post(f"/api/cases/{case['id']}/propose")).status_code == 200
        hidden = await other_leader.get(f"/api/cases/{case['id']}")
        absent = await other_leader.get(f"/api/cases/{new_id()}")
        assert (hidden.status_code, hidden.content) == (404, absent.content)
        assert (await other_leader.get("/api/cases")).json()["cases"] == []
        await second.until("RELEASED")
        assert (await other_leader.get(f"/api/cases/{case['id']}")).status_code == 200
