"""Through the product: seals and judgements are stamped, and people go on working while nobody outside answers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from server.access.roles import Role
from server.kit import db
from server.kit.ids import new_id
from server.settings import Settings
from server.tlog import sequencer
from server.tlog.anchors import chores, http
from tests.factories.device import Phone
from tests.factories.fieldwork import planned_visit
from tests.factories.people import Caller, Office
from tests.factories.tsa import TimeAuthority, time_authority
from tests.factories.worker import held_jobs, run_jobs_once

pytestmark = [pytest.mark.anyio, pytest.mark.requirement("R53")]


@pytest.fixture
def tsa(tmp_path: Path) -> Iterator[TimeAuthority]:
    with time_authority(tmp_path / "tsa") as running:
        yield running


@pytest.fixture
def settings(settings: Settings, tsa: TimeAuthority) -> Settings:
    """A product that knows an authority, and a witness that is not there."""
    nobody = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2 http://127.0.0.1:9"
    return replace(settings, tsa_urls=tsa.url, tsa_roots=tsa.roots, witnesses=nobody)


@pytest.fixture
async def head(office: Office) -> Caller:
    return await office.caller("hejing", Role.OFFICE)


@pytest.fixture
async def phone(office: Office, head: Caller) -> Phone:
    phone = await Phone.enrolled(await office.caller("linxia", Role.SUP, Role.TM))
    await phone.confirmed_by(head)
    return phone


async def settle(settings: Settings) -> None:
    """The sequencer does its part, then the jobs run that were waiting for it."""
    await sequencer.catch_up()
    await run_jobs_once(settings)


async def reasons() -> list[list[str]]:
    rows = await db.fetch("SELECT requested_for FROM log_anchors ORDER BY size")
    return [row["requested_for"] for row in rows]


async def outside(caller: Caller) -> dict[str, Any]:
    answer = await caller.get("/api/log/state")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()["outside"]
    return told


async def test_a_seal_a_judgement_and_a_wish_are_stamped(
    office: Office, phone: Phone, head: Caller, settings: Settings
) -> None:
    visit = await planned_visit(office, phone.caller.person_id, released=True)
    chain = await phone.chain(visit)
    (taken,) = await phone.record(chain)
    await phone.upload(taken)
    await settle(settings)
    assert await reasons() == []

    assert [one["status"] for one in await phone.push(chain.seal())] == ["applied"]
    await settle(settings)
    assert await reasons() == [["seal"]]

    judged = await head.post(f"/api/evidence/{taken.id}/review", {"id": str(new_id()), "decision": "accepted"})
    assert judged.status_code == 201, judged.text
    await settle(settings)
    assert await reasons() == [["seal"], ["decision"]]

    wish = {"id": str(new_id())}
    for _ in range(2):
        assert (await head.post("/api/log/anchors", wish)).status_code == 204
        await settle(settings)
    assert await reasons() == [["seal"], ["decision"], ["demand"]]
    auditor = await office.caller("auditor", Role.AUD)
    assert (await auditor.post("/api/log/anchors", {"id": str(new_id())})).status_code == 403
    assert (await office.http.post("/api/log/anchors", json=wish)).status_code == 401


@pytest.mark.parametrize("mood", ["busy", "silent", "other_nonce", "expired"])
async def test_the_writers_go_on_while_nobody_outside_helps(
    office: Office,
    phone: Phone,
    head: Caller,
    settings: Settings,
    tsa: TimeAuthority,
    mood: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if mood == "silent":
        monkeypatch.setattr(http, "STEP_SECONDS", 0.2)
    tsa.mood = mood
    visit = await planned_visit(office, phone.caller.person_id, released=True)
    chain = await phone.chain(visit)
    first = await phone.record(chain)
    assert [one["status"] for one in await phone.push(chain.seal())] == ["applied"]
    await sequencer.catch_up()
    await chores.publish_hourly()

    outside_is_asked = asyncio.create_task(run_jobs_once(settings))
    again = await phone.chain(visit)
    more = await phone.record(again, 5)
    for taken in (*first, *more):
        assert (await phone.upload(taken)).headers.get("upload-receipt")
    assert [one["status"] for one in await phone.push(again.seal())] == ["applied"]
    await outside_is_asked
    await settle(settings)

    told = await outside(head)
    (authority,), (witness,) = told["authorities"], told["witnesses"]
    assert authority["pending_since"]
    assert (
        authority["attempts"]["code"]
        == {
            "busy": "out_of_reach",
            "silent": "out_of_reach",
            "other_nonce": "nonce",
            "expired": "untrusted",
        }[mood]
    )
    assert witness["pending_since"]
    assert witness["attempts"]["code"] == "out_of_reach"
    assert (told["vouched"], told["witnessed"]) == (False, False)
    assert await sequencer.catch_up()
    assert await db.fetch_value("SELECT count(*) FROM log_pending") == 0
    assert await held_jobs() == []
    assert await reasons() == []
