"""What others than the office can say of the log: witnesses, time-stamp authorities, and phones that saw it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from server.bundles.proofs import Proofs
from server.kit import db
from server.tlog import queries as tlog
from server.tlog.anchors import queries as stamps
from server.tlog.anchors.outside import outside
from server.tlog.anchors.queries import Renewal
from server.tlog.anchors.renewal import renewals_of
from server.tlog.answers import quorum
from server.tlog.queries import KeyChange


@dataclass(frozen=True, slots=True)
class Older:
    """An older checkpoint, and the proof that today's log begins with it."""

    size: int
    note: str
    consistency: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Anchored(Older):
    """An older checkpoint with a time stamp over its note, and the newer stamps that keep that one provable.

    ``at`` is the authority's time, ``until`` the end of its certificate, ``kept`` our time of when its answer came.
    """

    token: bytes
    authority: str
    at: datetime
    until: datetime
    kept: datetime
    renewals: tuple[Renewal, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """How many witnesses signed one checkpoint, at most, and how many are asked for; the size of that checkpoint."""

    size: int
    signed: int
    needed: int

    @property
    def enough(self) -> bool:
        """Whether somebody who asks for so many finds them in a bundle made now."""
        return self.signed >= self.needed


async def seen(conn: db.Connection, *, above: int = -1, upto: int | None = None) -> Seen:
    """The checkpoint that most of the witnesses signed, the newest of several: what a bundle can show of them."""
    row = await conn.fetchrow(
        "SELECT size, count(*) AS signed FROM log_cosignatures WHERE size > $1 AND size <= coalesce($2, size)"
        " AND witness || '+' || encode(key_id, 'hex') = ANY($3) GROUP BY size ORDER BY signed DESC, size DESC LIMIT 1",
        above,
        upto,
        [one.name for one in outside().witnesses],
    )
    needed = quorum(len(outside().witnesses))
    return Seen(row["size"], row["signed"], needed) if row is not None else Seen(0, 0, needed)


async def cosigned(proven: Proofs) -> Proofs:
    """Proofs against the checkpoint that most witnesses signed of those that hold all; else against the newest of all.

    The note has the witnesses' lines below the log's own.
    """
    checkpoint, hashes = proven.checkpoint, list(proven.inclusions)
    last = max((one.index for one in proven.inclusions.values()), default=-1)
    async with db.connection() as conn:
        most = await seen(conn, above=last, upto=checkpoint.size)
        witnessed = await tlog.checkpoint_at(conn, most.size) if most.signed else await stamps.latest_cosigned(conn)
        if witnessed is not None and last < witnessed.size:
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
            found[stamp.size] = Anchored(
                stamp.size,
                stamp.note,
                proof,
                stamp.token,
                stamp.tsa,
                stamp.gen_time,
                stamp.certificate_until,
                stamp.at,
                await _in_time(conn, stamp.certificate_until, await renewals_of(conn, stamp.id)),
            )
    return [found[each] for each in sorted(found)]


async def _in_time(conn: db.Connection, until: datetime, chain: tuple[Renewal, ...]) -> tuple[Renewal, ...]:
    """The links of a chain up to the first that came when the certificate before it had ended.

    Such a link proves nothing any more (the office or its authority stood still too long), and verifiers refuse a
    bundle for it; without it they judge the stamp by itself and say that its certificate has ended.
    """
    for place, link in enumerate(chain):
        if link.gen_time > until:
            return chain[:place]
        until = await conn.fetchval("SELECT certificate_until FROM log_renewals WHERE id = $1", link.id)
    return chain


async def older(proven: Proofs, named: Iterable[int], stamped: Collection[int]) -> list[Older]:
    """Checkpoints that come along with what witnesses signed of them, the smallest first.

    Those that phones ``named``: verifiers compare them with what the phones signed. A size that the log never signed is
    left out; there is nothing to show, and the phone's word stands against it. And the newest that a witness signed,
    and the one that most of them signed: so a bundle that is fetched before they came by again says how far they saw.
    Of those ``stamped`` only the ones that witnesses signed: the stamp is over a note without their lines.
    """
    size = proven.checkpoint.size
    found: list[Older] = []
    async with db.connection() as conn:
        wanted = {one for one in named if 0 < one <= size} - set(stamped)
        newest = await stamps.latest_cosigned_size(conn, size, but=())
        most = await seen(conn, upto=size)
        wanted |= {one for one in (newest, most.size) if one and one < size}
        for each in sorted(wanted):
            note = await stamps.cosigned_checkpoint(conn, each)
            if note is not None:
                found.append(Older(each, note, await tlog.consistency(conn, each, size)))
    return found


async def key_changes(proven: Proofs) -> list[KeyChange]:
    """The changes of the log's key up to the bundle's checkpoint, by which who knows an older key can follow."""
    async with db.connection() as conn:
        return await tlog.key_changes(conn, proven.checkpoint.size)
