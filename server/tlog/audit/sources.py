"""What the log was made of: every act and statement has its leaf or still waits, and every leaf belongs to one."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from server.journal.leaves import ENTRY_COLUMNS, entry_leaf, leaf_hash, row_bytes
from server.kit import db
from server.kit.canonical import NotCanonical
from server.tlog.audit.findings import Report

_AT_A_TIME: Final = 5000

Logged = tuple[str, bytes]
"""What a row is called in a report, and the leaf that the log must have of it."""

Source = Callable[[db.Connection], AsyncIterator[Sequence[Logged]]]
"""The leaves that a package's rows demand, in batches."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A query for rows that show something else than the acts say, by ``id``, and what such a row is called."""

    name: str
    sql: str


_sources: list[Source] = []
_comparisons: list[Comparison] = []


def bind(sources: Iterable[Source], comparisons: Iterable[Comparison] = ()) -> None:
    """Set where statements are kept and what is shown: packages above the log (called by ``server.wiring``)."""
    _sources[:] = sources
    _comparisons[:] = comparisons


async def check_shown(conn: db.Connection, report: Report) -> None:
    """Compare what lists and pages show with the acts, each of which was found in the log."""
    for one in _comparisons:
        for row in await conn.fetch(one.sql):
            report.say(
                "shown_differs",
                f"所示的“{one.name} {row['id']}”与日志中的操作不符：被改动、添加或删除过。",
                f"What is shown as “{one.name} {row['id']}” is not what the acts say: changed, added or removed.",
            )


async def check_sources(conn: db.Connection, report: Report, size: int, keys: set[bytes]) -> None:
    """Match rows and leaves, in both directions.

    Args:
        size: the number of leaves.
        keys: hashes of leaves that the log itself added: of its keys and its tallies.
    """
    waiting = {leaf_hash(leaf) for row in await conn.fetch("SELECT leaves FROM log_pending") for leaf in row["leaves"]}
    seen = bytearray(size)
    await _match(conn, report, seen, waiting, [("", leaf) for leaf in keys])
    async for batch in _entries(conn, report):
        report.entries += len(batch)
        await _match(conn, report, seen, waiting, batch)
    for source in _sources:
        async for logged in source(conn):
            report.statements += len(logged)
            await _match(conn, report, seen, waiting, [(name, leaf_hash(leaf)) for name, leaf in logged])
    report.waiting = len(waiting)
    await _tell_unmatched(conn, report, seen)


async def _entries(conn: db.Connection, report: Report) -> AsyncIterator[list[Logged]]:
    """The journal, as names and leaf hashes."""
    last = UUID(int=0)
    while rows := await conn.fetch(
        f"SELECT {ENTRY_COLUMNS} FROM journal_entries WHERE id > $1 ORDER BY id LIMIT $2", last, _AT_A_TIME
    ):
        batch: list[Logged] = []
        for row in rows:
            try:
                batch.append((f"{row['kind']} {row['id']}", leaf_hash(entry_leaf(row_bytes(row)))))
            except NotCanonical:  # no event writes such data
                _tell_missing(report, f"{row['kind']} {row['id']}")
        yield batch
        last = rows[-1]["id"]


async def _match(
    conn: db.Connection, report: Report, seen: bytearray, waiting: set[bytes], batch: Sequence[Logged]
) -> None:
    rows = await conn.fetch(
        "SELECT leaf_hash, idx FROM log_leaves WHERE leaf_hash = ANY($1::bytea[])", [digest for _, digest in batch]
    )
    places = {row["leaf_hash"]: row["idx"] for row in rows}
    for name, digest in batch:
        place = places.get(digest)
        if place is not None and place < len(seen):
            seen[place] = 1
        elif digest not in waiting:
            _tell_missing(report, name)


def _tell_missing(report: Report, name: str) -> None:
    report.say(
        "not_logged",
        f"“{name}”不在日志中：被改动过，或从未入日志。" if name else "日志密钥的更换不在日志中。",
        f"“{name}” is not in the log: it was altered, or never logged."
        if name
        else "A change of the log's key is not in the log.",
    )


async def _tell_unmatched(conn: db.Connection, report: Report, seen: bytearray) -> None:
    place = seen.find(0)
    while place >= 0:
        leaf = await conn.fetchval("SELECT leaf FROM log_leaves WHERE idx = $1", place)
        zh, en = _KINDS.get(_kind(leaf), ("内容", "something"))
        report.say(
            "source_gone",
            f"日志第 {place} 条所记的{zh}已被删除或改动。",
            f"What leaf {place} records ({en}) was removed or altered.",
        )
        place = seen.find(0, place + 1)


_KINDS: Final = {
    "entry": ("操作", "an act"),
    "statement": ("签名陈述", "a signed statement"),
    "log-key": ("密钥", "a key"),
}


def _kind(leaf: bytes) -> str:
    try:
        return str(json.loads(leaf)["k"])
    except (ValueError, KeyError, TypeError):
        return ""
