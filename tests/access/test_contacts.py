"""Every unit has one leader in charge and one liaison, and is flagged until it has named them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from server.access.roles import Role
from server.kit import db
from server.kit.ids import new_id
from tests.factories.people import Caller, Office

pytestmark = [pytest.mark.anyio, pytest.mark.requirement("R24")]


@pytest.fixture
async def chief(office: Office) -> Caller:
    return await office.caller("hejing", Role.OFFICE)


@pytest.fixture
async def liaison(office: Office) -> Caller:
    return await office.caller("xunuo", Role.LIAISON, unit=office.handling_unit)


async def name(who: Caller, office: Office, kind: str, person: object, phone: str = "") -> Any:
    body = {"kind": kind, "person_id": str(person), "phone": phone}
    return await who.request("PUT", f"/api/contacts/{office.handling_unit}", json=body)


async def test_a_unit_without_contacts_is_flagged_until_it_names_them(
    office: Office, chief: Caller, liaison: Caller
) -> None:
    deputy = await office.person("udep", Role.UDEP, unit=office.handling_unit)
    (unit,) = (await chief.get("/api/contacts")).json()
    assert unit["missing"] == ["LEADER", "LIAISON"]
    await name(liaison, office, "LIAISON", liaison.person_id, "0000-5220001")
    seen = (await name(liaison, office, "LEADER", deputy)).json()
    assert seen["missing"] == []
    assert {(one["kind"], one["person"]["name"], one["phone"]) for one in seen["contacts"]} == {
        ("LEADER", "udep", ""),
        ("LIAISON", "xunuo", "0000-5220001"),
    }
    assert {one["name"] for one in seen["people"]} == {"xunuo", "udep"}


async def test_naming_another_replaces_and_keeps_the_first_on_record(
    office: Office, chief: Caller, liaison: Caller
) -> None:
    second = await office.person("second", Role.LIAISON, unit=office.handling_unit)
    await name(liaison, office, "LIAISON", liaison.person_id)
    await name(chief, office, "LIAISON", second)
    await name(chief, office, "LIAISON", second)
    rows = await db.fetch("SELECT person_id, ended_at IS NULL AS now FROM unit_contacts ORDER BY named_at")
    assert [tuple(row) for row in rows] == [(liaison.person_id, False), (second, True)]


async def test_one_of_each_kind_even_when_named_at_once(office: Office, chief: Caller, liaison: Caller) -> None:
    people = [await office.person(f"p{n}", Role.LIAISON, unit=office.handling_unit) for n in range(4)]
    answers = await asyncio.gather(*(name(chief, office, "LIAISON", one) for one in people))
    assert {answer.status_code for answer in answers} == {200}
    assert await db.fetch_value("SELECT count(*) FROM unit_contacts WHERE ended_at IS NULL") == 1


async def test_a_contact_belongs_to_the_unit_and_one_who_left_is_none(
    office: Office, chief: Caller, liaison: Caller
) -> None:
    answer = await name(chief, office, "LIAISON", chief.person_id)
    assert answer.json()["code"] == "person_of_another_unit"
    gone = await office.person("gone", Role.LIAISON, unit=office.handling_unit)
    await name(chief, office, "LIAISON", gone)
    await db.execute("UPDATE people SET active = false WHERE id = $1", gone)
    (unit,) = (await chief.get("/api/contacts")).json()
    assert unit["missing"] == ["LEADER", "LIAISON"]


async def test_a_unit_knows_and_names_only_its_own(office: Office, liaison: Caller) -> None:
    other = new_id()
    await db.execute(
        "INSERT INTO units (id, org_id, name, kind) VALUES ($1, $2, '交通运输局', 'department')", other, office.org_id
    )
    assert len((await liaison.get("/api/contacts")).json()) == 1
    assert (await liaison.get(f"/api/contacts/{other}")).status_code == 404
    body = {"kind": "LIAISON", "person_id": str(liaison.person_id)}
    assert (await liaison.request("PUT", f"/api/contacts/{other}", json=body)).status_code == 404
    handler = await office.caller("handler", Role.UH, unit=office.handling_unit)
    assert (await name(handler, office, "LIAISON", handler.person_id)).json()["code"] == "not_permitted"
