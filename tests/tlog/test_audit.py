"""SQL cannot rewrite what was recorded; where somebody first switches the guards off, the audit finds it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import asyncpg
import pytest

from server.journal.leaves import ENTRY_COLUMNS, entry_leaf, row_bytes
from server.kit import db
from server.tlog import console, sequencer
from server.tlog.audit import audit, sources
from server.tlog.audit.guards import GUARDS
from tests.tlog.conftest import Author

pytestmark = [pytest.mark.anyio]


@pytest.fixture
async def logged(author: Author) -> AsyncIterator[Author]:
    """A log of forty leaves and four tallies, with four checkpoints; the statements in it are known to the audit."""
    statements: list[bytes] = []
    for _ in range(3):
        statements += await author.act(entries=11, statements=2)
        await sequencer.catch_up()
    statements += await author.act(entries=0, statements=1)
    await sequencer.catch_up()

    async def kept(conn: db.Connection) -> AsyncIterator[Sequence[sources.Logged]]:
        yield [(f"statement {n}", leaf) for n, leaf in enumerate(statements)]

    sources.bind([kept])
    yield author
    sources.bind([])


async def found() -> set[str]:
    return {one.code for one in (await audit()).findings}


REFUSED = (
    "UPDATE log_leaves SET leaf = 'x', leaf_hash = sha256('\\x0078')",
    "DELETE FROM log_leaves WHERE idx = 43",
    "UPDATE log_tallies SET first_n = 2",
    "DELETE FROM log_tallies",
    "TRUNCATE log_tallies",
    "INSERT INTO log_pending SELECT gen_random_uuid(), org_id, leaves, at FROM log_pending",
    "TRUNCATE log_leaves CASCADE",
    "UPDATE log_nodes SET hash = sha256('x')",
    "DELETE FROM log_nodes",
    "TRUNCATE log_nodes",
    "UPDATE log_checkpoints SET signatures = '— a AAAA' || chr(10)",
    "DELETE FROM log_checkpoints",
    "TRUNCATE log_checkpoints CASCADE",
    "UPDATE log_keys SET vkey = 'x'",
    "DELETE FROM log_keys",
    "TRUNCATE log_keys",
    # a gap, a hash that is not that of the bytes, the same leaf a second time
    "INSERT INTO log_leaves (idx, leaf_hash, leaf, at) VALUES (45, sha256('\\x0078'), 'x', now())",
    "INSERT INTO log_leaves (idx, leaf_hash, leaf, at) VALUES (44, sha256('\\x79'), 'x', now())",
    "INSERT INTO log_leaves SELECT 44, leaf_hash, leaf, at FROM log_leaves WHERE idx = 0",
    "UPDATE log_pending SET leaves = ARRAY['x'::bytea]",
    "DELETE FROM log_pending",
    "TRUNCATE log_pending",
)


async def test_sql_is_refused(logged: Author) -> None:
    await logged.act()  # something waits
    for sql in REFUSED:
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            await db.execute(sql)
    report = await audit()
    assert (report.findings, report.leaves, report.waiting) == ([], 44, 1)


ENTRY = "(SELECT min(id::text)::uuid FROM journal_entries)"
FORGED = "origin || E'\\n14\\n' || encode(sha256('x'), 'base64') || E'\\n'"
BEHIND_THE_GUARDS = (
    (f'UPDATE journal_entries SET data = \'{{"reason": "别的"}}\' WHERE id = {ENTRY}', "not_logged source_gone"),
    (f"UPDATE journal_entries SET at = at + interval '1 us' WHERE id = {ENTRY}", "not_logged source_gone"),
    (f"UPDATE journal_entries SET actor_id = NULL WHERE id = {ENTRY}", "not_logged source_gone"),
    (f"DELETE FROM journal_entries WHERE id = {ENTRY}", "source_gone"),
    (f"UPDATE journal_entries SET id = gen_random_uuid() WHERE id = {ENTRY}", "not_logged source_gone"),
    (
        "UPDATE log_leaves SET leaf = 'x', leaf_hash = sha256('\\x0078') WHERE idx = 3",
        "checkpoint_root node_altered not_logged source_gone tally_altered",
    ),
    (
        "ALTER TABLE log_leaves DROP CONSTRAINT log_leaves_check; UPDATE log_leaves SET leaf = 'x' WHERE idx = 3",
        "checkpoint_root leaf_altered node_altered",
    ),
    ("DELETE FROM log_leaves WHERE idx = 43", "leaves_cut_off tally_altered"),
    ("DELETE FROM log_leaves WHERE idx = 20", "leaf_missing not_logged tally_altered"),
    ("UPDATE log_nodes SET hash = sha256('x') WHERE idx = 1", "node_altered"),
    ("DELETE FROM log_nodes WHERE idx = 0", "node_missing"),
    ("INSERT INTO log_nodes VALUES (4, 3, sha256('x'))", "node_surplus"),
    (
        f"UPDATE log_checkpoints SET root = sha256('x'), body = {FORGED} WHERE size = 14",
        "checkpoint_root checkpoint_signature",
    ),
    ("UPDATE log_checkpoints SET signatures = '— a AAAA' || chr(10) WHERE size = 28", "checkpoint_signature"),
    ("UPDATE log_keys SET vkey = 'yunxi.example/log+00000000+AAAA'", "key_altered"),
    ("DELETE FROM log_pending", "acts_missing not_logged"),
    ("UPDATE log_tallies SET last_n = last_n + 1 WHERE idx = 13", "acts_renumbered source_gone tally_altered"),
    ("DELETE FROM log_tallies WHERE idx = 27", "acts_missing not_counted source_gone"),
    ("UPDATE feed_counters SET acts = acts - 2", "acts_renumbered"),
)


@pytest.mark.parametrize(("sql", "codes"), BEHIND_THE_GUARDS)
async def test_what_is_altered_behind_the_guards_is_found(logged: Author, sql: str, codes: str) -> None:
    await logged.act()  # something waits
    assert await found() == set()
    async with db.transaction() as conn:
        await conn.execute("SET LOCAL session_replication_role = replica")  # no trigger runs
        await conn.execute(sql)
    assert await found() == set(codes.split())


async def test_a_guard_that_is_switched_off_is_named(logged: Author) -> None:
    for n, (table, guard) in enumerate(GUARDS):
        await db.execute(f"ALTER TABLE {table} DISABLE TRIGGER {guard}")
        report = await audit()
        assert [one.code for one in report.findings] == ["guard_off"] * (n + 1)
        assert guard in report.findings[n].en


GONE = (
    "DELETE FROM journal_entries WHERE id = (SELECT max(id::text)::uuid FROM journal_entries)",
    "DELETE FROM log_pending WHERE n = (SELECT max(n) FROM log_pending)",
)


@pytest.mark.requirement("R53")
async def test_an_act_removed_before_it_is_logged_leaves_a_hole_for_ever(logged: Author) -> None:
    """With its pending row, all guards off, in the moment before the sequencer comes; then others act."""
    await logged.act()
    async with db.transaction() as conn:
        await conn.execute("SET LOCAL session_replication_role = replica")
        for sql in GONE:
            await conn.execute(sql)
    assert await found() == {"acts_missing"}
    await logged.act()
    await sequencer.catch_up()
    await sequencer.catch_up()  # the alarm that people are told of is an act, too
    (alarm,) = await db.fetch("SELECT org_id, kind, text FROM log_alarms")
    assert (alarm["org_id"], alarm["kind"], alarm["text"]) == (logged.org_id, "ACT_MISSING", '{"first": 5, "last": 5}')
    report = await audit()
    assert [one.code for one in report.findings] == ["acts_missing"]
    assert "Acts 5 to 5 of the organisation" in report.findings[0].en
    # To hide it later, tally and row must change: then the leaf no longer is what the numbers say.
    async with db.transaction() as conn:
        await conn.execute("SET LOCAL session_replication_role = replica")
        await conn.execute("UPDATE log_tallies SET first_n = 5 WHERE first_n = 6")
    assert await found() == {"source_gone", "tally_altered"}


async def test_numbers_are_compared_also_where_their_counter_was_removed(logged: Author) -> None:
    await logged.act()
    async with db.transaction() as conn:
        await conn.execute("SET LOCAL session_replication_role = replica")
        for sql in (*GONE, "DELETE FROM feed_counters"):
            await conn.execute(sql)
    assert await found() == {"acts_renumbered"}


async def test_what_remains_is_the_last_act_with_the_counter_set_back_at_once(logged: Author) -> None:
    """Named in the threat model: nothing came after it, so nothing misses it."""
    await logged.act()
    async with db.transaction() as conn:
        await conn.execute("SET LOCAL session_replication_role = replica")
        for sql in (*GONE, "UPDATE feed_counters SET acts = acts - 1"):
            await conn.execute(sql)
    assert await found() == set()


@pytest.mark.requirement("R53")
async def test_bytes_that_wait_exchanged_for_others_are_missed_and_do_not_match(logged: Author) -> None:
    """The number is kept, so there is no hole; but the act that the journal holds has no leaf, and the leaf no act."""
    await logged.act()
    async with db.transaction() as conn:
        await conn.execute("SET LOCAL session_replication_role = replica")
        await conn.execute("UPDATE log_pending SET leaves = ARRAY['x'::bytea]")
    assert await found() == {"not_logged"}
    await sequencer.catch_up()
    assert await found() == {"not_logged", "source_gone"}


async def test_what_remains_is_an_act_changed_with_its_bytes_in_the_moment_before_it_is_logged(logged: Author) -> None:
    """Named in the threat model: the log never had the act as it was, and of one at a desk nobody holds a promise."""
    await logged.act()
    async with db.transaction() as conn:
        await conn.execute("SET LOCAL session_replication_role = replica")
        row = await conn.fetchrow(
            'UPDATE journal_entries SET data = \'{"reason": "别的"}\' WHERE id = (SELECT max(id::text)::uuid'
            f" FROM journal_entries) RETURNING {ENTRY_COLUMNS}"
        )
        await conn.execute("UPDATE log_pending SET leaves = $1", [entry_leaf(row_bytes(row))])
    await sequencer.catch_up()
    assert await found() == set()


async def test_a_leaf_that_belongs_to_no_act_is_named(logged: Author) -> None:
    await db.execute("INSERT INTO log_leaves (idx, leaf_hash, leaf, at) VALUES (44, sha256('\\x0078'), 'x', now())")
    assert await found() == {"not_counted", "source_gone"}


async def test_a_statement_that_was_never_logged_or_is_gone(logged: Author) -> None:
    async def kept(conn: db.Connection) -> AsyncIterator[Sequence[sources.Logged]]:
        yield [("statement 1", b"never logged")]

    sources.bind([kept])
    assert await found() == {"not_logged", "source_gone"}


async def test_the_console_says_it_in_both_languages(logged: Author, dsn: str) -> None:
    await db.disconnect()
    told: list[str] = []
    assert await console.audit(dsn, told.append)
    assert told[-1].strip() == "✓ 全部相符 · everything agrees"
    assert "日志 44 条" in told[0]
    assert "33 acts, 7 signed statements" in told[0]
    await db.connect(dsn, min_size=1, max_size=2)
    await db.execute("ALTER TABLE log_nodes DISABLE TRIGGER USER")
    await db.execute("UPDATE log_nodes SET hash = sha256('x')")
    await db.disconnect()
    told.clear()
    assert not await console.audit(dsn, told.append)
    assert "  ✗ 树节点 4/0 被改动。 · Node 4/0 of the tree was altered." in told
    await db.connect(dsn, min_size=1, max_size=2)
