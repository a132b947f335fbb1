"""Every act is in the log exactly once, in order and without a gap, whatever dies meanwhile; acts wait for nothing."""

from __future__ import annotations

import asyncio
import sys
from contextvars import Context
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from server.journal.leaves import ENTRY_COLUMNS, entry_leaf, row_bytes, tally_leaf
from server.journal.work import unit_of_work
from server.kit import clock, db
from server.kit.ids import new_id
from server.tlog import keys, sequencer, store
from server.tlog.alarms import sound_everywhere
from server.tlog.audit import audit
from server.tlog.notes import read_checkpoint, read_note, read_vkey
from server.tlog.queries import (
    checkpoint_at,
    consistency,
    inclusions,
    latest_checkpoint,
    leaf_hash,
)
from tests.tlog import reference
from tests.tlog.conftest import Author

pytestmark = [pytest.mark.anyio]
ROOT = Path(__file__).parents[2]


async def log_hashes() -> list[bytes]:
    """All leaf hashes in order; fails when the indexes have a gap."""
    rows = await db.fetch("SELECT idx, leaf_hash, leaf FROM log_leaves ORDER BY idx")
    assert [row["idx"] for row in rows] == list(range(len(rows)))
    assert all(leaf_hash(row["leaf"]) == row["leaf_hash"] for row in rows)
    return [row["leaf_hash"] for row in rows]


async def act_hashes() -> list[bytes]:
    """Those of acts and statements: without the tallies, one of which follows the acts of each batch."""
    rows = await db.fetch(
        "SELECT leaf_hash FROM log_leaves WHERE idx NOT IN (SELECT idx FROM log_tallies) ORDER BY idx"
    )
    return [row["leaf_hash"] for row in rows]


async def entry_hashes() -> list[bytes]:
    """The leaf hash that each entry of the journal must have, from its row."""
    rows = await db.fetch(f"SELECT {ENTRY_COLUMNS} FROM journal_entries ORDER BY id")
    return [leaf_hash(entry_leaf(row_bytes(row))) for row in rows]


async def test_statements_and_entries_become_leaves_and_a_signed_root(author: Author) -> None:
    statements = await author.act(entries=2, statements=3)
    await author.act(entries=1)
    assert await db.fetch_value("SELECT count(*) FROM log_pending") == 2
    assert await sequencer.catch_up() == 7
    assert await db.fetch_value("SELECT count(*) FROM log_pending") == 0
    hashes = await log_hashes()
    assert hashes[:3] == [leaf_hash(leaf) for leaf in statements]
    assert sorted(hashes[3:6]) == sorted(await entry_hashes())
    assert hashes[6] == leaf_hash(tally_leaf(author.org_id, 1, 2, hashes[:6]))
    async with db.connection() as conn:
        checkpoint = await latest_checkpoint(conn)
        assert checkpoint is not None
        assert (checkpoint.size, checkpoint.root) == (7, reference.mth(hashes))
        assert read_checkpoint(checkpoint.body) == ("yunxi.example/log", 7, checkpoint.root)
        body, (line,) = read_note(checkpoint.note)
        signer = await keys.log_signer()
        assert read_vkey(signer.vkey).holds(body, line.signature)
        assert line.key_id == signer.verifier.key_id
        found = await inclusions(conn, [*hashes, b"\0" * 32], 7)
    assert {one: list(found[one].hashes) for one in hashes} == {
        one: reference.path(n, hashes) for n, one in enumerate(hashes)
    }


async def test_what_failed_leaves_nothing_to_log(author: Author) -> None:
    with pytest.raises(ZeroDivisionError):
        async with unit_of_work(author) as work:
            work.log(b"leaf")
            raise ZeroDivisionError
    assert await db.fetch_value("SELECT count(*) FROM log_pending") == 0
    assert await sequencer.catch_up() is None


async def test_what_the_log_cannot_hold_is_not_queued(author: Author) -> None:
    for leaf in (b"", b"x" * 65536):
        with pytest.raises(ValueError, match="a leaf has"):
            async with unit_of_work(author) as work:
                work.log(leaf)
    assert await db.fetch_value("SELECT count(*) FROM log_pending") == 0


async def test_the_same_leaf_twice_is_one_leaf(author: Author) -> None:
    leaves = await author.act(entries=0, statements=2)
    await sequencer.catch_up()
    async with unit_of_work(author) as work:
        for leaf in (leaves[0], leaves[0], b"another"):
            work.log(leaf)
    assert await sequencer.catch_up() == 5
    assert await act_hashes() == [leaf_hash(one) for one in (*leaves, b"another")]


