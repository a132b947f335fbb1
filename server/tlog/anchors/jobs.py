"""From an act to a time stamp: find the act's leaf, want a stamp that covers it, ask the authorities."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import structlog

from server.journal import leaves
from server.journal.effects import Effects
from server.kit import clock, db
from server.kit.ids import new_id
from server.kit.jobs import Handler, Job, Task, TryAgain
from server.tlog import queries as log
from server.tlog.anchors.events import AnchorAsked
from server.tlog.anchors.failures import failed
from server.tlog.anchors.outside import Authority, outside
from server.tlog.anchors.stamping import NotStamped, Stamp, obtain
from server.tlog.anchors.wanting import STAMP, Pending, Reason, pending_stamps, want
from server.tlog.queries import Checkpoint

logger = structlog.get_logger(__name__)

# Bound to events by the composition root, which knows what a seal and a decision are. The sequencer is quick; when it
# stands still, the act waits here with its own patience.
ANCHOR_SEAL: Final = Job("log.anchor_seal", attempts=40, first_pause=timedelta(seconds=1), concurrency=4)
ANCHOR_DECISION: Final = Job("log.anchor_decision", attempts=40, first_pause=timedelta(seconds=1), concurrency=4)
ANCHOR_DEMAND: Final = Job("log.anchor_demand", attempts=40, first_pause=timedelta(seconds=1), concurrency=4)

ON_EVENT: Effects = {AnchorAsked: (ANCHOR_DEMAND,)}


async def _anchor_entry(task: Task, reason: Reason) -> None:
    """Want a time stamp that covers an entry of the journal.

    Raises:
        TryAgain: no checkpoint contains the entry yet.
    """
    entry = await db.fetch_one(
        f"SELECT {leaves.ENTRY_COLUMNS} FROM journal_entries WHERE id = $1 AND org_id = $2", task.entry_id, task.org_id
    )
    if entry is None:
        return
    digest = leaves.leaf_hash(leaves.entry_leaf(leaves.row_bytes(entry)))
    async with db.transaction() as conn:
        index = await conn.fetchval("SELECT idx FROM log_leaves WHERE leaf_hash = $1", digest)
        latest = await log.latest_checkpoint(conn)
        if index is None or latest is None or latest.size <= index:
            raise TryAgain("the entry is not in the log yet")
        await want(conn, reason, index + 1, entry_id=task.entry_id)


async def anchor_seal(task: Task) -> None:
    """A chain was sealed: whatever happens on the server from now on, this much existed."""
    await _anchor_entry(task, "seal")


async def anchor_decision(task: Task) -> None:
    """Something was laid before those who decide, or judged: what it rests on existed."""
    await _anchor_entry(task, "decision")


async def anchor_demand(task: Task) -> None:
    """Somebody asked."""
    await _anchor_entry(task, "demand")


async def stamp(task: Task) -> None:
    """Have one authority (``subject_id``) stamp the newest checkpoint, until nothing wanted is left."""
    authority = next((one for one in outside().authorities if one.id == task.subject_id), None)
    while authority is not None:
        async with db.connection() as conn:
            pending = await pending_stamps(conn, authority.name)
            checkpoint = await log.latest_checkpoint(conn)
        if pending is None or checkpoint is None or checkpoint.size < pending.size:
            return
        try:
            obtained = await asyncio.to_thread(obtain, authority.url, outside().roots, checkpoint.note.encode())
        except NotStamped as refused:
            logger.warning("not_stamped", tsa=authority.name, code=refused.code, detail=refused.detail)
            async with db.connection() as conn:
                await failed(conn, "tsa", authority.name, refused.code, refused.detail)
            return
        await _keep(authority, checkpoint, obtained, pending)


async def _keep(authority: Authority, checkpoint: Checkpoint, obtained: Stamp, pending: Pending) -> None:
    await db.execute(
        "INSERT INTO log_anchors (id, size, tsa, imprint, token, gen_time, certificate_sha256, certificate_until,"
        " requested_for, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (tsa, size) DO NOTHING",
        new_id(),
        checkpoint.size,
        authority.name,
        obtained.imprint,
        obtained.token,
        obtained.gen_time,
        obtained.certificate_sha256,
        obtained.certificate_until,
        list(pending.reasons),
        clock.now(),
    )


HANDLERS: Mapping[Job, Handler] = {
    ANCHOR_SEAL: anchor_seal,
    ANCHOR_DECISION: anchor_decision,
    ANCHOR_DEMAND: anchor_demand,
    STAMP: stamp,
}
