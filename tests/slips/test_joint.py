"""Units that handle an item together: contributions go to the lead unit, disagreements are settled among leaders."""

from __future__ import annotations

from typing import Any

import pytest

from server.access.roles import Role
from server.kit import db
from server.kit.ids import new_id
from tests.factories.people import Caller, Office
from tests.factories.process import ok
from tests.factories.slips import Slips

pytestmark = pytest.mark.anyio


@pytest.fixture
async def slips(office: Office) -> Slips:
    slips = await Slips.prepared(office)
    await slips.joint()
    return slips


async def give(who: Caller, item_id: str, **changed: Any) -> Any:
    body = {"id": str(new_id()), "text": "水利局意见：涵管一并更换", **changed}
    return await who.post(f"/api/items/{item_id}/contributions", body)


async def raised(who: Caller, item_id: str) -> dict[str, Any]:
    body = {"id": str(new_id()), "subject": "管线迁改费用由谁承担意见不一致"}
    return await ok(who.post(f"/api/items/{item_id}/disagreements", body))


async def consult(who: Caller, one: dict[str, Any], **changed: Any) -> Any:
    body = {
        "id": str(new_id()),
        "kind": "CONSULTATION",
        "held_at": "2026-03-02T15:00:00+08:00",
        "result": "费用按产权划分，由产权单位承担",
        **changed,
    }
    return await who.post(f"/api/disagreements/{one['id']}/consultations", body)


class TestContribution:
    @pytest.mark.requirement("R45")
    async def test_goes_to_the_lead_unit_and_nowhere_else(self, slips: Slips) -> None:
        upward = await give(slips.water.liaison, slips.item_id, addressed_to="OFFICE")
        assert (upward.status_code, upward.json()["code"]) == (409, "assisting_unit_cannot_report")
        body = {"id": str(new_id())}
        await ok(give(slips.water.liaison, slips.item_id, **body))
        await ok(give(slips.water.liaison, slips.item_id, **body))
        lead = await slips.assignment(slips.road.liaison)
        assert [(one["unit"]["name"], one["text"]) for one in lead["contributions"]] == [
            ("水利局", "水利局意见：涵管一并更换")
        ]
        assert len((await slips.assignment(slips.water.head))["contributions"]) == 1
        # Neither the other unit nor the office reads it; the office sees that it was given.
        assert (await slips.assignment(slips.power.liaison))["contributions"] == []
        office = await slips.assignment()
        assert office["contributions"] == []
        assert {one["unit"]["name"]: one["state"] for one in office["tasks"]}["水利局"] == "INPUT_GIVEN"
        with pytest.raises(Exception, match="append-only"):
            await db.execute("UPDATE contributions SET text = 'x'")

    @pytest.mark.requirement("R45")
    async def test_is_for_assisting_units_that_have_signed(self, office: Office) -> None:
        slips = await Slips.prepared(office)
        slip = await slips.issued(slips.joint_body())
        await ok(slips.sign(slips.road.liaison, slip))
        for who in (slips.road.liaison, slips.water.liaison):
            assert (await give(who, slips.item_id)).json()["code"] == "not_an_assisting_unit"
        stranger = await office.caller("xu", Role.LIAISON, unit=office.handling_unit)
        assert (await give(stranger, slips.item_id)).status_code == 404


