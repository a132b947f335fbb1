"""A copied phone: what its key signs beside what stands is refused, kept with its proof, shown and told; once."""

from __future__ import annotations

import asyncio
import copy
import hashlib
from datetime import timedelta
from typing import Any

import pytest

from server.access.roles import Role
from server.evidence.commands import forks, open_session
from server.evidence.commands.forks import MOST
from server.kit import b64u, db
from server.settings import Settings
from server.tlog import sequencer
from server.tlog.audit import audit
from tests.factories.chain import Chain, twin
from tests.factories.device import Phone
from tests.factories.fieldwork import Fieldwork
from tests.factories.people import Caller, Office
from tests.factories.worker import run_jobs_once

pytestmark = [pytest.mark.anyio, pytest.mark.requirement("R53")]


async def forked(phone: Phone, visit: Fieldwork) -> tuple[Chain, Chain]:
    """A chain and the copy that somebody made of it before its first capture; the owner's arrived."""
    chain = await phone.chain(visit)
    copied = copy.copy(chain)
    await phone.record(chain, 2)
    return chain, copied


async def shown(caller: Caller, phone: Phone) -> list[dict[str, Any]]:
    answer = await caller.get(f"/api/devices/{phone.device_id}/forks")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


async def refused(phone: Phone, *operations: dict[str, Any]) -> list[str]:
    return [one["problem"]["code"] for one in await phone.push(*operations)]


async def test_it_is_kept_with_its_bytes_and_told_once(
    office: Office, settings: Settings, phone: Phone, head: Caller, visit: Fieldwork
) -> None:
    chain, copied = await forked(phone, visit)
    stands = await db.fetch("SELECT statement_sha256 FROM statements WHERE session_id = $1 ORDER BY seq", chain.id)
    other = copied.capture().operation
    assert await refused(phone, other) == ["chain_conflict"]
    # Again, from two connections at once, and with the other valid signature of the same statement: nothing is added.
    await asyncio.gather(*(refused(phone, one) for one in (other, other, twin(other))))
    (fork,) = await shown(head, phone)
    data = b64u.decode(other["statement"])
    assert (fork["statement"], fork["signature"]) == (other["statement"], other["signature"])
    assert (fork["kind"], fork["seq"], fork["session_id"]) == ("place", 1, str(chain.id))
    assert fork["statement_sha256"] == hashlib.sha256(data).hexdigest()
    assert fork["stands_sha256"] == bytes(stands[0]["statement_sha256"]).hex()
    (alarm,) = (await head.get("/api/log/alarms")).json()["alarms"]
    assert (alarm["kind"], alarm["device"]["id"]) == ("chain_fork", str(phone.device_id))
    (taken,) = (await head.get("/api/evidence?limit=1")).json()["evidence"]
    assert {"code": "chain_forked", "level": "warn", "params": {}} in taken["plausibility"]
    await run_jobs_once(settings)
    (told,) = (await head.get("/api/inbox")).json()["notices"]
    assert (told["title_key"], told["params"]) == ("alarm_fork", {})
    # It is an act, so the log has a leaf of it, and nobody can make it unsaid.
    await sequencer.catch_up()
    entries = await db.fetch("SELECT data FROM journal_entries WHERE kind = 'device.chain_forked'")
    assert [hashlib.sha256(data).hexdigest() in one["data"] for one in entries] == [True]
    assert (await audit()).findings == []
    for change in ("UPDATE chain_forks SET signature = signature", "DELETE FROM chain_forks", "TRUNCATE chain_forks"):
        with pytest.raises(Exception, match=r"append-only|never deleted"):
            await db.execute(change)


async def test_every_kind_of_statement_and_what_follows_the_fork(phone: Phone, head: Caller, visit: Fieldwork) -> None:
    chain, copied = await forked(phone, visit)
    last = await phone.record(chain)
    assert (await phone.push(chain.seal()))[0]["status"] == "applied"
    operations = [copied.note("方位"), copied.discard(last[0].id), copied.capture().operation, copied.seal()]
    assert await refused(phone, *operations) == ["chain_conflict"] * 4
    assert [one["seq"] for one in await shown(head, phone)] == [4, 3, 2, 1]
    # Ahead of the chain: the link itself names another past.
    copied.seq = chain.seq
    assert await refused(phone, copied.cosign(seal=chain.last_seal)) == ["chain_conflict"]
    assert (await shown(head, phone))[0]["kind"] == "link"


