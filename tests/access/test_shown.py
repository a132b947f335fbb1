"""Accounts, units and roles cannot be changed behind the guards without the audit of the log saying so."""

from __future__ import annotations

import httpx
import pytest

from server import wiring
from server.access import recovery
from server.access.founding import Officer, found
from server.access.roles import Role
from server.kit.ids import new_id
from server.tlog import sequencer
from server.tlog.audit import audit
from tests.factories.behind_guards import named_after
from tests.factories.people import Caller

pytestmark = [pytest.mark.anyio, pytest.mark.requirement("R53")]

FIRST, OWN = "a first password", "chosen by the owner"
CHANGES = (
    ("UPDATE people SET name = '他人' WHERE login = 'linxia'", "account"),
    ("UPDATE people SET unit_id = (SELECT id FROM units WHERE parent_id IS NULL) WHERE login = 'linxia'", "account"),
    ("UPDATE people SET name = '他人' WHERE login = 'lulu'", "account"),
    ("UPDATE units SET name = '别的局' WHERE parent_id IS NOT NULL", "unit"),
    ("UPDATE units SET parent_id = NULL WHERE parent_id IS NOT NULL", "unit"),
    ("UPDATE units SET kind = 'office'", "unit"),
    ("DELETE FROM directory_changes", "change of account or unit"),
    ("UPDATE directory_changes SET name = '他人'", "change of account or unit"),
    (
        "UPDATE directory_changes SET decided_by = (SELECT id FROM people WHERE login = 'shixin')"
        " WHERE outcome = 'CONFIRMED'",
        "change of account or unit",
    ),
    ("UPDATE role_requests SET role = 'OFFICE'", "request for a role"),
    ("UPDATE role_requests SET asked_by = (SELECT id FROM people WHERE login = 'shixin')", "request for a role"),
    ("UPDATE role_grants SET role = 'OFFICE' WHERE role = 'SUP'", "role of account"),
    (
        "INSERT INTO role_grants SELECT gen_random_uuid(), org_id, id, 'OFFICE', now() FROM people"
        " WHERE login = 'lulu'",
        "role of account",
    ),
    ("UPDATE role_grants SET revoked_at = NULL", "role of account"),
    ("DELETE FROM role_grants WHERE role = 'SEC'", "role of account"),
    ("UPDATE people SET recovered_at = NULL", "recovery of account"),
    ("UPDATE people SET recovered_at = now()", "recovery of account"),
)


async def signed_in(http: httpx.AsyncClient, login: str) -> Caller:
    body = {"login": login, "password": FIRST, "transport": "bearer", "new_password": OWN}
    view = (await http.post("/api/session", json=body)).json()
    return Caller(view["person"]["id"], view["token"], http)


async def ok(caller: Caller, path: str, body: object = None) -> None:
    answer = await caller.post(path, body)
    assert answer.status_code in (200, 201), answer.text


async def lived(http: httpx.AsyncClient) -> None:
    """An office in which everything happened that can happen to accounts and units."""
    logins = (("lulu", "陆璐", Role.ADM), ("tangwei", "唐薇", Role.SEC), ("shixin", "石新", Role.AUD))
    officers = tuple(Officer(role, login, name, FIRST) for login, name, role in logins)
    await found("青川县督查室", "", '青川县"人民政府"', officers)
    adm, sec = await signed_in(http, "lulu"), await signed_in(http, "tangwei")
    root = (await adm.get("/api/units")).json()[0]["id"]
    unit, linxia, gone = str(new_id()), str(new_id()), str(new_id())
    await ok(adm, "/api/units", {"id": unit, "name": "环保局", "parent_id": root})
    for person, login, name in ((linxia, "linxia", r"林\霞"), (gone, "gone", "阿卜杜·买买提𠮷")):
        body = {"id": person, "name": name, "login": login, "unit_id": unit, "password": FIRST}
        await ok(adm, "/api/accounts", body)
    for person, act in ((linxia, "confirm"), (gone, "confirm"), (gone, "refuse")):
        request = {"id": str(new_id()), "role": "SUP" if act == "confirm" else "TM"}
        await ok(adm, f"/api/accounts/{person}/roles", request)
        await ok(sec, f"/api/role-requests/{request['id']}/{act}")
    for name, act in (("林夏", "confirm"), ("林霞", "refuse")):
        change = {"id": str(new_id()), "name": name, "unit_id": unit}
        await ok(adm, f"/api/accounts/{linxia}/changes", change)
        await ok(sec, f"/api/account-changes/{change['id']}/{act}")
    change = {"id": str(new_id()), "name": "生态环境局", "parent_id": root, "kind": "department"}
    await ok(adm, f"/api/units/{unit}/changes", change)
    await ok(sec, f"/api/unit-changes/{change['id']}/confirm")
    lapsing = {"id": str(new_id()), "name": "某人", "unit_id": root}
    await ok(adm, f"/api/accounts/{gone}/changes", lapsing)
    await ok(adm, f"/api/accounts/{gone}/close")
    await ok(adm, f"/api/accounts/{gone}/reopen", {"password": FIRST})
    await recovery.recover("shixin", FIRST)


async def test_each_row_that_disagrees_with_its_act_is_named(client: httpx.AsyncClient) -> None:
    wiring.wire()
    await lived(client)
    await sequencer.catch_up()
    await sequencer.catch_up()
    assert [one.en for one in (await audit()).findings] == []
    for change, name in CHANGES:
        named = await named_after(change)
        assert name in named, (change, named)