class TestDisagreement:
    @pytest.mark.requirement("R46")
    @pytest.mark.requirement("S11")
    async def test_is_consulted_on_by_principal_leaders_before_it_goes_up(self, slips: Slips) -> None:
        one = await raised(slips.water.liaison, slips.item_id)
        open_ones = (await slips.process.chief.get("/api/disagreements")).json()["disagreements"]
        assert [seen["id"] for seen in open_ones] == [one["id"]]
        path = f"/api/disagreements/{one['id']}"
        assert (await slips.road.deputy.post(f"{path}/send_up")).json()["code"] == "no_consultation"
        with pytest.raises(Exception, match="without a consultation"):
            await db.execute("UPDATE disagreements SET state = 'SENT_UP', sent_up_at = now() WHERE id = $1", one["id"])
        deputies = [str(unit.deputy.person_id) for unit in (slips.road, slips.water)]
        low = await consult(slips.road.liaison, one, present=deputies)
        assert low.json()["code"] == "principal_leaders_missing"
        heads = [str(unit.head.person_id) for unit in (slips.road, slips.water)]
        talk = (await ok(consult(slips.road.liaison, one, present=heads)))["consultations"][0]
        assert {(who["person"]["name"], who["unit"]["name"]) for who in talk["present"]} == {
            ("road-head", "交通运输局"),
            ("water-head", "水利局"),
        }
        assert (await slips.water.head.post(f"{path}/send_up")).json()["code"] == "assisting_unit_cannot_report"
        assert (await ok(slips.road.head.post(f"{path}/send_up")))["state"] == "SENT_UP"
        unit = await slips.road.head.post(f"{path}/settle", {"outcome": "自行决定"})
        assert unit.json()["code"] == "wrong_state"
        settled = await ok(slips.process.leader.post(f"{path}/instruct", {"outcome": "由产权单位承担"}))
        assert (settled["state"], settled["settled_by"]["name"]) == ("SETTLED", "lu")
        assert (await slips.process.chief.get("/api/disagreements")).json()["disagreements"] == []

    @pytest.mark.requirement("S11")
    async def test_the_meeting_is_chaired_by_the_lead_unit_and_says_who_came(self, slips: Slips) -> None:
        one = await raised(slips.road.liaison, slips.item_id)
        meeting = {
            "kind": "MEETING",
            "chair_id": str(slips.road.head.person_id),
            "present": [str(slips.road.head.person_id), str(slips.water.deputy.person_id)],
        }
        silent = await consult(slips.road.liaison, one, **meeting)
        assert silent.json()["code"] == "attendance_incomplete"
        wrong = meeting | {"chair_id": str(slips.water.head.person_id), "absent_units": [str(slips.power.id)]}
        assert (await consult(slips.road.liaison, one, **wrong)).json()["code"] == "chair_not_of_lead_unit"
        whole = meeting | {
            "absent_units": [str(slips.power.id)],
            "office_person_id": str(slips.process.supervisor.person_id),
        }
        held = (await ok(consult(slips.road.liaison, one, **whole)))["consultations"][0]
        assert held["chair"]["name"] == "road-head"
        assert [unit["name"] for unit in held["absent_units"]] == ["电力局"]
        assert held["office_person"]["name"] == "lin"
        assert [who["unit"]["name"] for who in held["present"]] == ["交通运输局", "水利局"]
        settled = await ok(
            slips.road.head.post(f"/api/disagreements/{one['id']}/settle", {"outcome": "按会议意见办理"})
        )
        assert settled["outcome"] == "按会议意见办理"
        late = await consult(slips.road.liaison, one, **whole)
        assert late.json()["code"] == "wrong_state"

    async def test_is_for_units_of_the_item(self, slips: Slips, office: Office) -> None:
        stranger = await office.caller("xu", Role.LIAISON, unit=office.handling_unit)
        body = {"id": str(new_id()), "subject": "与我无关"}
        assert (await stranger.post(f"/api/items/{slips.item_id}/disagreements", body)).status_code == 404
        one = await raised(slips.road.liaison, slips.item_id)
        assert (await stranger.get(f"/api/disagreements/{one['id']}")).status_code == 404
        assert (await stranger.get("/api/disagreements")).json()["disagreements"] == []

    @pytest.mark.requirement("R46")
    async def test_is_recorded_by_those_who_were_there_or_answer_for_their_unit(
        self, slips: Slips, office: Office
    ) -> None:
        one = await raised(slips.water.liaison, slips.item_id)
        heads = [str(unit.head.person_id) for unit in (slips.road, slips.water)]
        handler = await office.caller("handler", Role.UH, unit=slips.road.id)
        for outsider in (handler, slips.power.liaison, slips.power.head):
            answer = await consult(outsider, one, present=heads)
            assert (answer.status_code, answer.json()["code"]) == (403, "not_in_consultation")
        await ok(consult(handler, one, present=[*heads, str(handler.person_id)]))
        await ok(consult(slips.water.liaison, one, present=heads))
