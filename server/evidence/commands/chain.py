"""The head of a session's chain: what the next statement must follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
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
    """A session as its owner's next statement finds it."""

    id: UUID
    visit_id: UUID
    device_id: UUID
    kid: str
    spki: bytes
    opening: Session
    revoked: bool
    revocation_asked: bool


async def chain_of(actor: Actor, session_id: UUID) -> OpenChain:
    """The actor's own session.

    Raises:
        ChainGap: it has not arrived (or is not the actor's, which looks the same).
    """
    row = await db.fetch_one(
        "SELECT s.visit_id, s.device_id, s.kid, s.statement, k.spki, k.revoked_at, d.revocation_asked_at"
        " FROM capture_sessions s JOIN device_keys k ON k.kid = s.kid JOIN devices d ON d.id = s.device_id"
        " WHERE s.id = $1 AND s.org_id = $2 AND s.person_id = $3",
        session_id,
        actor.org_id,
        actor.person_id,
    )
    if row is None:
        raise ChainGap(params={"retry": True})
    return OpenChain(
        session_id,
        row["visit_id"],
        row["device_id"],
        row["kid"],
        bytes(row["spki"]),
        msgspec.json.decode(row["statement"], type=Session),
        row["revoked_at"] is not None,
        row["revocation_asked_at"] is not None,
    )


def must_belong(signed: Signed[Any], chain: OpenChain) -> None:
    """Refuse a statement that another key signed or that names another session.

    Raises:
        SignatureInvalid, StatementMismatch.
    """
    must_equal("ses", signed.body.ses, chain.id)
    must_equal("dev", signed.body.dev, chain.kid)
    must_hold(signed, chain.spki)


async def extend(
    work: UnitOfWork, chain: OpenChain, run: Sequence[Signed[Any]], private: Sequence[bytes | None]
) -> None:
    """Lock the chain's head, check that the run follows it without a gap, and append the statements.

    Raises:
        ChainGap: something before the run is missing. ChainConflict: something else stands in its place.
        SessionSealed: the chain is closed, and this is no signature of its seal.
    """
    head = await work.conn.fetchrow(
        "SELECT head_seq, head_sha256, sealed_at FROM capture_sessions WHERE id = $1 FOR UPDATE", chain.id
    )
    seq, sha256 = head["head_seq"], bytes(head["head_sha256"])
    for signed in run:
        body: Chained = signed.body
        if body.seq > seq + 1:
            raise ChainGap(params={"retry": True, "have": seq, "got": body.seq})
        if body.seq <= seq or _digest(body.prev) != sha256:
            raise ChainConflict(params={"have": seq, "got": body.seq})
        # Whoever signs a seal can do so only after it was made.
        if head["sealed_at"] is not None and not isinstance(body, Cosign):
            raise SessionSealed
        seq, sha256 = body.seq, signed.sha256
    await work.conn.execute(
        "UPDATE capture_sessions SET head_seq = $2, head_sha256 = $3 WHERE id = $1", chain.id, seq, sha256
    )
    await _append(work.conn, work.actor.org_id, chain.id, run, private, work.at)


async def _append(
    conn: db.Connection,
    org_id: UUID,
    session_id: UUID,
    run: Sequence[Signed[Any]],
    private: Sequence[bytes | None],
    at: datetime,
) -> None:
    await conn.execute(
        "INSERT INTO statements (id, org_id, session_id, kind, seq, statement, signature, private,"
        " statement_sha256, env_sha256, received_at)"
        " SELECT i, $1, $2, k, q, s, g, p, h, e, $3 FROM unnest($4::uuid[], $5::text[], $6::int[], $7::bytea[],"
        " $8::bytea[], $9::bytea[], $10::bytea[], $11::bytea[]) AS t (i, k, q, s, g, p, h, e)",
        org_id,
        session_id,
        at,
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
