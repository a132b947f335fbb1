"""Meetings: what they decided, who carries it out, the items made of it before anything is done."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote

import pytest

from server.access.roles import Role
from server.kit import db
from server.kit.ids import new_id
from tests.factories.meetings import decision_body, meeting_body, recorded_meeting
from tests.factories.people import Caller, Office

pytestmark = pytest.mark.anyio


@pytest.fixture
async def chief(office: Office) -> Caller:
    return await office.caller("hejing", Role.OFFICE)


async def made(caller: Caller, meeting: dict[str, Any], *items: dict[str, Any]) -> Any:
    return await caller.post(f"/api/meetings/{meeting['id']}/items", {"items": items})


class TestRecord:
    @pytest.mark.requirement("R98")
    async def test_a_meeting_that_the_director_sat_in_with_its_minutes(self, office: Office, chief: Caller) -> None:
        handed_in = await chief.request(
            "POST",
            "/api/attachments",
            content="云溪县人民政府常务会议纪要\n会议议定：加快改造。".encode(),
            headers={"X-File-Name": quote("纪要.txt"), "Content-Type": "text/plain"},
        )
        assert handed_in.status_code == 201, handed_in.text
        view = await recorded_meeting(
            chief, attended_by=str(chief.person_id), minutes_id=handed_in.json()["id"], decisions=[decision_body()]
        )
        assert (view["kind"], view["year"], view["no"], view["decided"]) == ("EXECUTIVE", 2026, 9, 1)
        assert view["attended_by"]["name"] == "hejing"
        assert view["minutes"]["name"] == "纪要.txt"
        stored = await chief.get(f"/api/meetings/{view['id']}/minutes")
        assert "会议议定" in stored.text

    async def test_a_file_of_somebody_else_is_not_attached(self, office: Office, chief: Caller) -> None:
        answer = await chief.post("/api/meetings", meeting_body(minutes_id=str(new_id())))
        assert answer.status_code in (404, 409, 422)
        assert await db.fetch_value("SELECT count(*) FROM meetings") == 0

    async def test_one_number_of_one_kind_and_year_is_one_meeting(self, chief: Caller) -> None:
        body = meeting_body()
        answers = await asyncio.gather(*(chief.post("/api/meetings", body) for _ in range(3)))
        assert [one.status_code for one in answers] == [201] * 3
        assert (await chief.post("/api/meetings", {**body, "no": 10})).json()["code"] == "id_reused"
        assert (await chief.post("/api/meetings", meeting_body())).json()["code"] == "meeting_there"
        await recorded_meeting(chief, kind="OFFICE")
        await recorded_meeting(chief, held_on="2025-05-25")

    async def test_it_has_a_number_or_a_name(self, chief: Caller) -> None:
        assert (await chief.post("/api/meetings", meeting_body(no=None))).json()["code"] == "meeting_unnamed"
        await recorded_meeting(chief, no=None, title="防汛专题会议", kind="SPECIAL")

    async def test_marked_texts_are_refused_and_leave_no_trace(self, chief: Caller) -> None:
        for body in (
            meeting_body(title="绝密★会议"),
            meeting_body(decisions=[decision_body(text="【机密】某事")]),
            meeting_body(decisions=[decision_body(requirement="机密★")]),
        ):
            assert (await chief.post("/api/meetings", body)).json()["code"] == "state_secret_refused"
        assert await db.fetch_value("SELECT count(*) FROM meetings") == 0

    async def test_units_know_nothing_of_meetings(self, office: Office, chief: Caller) -> None:
        meeting = await recorded_meeting(chief)
        liaison = await office.caller("unit", Role.LIAISON, unit=office.handling_unit)
        for path in ("/api/meetings", f"/api/meetings/{meeting['id']}", f"/api/meetings/{meeting['id']}/minutes"):
            assert (await liaison.get(path)).json()["code"] == "not_permitted"

    async def test_it_is_completed_later(self, chief: Caller) -> None:
        meeting = await recorded_meeting(chief)
        path = f"/api/meetings/{meeting['id']}"
        answer = await chief.request("PATCH", path, json={"chair": "陆明"}, headers={"If-Match": '"1"'})
        assert (answer.json()["chair"], answer.json()["version"]) == ("陆明", 2)
        stale = await chief.request("PATCH", path, json={"chair": "x"}, headers={"If-Match": '"1"'})
        assert stale.json()["code"] == "changed_meanwhile"
        moved = await chief.request("PATCH", path, json={"held_on": "2025-05-25"})
        assert moved.json()["errors"][0]["code"] == "another_year"


class TestDecisions:
    @pytest.mark.requirement("R9")
    async def test_the_supervision_requirement_is_recorded_with_the_decision(
        self, office: Office, chief: Caller
    ) -> None:
        units = [str(office.handling_unit), str(office.office_unit)]
        meeting = await recorded_meeting(chief, decisions=[decision_body(unit_ids=units, due_on="2026-12-31")])
        decision = meeting["decisions"][0]
        assert (decision["requirement"], decision["due_on"]) == ("每月报送进展", "2026-12-31")
        assert decision["lead_unit"]["name"] == "住房和城乡建设局"
        assert [one["name"] for one in decision["other_units"]] == ["督查室"]

    async def test_further_decisions_come_later_and_each_number_once(self, chief: Caller) -> None:
        meeting = await recorded_meeting(chief, decisions=[decision_body(1)])
        path, second = f"/api/meetings/{meeting['id']}/decisions", decision_body(2)
        for _ in range(2):
            assert (await chief.post(path, {"decisions": [second]})).status_code == 201
        taken = await chief.post(path, {"decisions": [decision_body(2, text="别的")]})
        assert taken.json()["code"] == "decision_number_taken"
        unknown = await chief.post(path, {"decisions": [decision_body(3, unit_ids=[str(new_id())])]})
        assert unknown.json()["code"] == "unknown_unit"
        assert [one["no"] for one in (await chief.get(f"/api/meetings/{meeting['id']}")).json()["decisions"]] == [1, 2]

    async def test_what_was_decided_is_withdrawn_and_not_rewritten(self, chief: Caller) -> None:
        meeting = await recorded_meeting(chief, decisions=[decision_body(1)])
        with pytest.raises(Exception, match="append-only"):
            await db.execute("UPDATE meeting_decisions SET text = 'x'")
        path = f"/api/meetings/{meeting['id']}/decisions"
        decision = meeting["decisions"][0]["id"]
        view = (await chief.post(f"{path}/{decision}/withdraw")).json()
        assert (view["decided"], view["decisions"][0]["withdrawn_at"] is not None) == (0, True)
        assert (await chief.post(path, {"decisions": [decision_body(1, text="更正")]})).status_code == 201
        gone = await made(chief, meeting, {"id": str(new_id()), "decision_id": decision})
        assert gone.json()["code"] == "decision_withdrawn"


class TestItems:
    @pytest.mark.requirement("R9")
    @pytest.mark.requirement("R98")
    async def test_are_made_of_decisions_at_once(self, office: Office, chief: Caller) -> None:
        decisions = [decision_body(n, unit_ids=[str(office.handling_unit)], due_on="2026-12-31") for n in range(1, 4)]
        meeting = await recorded_meeting(chief, decisions=decisions)
        answer = await made(chief, meeting, *({"id": str(new_id()), "decision_id": one["id"]} for one in decisions))
        assert answer.status_code == 201, answer.text
        view = answer.json()
        assert (view["decided"], view["in_ledger"], view["items"], view["done"]) == (3, 3, 3, 0)
        item = view["decisions"][0]["items"][0]
        assert (item["title"], item["state"]) == ("第1项：加快推进老旧小区改造，年底前完成全部项目", "REGISTERED")
        row = await db.fetch_one("SELECT * FROM items WHERE id = $1", item["id"])
        assert (row["source_kind"], row["source_ref"]) == ("EXECUTIVE_MEETING", "常务会议〔2026〕9次第1项")
        assert row["handling_unit_id"] == office.handling_unit
        assert row["requirement"] == "每月报送进展"

    @pytest.mark.requirement("R5")
    async def test_the_same_decision_twice_is_warned_of(self, chief: Caller) -> None:
        decision = decision_body()
        meeting = await recorded_meeting(chief, decisions=[decision])
        first = {"id": str(new_id()), "decision_id": decision["id"]}
        for _ in range(2):
            assert (await made(chief, meeting, first)).status_code == 201
        second = {"id": str(new_id()), "decision_id": decision["id"]}
        warned = (await made(chief, meeting, second)).json()
        assert warned["code"] == "decision_in_ledger"
        assert warned["params"]["items"][0]["id"] == first["id"]
        assert (await made(chief, meeting, {**second, "again": True})).json()["items"] == 2

    async def test_two_at_once_make_one(self, chief: Caller) -> None:
        decision = decision_body()
        meeting = await recorded_meeting(chief, decisions=[decision])
        answers = await asyncio.gather(
            *(made(chief, meeting, {"id": str(new_id()), "decision_id": decision["id"]}) for _ in range(4))
        )
        assert sorted(one.status_code for one in answers) == [201, 409, 409, 409]

    async def test_of_another_meeting_are_not_made_here(self, chief: Caller) -> None:
        decision = decision_body()
        await recorded_meeting(chief, decisions=[decision])
        other = await recorded_meeting(chief, no=10)
        answer = await made(chief, other, {"id": str(new_id()), "decision_id": decision["id"]})
        assert answer.status_code == 404

    async def test_keep_their_decision_in_the_ledger(self, chief: Caller) -> None:
        decision = decision_body()
        meeting = await recorded_meeting(chief, decisions=[decision])
        await made(chief, meeting, {"id": str(new_id()), "decision_id": decision["id"]})
        path = f"/api/meetings/{meeting['id']}/decisions/{decision['id']}/withdraw"
        assert (await chief.post(path)).json()["code"] == "decision_with_items"
