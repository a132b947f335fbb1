"""From a draft of the office to rules in force by a leader, and what old items keep."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from server.access.roles import Role
from server.kit import clock, db
from server.kit.ids import new_id
from server.rulepacks import queries
from server.rulepacks.errors import UnknownPack
from tests.factories.people import Caller, Office
from tests.factories.rulepacks import drafted_pack, enacted_pack, own_text

pytestmark = pytest.mark.anyio

TONGREN = "tongren-hitech-2014@1"


@pytest.fixture
async def chief(office: Office) -> Caller:
    return await office.caller("chief", Role.OFFICE)


@pytest.fixture
async def leader(office: Office) -> Caller:
    return await office.caller("leader", Role.LEADER)


def from_today(days: int = 0) -> dict[str, str]:
    return {"in_force_from": (clock.today() + timedelta(days=days)).isoformat()}


async def test_a_new_organisation_goes_by_the_shipped_default(office: Office, chief: Caller) -> None:
    assert (await queries.pack_in_force(office.org_id)).label == TONGREN
    view = (await chief.get("/api/rule-packs")).json()
    assert (view["in_force"], view["in_force_from"], view["versions"]) == (TONGREN, None, [])
    assert len(view["shipped"]) == 5


class TestTakingForce:
    async def test_the_office_drafts_and_a_leader_enacts(self, office: Office, chief: Caller, leader: Caller) -> None:
        draft = await drafted_pack(chief)
        path = f"/api/rule-packs/{draft['id']}"
        assert (draft["label"], draft["standing"], draft["acts"]) == (
            "yunxi@1",
            "DRAFT",
            ["revise", "submit", "withdraw"],
        )
        assert (await leader.post(f"{path}/enact", from_today())).json()["code"] == "wrong_state", "not laid before him"
        assert (await chief.post(f"{path}/submit")).json()["standing"] == "SUBMITTED"
        assert (await chief.post(f"{path}/enact", from_today())).status_code == 403
        answer = await leader.post(f"{path}/enact", from_today())
        assert (answer.json()["standing"], answer.json()["enacted_by"]["name"]) == ("IN_FORCE", "leader")
        assert (await queries.pack_in_force(office.org_id)).label == "yunxi@1"

    async def test_no_drafter_enacts_not_even_one_who_only_changed_a_word(self, office: Office, chief: Caller) -> None:
        both = await office.caller("both", Role.OFFICE, Role.LEADER)
        draft = await drafted_pack(chief)
        path = f"/api/rule-packs/{draft['id']}"
        await both.request("PATCH", path, json={"text": own_text(Tongren="Yunxi")})
        await chief.post(f"{path}/submit")
        answer = await both.post(f"{path}/enact", from_today())
        assert (answer.status_code, answer.json()["code"]) == (409, "own_draft")

    async def test_nor_who_submitted_it_in_a_second_role(self, office: Office, chief: Caller) -> None:
        both = await office.caller("both", Role.OFFICE, Role.LEADER)
        draft = await drafted_pack(chief)
        path = f"/api/rule-packs/{draft['id']}"
        submitted = await both.post(f"{path}/submit")
        assert "enact" not in submitted.json()["acts"]
        answer = await both.post(f"{path}/enact", from_today())
        assert (answer.status_code, answer.json()["code"]) == (409, "own_draft")
        with pytest.raises(asyncpg.CheckViolationError):
            await db.execute(
                "UPDATE rule_pack_versions SET state = 'ENACTED', enacted_by = submitted_by, enacted_at = now(),"
                " in_force_from = current_date WHERE id = $1",
                draft["id"],
            )

    async def test_never_backwards(self, chief: Caller, leader: Caller) -> None:
        draft = await drafted_pack(chief)
        await chief.post(f"/api/rule-packs/{draft['id']}/submit")
        answer = await leader.post(f"/api/rule-packs/{draft['id']}/enact", from_today(-1))
        assert answer.json()["code"] == "force_in_the_past"

    async def test_from_a_day_to_come_the_old_one_goes_on_till_then(
        self, office: Office, chief: Caller, leader: Caller
    ) -> None:
        draft = await drafted_pack(chief)
        await chief.post(f"/api/rule-packs/{draft['id']}/submit")
        answer = await leader.post(f"/api/rule-packs/{draft['id']}/enact", from_today(3))
        assert answer.json()["standing"] == "COMING"
        assert (await queries.pack_in_force(office.org_id)).label == TONGREN
        later = clock.now() + timedelta(days=3)
        with clock.held_at(lambda: later):
            assert (await queries.pack_in_force(office.org_id)).label == "yunxi@1"

    async def test_a_shipped_pack_is_taken_over_by_reference(self, office: Office) -> None:
        view = await enacted_pack(office, shipped="liangshan-2010@1")
        assert (view["label"], view["shipped"]) == ("liangshan-2010@1", True)
        assert (await queries.pack_in_force(office.org_id)).label == "liangshan-2010@1"
        back = await enacted_pack(office, shipped=TONGREN)
        assert (await queries.pack_in_force(office.org_id)).label == back["label"]

    async def test_two_leaders_at_once_decide_once(self, office: Office, chief: Caller, leader: Caller) -> None:
        head = await office.caller("head", Role.HEAD)
        draft = await drafted_pack(chief)
        path = f"/api/rule-packs/{draft['id']}"
        await chief.post(f"{path}/submit")
        answers = await asyncio.gather(
            leader.post(f"{path}/enact", from_today()), head.post(f"{path}/enact", from_today())
        )
        assert sorted(one.status_code for one in answers) == [200, 409]

    async def test_a_leader_decides_on_what_he_saw(self, chief: Caller, leader: Caller) -> None:
        draft = await drafted_pack(chief)
        path = f"/api/rule-packs/{draft['id']}"
        seen = (await chief.post(f"{path}/submit")).headers["ETag"]
        await leader.post(f"{path}/return", {"reason": "七个工作日不宜缩短"})
        view = (await chief.get(path)).json()
        assert (view["standing"], view["returned_why"]) == ("DRAFT", "七个工作日不宜缩短")
        await chief.request("PATCH", path, json={"text": own_text(Tongren="Yunxi")})
        await chief.post(f"{path}/submit")
        answer = await leader.post(f"{path}/enact", from_today(), headers={"If-Match": seen})
        assert answer.json()["code"] == "changed_meanwhile"

    async def test_what_is_withdrawn_takes_no_force(self, chief: Caller, leader: Caller) -> None:
        draft = await drafted_pack(chief)
        path = f"/api/rule-packs/{draft['id']}"
        assert (await chief.post(f"{path}/withdraw")).json()["standing"] == "WITHDRAWN"
        assert (await leader.post(f"{path}/enact", from_today())).json()["code"] == "wrong_state"


class TestVersions:
    @pytest.mark.requirement("R36")
    async def test_an_old_version_is_read_by_its_label_for_ever(self, office: Office, chief: Caller) -> None:
        await enacted_pack(office, text=own_text())
        second = await enacted_pack(office, text=own_text(Tongren="Yunxi"))
        assert second["label"] == "yunxi@2"
        assert (await queries.pack_of(office.org_id, "yunxi@1")).short.en == "Tongren rules"
        assert (await queries.pack_of(office.org_id, "yunxi@2")).short.en == "Yunxi rules"
        assert (await queries.pack_of(office.org_id, TONGREN)).label == TONGREN
        standings = {one["label"]: one["standing"] for one in (await chief.get("/api/rule-packs")).json()["versions"]}
        assert standings == {"yunxi@2": "IN_FORCE", "yunxi@1": "REPLACED"}

    async def test_another_organisation_knows_none_of_them(self, office: Office, chief: Caller) -> None:
        draft = await drafted_pack(chief)
        strangers = await Office.founded(office.http)
        other = await strangers.caller("other", Role.OFFICE)
        assert (await other.get(f"/api/rule-packs/{draft['id']}")).status_code == 404
        assert (await other.get("/api/rule-packs/read/yunxi@1")).status_code == 404
        with pytest.raises(UnknownPack):
            await queries.pack_of(strangers.org_id, "yunxi@1")

    async def test_two_drafts_at_once_get_two_numbers(self, chief: Caller) -> None:
        drafts = await asyncio.gather(drafted_pack(chief), drafted_pack(chief))
        assert sorted(one["label"] for one in drafts) == ["yunxi@1", "yunxi@2"]

    async def test_sending_it_twice_is_one_draft(self, chief: Caller) -> None:
        body = {"id": str(new_id()), "text": own_text()}
        first, again = await chief.post("/api/rule-packs", body), await chief.post("/api/rule-packs", body)
        assert first.json() == again.json()
        other = await chief.post("/api/rule-packs", {**body, "text": own_text(Tongren="Yunxi")})
        assert other.json()["code"] == "id_reused"

    async def test_is_read_as_sentences_with_what_they_rest_on(self, chief: Caller) -> None:
        view = (await chief.get(f"/api/rule-packs/read/{TONGREN}")).json()
        parts = {one["part"]: one for one in view["parts"]}
        urgent = next(one for one in parts["deadlines"]["rules"] if one["id"] == "DL-TR-3")
        assert urgent["sentence"]["zh"] == (
            "领导交办紧急事项（领导批示或领导交办/转办、且加急或特急）：收到后 3 个工作日内办结"
        )
        assert urgent["quote"] == "原则上3个工作日内办结并报告结果"
        assert parts["desk_timers"]["rules"] == []
        assert parts["desk_timers"]["silence"]["zh"] == "原文未规定送阅时限"


class TestRefused:
    async def test_a_broken_pack_with_all_its_problems(self, chief: Caller) -> None:
        text = own_text().replace("n: 3,", "n: three,").replace("approval: LEADING_BODY", "approval: EVERYBODY")
        checked = (await chief.post("/api/rule-packs/check", {"text": text})).json()
        assert checked["pack"] is None
        assert len(checked["problems"]) == 3
        answer = await chief.post("/api/rule-packs", {"id": str(new_id()), "text": text})
        assert (answer.status_code, answer.json()["code"]) == (422, "pack_problems")
        assert answer.json()["params"]["problems"] == checked["problems"]
        assert (await chief.get("/api/rule-packs")).json()["versions"] == []

    async def test_the_id_of_a_shipped_pack(self, chief: Caller) -> None:
        text = own_text(**{"id: yunxi": "id: tongren-hitech-2014"})
        answer = await chief.post("/api/rule-packs", {"id": str(new_id()), "text": text})
        assert answer.json()["code"] == "shipped_name"

    async def test_another_id_in_the_same_draft(self, chief: Caller) -> None:
        draft = await drafted_pack(chief)
        text = own_text(**{"id: yunxi": "id: other"})
        answer = await chief.request("PATCH", f"/api/rule-packs/{draft['id']}", json={"text": text})
        assert answer.json()["code"] == "pack_problems"

    async def test_neither_a_text_nor_a_shipped_pack(self, chief: Caller) -> None:
        assert (await chief.post("/api/rule-packs", {"id": str(new_id())})).status_code == 422
        unknown = await chief.post("/api/rule-packs", {"id": str(new_id()), "shipped": "nowhere@1"})
        assert unknown.json()["code"] == "unknown_pack"

    async def test_a_marked_secret(self, chief: Caller) -> None:
        text = own_text() + "\n# 机密★十年\n"
        answer = await chief.post("/api/rule-packs", {"id": str(new_id()), "text": text})
        assert answer.json()["code"] == "state_secret_refused"

    async def test_a_unit_reads_and_does_not_write(self, office: Office) -> None:
        unit = await office.caller("liaison", Role.LIAISON, unit=office.handling_unit)
        assert (await unit.get("/api/rule-packs")).status_code == 200
        assert (await unit.post("/api/rule-packs/check", {"text": "x"})).status_code == 403


async def test_a_unit_sees_what_is_enacted_and_no_draft(office: Office, chief: Caller) -> None:
    unit = await office.caller("liaison", Role.LIAISON, unit=office.handling_unit)
    draft = await drafted_pack(chief)
    assert (await unit.get(f"/api/rule-packs/{draft['id']}")).status_code == 404
    assert (await unit.get("/api/rule-packs/read/yunxi@1")).status_code == 404
    await enacted_pack(office, text=own_text())
    assert [one["label"] for one in (await unit.get("/api/rule-packs")).json()["versions"]] == ["yunxi@2"]
    assert (await unit.get("/api/rule-packs/read/yunxi@2")).status_code == 200


class TestTheTableItself:
    async def test_keeps_what_was_in_force(self, office: Office) -> None:
        view = await enacted_pack(office, text=own_text())
        for sql in (
            "DELETE FROM rule_pack_versions WHERE id = $1",
            "UPDATE rule_pack_versions SET text = 'x' WHERE id = $1",
            "UPDATE rule_pack_versions SET in_force_from = '2020-01-01' WHERE id = $1",
        ):
            with pytest.raises(asyncpg.PostgresError):
                await db.execute(sql, view["id"])

    async def test_lets_no_drafter_sign(self, chief: Caller) -> None:
        draft = await drafted_pack(chief)
        with pytest.raises(asyncpg.CheckViolationError):
            await db.execute(
                "UPDATE rule_pack_versions SET state = 'ENACTED', enacted_by = drafted_by, enacted_at = now(),"
                " in_force_from = current_date WHERE id = $1",
                draft["id"],
            )
