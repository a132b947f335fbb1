"""A ledger in memory, and one that dies when told to."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from media.uploads import Upload


class Crash(Exception):
    """The process ended here."""


@dataclass
class MemoryLedger:
    """`Ledger` for tests. Put a method's name into `crashes` to have it fail once, before it did anything."""

    uploads: dict[str, Upload] = field(default_factory=dict)
    receipts: list[str] = field(default_factory=list)
    crashes: set[str] = field(default_factory=set)

    def _maybe_crash(self, method: str) -> None:
        if method in self.crashes:
            self.crashes.remove(method)
            raise Crash(method)

    async def create(self, upload: Upload) -> None:
        self._maybe_crash("create")
        self.uploads[upload.id] = upload

    async def load(self, upload_id: str) -> Upload | None:
        return self.uploads.get(upload_id)

    async def advance(self, upload_id: str, from_offset: int, to_offset: int, expires_at: datetime) -> bool:
        self._maybe_crash("advance")
        upload = self.uploads.get(upload_id)
        if upload is None or upload.offset != from_offset:
            return False
        self.uploads[upload_id] = replace(upload, offset=to_offset, expires_at=expires_at)
        return True

    async def finish(self, upload: Upload) -> None:
        self._maybe_crash("finish")
        self.uploads[upload.id] = upload
        if upload.sha256 not in self.receipts:
            self.receipts.append(upload.sha256)

    async def discard(self, upload_id: str) -> None:
        self.uploads.pop(upload_id, None)

    async def expired(self, now: datetime, limit: int) -> Sequence[Upload]:
        due = [u for u in self.uploads.values() if not u.finished and u.expires_at <= now]
        return sorted(due, key=lambda upload: upload.expires_at)[:limit]