async def test_many_writers_and_two_sequencers_make_one_log(author: Author) -> None:
    writers = 8
    done = asyncio.Event()

    async def write() -> None:
        for n in range(20):
            await author.act(entries=1 + n % 3, statements=n % 2)

    async def sequence() -> None:
        while not done.is_set() or await db.fetch_value("SELECT count(*) FROM log_pending"):
            await sequencer.append_pending(rows=7)
            await sequencer.sign_checkpoint()

    sequencing = [asyncio.create_task(sequence(), context=Context()) for _ in range(2)]
    await asyncio.gather(*(asyncio.create_task(write(), context=Context()) for _ in range(writers)))
    done.set()
    await asyncio.gather(*sequencing)
    hashes = await log_hashes()
    assert len(await act_hashes()) == writers * (20 * 2 - 1 + 10)
    numbers = await db.fetch("SELECT first_n, last_n FROM log_tallies ORDER BY idx")
    assert [row["first_n"] for row in numbers] == [1, *(row["last_n"] + 1 for row in numbers[:-1])]
    assert numbers[-1]["last_n"] == writers * 20
    assert await db.fetch_value("SELECT count(*) FROM log_alarms") == 0
    assert set(await entry_hashes()) < set(hashes)
    checkpoints = await db.fetch("SELECT size, root FROM log_checkpoints ORDER BY size")
    assert checkpoints[-1]["size"] == len(hashes)
    for row in checkpoints:
        assert row["root"] == reference.mth(hashes[: row["size"]])
    async with db.connection() as conn:
        for row in checkpoints[:-1:5]:
            assert list(await consistency(conn, row["size"], len(hashes))) == reference.proof(row["size"], hashes)


