"""Commands that came from outside, so that a second delivery is answered and not applied (invariant 1).

The claim is part of the transaction that has the effect: either both are there or neither is. Refused commands leave
no trace, so that they can be sent again once the cause is cured.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from server.journal.author import Author
from server.kit import db
from server.kit.errors import IdReused

_encode = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.decode


@dataclass(slots=True)
class Delivery:
    """A command as it was delivered: its id, its kind and the digest of its content."""

    id: UUID
    kind: str
    body_sha256: bytes
    claimed: bool = field(default=False, compare=False)

    @classmethod
    def of(cls, command_id: UUID, kind: str, body: Any) -> Delivery:
        """The delivery of a decoded body; the digest does not depend on spelling or order of keys."""
        return cls(command_id, kind, hashlib.sha256(_encode(body)).digest())


class AlreadyApplied(Exception):
    """The same command was applied before; ``result`` is what was answered then."""

    def __init__(self, command_id: UUID, result: Any) -> None:
        super().__init__(str(command_id))
        self.command_id = command_id
        self.result = result


_current: ContextVar[Delivery | None] = ContextVar("delivery", default=None)


@contextmanager
def delivering(delivery: Delivery) -> Iterator[None]:
    """Let the first unit of work opened inside claim this delivery, before anything else it does."""
    delivery.claimed = False
    token = _current.set(delivery)
    try:
        yield
    finally:
        _current.reset(token)


def pending() -> Delivery | None:
    """The delivery that the next unit of work has to claim."""
    delivery = _current.get()
    return None if delivery is None or delivery.claimed else delivery


async def claim(
    conn: db.Connection, author: Author, deliveries: Sequence[Delivery], results: Sequence[Any], at: datetime
) -> None:
    """Take the commands for this transaction; a concurrent delivery of the same waits here for its outcome.

    Raises:
        AlreadyApplied: one was applied before (nothing of this transaction may then commit).
        IdReused: one was applied before with other content, or by somebody else.
    """
    taken = await conn.fetch(
        "INSERT INTO commands (id, org_id, person_id, kind, body_sha256, result, applied_at)"
        " SELECT i, $1, $2, k, b, r::jsonb, $3 FROM unnest($4::uuid[], $5::text[], $6::bytea[], $7::text[])"
        " AS t (i, k, b, r) ON CONFLICT (id) DO NOTHING RETURNING id",
        author.org_id,
        author.person_id,
        at,
        [delivery.id for delivery in deliveries],
        [delivery.kind for delivery in deliveries],
        [delivery.body_sha256 for delivery in deliveries],
        [_encode(result).decode() for result in results],
    )
    if len(taken) < len(deliveries):
        mine = {row["id"] for row in taken}
        lost = next(delivery for delivery in deliveries if delivery.id not in mine)
        found = await _stored(conn, author, [lost])
        raise found[lost.id]
    for delivery in deliveries:
        delivery.claimed = True


async def answered(author: Author, deliveries: Sequence[Delivery]) -> dict[UUID, AlreadyApplied | IdReused]:
    """Which of the commands were applied before, and how each is to be answered."""
    async with db.connection() as conn:
        return await _stored(conn, author, deliveries)


async def _stored(
    conn: db.Connection, author: Author, deliveries: Sequence[Delivery]
) -> dict[UUID, AlreadyApplied | IdReused]:
    rows = await conn.fetch(
        "SELECT id, org_id, person_id, kind, body_sha256, result FROM commands WHERE id = ANY($1::uuid[])",
        [delivery.id for delivery in deliveries],
    )
    known = {row["id"]: row for row in rows}
    answers: dict[UUID, AlreadyApplied | IdReused] = {}
    for delivery in deliveries:
        row = known.get(delivery.id)
        if row is None:
            continue
        same = (row["org_id"], row["person_id"], row["kind"], bytes(row["body_sha256"])) == (
            author.org_id,
            author.person_id,
            delivery.kind,
            delivery.body_sha256,
        )
        answers[delivery.id] = AlreadyApplied(delivery.id, _decode(row["result"])) if same else IdReused()
    return answers
