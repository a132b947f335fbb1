"""What others than the office can say of the log: witnesses, time-stamp authorities, and phones that saw it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from server.bundles.proofs import Proofs
from server.kit import db
from server.tlog import queries as tlog
from server.tlog.anchors import queries as stamps
from server.tlog.queries import KeyChange


@dataclass(frozen=True, slots=True)
class Older:
    """An older checkpoint, and the proof that today's log begins with it."""

    size: int
    note: str
    consistency: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Anchored(Older):
    """An older checkpoint with a time stamp over its note."""

    token: bytes
    authority: str
    at: datetime


async def cosigned(proven: Proofs) -> Proofs:
    """Proofs against the newest checkpoint that witnesses signed, if it holds all; else against the newest of all.

    The note has the witnesses' lines below the log's own.
    """
    checkpoint, hashes = proven.checkpoint, list(proven.inclusions)
    async with db.connection() as conn:
        witnessed = await stamps.latest_cosigned(conn)
        if witnessed is not None and all(one.index < witnessed.size for one in proven.inclusions.values()):
            checkpoint = witnessed
            proven = Proofs(checkpoint, await tlog.inclusions(conn, hashes, checkpoint.size))
        note = await stamps.cosigned_checkpoint(conn, checkpoint.size)
    return replace(proven, checkpoint=replace(checkpoint, note=note or checkpoint.note))


async def anchors(proven: Proofs, leaves: Iterable[bytes]) -> list[Anchored]:
    """For each of the leaves the earliest time stamp that covers it, each stamp once, the smallest log first."""
    size = proven.checkpoint.size
    found: dict[int, Anchored] = {}
    covered = 0
    async with db.connection() as conn:
        for index in sorted(proven.of(leaf).index for leaf in leaves):
            if index < covered:
                continue
            stamp = await stamps.earliest_covering(conn, index)
            if stamp is None or stamp.size > size:
                break  # what comes later in the log is not stamped either
            covered = stamp.size
            proof = await tlog.consistency(conn, stamp.size, size)
            found[stamp.size] = Anchored(stamp.size, stamp.note, proof, stamp.token, stamp.tsa, stamp.gen_time)
    return [found[each] for each in sorted(found)]


async def older(proven: Proofs, named: Iterable[int], stamped: Collection[int]) -> list[Older]:
    """Checkpoints that come along without a stamp, the smallest first; those ``stamped`` are there already.

    Those that phones ``named``: verifiers compare them with what the phones signed. A size that the log never signed is
    left out; there is nothing to show, and the phone's word stands against it. And the newest with witnesses' lines:
    so a bundle that is fetched before they came by again says how far they saw. (A stamp is over a note without them.)
    """
    size = proven.checkpoint.size
    found: list[Older] = []
    async with db.connection() as conn:
        wanted = {one for one in named if 0 < one <= size} - set(stamped)
        witnessed = await stamps.latest_cosigned_size(conn, size, but=stamped)
        if witnessed is not None and witnessed < size:
            wanted.add(witnessed)
        for each in sorted(wanted):
            note = await stamps.cosigned_checkpoint(conn, each)
            if note is not None:
                found.append(Older(each, note, await tlog.consistency(conn, each, size)))
    return found


async def key_changes(proven: Proofs) -> list[KeyChange]:
    """The changes of the log's key up to the bundle's checkpoint, by which who knows an older key can follow."""
    async with db.connection() as conn:
        return await tlog.key_changes(conn, proven.checkpoint.size)
