"""What waited for somebody who left is shown to the head of the office, and told once, until others have it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from server.access.roles import Role
from server.kit import db
from server.kit.ids import new_id
from server.settings import Settings
from tests.access.test_accounts import refused
from tests.factories.fieldwork import Fieldwork, planned_visit
from tests.factories.people import Caller, Office
from tests.factories.worker import run_jobs_once
from tests.push.happenings import notices

pytestmark = pytest.mark.anyio


@pytest.fixture
async def adm(office: Office) -> Caller:
    return await office.caller("adm", Role.ADM)


@pytest.fixture
async def head(office: Office) -> Caller:
    return await office.caller("head", Role.OFFICE)


async def parts(caller: Caller) -> list[tuple[str, str, str]]:
    answer = await caller.get("/api/departures")
    assert answer.status_code == 200, answer.text
    view: dict[str, Any] = answer.json()
    assert view["total"] == len(view["left"])
    return sorted((one["kind"], one["part"], one["person"]["name"]) for one in view["left"])


async def close(adm: Caller, person: UUID) -> None:
    assert (await adm.post(f"/api/accounts/{person}/close")).status_code == 200


async def on_desk(office: Office, leader: UUID, keeper: UUID) -> UUID:
    """A document that lies on a leader's desk."""
    circulation = new_id()
    await db.execute(
        "INSERT INTO circulations (id, org_id, kind, class, title, reference, serial, received_at, state, opened_by,"
        " opened_at) VALUES ($1, $2, 'DOCUMENT', 'NORMAL', '某某请示', '', '', now(), 'ON_DESK', $3, now())",
        *(circulation, office.org_id, keeper),
    )
    await db.execute(
        "INSERT INTO circulation_desks (id, org_id, circulation_id, position, hop, leader_id, way, delivered_at,"
        " delivered_by, due_rule, due_words, due_words_en, due_pack)"
        " VALUES ($1, $2, $3, 1, 0, $4, 'DESK', now(), $5, '', '', '', '')",
        *(new_id(), office.org_id, circulation, leader, keeper),
    )
    return circulation


async def loaded(office: Office, person: UUID) -> Fieldwork:
    """A visit with this person on the team, whose item he follows up."""
    visit = await planned_visit(office, person)
    await db.execute("UPDATE items SET follow_up_id = $2 WHERE id = $1", visit.item_id, person)
    return visit


@pytest.mark.requirement("R42")
async def test_what_lay_with_who_left_is_shown_and_told_until_it_is_elsewhere(
    office: Office, adm: Caller, head: Caller, settings: Settings
) -> None:
    inspector = await office.person("linxia", Role.SUP, Role.TM, name="林夏")
    leader = await office.person("luming", Role.LEADER, name="陆明")
    visit = await loaded(office, inspector)
    await on_desk(office, leader, head.person_id)
    assert await parts(head) == []
    for person in (inspector, leader):
        await close(adm, person)
    assert await parts(head) == [
        ("circulation", "desk", "陆明"),
        ("item", "follow_up", "林夏"),
        ("visit", "team", "林夏"),
    ]
    await run_jobs_once(settings)
    told = await notices(head)
    assert {one["params"]["person"] for one in told if one["title_key"] == "left_behind"} == {"林夏", "陆明"}
    assert await notices(adm) == []
    await db.execute("UPDATE items SET follow_up_id = $2 WHERE id = $1", visit.item_id, head.person_id)
    await db.execute("UPDATE visits SET state = 'ABORTED' WHERE id = $1", visit.id)
    assert await parts(head) == [("circulation", "desk", "陆明")]
    assert [one["params"]["person"] for one in await notices(head)] == ["陆明"]


@pytest.mark.requirement("R22")
async def test_who_answers_for_an_item_and_moves_to_another_unit(
    office: Office, adm: Caller, head: Caller, settings: Settings
) -> None:
    sec = await office.caller("sec", Role.SEC)
    handler = await office.person("luhai", Role.UH, unit=office.handling_unit, name="卢海")
    visit = await planned_visit(office, await office.person("linxia", Role.TM))
    await db.execute("UPDATE items SET responsible_person_id = $2 WHERE id = $1", visit.item_id, handler)
    change = {"id": str(new_id()), "name": "卢海", "unit_id": str(office.office_unit)}
    assert (await adm.post(f"/api/accounts/{handler}/changes", change)).status_code == 200
    assert await parts(head) == []
    assert (await sec.post(f"/api/account-changes/{change['id']}/confirm")).status_code == 200
    assert await parts(head) == [("item", "responsible", "卢海")]
    await run_jobs_once(settings)
    (notice,) = await notices(head)
    assert (notice["title_key"], notice["params"]["person"]) == ("left_behind", "卢海")


async def test_who_leaves_nothing_is_told_to_nobody(
    office: Office, adm: Caller, head: Caller, settings: Settings
) -> None:
    await close(adm, await office.person("linxia", Role.SUP))
    await run_jobs_once(settings)
    assert await notices(head) == []


@pytest.mark.requirement("R81")
async def test_it_is_the_head_of_the_offices_alone(office: Office, adm: Caller, head: Caller) -> None:
    """The list names covert visits: neither the administrator nor anybody else learns what his act left behind."""
    person = await office.person("linxia", Role.SUP, Role.TM)
    await loaded(office, person)
    await close(adm, person)
    for role in (Role.SEC, Role.AUD, Role.SUP, Role.REG, Role.UHEAD):
        other = await office.caller(f"p{role}".lower(), role, unit=office.handling_unit)
        refused(await other.get("/api/departures"), 403, "not_permitted")
    refused(await adm.get("/api/departures"), 403, "not_permitted")
    far = await (await Office.founded(office.http)).caller("far", Role.OFFICE)
    assert await parts(far) == []
