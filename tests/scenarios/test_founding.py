"""From an empty database to an inspector who signs in: what docs/operations.md says of the first day."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from typing import Any

import asyncpg
import httpx
import pytest

from server.kit import db
from server.kit.ids import new_id
from server.tlog.audit import audit
from server.tlog.sequencer import catch_up
from tests.conftest import database_dsn
from tests.factories.people import Caller

pytestmark = pytest.mark.anyio

NAME = "青川县人民政府督查室"
OFFICERS = {"administrator": ("lulu", "陆璐"), "secrecy": ("tangwei", "唐薇"), "auditor": ("shixin", "石新")}
PASSWORDS = "first of lulu\nfirst of tangwei\nfirst of shixin\n"
OWN = "only i know this one"


def found(
    dsn: str, name: str = NAME, passwords: str = PASSWORDS, **officers: tuple[str, str]
) -> subprocess.CompletedProcess[str]:
    """The command as a script calls it."""
    words = [sys.executable, "-m", "server.cli", "found", "--name", name, "--unit", "青川县人民政府"]
    for option, (login, called) in {**OFFICERS, **officers}.items():
        words += [f"--{option}", login, called]
    env = {**os.environ, "ZHICHA_DATABASE_URL": dsn}
    return subprocess.run(words, input=passwords, env=env, capture_output=True, text=True, timeout=120)


async def signed_in(http: httpx.AsyncClient, login: str, password: str) -> tuple[Caller, dict[str, Any]]:
    """Somebody at the first sign-in."""
    body = {"login": login, "password": password, "transport": "bearer"}
    assert (await http.post("/api/session", json=body)).json()["code"] == "password_change_due"
    answer = await http.post("/api/session", json={**body, "new_password": OWN})
    assert answer.status_code == 201, answer.text
    view = answer.json()
    return Caller(view["person"]["id"], view["token"], http), view


async def test_the_first_day(client: httpx.AsyncClient, dsn: str) -> None:
    done = await asyncio.to_thread(found, dsn)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "已建立机构" in done.stdout + done.stderr
    assert "first of" not in done.stdout + done.stderr

    adm, view = await signed_in(client, "lulu", "first of lulu")
    assert (view["org"]["name"], view["person"]["roles"]) == (NAME, ["ADM"])
    sec, _ = await signed_in(client, "tangwei", "first of tangwei")
    aud, _ = await signed_in(client, "shixin", "first of shixin")
    assert (await aud.get("/api/accounts")).status_code == 403

    root = (await adm.get("/api/units")).json()
    assert [one["name"] for one in root] == ["青川县人民政府"]
    office = {"id": str(new_id()), "name": "督查室", "parent_id": root[0]["id"], "kind": "office"}
    assert (await adm.post("/api/units", office)).status_code == 201
    person = {
        "id": str(new_id()),
        "name": "林夏",
        "login": "linxia",
        "unit_id": office["id"],
        "password": "first of lin",
    }
    assert (await adm.post("/api/accounts", person)).status_code == 201
    for role in ("SUP", "TM"):
        request = {"id": str(new_id()), "role": role}
        assert (await adm.post(f"/api/accounts/{person['id']}/roles", request)).status_code == 200
        confirmed = await sec.post(f"/api/role-requests/{request['id']}/confirm")
        assert confirmed.status_code == 200, confirmed.text

    inspector, view = await signed_in(client, "linxia", "first of lin")
    assert (view["person"]["roles"], view["person"]["unit"]["name"]) == (["SUP", "TM"], "督查室")
    assert (await inspector.get("/api/items")).json()["items"] == []
    # What holds without anybody having decided anything: the country's calendar and the shipped rules.
    assert (await inspector.get("/api/rule-packs")).json()["in_force"]

    await catch_up()
    report = await audit()
    assert not report.findings
    kinds = await db.fetch_value("SELECT array_agg(DISTINCT kind) FROM journal_entries")
    assert {"org.founded", "unit.added", "person.officer_named", "person.role_confirmed"} <= set(kinds)


async def test_nothing_is_founded_twice_or_by_halves(client: httpx.AsyncClient, dsn: str) -> None:
    assert (await asyncio.to_thread(found, dsn)).returncode == 0
    for done, said in (
        (await asyncio.to_thread(found, dsn), "已有同名机构"),
        (await asyncio.to_thread(found, dsn, "另一机构"), "已被使用"),
        (await asyncio.to_thread(found, dsn, "另一机构", "one\ntwo\n"), "三行"),
        (await asyncio.to_thread(found, dsn, "另一机构", "short\nshort\nshort\n"), "至少十个字符"),
        (await asyncio.to_thread(found, dsn, "另一机构", auditor=("LuLu", "石新")), "三个不同的人"),
        (await asyncio.to_thread(found, dsn, "另一机构", auditor=("other", "陆璐")), "三个不同的人"),
        (await asyncio.to_thread(found, dsn, "另一机构", auditor=("two words", "石新")), "有字段缺失"),
        (await asyncio.to_thread(found, dsn, "【绝密】"), "国家秘密"),
    ):
        told = done.stdout + done.stderr
        assert (done.returncode, said in told, " · " in told) == (1, True, True), told
    counts = await db.fetch_one("SELECT (SELECT count(*) FROM organisations) AS o, (SELECT count(*) FROM people) AS p")
    assert tuple(counts or ()) == (1, 3)


async def test_it_founds_on_a_database_without_tables(postgres: str) -> None:
    name = f"empty{os.getpid()}"
    admin = await asyncpg.connect(database_dsn(postgres, "postgres"))
    try:
        await admin.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        done = await asyncio.to_thread(found, database_dsn(postgres, name))
        assert done.returncode == 0, done.stdout + done.stderr
    finally:
        await admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await admin.close()
