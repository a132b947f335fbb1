"""The log's key: made once, changed by two persons, and followed by whoever trusts the old one."""

from __future__ import annotations

import asyncio

import pytest

from server.access.errors import WrongCredentials
from server.access.roles import Role
from server.kit import db
from server.tlog import keys, sequencer
from server.tlog.audit import audit
from server.tlog.errors import KeyNotRotated, RotationUnderWay
from server.tlog.notes import SignatureLine, read_note, read_vkey
from server.tlog.queries import checkpoint_at, latest_checkpoint
from server.tlog.rotation import Credentials, rotate_key
from tests.factories.people import PASSWORD, Office
from tests.tlog.conftest import Author

pytestmark = [pytest.mark.anyio]


async def two_persons(office: Office) -> tuple[Credentials, Credentials]:
    await office.person("wang", Role.ADM)
    await office.person("li", Role.AUD)
    return Credentials("wang", PASSWORD), Credentials("li", PASSWORD)


async def signed_by(size: int) -> list[str]:
    """The ids of the keys whose valid signatures stand below a checkpoint."""
    async with db.connection() as conn:
        checkpoint = await checkpoint_at(conn, size)
        known = [read_vkey(vkey) for vkey in await keys.vkeys(conn)]
    assert checkpoint is not None
    body, lines = read_note(checkpoint.note)

    def holds(line: SignatureLine) -> bool:
        return any(key.key_id == line.key_id and key.holds(body, line.signature) for key in known)

    assert all(holds(line) for line in lines)
    return [line.key_id.hex() for line in lines]


async def test_one_key_however_many_start_at_once(author: Author) -> None:
    signers = await asyncio.gather(*(keys.log_signer() for _ in range(5)))
    assert len({one.vkey for one in signers}) == 1
    assert await db.fetch_value("SELECT count(*) FROM log_keys") == 1
    assert signers[0].origin == "yunxi.example/log"


async def test_a_log_without_a_name_is_given_one_that_stays(author: Author) -> None:
    keys.hold("")
    first = await keys.log_signer()
    assert first.origin == f"zhicha.local/log/{first.verifier.public.hex()[:8]}"
    keys.hold("another.example/log")
    assert (await keys.log_signer()).origin == first.origin


async def test_a_promise_is_for_one_leaf(author: Author) -> None:
    signer = await keys.log_signer()
    promise = signer.promise(b"leaf")
    assert len(promise) == 64
    assert keys.promise_holds(signer.vkey, b"leaf", promise)
    assert not keys.promise_holds(signer.vkey, b"another", promise)


class TestRotation:
    async def test_the_new_key_is_in_the_log_and_both_sign_that(self, office: Office) -> None:
        author = Author(office.org_id, None)
        await author.act()
        before = await sequencer.catch_up()
        old = await keys.log_signer()
        vkey = await rotate_key(*await two_persons(office))
        keys.hold("")  # forget what this process remembers
        assert (await keys.log_signer()).vkey == old.vkey  # until it is in the log
        changed = await sequencer.catch_up()
        keys.hold("")
        new = await keys.log_signer()
        assert (new.vkey, new.origin) == (vkey, old.origin)
        await author.act()
        after = await sequencer.catch_up()
        assert before and changed and after
        old_id, new_id = old.verifier.key_id.hex(), new.verifier.key_id.hex()
        assert await signed_by(before) == [old_id]
        assert await signed_by(changed) == [old_id, new_id]
        assert await signed_by(after) == [new_id]
        entry = await db.fetch_one("SELECT data::text FROM journal_entries WHERE kind = 'log.key_rotated'")
        assert entry is not None
        assert all(str(office.people[login]) in entry["data"] for login in ("wang", "li"))
        assert (await audit()).findings == []

    async def test_whoever_pinned_the_old_key_can_follow(self, office: Office) -> None:
        inspector = await office.caller("tl", Role.TL)
        await Author(office.org_id, None).act()
        await sequencer.catch_up()
        vkey = await rotate_key(*await two_persons(office))
        assert (await inspector.post("/api/log/proofs", {"leaves": []})).json()["rotations"] == []
        await sequencer.catch_up()
        answer = (await inspector.post("/api/log/proofs", {"leaves": []})).json()
        (rotation,) = answer["rotations"]
        assert rotation["leaf"] == {"t": "leaf/1", "k": "log-key", "vkey": vkey}
        assert len(read_note(rotation["checkpoint"])[1]) == 2
        assert (await inspector.get("/api/log/trust")).json()["logs"][1:] == [vkey]

    async def test_only_two_persons_of_different_offices_can(self, office: Office) -> None:
        wang, li = await two_persons(office)
        await office.person("zhao", Role.ADM, Role.AUD)
        zhao = Credentials("zhao", PASSWORD)
        for asking, confirming in ((wang, wang), (li, wang), (zhao, zhao), (wang, Credentials("tl", PASSWORD))):
            if confirming.login == "tl":
                await office.person("tl", Role.TL)
            with pytest.raises(KeyNotRotated):
                await rotate_key(asking, confirming)
        with pytest.raises(WrongCredentials):
            await rotate_key(wang, Credentials("li", "a wrong password"))
        assert await db.fetch_value("SELECT count(*) FROM log_keys WHERE n > 1") == 0

    async def test_one_change_at_a_time(self, office: Office) -> None:
        persons = await two_persons(office)
        await rotate_key(*persons)
        with pytest.raises(RotationUnderWay):
            await rotate_key(*persons)
        await sequencer.catch_up()
        keys.hold("")
        third = await rotate_key(*persons)
        await sequencer.catch_up()
        keys.hold("")
        assert (await keys.log_signer()).vkey == third
        async with db.connection() as conn:
            newest = await latest_checkpoint(conn)
        assert newest is not None
        assert len(await signed_by(newest.size)) == 2
        assert (await audit()).findings == []
