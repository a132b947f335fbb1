"""Secrecy as information flow: what somebody outside sees does not depend on whether a visit exists (R81, D2).

The answers of every reading door are compared byte by byte: before planning, at each state up to the signed record,
and for a hidden id against an absent one. After release the same doors show the visit with its true times.
"""

from __future__ import annotations

import asyncio
from contextvars import Context
from typing import Any
from uuid import UUID

import pytest
from asyncpg import IntegrityConstraintViolationError

from server.access.roles import Role
from server.access.signin import actor_of
from server.kit import db
from server.kit.errors import NotFound
from server.kit.ids import new_id
from server.sync.live_scope import in_scope
from tests.factories.cases import capture_row
from tests.factories.findings import recorded_finding
from tests.factories.items import recorded_site, registered_item, site_body
from tests.factories.people import Caller, Office
from tests.factories.trail import moved
from tests.factories.visits import Inspection

pytestmark = [pytest.mark.anyio, pytest.mark.requirement("R81")]

LISTS = ("/api/items", "/api/visits", "/api/findings", "/api/sites", "/api/cases", "/api/evidence", "/api/inbox")
STATES = ("DRAFT", "PLAN_APPROVED", "TEAM_LOCKED", "DEPARTED", "ON_SITE", "LEFT", "RECORD_SIGNED")


async def outsiders(office: Office) -> dict[str, Caller]:
    """Everybody with a reading role who is neither planner, approver, team, nor head of the office."""
    unit = office.handling_unit
    return {
        "liaison of the visited unit": await office.caller("liaison", Role.LIAISON, unit=unit),
        "head of the visited unit": await office.caller("uhead", Role.UHEAD, unit=unit),
        "supervisor not on the team": await office.caller("stranger", Role.SUP, Role.TM),
        "leader who is not the approver": await office.caller("luming", Role.LEADER),
        "registrar": await office.caller("reg", Role.REG),
        "archivist": await office.caller("arc", Role.ARC),
        "administrator": await office.caller("admin", Role.ADM),
    }


async def seen(who: Caller, item_id: str) -> dict[str, Any]:
    """Everything that the lists and the item tell this person."""
    answers: dict[str, Any] = {}
    for path in (*LISTS, f"/api/items/{item_id}", f"/api/visits?item_id={item_id}", f"/api/findings?item_id={item_id}"):
        answer = await who.get(path)
        answers[path] = (answer.status_code, answer.content, answer.headers.get("etag"))
    return answers


async def test_nothing_outside_changes_between_planning_and_release(office: Office) -> None:
    inspection = await Inspection.prepared(office)
    await moved("ASSIGNED")
    people = await outsiders(office)
    before = {name: await seen(who, inspection.item["id"]) for name, who in people.items()}
    hidden: list[str] = []
    for state in STATES:
        await inspection.until(state)
        if state == "ON_SITE":
            capture = await capture_row(inspection, inspection.member.person_id)
            finding = await recorded_finding(inspection, inspection.member, capture_ids=[capture])
            hidden += [f"/api/findings/{finding}", f"/api/evidence/{capture}"]
        if state == "DRAFT":
            hidden.append(f"/api/visits/{inspection.visit_id}")
        for name, who in people.items():
            assert await seen(who, inspection.item["id"]) == before[name], f"{name} learns something at {state}"
            for path in hidden:
                absent = f"{path.rsplit('/', 1)[0]}/{new_id()}"
                one, other = await who.get(path), await who.get(absent)
                assert (one.status_code, one.content) == (other.status_code, other.content), f"{name}: {path}"
                assert one.status_code in (403, 404)


async def test_acts_on_a_hidden_visit_answer_as_on_an_absent_one(office: Office) -> None:
    inspection = await Inspection.prepared(office)
    await inspection.plan()
    people = await outsiders(office)
    for who in people.values():
        for act in ("approve", "lock-team", "release", "abort"):
            body = {"reason": "x"} if act == "abort" else None
            one = await who.post(f"/api/visits/{inspection.visit_id}/{act}", body)
            other = await who.post(f"/api/visits/{new_id()}/{act}", body)
            assert (one.status_code, one.content) == (other.status_code, other.content)
            assert one.status_code in (403, 404)


async def test_nobody_outside_waits_for_what_the_team_is_doing(office: Office) -> None:
    inspection = await Inspection.prepared(office)
    await inspection.until("TEAM_LOCKED")
    stranger = await office.caller("stranger", Role.SUP, Role.TM)
    async with db.transaction() as conn:
        await conn.execute("SELECT 1 FROM visits FOR UPDATE")  # an act of the team under way
        with pytest.raises(NotFound):
            await asyncio.wait_for(asyncio.create_task(inspection.advance(stranger, "depart"), context=Context()), 5)


async def test_numbers_run_on_as_if_there_were_no_visit(office: Office) -> None:
    inspection = await Inspection.prepared(office)
    registrar = await office.caller("reg", Role.REG)
    first = await registered_item(registrar)
    await inspection.until("RECORD_SIGNED")
    second = await registered_item(registrar)
    assert int(second["register_no"][7:-1]) == int(first["register_no"][7:-1]) + 1


