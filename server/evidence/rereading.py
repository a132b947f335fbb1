"""Once a month every original is read again from the store and compared with its signed digest.

An hourly chore does a part of it, so that a restart costs little and a slow store is not kept busy. What differs is an
entry about that capture and an alarm at once; when all is read, one entry sums up.
"""

from __future__ import annotations

import errno
import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import structlog

from media import keys
from media.store import ObjectMissing
from server.access.actor import system_actor
from server.evidence.events import OriginalDiffers, OriginalsReread
from server.journal.work import unit_of_work
from server.kit import clock, db, media
from server.kit.ids import new_id
from server.tlog.alarms import Alarm, sound

log = structlog.get_logger(__name__)

_BATCH: Final = 50
_SECONDS: Final = 600.0  # of each hour
_START: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class _Found:
    row: Any
    digest: str
    """Lower-case hex; empty when the object is gone."""

    @property
    def differs(self) -> bool:
        return self.digest != bytes(self.row["sha256"]).hex()


async def reread_originals(seconds: float = _SECONDS) -> None:
    """Go on with this month's reading, of each organisation in turn, for at most so long."""
    end = time.monotonic() + seconds
    month = clock.today().replace(day=1)
    for org in await db.fetch("SELECT id FROM organisations ORDER BY id"):
        await db.execute(
            "INSERT INTO rehash_runs (id, org_id, month, started_at, after_id) VALUES ($1, $2, $3, $4, $5)"
            " ON CONFLICT DO NOTHING",
            new_id(),
            org["id"],
            month,
            clock.now(),
            _START,
        )
    for run in await db.fetch("SELECT id, org_id FROM rehash_runs WHERE month = $1 AND finished_at IS NULL", month):
        while time.monotonic() < end and await _batch(run["id"], run["org_id"]):
            continue


async def _batch(run_id: UUID, org_id: UUID) -> bool:
    """Read the next originals of a run; whether there may be more to read here."""
    after = await db.fetch_value("SELECT after_id FROM rehash_runs WHERE id = $1 AND finished_at IS NULL", run_id)
    if after is None:
        return False
    rows = await db.fetch(
        "SELECT o.id, o.capture_id, o.sha256, o.bytes FROM originals o"
        " WHERE o.org_id = $1 AND o.id > $2 AND o.received_at IS NOT NULL ORDER BY o.id LIMIT $3",
        org_id,
        after,
        _BATCH,
    )
    found = [_Found(row, await _digest(org_id, bytes(row["sha256"]).hex())) for row in rows]
    return await _record(run_id, org_id, after, found, last=len(rows) < _BATCH)


async def _digest(org_id: UUID, sha256: str) -> str:
    digest = hashlib.sha256()
    try:
        async for piece in await media.store().open(keys.original_key(org_id, sha256)):
            digest.update(piece)
    except ObjectMissing:
        return ""
    except OSError as error:
        if error.errno != errno.EIO:  # a store out of reach says nothing about what it holds
            raise
        return ""  # the disk gives it back no more
    return digest.hexdigest()


async def _record(run_id: UUID, org_id: UUID, after: UUID, found: Sequence[_Found], *, last: bool) -> bool:
    wrong = [one for one in found if one.differs]
    async with unit_of_work(system_actor(org_id)) as work:
        run = await work.conn.fetchrow(
            "UPDATE rehash_runs SET after_id = $3, checked = checked + $4, bytes = bytes + $5,"
            " differing = differing + $6, missing = missing + $7, finished_at = $8"
            " WHERE id = $1 AND after_id = $2 AND finished_at IS NULL RETURNING *",
            run_id,
            after,
            found[-1].row["id"] if found else after,
            len(found),
            sum(one.row["bytes"] for one in found),
            sum(1 for one in wrong if one.digest),
            sum(1 for one in wrong if not one.digest),
            work.at if last else None,
        )
        if run is None:  # another worker read these meanwhile
            return False
        for one in wrong:
            work.record(
                OriginalDiffers(
                    subject_id=one.row["capture_id"], sha256=bytes(one.row["sha256"]).hex(), found_sha256=one.digest
                )
            )
            proof = {"signed_sha256": bytes(one.row["sha256"]).hex(), "found_sha256": one.digest or None}
            await sound(work, Alarm("ORIGINAL_DIFFERS", json.dumps(proof), capture_id=one.row["capture_id"]))
        if last:
            work.record(
                OriginalsReread(
                    subject_id=run_id,
                    month=run["month"].isoformat()[:7],
                    checked=run["checked"],
                    bytes=run["bytes"],
                    differing=run["differing"],
                    missing=run["missing"],
                )
            )
    for one in wrong:
        log.error("original_differs", capture_id=str(one.row["capture_id"]), missing=not one.digest)
    return not last
