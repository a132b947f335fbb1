"""What lists show of a statement cannot be changed unseen, not even by who switches the guards off and on again."""

from __future__ import annotations

import pytest

from server.access.roles import Role
from server.evidence.logged import altered_readings, statement_leaves
from server.journal.leaves import ENTRY_COLUMNS, entry_leaf, leaf_hash, row_bytes
from server.kit import b64u, db
from server.tlog import sequencer
from server.tlog.audit import audit
from tests.factories.chain import gps
from tests.factories.device import Phone
from tests.factories.fieldwork import SITE, planned_visit
from tests.factories.people import Office

pytestmark = [pytest.mark.anyio, pytest.mark.requirement("R53")]

CHANGES = (
    "UPDATE captures SET captured_at = captured_at - interval '1 day'",
    "UPDATE captures SET wall_ms = wall_ms - 60000",
    "UPDATE captures SET lat_e7 = lat_e7 + 1000",
    "UPDATE captures SET note = '别的'",
    "UPDATE captures SET site_id = NULL",
    "UPDATE captures SET received_at = received_at - interval '1 hour'",
    "UPDATE originals SET sha256 = sha256('x')",
    "UPDATE statements SET private = replace(convert_from(private, 'UTF8'), '东侧', '西侧')::bytea",
    "DELETE FROM originals",
)


async def test_the_audit_reads_the_statements_again(office: Office) -> None:
    phone = await Phone.enrolled(await office.caller("linxia", Role.SUP, Role.TM))
    chain = await phone.chain(await planned_visit(office, phone.caller.person_id))
    (taken,) = await phone.record(chain, gps=gps(*SITE), note="东侧")
    await phone.record(chain, with_private=False)
    await phone.push(chain.note("东侧"), chain.seal(), chain.cosign(with_private=False))
    await sequencer.catch_up()
    assert (await audit()).findings == []
    for change in CHANGES:
        async with db.connection() as conn:
            undone = conn.transaction()
            await undone.start()
            await _behind_the_guards(conn, change)
            named = [name async for batch in altered_readings(conn) for name, _ in batch]
            await undone.rollback()
        assert f"capture/1 {taken.id}" in named, change
    async with db.transaction() as conn:
        await _behind_the_guards(conn, CHANGES[0])
    assert f"capture/1 {taken.id}" in " ".join(one.en for one in (await audit()).findings)


async def test_a_time_of_receipt_set_back_everywhere_before_it_is_logged_is_contradicted_by_the_phone(
    office: Office,
) -> None:
    """Rows, acts and the bytes that wait agree, and their number is kept: the audit finds nothing, the phone does."""
    phone = await Phone.enrolled(await office.caller("linxia", Role.SUP, Role.TM))
    chain = await phone.chain(await planned_visit(office, phone.caller.person_id))
    await sequencer.catch_up()
    (answer,) = await phone.push(chain.capture().operation)
    async with db.transaction() as conn:
        for table in ("statements", "captures"):
            await _behind_the_guards(conn, f"UPDATE {table} SET received_at = received_at - interval '1 day'")
        await _behind_the_guards(
            conn, "UPDATE journal_entries SET at = at - interval '1 day' WHERE kind = 'capture.recorded'"
        )
        (entry,) = await conn.fetch(f"SELECT {ENTRY_COLUMNS} FROM journal_entries WHERE kind = 'capture.recorded'")
        leaves = [leaf async for batch in statement_leaves(conn) for _, leaf in batch]
        await conn.execute("UPDATE log_pending SET leaves = $1", [leaves[-1], entry_leaf(row_bytes(entry))])
    await sequencer.catch_up()
    assert (await audit()).findings == []
    promised = b64u.encode(leaf_hash(answer["receipt"]["leaf"].encode()))
    proofs = (await phone.caller.post("/api/log/proofs", {"leaves": [promised], "since": None})).json()
    assert proofs["checkpoint"]
    assert proofs["proofs"] == {}


async def _behind_the_guards(conn: db.Connection, change: str) -> None:
    await conn.execute("SET LOCAL session_replication_role = replica")  # no trigger runs
    await conn.execute(change)