async def test_after_release_everything_is_there_with_its_true_times(office: Office) -> None:
    inspection = await Inspection.prepared(office)
    await moved("ASSIGNED")
    await inspection.until("ON_SITE")
    finding = await recorded_finding(inspection, inspection.member)
    released = await inspection.until("RELEASED")
    people = await outsiders(office)
    for name in ("liaison of the visited unit", "supervisor not on the team", "leader who is not the approver"):
        visit = await people[name].get(f"/api/visits/{inspection.visit_id}")
        assert visit.status_code == 200, name
        assert visit.json()["arrived_at"] == released["arrived_at"]
        assert (await people[name].get(f"/api/findings/{finding}")).status_code == 200
        assert len((await people[name].get("/api/visits")).json()["visits"]) == 1


async def test_the_unit_sees_its_own_part_and_not_the_offices(office: Office) -> None:
    inspection = await Inspection.prepared(office)
    await inspection.until("RELEASED")
    liaison = await office.caller("liaison", Role.LIAISON, unit=office.handling_unit)
    view = (await liaison.get(f"/api/visits/{inspection.visit_id}")).json()
    assert view["brief"] == ""
    assert view["steps"] == []
    assert view["acts"] == []
    elsewhere = await office.caller("elsewhere", Role.LIAISON, unit=office.office_unit)
    assert (await elsewhere.get(f"/api/visits/{inspection.visit_id}")).status_code == 404


async def test_the_feed_narrows_item_and_site_to_the_team(office: Office) -> None:
    inspection = await Inspection.prepared(office)
    start = await db.fetch_value("SELECT n FROM feed_counters")
    await inspection.until("TEAM_LOCKED")
    rows = await db.fetch("SELECT kind, person_id FROM feed_changes WHERE n > $1 AND kind <> 'visit'", start)
    team = {inspection.leader.person_id, inspection.member.person_id}
    assert {row["kind"] for row in rows} >= {"item", "site"}
    assert {row["person_id"] for row in rows if row["kind"] in ("item", "site")} == team


async def test_release_announces_everything_that_hangs_on_the_visit(office: Office) -> None:
    inspection = await Inspection.prepared(office)
    await inspection.until("ON_SITE")
    capture = await capture_row(inspection, inspection.member.person_id)
    finding = await recorded_finding(inspection, inspection.member, capture_ids=[capture])
    await inspection.until("RECORD_SIGNED")
    start = await db.fetch_value("SELECT n FROM feed_counters")
    await inspection.until("RELEASED")
    rows = await db.fetch("SELECT kind, subject_id FROM feed_changes WHERE n > $1 AND person_id IS NULL", start)
    told = {(row["kind"], str(row["subject_id"])) for row in rows}
    assert told >= {("visit", inspection.visit_id), ("capture", str(capture)), ("finding", str(finding))}


@pytest.mark.parametrize("keeper", ["planner", "chief"])
async def test_a_site_recorded_for_a_covert_visit_exists_only_for_who_may_know_of_it(
    office: Office, keeper: str
) -> None:
    inspection = await Inspection.prepared(office)
    await moved("ASSIGNED")
    people = await outsiders(office)
    before = {name: await seen(who, inspection.item["id"]) for name, who in people.items()}
    start = await db.fetch_value("SELECT n FROM feed_counters")
    inspection.planner = inspection.planner if keeper == "planner" else inspection.chief
    inspection.site = await recorded_site(inspection.planner, inspection.item["id"], name="夜间倾倒点", embargoed=True)
    await inspection.until("RECORD_SIGNED")
    hidden = {UUID(inspection.site["id"])}
    for name, who in people.items():
        assert await seen(who, inspection.item["id"]) == before[name], f"{name} learns of the site"
        actor = await actor_of(who.token)
        assert actor is not None
        assert await in_scope(actor, "site", hidden) == set(), f"{name} is told of a change"
        again = await who.post("/api/visits", inspection.plan_body())
        absent = await who.post("/api/visits", inspection.plan_body(site_id=str(new_id())))
        assert (again.status_code, again.content) == (absent.status_code, absent.content)
    for who in (inspection.planner, inspection.chief, inspection.leader, inspection.member, inspection.head):
        listed = (await who.get("/api/sites")).json()["sites"]
        assert inspection.site["id"] in {one["id"] for one in listed}
    await inspection.until("RELEASED")
    for name in ("supervisor not on the team", "leader who is not the approver"):
        listed = (await people[name].get(f"/api/sites?item_id={inspection.item['id']}")).json()["sites"]
        assert inspection.site["id"] in {one["id"] for one in listed}
    told = await db.fetch(
        "SELECT 1 FROM feed_changes WHERE n > $1 AND kind = 'site' AND person_id IS NULL AND subject_id = $2",
        start,
        UUID(inspection.site["id"]),
    )
    assert len(told) == 2  # when it was recorded, for who may know; and with the release, for all


async def test_a_known_site_cannot_be_hidden_later(office: Office) -> None:
    inspection = await Inspection.prepared(office)
    body = site_body(inspection.item["id"], id=inspection.site["id"], embargoed=True)
    answer = await inspection.chief.post("/api/sites", body)
    assert answer.json()["embargoed"] is False
    with pytest.raises(IntegrityConstraintViolationError):
        await db.execute("UPDATE sites SET embargoed = true")