async def test_the_proof_of_a_run_names_what_the_statement_should_follow(
    phone: Phone, head: Caller, visit: Fieldwork
) -> None:
    chain = await phone.chain(visit)
    first = chain.capture().operation
    chain.prev = b64u.encode(bytes(32))
    results = await phone.push(first, chain.capture().operation)
    assert [one["status"] for one in results] == ["applied", "refused"]
    (fork,) = await shown(head, phone)
    stands = hashlib.sha256(b64u.decode(first["statement"])).hexdigest()
    assert (fork["kind"], fork["seq"], fork["stands_sha256"]) == ("link", 2, stands)


async def test_a_second_chain_of_one_key(phone: Phone, head: Caller, visit: Fieldwork) -> None:
    chain = await phone.chain(visit)
    second = Chain(phone, visit, key=chain.key)
    opening = second.open()
    assert await refused(phone, opening) == await refused(phone, opening) == ["key_reused"]
    (fork,) = await shown(head, phone)
    assert (fork["kind"], fork["seq"], fork["session_id"]) == ("key", 0, str(chain.id))
    assert fork["statement"] == opening["statement"]


async def test_what_no_known_key_signed_leaves_nothing_and_there_is_an_end(
    office: Office, phone: Phone, head: Caller, visit: Fieldwork
) -> None:
    chain, copied = await forked(phone, visit)
    forged = copied.capture().operation
    forged["signature"] = b64u.encode(b"\1" * 64)
    assert await refused(phone, forged) == ["signature_invalid"]
    stranger = await Phone.enrolled(await office.caller("zhouheng", Role.SUP, Role.TM))
    assert await refused(stranger, copied.capture(with_private=False).operation) == ["chain_gap"]
    assert await shown(head, phone) == []
    copied.seq, copied.prev = 0, b64u.encode(bytes(32))
    for _ in range(MOST + 4):
        copied.seq = 0
        assert await refused(phone, copied.capture().operation) == ["chain_conflict"]
    assert len(await shown(head, phone)) == MOST
    assert len((await head.get("/api/log/alarms?limit=100")).json()["alarms"]) == MOST
    assert chain.seq == 2


async def test_of_many_chains_the_first_fork_of_each_is_kept_and_few_more_in_a_day(
    office: Office, monkeypatch: pytest.MonkeyPatch, phone: Phone, head: Caller, visit: Fieldwork
) -> None:
    monkeypatch.setattr(forks, "MOST_A_DAY", 3)
    chains = [await phone.chain(visit) for _ in range(4)]
    for chain in chains:
        for _ in range(3):
            chain.seq, chain.prev = 0, b64u.encode(bytes(32))
            assert await refused(phone, chain.capture().operation) == ["chain_conflict"]
    kept = [one["session_id"] for one in await shown(head, phone)]
    assert sorted(kept) == sorted([*[str(chain.id) for chain in chains], *[str(chains[0].id)] * 2])
    # Another person's are counted apart, and tomorrow there is room again.
    monkeypatch.setattr(forks, "timedelta", lambda days: timedelta(days=0))
    chains[1].seq, chains[1].prev = 0, b64u.encode(bytes(32))
    assert await refused(phone, chains[1].capture().operation) == ["chain_conflict"]
    assert len(await shown(head, phone)) == len(kept) + 1


async def test_more_chains_than_are_taken_in_a_day_wait_on_the_phone(
    monkeypatch: pytest.MonkeyPatch, phone: Phone, visit: Fieldwork
) -> None:
    monkeypatch.setattr(open_session, "MOST_A_DAY", 2)
    first = Chain(phone, visit)
    opening = first.open()
    assert (await phone.push(opening))[0]["status"] == "applied"
    await phone.chain(visit)
    third = Chain(phone, visit)
    results = await phone.push(opened := third.open(), taken := third.capture().operation)
    assert [one["problem"]["code"] for one in results] == ["too_many_chains", "chain_gap"]
    assert all(one["problem"]["params"]["retry"] for one in results)  # the phone keeps both
    assert (await phone.push(opening))[0]["status"] == "duplicate"
    await phone.record(first)  # what stands goes on
    monkeypatch.setattr(open_session, "timedelta", lambda days: timedelta(days=0))
    assert [one["status"] for one in await phone.push(opened, taken)] == ["applied", "applied"]


