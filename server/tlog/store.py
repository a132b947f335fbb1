"""The tree in PostgreSQL: how many leaves there are, and the kept hashes of any part of it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from server.kit import db
from server.tlog.tree import Node

LOCK: Final = 7_733_002  # any constant; the advisory lock "zhicha log", for whoever appends or signs


class LogBroken(RuntimeError):
    """The log in the database is not what was signed, or parts of it are gone: ``zhicha log audit`` says what."""


async def lock(conn: db.Connection) -> None:
    """Be the only one to append or sign until the transaction ends; one that hangs is ended after half a minute."""
    await conn.fetchval(
        "SELECT set_config('idle_in_transaction_session_timeout', '30s', true), pg_advisory_xact_lock($1)", LOCK
    )


async def size(conn: db.Connection) -> int:
    """The number of leaves."""
    count: int = await conn.fetchval("SELECT coalesce(max(idx) + 1, 0) FROM log_leaves")
    return count


async def hashes(conn: db.Connection, nodes: Collection[Node]) -> dict[Node, bytes]:
    """The kept hashes of leaves and complete subtrees.

    Raises:
        LogBroken: one is not there although the log has that size.
    """
    above = [node for node in nodes if node[0]]
    rows = await conn.fetch(
        "SELECT 0::smallint AS level, idx, leaf_hash AS hash FROM log_leaves WHERE idx = ANY($1::bigint[])"
        " UNION ALL SELECT n.level, n.idx, n.hash FROM unnest($2::smallint[], $3::bigint[]) AS t (level, idx)"
        " JOIN log_nodes n ON n.level = t.level AND n.idx = t.idx",
        [place for level, place in nodes if level == 0],
        [level for level, _ in above],
        [place for _, place in above],
    )
    if len(rows) < len(nodes):
        raise LogBroken(f"{len(nodes) - len(rows)} hashes of the tree are missing")
    return {(row["level"], row["idx"]): row["hash"] for row in rows}
