"""Media that signed statements promise: which are awaited, and the receipt when one has arrived."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from media import keys
from server.access.actor import Actor
from server.kit import db
from server.kit.coalesce import Coalescer

MediaRole = Literal["original", "preview"]


@dataclass(frozen=True, slots=True)
class Asked:
    """May this person send this file for this capture?"""

    actor: Actor
    capture_id: UUID
    role: MediaRole
    sha256: str


@dataclass(frozen=True, slots=True)
class Awaited:
    """A file of one's own capture. ``length`` is ``None`` when no statement names this digest."""

    actor: Actor
    capture_id: UUID
    visit_id: UUID
    role: MediaRole
    sha256: str
    length: int | None
    media_type: str
    received: Receipt | None

    @property
    def store_key(self) -> str:
        """Where the bytes belong. A phone's preview is a copy and lies apart from the originals."""
        if self.role == "original":
            return keys.original_key(self.actor.org_id, self.sha256)
        return keys.derivative_key(self.actor.org_id, self.sha256, "preview-of-phone")


class Receipt(msgspec.Struct, frozen=True):
    """The bytes with this digest are durable here since that time."""

    capture_id: UUID
    role: str
    sha256: str
    bytes: int
    received_at: datetime

    def header(self) -> str:
        """The value of ``Upload-Receipt``: base64url of the JSON."""
        return base64.urlsafe_b64encode(msgspec.json.encode(self)).rstrip(b"=").decode()


async def _awaited(batch: Sequence[Asked]) -> Sequence[Awaited | Exception | None]:
    rows = await db.fetch(
        "SELECT q.n, c.visit_id, o.bytes, o.media_type, o.received_at, d.sha256 AS preview_sha256,"
        " d.bytes AS preview_bytes, d.media_type AS preview_type, d.created_at AS preview_at"
        " FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bytea[], $5::bool[]) WITH ORDINALITY"
        " AS q (capture_id, org_id, person_id, sha256, preview, n)"
        " JOIN captures c ON c.id = q.capture_id AND c.org_id = q.org_id AND c.person_id = q.person_id"
        " LEFT JOIN LATERAL (SELECT bytes, media_type, received_at FROM originals o"
        " WHERE NOT q.preview AND o.capture_id = c.id AND o.sha256 = q.sha256 LIMIT 1) o ON true"
        " LEFT JOIN derivatives d ON q.preview AND d.capture_id = c.id AND d.kind = 'preview'"
        " AND d.source_sha256 IS NULL",
        [asked.capture_id for asked in batch],
        [asked.actor.org_id for asked in batch],
        [asked.actor.person_id for asked in batch],
        [bytes.fromhex(asked.sha256) for asked in batch],
        [asked.role == "preview" for asked in batch],
    )
    found = {row["n"]: row for row in rows}
    return [_view(asked, found.get(n)) for n, asked in enumerate(batch, start=1)]


def _view(asked: Asked, row: db.Record | None) -> Awaited | None:
    if row is None:
        return None
    if asked.role == "original":
        length, media_type, at, sha256 = row["bytes"], row["media_type"] or "", row["received_at"], asked.sha256
    else:
        length, media_type, at = row["preview_bytes"], row["preview_type"] or "", row["preview_at"]
        sha256 = bytes(row["preview_sha256"]).hex() if at else asked.sha256
    received = Receipt(asked.capture_id, asked.role, sha256, length, at) if at else None
    return Awaited(
        asked.actor, asked.capture_id, row["visit_id"], asked.role, asked.sha256, length, media_type, received
    )


_look_up: Coalescer[Asked, Awaited | None] = Coalescer(_awaited, most=64, pause=0.001)


async def awaited(asked: Asked) -> Awaited | None:
    """What is known of a file that a phone wants to send; ``None`` unless the capture is the person's own."""
    whose = (asked.capture_id, asked.actor.person_id, asked.sha256)
    promise = _promised.take(whose) if asked.role == "original" else None
    if promise is None:
        return await _look_up(asked)
    return Awaited(
        asked.actor,
        asked.capture_id,
        promise.visit_id,
        "original",
        asked.sha256,
        promise.length,
        promise.media_type,
        None,
    )


@dataclass(frozen=True, slots=True)
class Promise:
    """An original that a statement, just recorded here, announced."""

    capture_id: UUID
    visit_id: UUID
    sha256: str
    length: int
    media_type: str


# Phones send photos right after their statements. A promise is used once: whoever asks again is told by the database.
_promised: Final[db.PerDatabase[tuple[UUID, UUID | None, str], Promise]] = db.PerDatabase(4096, seconds=600)


def expect(actor: Actor, promises: Iterable[Promise]) -> None:
    """Remember originals whose statements have been committed, so that their uploads need no look-up."""
    for promise in promises:
        _promised.put((promise.capture_id, actor.person_id, promise.sha256), promise)
