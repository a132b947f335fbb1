"""What ``media.uploads`` must remember, in PostgreSQL: offsets of uploads under way, and receipts when they end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from media.uploads import Upload
from server.access.actor import Actor
from server.evidence.commands.receive_media import Arrived, receive
from server.evidence.receiving import Asked, Awaited, Receipt, awaited
from server.kit import clock, db
from server.sync.uploads_errors import TooManyUploads

MOST_OPEN: Final = 100
"""Uploads of one person that have bytes outstanding. A phone sends one after the other; a whole one counts no more."""


class UploadsLedger:
    """The ledger of one request: it knows who sends, sees only that person's uploads, and holds the receipt."""

    def __init__(self, actor: Actor, target: Awaited | None = None) -> None:
        self._actor = actor
        self._target = target
        self.receipt: Receipt | None = None
        self.metadata: dict[str, str] = {}
        """What the creating request said of the upload that was loaded last."""

    async def create(self, upload: Upload) -> None:
        """Remember a new upload.

        Raises:
            TooManyUploads: as many of this person are open as may be.
        """
        assert self._target is not None
        made = await db.fetch_value(
            "INSERT INTO uploads (id, org_id, person_id, capture_id, role, sha256, media_type, length,"
            " upload_offset, expires_at, created_at) SELECT $1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10"
            " WHERE (SELECT count(*) FROM uploads WHERE person_id = $3 AND upload_offset < length"
            " AND expires_at > $10) < $11 RETURNING id",
            UUID(upload.id),
            self._actor.org_id,
            self._actor.person_id,
            self._target.capture_id,
            self._target.role,
            bytes.fromhex(upload.sha256),
            upload.content_type,
            upload.length,
            upload.expires_at,
            clock.now(),
            MOST_OPEN,
        )
        if made is None:
            raise TooManyUploads(params={"most": MOST_OPEN, "retry": True}, headers={"Retry-After": "60"})

    async def load(self, upload_id: str) -> Upload | None:
        """The person's own upload. It counts as finished as soon as its file is here, by whatever way it came."""
        try:
            key = UUID(upload_id)
        except ValueError:
            return None
        row = await db.fetch_one(
            "SELECT * FROM uploads WHERE id = $1 AND org_id = $2 AND person_id = $3",
            key,
            self._actor.org_id,
            self._actor.person_id,
        )
        if row is None:
            return None
        sha256 = bytes(row["sha256"]).hex()
        self._target = await awaited(Asked(self._actor, row["capture_id"], row["role"], sha256))
        if self._target is None:
            return None
        self.receipt = self._target.received
        said = ("capture_id", str(row["capture_id"])), ("role", row["role"]), ("sha256", sha256)
        self.metadata = dict((*said, ("type", row["media_type"])))
        return _upload(row, self._target.store_key, finished=self.receipt is not None)

    async def advance(self, upload_id: str, from_offset: int, to_offset: int, expires_at: datetime) -> bool:
        """Move the offset if it still is ``from_offset``."""
        tag = await db.execute(
            "UPDATE uploads SET upload_offset = $3, expires_at = $4 WHERE id = $1 AND upload_offset = $2",
            UUID(upload_id),
            from_offset,
            to_offset,
            expires_at,
        )
        return tag == "UPDATE 1"

    async def finish(self, upload: Upload) -> None:
        """Record the arrival, its entry, its feed changes and its jobs in one transaction."""
        assert self._target is not None
        self.receipt = await receive(Arrived(self._target, upload.length, upload.content_type))

    async def discard(self, upload_id: str) -> None:
        """Forget an upload."""
        await db.execute("DELETE FROM uploads WHERE id = $1", UUID(upload_id))

    async def expired(self, now: datetime, limit: int) -> Sequence[Upload]:
        """Nothing: one person's ledger is not swept."""
        del now, limit
        return ()


class EveryUpload(UploadsLedger):
    """The ledger of the sweep: all uploads of the installation whose time is over, finished ones too."""

    def __init__(self) -> None:
        """Without an actor: nothing is created or received through it."""

    async def expired(self, now: datetime, limit: int) -> Sequence[Upload]:
        """Uploads to forget, oldest first."""
        rows = await db.fetch("SELECT * FROM uploads WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2", now, limit)
        return [_upload(row, "", finished=False) for row in rows]


def _upload(row: Any, store_key: str, *, finished: bool) -> Upload:
    return Upload(
        id=str(row["id"]),
        key=store_key,
        length=row["length"],
        offset=row["upload_offset"],
        sha256=bytes(row["sha256"]).hex(),
        content_type=row["media_type"],
        expires_at=row["expires_at"],
        finished=finished,
    )
