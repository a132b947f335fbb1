"""A programme of the year: written by the office, approved by a leader, amended by versions (R106)."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from asyncpg import IntegrityConstraintViolationError

from server.access.roles import Role
from server.kit import clock, db
from server.kit.ids import new_id
from tests.factories.people import Office
from tests.factories.process import Process, fields, ok
from tests.factories.programmes import approved, entry, programme, year

pytestmark = [pytest.mark.anyio, pytest.mark.requirement("R106")]


@pytest.fixture
async def process(office: Office) -> Process:
    return await Process.prepared(office)


class TestDraft:
    async def test_is_kept_with_its_entries(self, process: Process) -> None:
        body = programme(
            entry(process.office, process.supervisor),
            entry(process.office, process.chief, unit_kind="department", category="DECISION", visits=1),
        )
        made = await ok(process.chief.post("/api/programmes", body))
        assert [one["subject"] for one in made["shown_entries"]] == ["在建工地安全生产督查"] * 2
        first, second = made["shown_entries"]
        assert first["unit"]["name"] == "住房和城乡建设局"
        assert (second["unit"], second["unit_kind"], second["objects"]) == (None, "department", 1)
        assert made["under_way"] == "DRAFT"
        assert made["in_force"] is None
        assert made["shown"]["most_visits"] == 2

    async def test_sent_twice_is_one(self, process: Process) -> None:
        body = programme(entry(process.office, process.supervisor))
        assert [(await process.chief.post("/api/programmes", body)).status_code for _ in range(2)] == [201, 201]
        other = await process.chief.post("/api/programmes", body | {"title": "另一份计划"})
        assert other.json()["code"] == "id_reused"

    async def test_names_what_is_wrong_with_each_entry(self, process: Process) -> None:
        body = programme(
            entry(process.office, process.supervisor, unit_kind="company"),
            entry(process.office, process.supervisor, from_on="1999-01-01"),
            entry(process.office, process.supervisor, unit_id=None),
        )
        answer = await process.chief.post("/api/programmes", body)
        assert fields(answer) == {
            ("entries.0.unit_kind", "not_in_list"),
            ("entries.1.from_on", "outside_period"),
            ("entries.2.unit_id", "one_object"),
        }

    async def test_takes_neither_the_office_as_object_nor_state_secrets(self, process: Process) -> None:
        own = entry(process.office, process.supervisor, unit_id=str(process.office.office_unit))
        assert (await process.chief.post("/api/programmes", programme(own))).json()["code"] == "not_an_object"
        secret = entry(process.office, process.supervisor, subject="机密★5年 某专项")
        assert (await process.chief.post("/api/programmes", programme(secret))).status_code == 422

    async def test_is_no_business_of_units(self, process: Process) -> None:
        body = programme(entry(process.office, process.supervisor))
        await ok(process.chief.post("/api/programmes", body))
        assert (await process.liaison.get("/api/programmes")).status_code == 403
        assert (await process.liaison.get(f"/api/programmes/{body['id']}")).status_code == 403

    async def test_of_another_organisation_does_not_exist(self, process: Process) -> None:
        body = programme(entry(process.office, process.supervisor))
        await ok(process.chief.post("/api/programmes", body))
        other = await Office.founded(process.office.http)
        stranger = await other.caller("stranger", Role.OFFICE)
        assert (await stranger.get(f"/api/programmes/{body['id']}")).status_code == 404
        assert (await stranger.get("/api/programmes")).json()["programmes"] == []


class TestApproval:
    async def test_is_by_a_leader_who_did_not_write_at_it(self, process: Process) -> None:
        both = await process.office.caller("both", Role.OFFICE, Role.LEADER)
        body = programme(entry(process.office, process.supervisor))
        await ok(process.chief.post("/api/programmes", body))
        await ok(both.request("PUT", f"/api/programmes/{body['id']}/draft", json={"entries": body["entries"]}))
        await ok(process.chief.post(f"/api/programmes/{body['id']}/submit"))
        refused = await both.post(f"/api/programmes/{body['id']}/approve", {})
        assert refused.json()["code"] == "own_programme"
        done = await ok(process.leader.post(f"/api/programmes/{body['id']}/approve", {"opinion": "同意"}))
        assert done["in_force"] == 1
        assert done["shown"]["approved_by"]["id"] == str(process.leader.person_id)

    async def test_of_an_empty_programme_is_not_asked_for(self, process: Process) -> None:
        body = programme()
        await ok(process.chief.post("/api/programmes", body))
        refused = await process.chief.post(f"/api/programmes/{body['id']}/submit")
        assert refused.json()["code"] == "programme_empty"

    async def test_happens_once_when_two_approve(self, process: Process) -> None:
        body = programme(entry(process.office, process.supervisor))
        await ok(process.chief.post("/api/programmes", body))
        await ok(process.chief.post(f"/api/programmes/{body['id']}/submit"))
        answers = await asyncio.gather(
            *(who.post(f"/api/programmes/{body['id']}/approve", {}) for who in (process.leader, process.head))
        )
        assert sorted(one.status_code for one in answers) == [200, 409]

    async def test_is_refused_with_a_reason_and_asked_for_again(self, process: Process) -> None:
        body = programme(entry(process.office, process.supervisor))
        await ok(process.chief.post("/api/programmes", body))
        await ok(process.chief.post(f"/api/programmes/{body['id']}/submit"))
        back = await ok(process.leader.post(f"/api/programmes/{body['id']}/return", {"reason": "次数过多"}))
        assert back["shown"]["returned_why"] == "次数过多"
        await ok(process.chief.post(f"/api/programmes/{body['id']}/submit"))

    async def test_nobody_rewrites_what_lies_before_a_leader(self, process: Process) -> None:
        body = programme(entry(process.office, process.supervisor))
        await ok(process.chief.post("/api/programmes", body))
        await ok(process.chief.post(f"/api/programmes/{body['id']}/submit"))
        refused = await process.chief.request("PUT", f"/api/programmes/{body['id']}/draft", json={"entries": []})
        assert refused.json()["code"] == "wrong_state"
        with pytest.raises(IntegrityConstraintViolationError):
            await db.execute("UPDATE programme_entries SET visits = 9")


class TestAmendment:
    async def test_is_a_version_with_a_reason_and_the_old_one_stays(self, process: Process) -> None:
        made = await approved(process.chief, process.leader, entry(process.office, process.supervisor))
        path = f"/api/programmes/{made['id']}"
        begun = await ok(process.chief.post(f"{path}/amend", {"id": str(new_id()), "reason": "新增汛期检查"}))
        assert (begun["in_force"], begun["shown"]["no"], begun["shown"]["reason"]) == (1, 2, "新增汛期检查")
        entries = [
            *({**programme_entry(one), "visits": 3} for one in begun["shown_entries"]),
            entry(process.office, process.supervisor, subject="防汛准备"),
        ]
        await ok(process.chief.request("PUT", f"{path}/draft", json={"entries": entries, "most_visits": 4}))
        await ok(process.chief.post(f"{path}/submit"))
        now = await ok(process.head.post(f"{path}/approve", {}))
        assert now["in_force"] == 2
        assert [one["visits"] for one in now["shown_entries"]] == [3, 2]
        old = (await process.chief.get(f"{path}?no=1")).json()
        assert [one["visits"] for one in old["shown_entries"]] == [2]
        assert old["shown_entries"][0]["key"] == now["shown_entries"][0]["key"]

    async def test_is_one_at_a_time(self, process: Process) -> None:
        made = await approved(process.chief, process.leader, entry(process.office, process.supervisor))
        bodies = [{"id": str(new_id()), "reason": "调整"} for _ in range(2)]
        answers = await asyncio.gather(
            *(process.chief.post(f"/api/programmes/{made['id']}/amend", body) for body in bodies)
        )
        assert sorted(one.status_code for one in answers) == [200, 409]
        assert next(one for one in answers if one.status_code == 409).json()["code"] == "amendment_under_way"

    async def test_given_up_leaves_what_was_approved(self, process: Process) -> None:
        made = await approved(process.chief, process.leader, entry(process.office, process.supervisor))
        path = f"/api/programmes/{made['id']}"
        await ok(process.chief.post(f"{path}/amend", {"id": str(new_id()), "reason": "调整"}))
        after = await ok(process.chief.post(f"{path}/withdraw"))
        assert (after["in_force"], after["under_way"]) == (1, None)


def programme_entry(view: dict[str, object]) -> dict[str, object]:
    """An entry as shown, as it is sent again."""
    unit, responsible = view["unit"], view["responsible"]
    assert isinstance(responsible, dict)
    names = ("key", "subject", "from_on", "to_on", "visits", "basis", "unit_kind", "category")
    return {
        **{name: view[name] for name in names},
        "unit_id": unit["id"] if isinstance(unit, dict) else None,
        "responsible_id": responsible["id"],
    }


async def test_the_list_shows_the_latest_first(process: Process) -> None:
    earlier = (clock.today() - timedelta(days=800)).year
    await ok(process.chief.post("/api/programmes", programme(from_on=f"{earlier}-01-01", to_on=f"{earlier}-12-31")))
    await ok(process.chief.post("/api/programmes", programme()))
    listed = (await process.supervisor.get("/api/programmes")).json()["programmes"]
    assert [one["from_on"] for one in listed] == [year()["from_on"], f"{earlier}-01-01"]
