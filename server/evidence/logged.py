"""Which leaves the log must have of the statements that are kept: for the audit of the log."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Sequence
from typing import Final
from uuid import UUID

from server.evidence.signatures import envelope_sha256
from server.journal.leaves import statement_leaf
from server.kit import clock, db

_AT_A_TIME: Final = 2000
_KEPT: Final = (("session/1", "capture_sessions"), ("statement", "statements"))


async def statement_leaves(conn: db.Connection) -> AsyncIterator[Sequence[tuple[str, bytes]]]:
    """Names and leaves of all statements in batches, made from the exact bytes and not from the stored digests."""
    for name, table in _KEPT:
        last = UUID(int=0)
        while rows := await conn.fetch(
            f"SELECT id, statement, signature, received_at FROM {table} WHERE id > $1 ORDER BY id LIMIT $2",
            last,
            _AT_A_TIME,
        ):
            yield [(f"{name} {row['id']}", _leaf(row)) for row in rows]
            last = rows[-1]["id"]


def _leaf(row: db.Record) -> bytes:
    statement, signature = bytes(row["statement"]), bytes(row["signature"])
    env = envelope_sha256(statement, signature)
    return statement_leaf(env, hashlib.sha256(statement).digest(), clock.to_ms(row["received_at"]))
