"""That a time stamp is wanted, and what is pending. Wants are only ever added; an anchor large enough meets them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from server.kit import clock, db, jobs
from server.kit.ids import new_id
from server.kit.jobs import Job, Task
from server.tlog.anchors.failures import failures_since
from server.tlog.anchors.outside import Authority, WitnessBody, outside
from server.tlog.queries import latest_checkpoint

Reason = Literal["hourly", "seal", "decision", "demand"]

# Neither is retried by the queue: failures are counted in the database, and the clock's chore tries again. One at a
# time: bodies that keep silent must not hold all hands of a worker.
STAMP: Final = Job("log.stamp", attempts=3, concurrency=1)
COSIGN: Final = Job("log.cosign", attempts=3, concurrency=1)

_SOON: Final = timedelta(minutes=1)

NO_ORG: Final = UUID(int=0)
"""The log is the installation's; its jobs belong to no organisation."""


@dataclass(frozen=True, slots=True)
class Pending:
    """What an authority has not stamped yet: since when, why, and how many leaves a checkpoint must have."""

    since: datetime
    size: int
    reasons: tuple[str, ...]


async def want(conn: db.Connection, reason: Reason, size: int, *, entry_id: UUID | None = None) -> None:
    """Ask for a time stamp of at least ``size`` leaves and start the jobs; twice for one entry is one want."""
    added = await conn.fetchval(
        "INSERT INTO log_anchor_wants (id, size, reason, entry_id, at) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (entry_id) DO NOTHING RETURNING id",
        new_id(),
        size,
        reason,
        entry_id,
        clock.now(),
    )
    if added is not None:
        await start(conn, STAMP, outside().authorities)


async def want_covering(conn: db.Connection, reason: Reason, index: int, *, entry_id: UUID) -> bool:
    """Ask for a stamp that covers this leaf, unless every authority gave one or is asked for one; false: not logged.

    The want is of the newest checkpoint, which is what would be stamped anyway: whoever asks next finds it covered. An
    authority that failed a while ago is tried again before its pause is over, since somebody is about to decide.
    """
    # One after the other: of many at once the first wants, and the others find that.
    await conn.execute("SELECT pg_advisory_xact_lock(hashtextextended('stamp wanted', 0))")
    covering = {row["tsa"] for row in await conn.fetch("SELECT DISTINCT tsa FROM log_anchors WHERE size > $1", index)}
    lacking = [one for one in outside().authorities if one.name not in covering]
    if not lacking:
        return True
    if await conn.fetchval("SELECT EXISTS (SELECT 1 FROM log_anchor_wants WHERE size > $1)", index):
        for one in lacking:
            failures = await failures_since(conn, "tsa", one.name, await last_stamped(conn, one))
            if failures is not None and failures.last_at + _SOON <= clock.now():
                await start(conn, STAMP, (one,))
        return True
    checkpoint = await latest_checkpoint(conn)
    if checkpoint is None or checkpoint.size <= index:
        return False
    await want(conn, reason, checkpoint.size, entry_id=entry_id)
    return True


async def start(conn: db.Connection, job: Job, bodies: tuple[Authority, ...] | tuple[WitnessBody, ...]) -> None:
    """Queue the job for each of these bodies, unless it is queued or running already."""
    await jobs.enqueue(conn, [(job, Task(org_id=NO_ORG, entry_id=body.id, subject_id=body.id)) for body in bodies])


async def pending_stamps(conn: db.Connection, tsa: str) -> Pending | None:
    """What this authority has not stamped yet; ``None`` when it has stamped everything wanted."""
    row = await conn.fetchrow(
        "SELECT min(at) AS since, max(size) AS size, array_agg(DISTINCT reason ORDER BY reason) AS reasons"
        " FROM log_anchor_wants WHERE size > coalesce((SELECT max(size) FROM log_anchors WHERE tsa = $1), 0)",
        tsa,
    )
    return None if row["since"] is None else Pending(row["since"], row["size"], tuple(row["reasons"]))


async def last_stamped(conn: db.Connection, authority: Authority) -> datetime | None:
    """When the authority last gave a stamp that was kept, by our clock."""
    at: datetime | None = await conn.fetchval("SELECT max(at) FROM log_anchors WHERE tsa = $1", authority.name)
    return at


async def last_cosigned(conn: db.Connection, witness: WitnessBody) -> tuple[int, datetime | None]:
    """The largest size that the witness cosigned, as we know it (0: none), and when we got the last one."""
    row = await conn.fetchrow(
        "SELECT coalesce(max(size), 0) AS size, max(at) AS at FROM log_cosignatures WHERE witness = $1 AND key_id = $2",
        witness.key.name,
        witness.key.key_id,
    )
    return row["size"], row["at"]
