"""Proofs against one checkpoint for everything that a bundle says is in the log; without them there is no bundle."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from server.bundles.errors import LogPending
from server.journal.leaves import leaf_hash
from server.kit import db
from server.tlog import queries as tlog
from server.tlog.anchors import queries as stamps
from server.tlog.anchors.outside import outside
from server.tlog.queries import Checkpoint, Inclusion

PATIENCE_SECONDS: Final = 6.0
_PAUSE_SECONDS: Final = 0.25


@dataclass(frozen=True, slots=True)
class Proofs:
    """A checkpoint and the place of every leaf in it, by leaf hash."""

    checkpoint: Checkpoint
    inclusions: dict[bytes, Inclusion]

    def of(self, leaf: bytes) -> Inclusion:
        """Where the leaf stands."""
        return self.inclusions[leaf_hash(leaf)]


Vouched = Literal["done", "waiting", "none"]
"""Whether outside bodies vouch for all of it: they do, they are still to, or none is set up."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far leaves have come: how many the log lacks, and whether outside bodies vouch for all of them."""

    waiting: int
    stamped: Vouched
    witnessed: Vouched


async def standing(leaves: Sequence[bytes]) -> Standing:
    """How far these leaves have come."""
    hashes = [leaf_hash(leaf) for leaf in leaves]
    stamping, witnessing = bool(outside().authorities), bool(outside().witnesses)
    async with db.connection() as conn:
        checkpoint = await tlog.latest_checkpoint(conn)
        if checkpoint is None:
            return Standing(len(hashes), _vouched(False, stamping), _vouched(False, witnessing))
        found = await tlog.inclusions(conn, hashes, checkpoint.size)
        missing = len(set(hashes) - set(found))
        last = max((one.index for one in found.values()), default=-1)
        stamp = await stamps.earliest_covering(conn, last)
        witnessed = await stamps.latest_cosigned(conn)
    return Standing(
        missing,
        _vouched(not missing and stamp is not None, stamping),
        _vouched(not missing and witnessed is not None and witnessed.size > last, witnessing),
    )


def _vouched(done: bool, configured: bool) -> Vouched:
    return "done" if done else "waiting" if configured else "none"


async def proven(leaves: Sequence[bytes]) -> Proofs:
    """Proofs of all leaves against the newest checkpoint; what was recorded a moment ago is waited for.

    Raises:
        LogPending: after a few seconds some are still missing.
    """
    hashes = [leaf_hash(leaf) for leaf in leaves]
    missing = len(hashes)
    for pause in range(int(PATIENCE_SECONDS / _PAUSE_SECONDS) + 1):
        if pause:
            await asyncio.sleep(_PAUSE_SECONDS)
        async with db.connection() as conn:
            checkpoint = await tlog.latest_checkpoint(conn)
            if checkpoint is None:
                continue
            found = await tlog.inclusions(conn, hashes, checkpoint.size)
        missing = len(set(hashes) - set(found))
        if not missing:
            return Proofs(checkpoint, found)
    raise _pending(missing)


async def published(leaves: Sequence[bytes]) -> Proofs:
    """Proofs of all leaves against the checkpoint that everybody may see, for who may not know how the log grows.

    Raises:
        LogPending: some are not published yet.
    """
    hashes = [leaf_hash(leaf) for leaf in leaves]
    async with db.connection() as conn:
        checkpoint = await tlog.published_checkpoint(conn)
        if checkpoint is None:
            raise _pending(len(hashes))
        found = await tlog.inclusions(conn, hashes, checkpoint.size)
    if missing := len(set(hashes) - set(found)):
        raise _pending(missing)
    return Proofs(checkpoint, found)


def _pending(missing: int) -> LogPending:
    return LogPending(params={"retry": True, "waiting": missing}, headers={"Retry-After": "5"})
