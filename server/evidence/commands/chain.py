"""The head of a session's chain: what the next statement must follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import msgspec

from server.access.actor import Actor
from server.evidence.commands.receipts import must_equal, must_hold
from server.evidence.errors import ChainConflict, ChainGap, SessionSealed, StatementUnreadable
from server.evidence.statements import BadStatement, Chained, Cosign, Session, Signed, digest_bytes
from server.journal.work import UnitOfWork
from server.kit import db


@dataclass(frozen=True, slots=True)
class OpenChain:
    """A session as its owner's next statement finds it: all of it stands for ever once the session has arrived."""

    id: UUID
    visit_id: UUID
    device_id: UUID
    kid: str
    spki: bytes
    opening: Session


@dataclass(frozen=True, slots=True)
class Head:
    """The locked end of a chain, and what is true of its key and phone at this moment."""

    seq: int
    sha256: bytes
    seal: bytes | None
    """SHA-256 of the seal's statement once the chain is closed."""
    revoked: bool
    revocation_asked: bool


_known: Final[db.PerDatabase[tuple[UUID, UUID, UUID | None], OpenChain]] = db.PerDatabase(4096)


async def chain_of(actor: Actor, session_id: UUID) -> OpenChain:
    """The actor's own session; this process remembers those that it has seen.

    Raises:
        ChainGap: it has not arrived (or is not the actor's, which looks the same).
    """
    whose = (session_id, actor.org_id, actor.person_id)
    if (known := _known.get(whose)) is not None:
        return known
    row = await db.fetch_one(
        "SELECT s.visit_id, s.device_id, s.kid, s.statement, k.spki FROM capture_sessions s"
        " JOIN device_keys k ON k.kid = s.kid WHERE s.id = $1 AND s.org_id = $2 AND s.person_id = $3",
        *whose,
    )
    if row is None:
        raise ChainGap(params={"retry": True})
    chain = OpenChain(
        session_id,
        row["visit_id"],
        row["device_id"],
        row["kid"],
        bytes(row["spki"]),
        msgspec.json.decode(row["statement"], type=Session),
    )
    _known.put(whose, chain)
    return chain


def must_belong(signed: Signed[Any], chain: OpenChain) -> None:
    """Refuse a statement that another key signed or that names another session.

    Raises:
        SignatureInvalid, StatementMismatch.
    """
    must_equal("ses", signed.body.ses, chain.id)
    must_equal("dev", signed.body.dev, chain.kid)
    must_hold(signed, chain.spki)


async def locked_head(work: UnitOfWork, chain: OpenChain) -> Head:
    """The end of the chain; nobody else can add to it until this transaction ends.

    Raises:
        ChainGap: the database was put back to a time before the session, while this process remembers it.
    """
    row = await work.conn.fetchrow(
        "SELECT s.head_seq, s.head_sha256, k.revoked_at, d.revocation_asked_at, CASE WHEN s.sealed_at IS NOT NULL THEN"
        " (SELECT e.statement_sha256 FROM statements e WHERE e.session_id = s.id AND e.kind = 'seal/1') END AS seal"
        " FROM capture_sessions s"
        " JOIN device_keys k ON k.kid = s.kid JOIN devices d ON d.id = s.device_id WHERE s.id = $1 FOR UPDATE OF s",
        chain.id,
    )
    if row is None:
        _known.take((chain.id, work.actor.org_id, work.actor.person_id))
        raise ChainGap(params={"retry": True})
    return Head(
        row["head_seq"],
        bytes(row["head_sha256"]),
        None if row["seal"] is None else bytes(row["seal"]),
        row["revoked_at"] is not None,
        row["revocation_asked_at"] is not None,
    )


def must_follow(run: Sequence[Signed[Any]], head: Head) -> None:
    """Check that a run follows the head without a gap.

    Raises:
        ChainGap: something before the run is missing. ChainConflict: something else stands in its place.
        SessionSealed: the chain is closed. StatementMismatch: it is closed, and this signs another seal.
    """
    seq, sha256 = head.seq, head.sha256
    for signed in run:
        body: Chained = signed.body
        if body.seq > seq + 1:
            raise ChainGap(params={"retry": True, "have": seq, "got": body.seq})
        if body.seq <= seq or _digest(body.prev) != sha256:
            raise ChainConflict(params={"have": seq, "got": body.seq})
        # Whoever signs a seal can do so only after it was made.
        if head.seal is not None:
            if not isinstance(body, Cosign):
                raise SessionSealed
            must_equal("seal", _digest(body.seal), head.seal)
        seq, sha256 = body.seq, signed.sha256


async def extend(
    work: UnitOfWork, chain: OpenChain, run: Sequence[Signed[Any]], private: Sequence[bytes | None]
) -> None:
    """Lock the chain's head, check that the run follows it without a gap, and append the statements.

    Raises:
        As ``must_follow``.
    """
    must_follow(run, await locked_head(work, chain))
    await work.conn.execute(f"WITH {APPEND} SELECT 1", *appended(work, chain, run, private))


APPEND: Final = (
    "head AS (UPDATE capture_sessions SET head_seq = $4, head_sha256 = $5 WHERE id = $2),"
    " appended AS (INSERT INTO statements (id, org_id, session_id, kind, seq, statement, signature, private,"
    " statement_sha256, env_sha256, received_at)"
    " SELECT i, $1, $2, k, q, s, g, p, h, e, $3 FROM unnest($6::uuid[], $7::text[], $8::int[], $9::bytea[],"
    " $10::bytea[], $11::bytea[], $12::bytea[], $13::bytea[]) AS t (i, k, q, s, g, p, h, e))"
)
"""Parts of a larger statement that move the head and append a run; ``appended`` are its first thirteen parameters."""


def appended(
    work: UnitOfWork, chain: OpenChain, run: Sequence[Signed[Any]], private: Sequence[bytes | None]
) -> tuple[Any, ...]:
    """The parameters of ``APPEND``."""
    return (
        work.actor.org_id,
        chain.id,
        work.at,
        run[-1].body.seq,
        run[-1].sha256,
        [signed.body.id for signed in run],
        [type(signed.body).__struct_config__.tag for signed in run],
        [signed.body.seq for signed in run],
        [signed.statement for signed in run],
        [signed.signature for signed in run],
        list(private),
        [signed.sha256 for signed in run],
        [signed.env_sha256 for signed in run],
    )


def _digest(text: str) -> bytes:
    try:
        return digest_bytes(text)
    except BadStatement as error:
        raise StatementUnreadable(str(error)) from error
