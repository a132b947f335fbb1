"""Turns what waits into leaves, and signs the new state: one at a time in the whole installation.

Acts never wait for it. While it is down, ``log_pending`` grows and can be seen growing; when it is back it goes on
where the database stands. Leaves, tree and the removal of what waited are one transaction, so a process killed at any
point has either done all of a batch or nothing. Organisations take turns: who records much waits for himself alone.
What no act of ours can have left there (somebody wrote it past us) stays where it is, holds up nothing, and is told.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Final
from uuid import UUID

import structlog

from server.journal.leaves import LONGEST_LEAF
from server.kit import clock, db
from server.kit.listen import Listener
from server.tlog import keys, store, tallies
from server.tlog.alarms import sound_everywhere
from server.tlog.notes import checkpoint_body
from server.tlog.store import LogBroken
from server.tlog.tree import Frontier

log = structlog.get_logger(__name__)

CHANNEL: Final = "zhicha_log"
_ROWS: Final = 500  # taken at a time; each is what one transaction recorded
_BATCHES: Final = 20  # appended before the next checkpoint, however much more waits
_TICK_SECONDS: Final = 1.0
_GATHER_SECONDS: Final = 0.25  # between checkpoints: a busy office does not need more than four a second
_LONGEST_PAUSE: Final = 30.0
_PATIENCE: Final = 5  # rounds that may fail before people are told

# What the log can take: without this it would refuse a whole batch, in each round again.
_POSSIBLE: Final = (
    "(p.n > 0 OR p.n IS NULL) AND NOT EXISTS (SELECT 1 FROM unnest(p.leaves) AS u (leaf)"
    f" WHERE coalesce(octet_length(leaf), 0) NOT BETWEEN 1 AND {LONGEST_LEAF})"
)
# The first of each organisation, then the second of each; what was recorded before the log belongs to none of them.
_TURNS: Final = (
    "SELECT p.id, p.org_id, p.n, p.leaves FROM"
    " (SELECT id FROM organisations UNION ALL SELECT '00000000-0000-0000-0000-000000000000') o"
    " CROSS JOIN LATERAL (SELECT p.*, row_number() OVER (ORDER BY p.n, p.id) AS turn FROM log_pending p"
    f" WHERE p.org_id = o.id AND (p.n IS NULL) = (o.id = '00000000-0000-0000-0000-000000000000') AND {_POSSIBLE}"
    "  ORDER BY p.n, p.id LIMIT $1) p ORDER BY p.turn, p.org_id LIMIT $1"
)
_IMPOSSIBLE: Final = (
    f"SELECT p.id, p.n FROM log_pending p WHERE NOT ({_POSSIBLE}) OR (p.n IS NULL) ="
    " EXISTS (SELECT 1 FROM organisations o WHERE o.id = p.org_id) ORDER BY p.id LIMIT 10"
)


async def append_pending(rows: int = _ROWS) -> int:
    """Append what waits, each organisation's acts by their numbers; returns how many rows were taken, of ``rows``.

    Where a number is missing its act was removed before it got here: the tally says so for ever, and people are told,
    as they are of rows that cannot become leaves.

    Raises:
        LogBroken: parts of the tree are gone.
    """
    async with db.transaction() as conn:
        await store.lock(conn)
        waiting = sorted(await conn.fetch(_TURNS, rows), key=lambda row: (row["org_id"], row["n"] or 0, row["id"]))
        first = await store.size(conn)
        batch = await tallies.batch_of(conn, waiting, first)
        if batch.leaves:
            await _append(conn, first, batch.leaves)
            await tallies.keep(conn, batch)
        if waiting:
            await conn.execute("DELETE FROM log_pending WHERE id = ANY($1::uuid[])", [row["id"] for row in waiting])
        left = await conn.fetch(_IMPOSSIBLE) if len(waiting) < rows else []
    if left:
        told = [{"row": str(row["id"]), "n": row["n"]} for row in left]
        log.error("cannot_be_logged", rows=told)
        await _warn("LOG_STUCK", json.dumps({"refused": told}))
    for hole in batch.holes:
        log.error("act_missing", org_id=str(hole.org_id), first=hole.first, last=hole.last)
        await _warn("ACT_MISSING", json.dumps({"first": hole.first, "last": hole.last}), hole.org_id)
    return len(waiting)


async def _append(conn: db.Connection, first: int, leaves: dict[bytes, bytes]) -> None:
    frontier = Frontier(first, await store.hashes(conn, Frontier.needed(first)))
    nodes = frontier.append(list(leaves))
    await conn.execute(
        "INSERT INTO log_leaves (idx, leaf_hash, leaf, at)"
        " SELECT $1 + n - 1, h, l, $2 FROM unnest($3::bytea[], $4::bytea[]) WITH ORDINALITY AS t (h, l, n)",
        first,
        clock.now(),
        list(leaves),
        list(leaves.values()),
    )
    if nodes:
        await conn.execute(
            "INSERT INTO log_nodes (level, idx, hash)"
            " SELECT l, i, h FROM unnest($1::smallint[], $2::bigint[], $3::bytea[]) AS t (l, i, h)",
            *(list(column) for column in zip(*nodes, strict=True)),
        )


async def sign_checkpoint() -> int | None:
    """Sign the present state unless it is signed already; returns its size, ``None`` while the log is empty.

    Raises:
        LogBroken: the tree no longer begins with what was signed last; it is never signed over.
    """
    async with db.transaction() as conn:
        await store.lock(conn)
        last = await conn.fetchrow("SELECT size, root FROM log_checkpoints ORDER BY size DESC LIMIT 1")
        size = await store.size(conn)
        signed = last["size"] if last else 0
        if size == signed:
            return size or None
        if size < signed:
            raise LogBroken(f"{size} leaves are here, {signed} were signed")
        kept = await store.hashes(conn, Frontier.needed(size) | Frontier.needed(signed))
        if last and Frontier(signed, kept).root() != last["root"]:
            raise LogBroken(f"the first {signed} leaves are not those that were signed")
        root = Frontier(size, kept).root()
        signers = await keys.signers(conn, signed)
        origin = signers[0].origin
        body = checkpoint_body(origin, size, root)
        await conn.execute(
            "INSERT INTO log_checkpoints (size, origin, root, body, signatures, at) VALUES ($1, $2, $3, $4, $5, $6)",
            size,
            origin,
            root,
            body,
            "".join(signer.signature_line(body) for signer in signers),
            clock.now(),
        )
        return size


async def catch_up() -> int | None:
    """Append all that waits (within bounds) and sign; returns the size that is signed."""
    for _ in range(_BATCHES):
        if await append_pending() < _ROWS:
            break
    return await sign_checkpoint()


async def _is_behind() -> bool:
    """Whether anything is to be done, asked without the lock: an idle office costs one query a second."""
    behind: bool = await db.fetch_value(
        "SELECT EXISTS (SELECT 1 FROM log_pending)"
        " OR coalesce((SELECT max(idx) + 1 FROM log_leaves), 0) <> coalesce((SELECT max(size) FROM log_checkpoints), 0)"
    )
    return behind


async def _warn(kind: str, text: str, org_id: UUID | None = None) -> None:
    """Tell people. That the alarm is an act which waits for the very log that is broken does not keep it back."""
    try:
        await sound_everywhere(kind, text, org_id=org_id)
    except Exception as error:  # whatever it is, the sequencer goes on
        log.error("alarm_not_raised", exc_info=error)


class Sequencer:
    """Catches up whenever something was recorded, and every second in case nobody said so."""

    def __init__(self, dsn: str) -> None:
        self._wake = asyncio.Event()
        self._listener = Listener(dsn, CHANNEL, lambda _: self._wake.set(), self._wake.set)

    async def run(self) -> None:
        """Work until cancelled. Whatever fails is tried again, so that nothing else in the process has to know."""
        listening = asyncio.create_task(self._listener.run())
        pause, failed = _TICK_SECONDS, 0
        try:
            while True:
                await self._woken(pause)
                try:
                    if await _is_behind():
                        await catch_up()
                    pause, failed = _TICK_SECONDS, 0
                except LogBroken as error:
                    pause = min(2 * pause, _LONGEST_PAUSE)
                    log.error("log_broken", detail=str(error))
                    await _warn("LOG_BROKEN", str(error))
                except Exception as error:
                    if db.is_gone(error):  # nobody could be told now
                        log.warning("sequencer_waits", error=type(error).__name__, detail=str(error))
                    else:
                        pause, failed = min(2 * pause, _LONGEST_PAUSE), failed + 1
                        log.error("sequencer_failed", exc_info=error)
                    if failed >= _PATIENCE:
                        await _warn("LOG_STUCK", json.dumps({"error": f"{type(error).__name__}: {error}"[:1000]}))
                await asyncio.sleep(max(_GATHER_SECONDS, pause - _TICK_SECONDS))
        finally:
            listening.cancel()
            await asyncio.wait([listening])

    async def _woken(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        self._wake.clear()
