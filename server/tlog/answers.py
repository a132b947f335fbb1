"""What the log's own routes answer: proofs for phones, the state for the desk, the trust policy."""

from __future__ import annotations

from cryptography.hazmat.primitives.serialization import Encoding

from server.access.actor import Actor
from server.access.passkeys import bound_party
from server.kit import b64u, db
from server.tlog import keys, store
from server.tlog.anchors.outside import outside
from server.tlog.anchors.queries import cosigned_checkpoint
from server.tlog.anchors.state import anchor_state
from server.tlog.errors import NotPublishedYet
from server.tlog.publishing import checkpoint_for, sees_newest
from server.tlog.queries import Checkpoint, KeyChange, consistency, inclusions, key_changes, published_checkpoint
from server.tlog.schemas import (
    AskProofs,
    CheckpointView,
    LogKeyLeaf,
    LogStateView,
    ProofsView,
    ProofView,
    RotationView,
    TrustView,
)


async def proofs(actor: Actor, asked: AskProofs) -> ProofsView:
    """Proofs of inclusion and of consistency against the newest checkpoint that the person may see.

    Raises:
        NotPublishedYet: only published checkpoints are this person's to see, and ``since`` is beyond them.
    """
    async with db.connection() as conn:
        checkpoint = await checkpoint_for(conn, actor)
        if checkpoint is None:
            return ProofsView(checkpoint="", consistency=[], proofs={}, rotations=[])
        since = asked.since or checkpoint.size
        if since > checkpoint.size and not sees_newest(actor):
            raise NotPublishedYet
        steps = await consistency(conn, since, checkpoint.size) if since <= checkpoint.size else ()
        found = await inclusions(conn, [b64u.decode(leaf) for leaf in asked.leaves], checkpoint.size)
        return ProofsView(
            checkpoint=checkpoint.note,
            consistency=[b64u.encode(one) for one in steps],
            proofs={
                b64u.encode(leaf): ProofView(index=one.index, hashes=[b64u.encode(each) for each in one.hashes])
                for leaf, one in found.items()
            },
            rotations=[_rotation(one) for one in await key_changes(conn, checkpoint.size)],
        )


def _rotation(one: KeyChange) -> RotationView:
    return RotationView(
        leaf=LogKeyLeaf(t="leaf/1", k="log-key", vkey=one.vkey),
        checkpoint=one.checkpoint.note,
        index=one.inclusion.index,
        hashes=[b64u.encode(each) for each in one.inclusion.hashes],
    )


async def state(actor: Actor) -> LogStateView:
    """How the log stands, as far as the person may know."""
    signer = await keys.log_signer()
    inside = sees_newest(actor)
    async with db.connection() as conn:
        checkpoint = await checkpoint_for(conn, actor)
        waiting = await conn.fetchrow("SELECT count(*) AS n, min(at) AS since FROM log_pending")
        signed = checkpoint.size if checkpoint else 0
        size = await store.size(conn) if inside else signed
        return LogStateView(
            origin=signer.origin,
            vkeys=await keys.vkeys(conn),
            size=size,
            unsigned=size - signed,
            pending=waiting["n"] if inside else 0,
            pending_since=waiting["since"] if inside else None,
            checkpoint=await _view(conn, checkpoint, inside=inside),
            published=await _view(conn, await published_checkpoint(conn), inside=inside),
            outside=await anchor_state(conn) if inside else None,
        )


async def _view(conn: db.Connection, checkpoint: Checkpoint | None, *, inside: bool) -> CheckpointView | None:
    if checkpoint is None:
        return None
    # When it was signed is when the last act before it happened: outsiders learn only the hour of its publication.
    times = "log_checkpoints" if inside else "log_publications"
    return CheckpointView(
        size=checkpoint.size,
        root=b64u.encode(checkpoint.root),
        sha256=b64u.encode(checkpoint.sha256),
        at=await conn.fetchval(f"SELECT at FROM {times} WHERE size = $1", checkpoint.size),
        note=await cosigned_checkpoint(conn, checkpoint.size) or checkpoint.note,
    )


def quorum(witnesses: int) -> int:
    """How many of so many witnesses this installation asks for; others may ask for more."""
    return min(1, witnesses)


async def trust() -> TrustView:
    """The keys that this installation itself goes by. Whoever checks it should have them from somebody else."""
    await keys.log_signer()
    known, party = outside(), bound_party()
    async with db.connection() as conn:
        vkeys = await keys.vkeys(conn)
    return TrustView(
        t="trust/1",
        logs=vkeys,
        witnesses=[one.key.vkey for one in known.witnesses],
        quorum=quorum(len(known.witnesses)),
        tsa=[one.public_bytes(Encoding.PEM).decode() for one in known.roots],
        rp_id=party.id if party and party.usable else None,
        origins=[party.origin] if party and party.usable else [],
    )
