"""Which stored object a capture's original or copy is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from media import keys
from server.access.actor import Actor
from server.kit import db
from server.kit.errors import NotFound
from server.visits.scope import visible_to

Role = Literal["original", "preview", "thumb", "watermark"]


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An object in the store; it never changes under its digest."""

    key: str
    sha256: str
    length: int
    media_type: str
    captured_at: datetime


async def stored_file(actor: Actor, capture_id: UUID, role: Role, position: int = 0) -> StoredFile:
    """The original at a position of the statement, or a copy of it; a preview made here goes before the phone's own.

    Raises:
        NotFound: no such capture for this actor, or the file is not here (yet): both look the same.
    """
    visible, scope = visible_to(actor, 4)
    table, condition = (
        ("originals", "m.position = $2 AND m.received_at IS NOT NULL AND $3::text IS NOT NULL")
        if role == "original"
        # The phone's own preview names no original: it was drawn from the first.
        else (
            "derivatives",
            "m.kind = $3 AND (m.source_sha256 = (SELECT o.sha256 FROM originals o WHERE o.capture_id = m.capture_id"
            " AND o.position = $2) OR ($2 = 0 AND m.source_sha256 IS NULL))",
        )
    )
    newest = "m.position" if role == "original" else "m.source_sha256 IS NULL, m.created_at DESC"
    row = await db.fetch_one(
        f"SELECT m.*, c.captured_at FROM {table} m JOIN captures c ON c.id = m.capture_id"
        f" JOIN visits v ON v.id = c.visit_id WHERE m.capture_id = $1 AND {condition} AND {visible}"
        f" ORDER BY {newest} LIMIT 1",
        capture_id,
        position,
        role,
        *scope,
    )
    if row is None:
        raise NotFound
    sha256 = bytes(row["sha256"]).hex()
    key = keys.original_key(actor.org_id, sha256) if role == "original" else row["store_key"]
    return StoredFile(key, sha256, row["bytes"], row["media_type"], row["captured_at"])
