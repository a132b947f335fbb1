"""An officer who forgot the password gets back in from the server's console; everybody concerned is told of it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from server.access import recovery, signin
from server.access.errors import FirstPasswordUnfit, NoOfficer
from server.access.roles import Role
from server.kit import db
from server.kit.errors import NotFound, WrongState
from server.settings import ROOT, Settings
from server.tlog.audit import audit
from server.tlog.sequencer import catch_up
from tests.access.test_accounts import kinds, refused, signs_in
from tests.factories.people import PASSWORD, Caller, Office
from tests.factories.worker import run_jobs_once
from tests.push.happenings import notices

pytestmark = pytest.mark.anyio

FIRST = "typed at the console"
OWN = "chosen by the officer"


def recovers(dsn: str, login: str, typed: str = f"{FIRST}\n") -> subprocess.CompletedProcess[str]:
    """The command as a script calls it."""
    words = [sys.executable, "-m", "server.cli", "recover", "--login", login]
    env = {**os.environ, "ZHICHA_DATABASE_URL": dsn}
    return subprocess.run(words, input=typed, env=env, capture_output=True, text=True, timeout=120)


@pytest.fixture
async def staff(office: Office) -> dict[Role, Caller]:
    roles = (Role.ADM, Role.SEC, Role.AUD, Role.OFFICE, Role.SUP)
    return {role: await office.caller(f"p{role}".lower(), role) for role in roles}


async def test_the_only_administrator_gets_back_in_and_everybody_is_told(
    office: Office, staff: dict[Role, Caller], dsn: str, settings: Settings
) -> None:
    adm = staff[Role.ADM]
    done = await asyncio.to_thread(recovers, dsn, "PADM")
    told = done.stdout + done.stderr
    assert done.returncode == 0, told
    assert "已重设初始密码" in told
    assert FIRST not in told
    signin.forget_recent()  # a process trusts what it has just read for some seconds
    assert (await adm.get("/api/session")).status_code == 401
    refused(await signs_in(office, "padm", PASSWORD), 401, "wrong_credentials")

    due = (await signs_in(office, "padm", FIRST)).json()
    assert due["code"] == "password_change_due"
    assert due["params"]["recovered_at"]  # the person sees it before anything else
    signed = await signs_in(office, "padm", FIRST, new_password=OWN)
    assert signed.json()["person"]["roles"] == ["ADM"]
    await run_jobs_once(settings)
    back = Caller(adm.person_id, signed.json()["token"], office.http)
    for caller in (back, staff[Role.SEC], staff[Role.AUD], staff[Role.OFFICE]):
        (notice,) = await notices(caller)
        assert (notice["title_key"], notice["params"]["person"]) == ("officer_recovered", "padm")
    assert await notices(staff[Role.SUP]) == []
    shown = (await staff[Role.SEC].get(f"/api/accounts/{adm.person_id}")).json()
    assert shown["recovered_at"] is not None

    assert await kinds("person") == ["person.officer_recovered", "person.password_changed"]
    actor = await db.fetch_value("SELECT actor_id FROM journal_entries WHERE kind = 'person.officer_recovered'")
    assert actor is None
    await catch_up()
    assert not (await audit()).findings


async def test_nobody_but_an_officer_in_service(office: Office, staff: dict[Role, Caller], dsn: str) -> None:
    for login, error in (("psup", NoOfficer), ("poffice", NoOfficer), ("nobody", NotFound)):
        with pytest.raises(error):
            await recovery.recover(login, FIRST)
    with pytest.raises(FirstPasswordUnfit):
        await recovery.recover("padm", "short")
    await office.person("second", Role.AUD)
    assert (await staff[Role.ADM].post(f"/api/accounts/{staff[Role.AUD].person_id}/close")).status_code == 200
    with pytest.raises(WrongState):
        await recovery.recover("paud", FIRST)
    for done, said in (
        (await asyncio.to_thread(recovers, dsn, "nobody"), "没有账号"),
        (await asyncio.to_thread(recovers, dsn, "psup"), "只用于系统管理员"),
        (await asyncio.to_thread(recovers, dsn, "padm", "one\ntwo\n"), "一行"),
    ):
        told = done.stdout + done.stderr
        assert (done.returncode, said in told, " · " in told) == (1, True, True), told
    assert "person.officer_recovered" not in await kinds("person")
    assert (await staff[Role.ADM].get("/api/session")).status_code == 200


async def test_opened_again_by_two_persons_it_is_the_administrators_password(
    office: Office, staff: dict[Role, Caller]
) -> None:
    await recovery.recover("paud", FIRST)
    await office.person("second", Role.AUD)
    path = f"/api/accounts/{staff[Role.AUD].person_id}"
    await staff[Role.ADM].post(f"{path}/close")
    opened = (await staff[Role.ADM].post(f"{path}/reopen", {"password": FIRST})).json()
    assert (opened["recovered_at"], opened["first_password"]) == (None, True)
    assert (await signs_in(office, "paud", FIRST)).json().get("params", {}) == {}


def test_no_route_leads_to_it() -> None:
    """It is the console's alone: nothing that answers requests or runs as a job knows of it."""
    importing = [
        path.relative_to(ROOT).as_posix()
        for path in Path(ROOT / "server").rglob("*.py")
        if any(word in path.read_text() for word in ("access.recovery", "import recovery", "recovery import"))
    ]
    assert importing == ["server/cli/recover.py"]