@pytest.mark.parametrize("moment", ["DELETE FROM log_pending", "INSERT INTO log_nodes", "INSERT INTO log_leaves"])
async def test_killed_between_append_and_delete_all_or_nothing_is_done(
    author: Author, dsn: str, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    await author.act(entries=20)
    await sequencer.catch_up()
    await author.act(entries=20)
    real = asyncpg.Connection.execute

    async def dying(self: asyncpg.Connection, query: str, *args: object, **kwargs: object) -> str:
        if query.startswith(moment):
            pid = self.get_server_pid()
            killer = await asyncpg.connect(dsn)
            await killer.fetchval("SELECT pg_terminate_backend($1, 5000)", pid)
            await killer.close()
        tag: str = await real(self, query, *args, **kwargs)
        return tag

    with monkeypatch.context() as patched:
        patched.setattr(asyncpg.Connection, "execute", dying)
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
            await sequencer.catch_up()
    assert len(await act_hashes()) == 20
    assert await db.fetch_value("SELECT count(*) FROM log_pending") == 1
    assert await sequencer.catch_up() == 42
    assert sorted(await act_hashes()) == sorted(await entry_hashes())


PROCESS = (
    "import asyncio, sys\nfrom server.kit import db\nfrom server.tlog import sequencer\n"
    "sequencer._GATHER_SECONDS = 0\n"
    "async def main():\n    await db.connect(sys.argv[1], min_size=1, max_size=2)\n"
    "    await sequencer.Sequencer(sys.argv[1]).run()\nasyncio.run(main())\n"
)


async def test_a_process_killed_in_the_middle_of_its_work_loses_and_doubles_nothing(author: Author, dsn: str) -> None:
    writing = True

    async def write() -> None:
        while writing:
            await author.act(entries=2, statements=1)

    writers = [asyncio.create_task(write(), context=Context()) for _ in range(2)]
    size = 0
    for _ in range(3):
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", PROCESS, dsn, cwd=ROOT)
        async with asyncio.timeout(60):
            while (now := await db.fetch_value("SELECT count(*) FROM log_leaves")) <= size + 20:  # noqa: ASYNC110
                await asyncio.sleep(0.002)
        process.kill()  # while it is busy with what the writers never stop to bring
        await process.wait()
        size = now
    writing = False
    await asyncio.gather(*writers)
    while await db.fetch_value("SELECT count(*) FROM log_pending"):
        await sequencer.catch_up()
    hashes = await log_hashes()
    assert set(await entry_hashes()) < set(hashes)
    assert len(await act_hashes()) == await db.fetch_value("SELECT count(*) * 3 / 2 FROM journal_entries")
    assert await db.fetch_value("SELECT max(last_n) FROM log_tallies") == await db.fetch_value(
        "SELECT acts FROM feed_counters"
    )
    for row in await db.fetch("SELECT size, root FROM log_checkpoints"):
        assert row["root"] == reference.mth(hashes[: row["size"]])


async def test_killed_before_signing_the_next_round_signs(author: Author) -> None:
    await author.act()
    await sequencer.append_pending()  # and here the process dies
    assert await db.fetch_value("SELECT count(*) FROM log_checkpoints") == 0
    assert await sequencer.catch_up() == 2


async def test_acts_go_on_without_sequencer_and_signer_and_can_be_seen_waiting(author: Author) -> None:
    await author.act()
    await sequencer.catch_up()
    await db.execute("DELETE FROM installation_secrets WHERE name = 'log-key-1'")
    await author.act(entries=3)
    with pytest.raises(RuntimeError):
        await sequencer.catch_up()  # leaves are appended, the signature has to wait
    assert len(await act_hashes()) == 4
    async with db.transaction() as conn:
        await store.lock(conn)  # a sequencer that hangs
        await asyncio.create_task(_act_twice(author), context=Context())
    assert await db.fetch_value("SELECT count(*) FROM log_pending") == 2
    async with db.connection() as conn:
        assert (await latest_checkpoint(conn)).size == 2  # type: ignore[union-attr]


async def _act_twice(author: Author) -> None:
    await author.act()
    await author.act(entries=0, statements=1)


async def test_a_tree_that_is_not_what_was_signed_is_not_signed_again(author: Author) -> None:
    await author.act(entries=3)
    await sequencer.catch_up()
    await db.execute("ALTER TABLE log_leaves DISABLE TRIGGER USER")
    await db.execute("UPDATE log_leaves SET leaf = 'x', leaf_hash = sha256('\\x0078') WHERE idx = 1")
    await author.act()
    await sequencer.append_pending()
    with pytest.raises(store.LogBroken):
        await sequencer.sign_checkpoint()
    async with db.connection() as conn:
        assert await checkpoint_at(conn, 6) is None


async def test_the_running_sequencer_hears_of_acts_and_outlives_failures(
    author: Author, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = iter([ZeroDivisionError(), OSError(), store.LogBroken("x")])
    real = sequencer.catch_up
    signed = asyncio.Event()

    async def sometimes() -> int | None:
        failure = next(failures, None)
        if failure is not None:
            raise failure
        size = await real()
        if size:
            signed.set()
        return size

    monkeypatch.setattr(sequencer, "catch_up", sometimes)
    monkeypatch.setattr(sequencer, "_TICK_SECONDS", 0.01)
    monkeypatch.setattr(sequencer, "_GATHER_SECONDS", 0.01)
    monkeypatch.setattr(sequencer, "_LONGEST_PAUSE", 0.02)
    running = asyncio.create_task(sequencer.Sequencer(dsn).run(), context=Context())
    await author.act()
    async with asyncio.timeout(30):
        await signed.wait()
    running.cancel()
    await asyncio.wait([running])
    # The act and its tally; that the log was broken is told as well, whenever the sequencer comes to it.
    assert await db.fetch_value("SELECT min(size) FROM log_checkpoints") >= 2
    assert await db.fetch_value("SELECT kind FROM log_alarms") == "LOG_BROKEN"


async def another(author: Author) -> Author:
    org_id = new_id()
    await db.execute("INSERT INTO organisations (id, name, created_at) VALUES ($1, '长滩县', $2)", org_id, clock.now())
    await db.execute("INSERT INTO feed_counters (org_id, n) VALUES ($1, 0)", org_id)
    return Author(org_id, author.person_id)


async def test_a_flood_of_one_organisation_keeps_no_other_waiting(author: Author) -> None:
    others = sorted([author, await another(author), await another(author)], key=lambda one: one.org_id)
    for _ in range(20):
        await others[0].act()  # the first in any order, and with the oldest acts
    for one in others[1:]:
        await one.act()
        await one.act()
    assert await sequencer.append_pending(rows=6) == 6
    taken = {row["org_id"]: row["last_n"] for row in await db.fetch("SELECT org_id, last_n FROM log_tallies")}
    assert taken == {one.org_id: 2 for one in others}
    assert await sequencer.append_pending(rows=50) == 18
    assert await db.fetch_value("SELECT count(*) FROM log_alarms") == 0
    assert (await audit()).findings == []


IMPOSSIBLE = {
    "number": "gen_random_uuid(), org_id, leaves, at, -5",
    "no number": "gen_random_uuid(), org_id, leaves, at, NULL",
    "number of none": "gen_random_uuid(), '00000000-0000-0000-0000-000000000000', leaves, at, 1",
    "no bytes": "gen_random_uuid(), org_id, ARRAY[''::bytea], at, 7",
    "too many bytes": "gen_random_uuid(), org_id, ARRAY[convert_to(repeat('x', 65536), 'UTF8')], at, 7",
    "null": "gen_random_uuid(), org_id, ARRAY[NULL::bytea], at, 7",
    "no such organisation": "gen_random_uuid(), gen_random_uuid(), leaves, at, 1",
}


@pytest.mark.requirement("R53")
@pytest.mark.parametrize("row", IMPOSSIBLE.values(), ids=IMPOSSIBLE.keys())
async def test_what_cannot_be_a_leaf_holds_up_nobody_and_is_told(author: Author, row: str) -> None:
    other = await another(author)
    await author.act()
    await db.execute(
        "ALTER TABLE log_pending DROP CONSTRAINT log_pending_number_possible, DROP CONSTRAINT log_pending_check,"
        " DROP CONSTRAINT log_pending_leaves_check"
    )
    await db.execute(f"INSERT INTO log_pending (id, org_id, leaves, at, n) SELECT {row} FROM log_pending")
    await other.act()
    await author.act()
    assert await sequencer.append_pending() == 3
    assert await db.fetch_value("SELECT count(*) FROM log_tallies") == 2
    alarms = await db.fetch("SELECT org_id, kind, text FROM log_alarms")
    assert {one["org_id"] for one in alarms} == {author.org_id, other.org_id}
    left = await db.fetch_value("SELECT id::text FROM log_pending WHERE id <> ALL($1)", await alarm_rows())
    assert all(one["kind"] == "LOG_STUCK" and left in one["text"] for one in alarms)
    for _ in range(3):
        await sequencer.catch_up()  # goes on, and says so once a day
    assert await db.fetch_value("SELECT count(*) FROM log_alarms") == 2
    assert await db.fetch_value("SELECT count(*) FROM log_pending") == 1  # seen waiting on the page of the log


async def alarm_rows() -> list[UUID]:
    """What waits because alarms are acts, too."""
    rows = await db.fetch(
        "SELECT p.id FROM log_pending p JOIN journal_entries e ON e.org_id = p.org_id AND e.at = p.at"
        " AND e.kind = 'log.alarm'"
    )
    return [row["id"] for row in rows]


async def test_an_impossible_number_is_refused(author: Author) -> None:
    await author.act()
    for n in ("0", "-1"):
        with pytest.raises(asyncpg.CheckViolationError, match="number_possible"):
            await db.execute(
                "INSERT INTO log_pending (id, org_id, leaves, at, n)"
                f" SELECT gen_random_uuid(), org_id, leaves, at, {n} FROM log_pending"
            )


async def test_people_are_told_when_the_sequencer_fails_again_and_again(
    author: Author, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await author.act()
    await db.execute("ALTER TABLE log_leaves ADD CONSTRAINT nothing_more CHECK (idx < 0)")
    told = asyncio.Event()

    async def heard(kind: str, text: str, **where: Any) -> None:
        await sound_everywhere(kind, text, **where)
        told.set()

    monkeypatch.setattr(sequencer, "sound_everywhere", heard)
    monkeypatch.setattr(sequencer, "_TICK_SECONDS", 0.01)
    monkeypatch.setattr(sequencer, "_GATHER_SECONDS", 0.01)
    monkeypatch.setattr(sequencer, "_LONGEST_PAUSE", 0.02)
    running = asyncio.create_task(sequencer.Sequencer(dsn).run(), context=Context())
    async with asyncio.timeout(30):
        await told.wait()
    running.cancel()
    await asyncio.wait([running])
    (alarm,) = await db.fetch("SELECT kind, text FROM log_alarms")
    assert alarm["kind"] == "LOG_STUCK"
    assert "nothing_more" in alarm["text"]
