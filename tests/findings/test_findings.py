"""Findings: recorded by the team, decided by the office."""

from __future__ import annotations

from uuid import UUID

import pytest

from server.access.roles import Role
from server.findings.errors import NotOnTeam, TeamNotAtWork, UnknownCaptures
from server.items.errors import StateSecretRefused
from server.kit import db
from server.kit.errors import IdReused, InvalidInput, NotFound
from server.kit.ids import new_id
from tests.factories.cases import capture_row
from tests.factories.findings import recorded_finding
from tests.factories.items import registered_item
from tests.factories.people import Office
from tests.factories.visits import Inspection

pytestmark = pytest.mark.anyio


@pytest.fixture
async def inspection(office: Office) -> Inspection:
    inspection = await Inspection.prepared(office)
    await inspection.until("ON_SITE")
    return inspection


class TestRecord:
    async def test_shows_text_kind_and_captures(self, inspection: Inspection) -> None:
        capture = await capture_row(inspection, inspection.member.person_id)
        finding = await recorded_finding(inspection, inspection.member, capture_ids=[capture])
        view = (await inspection.chief.get(f"/api/findings/{finding}")).json()
        assert view["state"] == "FOUND"
        assert view["capture_ids"] == [str(capture)]
        assert view["author"]["name"] == "linxia"
        assert view["acts"] == ["confirm", "dismiss"]

    async def test_the_same_command_twice_is_one_finding(self, inspection: Inspection) -> None:
        finding = new_id()
        await recorded_finding(inspection, inspection.member, id=finding)
        await recorded_finding(inspection, inspection.member, id=finding)
        assert await db.fetch_value("SELECT count(*) FROM findings") == 1
        with pytest.raises(IdReused):
            await recorded_finding(inspection, inspection.member, id=finding, text="另一个问题")

    @pytest.mark.requirement("R88")
    async def test_is_for_the_team_only(self, inspection: Inspection, office: Office) -> None:
        with pytest.raises(NotOnTeam):
            await recorded_finding(inspection, inspection.chief)
        stranger = await office.caller("stranger", Role.SUP, Role.TM)
        with pytest.raises(NotFound):
            await recorded_finding(inspection, stranger)

    async def test_waits_until_the_team_is_locked(self, office: Office) -> None:
        inspection = await Inspection.prepared(office)
        await inspection.until("PLAN_APPROVED")
        with pytest.raises(TeamNotAtWork):
            await recorded_finding(inspection, inspection.leader)

    async def test_arriving_late_it_is_still_taken(self, inspection: Inspection) -> None:
        await inspection.until("RELEASED")
        await recorded_finding(inspection, inspection.member)

    async def test_names_captures_that_have_not_arrived_and_may_be_sent_again(self, inspection: Inspection) -> None:
        missing = new_id()
        with pytest.raises(UnknownCaptures) as refused:
            await recorded_finding(inspection, inspection.member, capture_ids=[missing])
        assert refused.value.params == {"capture_ids": [str(missing)], "retry": True}

    async def test_takes_no_captures_of_another_visit(self, inspection: Inspection, office: Office) -> None:
        other = await Inspection.prepared(office)
        await other.until("ON_SITE")
        foreign = await capture_row(other, other.member.person_id)
        with pytest.raises(UnknownCaptures):
            await recorded_finding(inspection, inspection.member, capture_ids=[foreign])

    async def test_takes_categories_and_severities_of_the_list_only(self, inspection: Inspection) -> None:
        with pytest.raises(InvalidInput) as refused:
            await recorded_finding(inspection, inspection.member, category="GHOSTS", severity="AWFUL")
        assert [one.field for one in refused.value.errors] == ["category", "severity"]

    async def test_belongs_to_the_item_of_its_visit(self, inspection: Inspection) -> None:
        other = await registered_item(inspection.chief)
        with pytest.raises(InvalidInput):
            await recorded_finding(inspection, inspection.member, item_id=UUID(other["id"]))

    async def test_refuses_state_secrets(self, inspection: Inspection) -> None:
        with pytest.raises(StateSecretRefused):
            await recorded_finding(inspection, inspection.member, text="绝密★ 图纸")


class TestDecide:
    async def test_confirming_without_a_picture_needs_a_reason(self, inspection: Inspection) -> None:
        finding = await recorded_finding(inspection, inspection.member)
        refused = await inspection.chief.post(f"/api/findings/{finding}/confirm", {})
        assert refused.json()["code"] == "evidence_missing"
        answer = await inspection.chief.post(f"/api/findings/{finding}/confirm", {"reason": "有施工日志佐证"})
        assert answer.json() == {"id": str(finding), "state": "CONFIRMED", "reason": "有施工日志佐证", "version": 2}

    async def test_dismissing_needs_a_reason(self, inspection: Inspection) -> None:
        finding = await recorded_finding(inspection, inspection.member)
        refused = await inspection.chief.post(f"/api/findings/{finding}/dismiss", {"reason": " "})
        assert refused.json()["code"] == "reason_missing"
        answer = await inspection.chief.post(f"/api/findings/{finding}/dismiss", {"reason": "属规范允许的做法"})
        assert answer.json()["state"] == "NOT_ESTABLISHED"

    async def test_a_decision_is_taken_once(self, inspection: Inspection) -> None:
        finding = await recorded_finding(inspection, inspection.member)
        await inspection.chief.post(f"/api/findings/{finding}/confirm", {"reason": "属实"})
        again = await inspection.chief.post(f"/api/findings/{finding}/dismiss", {"reason": "不属实"})
        assert again.json()["code"] == "wrong_state"

    async def test_the_team_does_not_decide_on_its_own_finding(self, inspection: Inspection) -> None:
        finding = await recorded_finding(inspection, inspection.member)
        answer = await inspection.member.post(f"/api/findings/{finding}/confirm", {"reason": "属实"})
        assert answer.json()["code"] == "not_permitted"

    async def test_an_unknown_finding_is_not_found(self, inspection: Inspection) -> None:
        answer = await inspection.chief.post(f"/api/findings/{new_id()}/confirm", {"reason": "属实"})
        assert answer.status_code == 404


async def test_lists_by_visit_state_and_severity(inspection: Inspection) -> None:
    await recorded_finding(inspection, inspection.member)
    major = await recorded_finding(inspection, inspection.leader, severity="MAJOR")
    listed = (await inspection.chief.get("/api/findings", params={"severity": "MAJOR"})).json()["findings"]
    assert [one["id"] for one in listed] == [str(major)]
    of_visit = await inspection.chief.get("/api/findings", params={"visit_id": inspection.visit_id})
    assert len(of_visit.json()["findings"]) == 2
    assert (await inspection.chief.get("/api/findings", params={"state": "CONFIRMED"})).json()["findings"] == []