async def test_who_reads_them(office: Office, phone: Phone, visit: Fieldwork) -> None:
    _, copied = await forked(phone, visit)
    await refused(phone, copied.capture().operation)
    for role, bytes_too in ((Role.OFFICE, True), (Role.SEC, False), (Role.AUD, False)):
        (fork,) = await shown(await office.caller(f"p{role}".lower(), role), phone)
        assert (fork["statement"] is not None, fork["signature"] is not None) == (bytes_too, bytes_too), role
    for role in (Role.ADM, Role.SUP, Role.LEADER):
        caller = await office.caller(f"p{role}".lower(), role)
        assert (await caller.get(f"/api/devices/{phone.device_id}/forks")).status_code == 403, role
    head = await office.caller("hejing", Role.OFFICE)
    assert (await head.get(f"/api/devices/{visit.id}/forks")).status_code == 404


@pytest.mark.requirement("R81")
async def test_the_bytes_name_a_covert_visit_only_to_who_may_know_of_it(
    office: Office, phone: Phone, visit: Fieldwork
) -> None:
    """Not to whoever looks into alarms and reads evidence of other visits, nor to the unit before or after release."""
    _, copied = await forked(phone, visit)
    await refused(phone, copied.capture().operation)
    team = await office.caller("zhouheng", Role.TM, Role.SEC)
    unit = await office.caller("unit", Role.UH, Role.AUD, unit=office.handling_unit)
    for released in (False, True):
        if released:
            await db.execute("UPDATE visits SET released_at = now(), state = 'RELEASED'")
        for caller in (team, unit) if released else (team,):
            (fork,) = await shown(caller, phone)
            assert (fork["statement"], fork["signature"]) == (None, None), released
    (fork,) = await shown(await office.caller("hejing", Role.OFFICE), phone)
    assert fork["statement"] is not None


@pytest.mark.requirement("R81")
async def test_nobody_of_a_supervised_unit_hears_of_it_before_the_visit_is_released(
    office: Office, settings: Settings, phone: Phone, visit: Fieldwork
) -> None:
    """Whoever looks into alarms and is of a unit, by role or by post: no line, no notice, and nothing to infer from."""
    unit = office.handling_unit
    kept_out = [
        await office.caller("chengban", Role.UH, Role.AUD),
        await office.caller("lianluo", Role.LIAISON, Role.SEC),
        await office.caller("shenji", Role.AUD, unit=unit),
    ]
    told = [await office.caller("baomi", Role.SEC), await office.caller("hejing", Role.OFFICE, Role.UH, unit=unit)]
    _, copied = await forked(phone, visit)
    await refused(phone, copied.capture().operation)
    await run_jobs_once(settings)
    for caller in kept_out:
        assert await shown(caller, phone) == []
        assert (await caller.get("/api/log/alarms")).json() == {"alarms": [], "next_cursor": None}
        assert (await caller.get("/api/inbox")).json()["notices"] == []
    for caller in told:
        assert len(await shown(caller, phone)) == 1
        assert len((await caller.get("/api/log/alarms")).json()["alarms"]) == 1
        assert len((await caller.get("/api/inbox")).json()["notices"]) == 1
    await db.execute("UPDATE visits SET released_at = now(), state = 'RELEASED'")
    for caller in kept_out:
        assert len(await shown(caller, phone)) == 1
        assert len((await caller.get("/api/log/alarms")).json()["alarms"]) == 1


@pytest.mark.requirement("R81")
async def test_how_the_log_grows_is_no_auditors_to_see_who_has_a_role_in_a_unit(office: Office, phone: Phone) -> None:
    await sequencer.catch_up()
    sizes = [
        (await caller.get("/api/log/state")).json()["size"]
        for caller in (await office.caller("shenji", Role.AUD), await office.caller("chengban", Role.UH, Role.AUD))
    ]
    assert sizes[0] > 0
    assert sizes[1] == 0  # nothing is published yet
