"""What must be remembered of an upload, and by whom: the application keeps it in its database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Upload:
    """One upload. `key` is where the bytes go, `sha256` (lower-case hex) what they must be."""

    id: str
    key: str
    length: int
    offset: int
    sha256: str
    content_type: str
    expires_at: datetime
    finished: bool


class Ledger(Protocol):
    """Durable when a method returns."""

    async def create(self, upload: Upload) -> None:
        """Remember a new upload. The id is new: ids are minted by the caller."""
        ...

    async def load(self, upload_id: str) -> Upload | None:
        """The upload, or None when it is unknown or was discarded."""
        ...

    async def advance(self, upload_id: str, from_offset: int, to_offset: int, expires_at: datetime) -> bool:
        """Move the offset if it still is `from_offset`; False when somebody else moved it.

        One conditional UPDATE: this is what makes exactly one of two equal requests win.
        """
        ...

    async def finish(self, upload: Upload) -> None:
        """The object is durable under its key: record the receipt and mark the upload finished, in
        one transaction.

        May be called again for the same upload after a crash, and for an upload never `create`d, when
        the whole file came with the creating request.
        """
        ...

    async def discard(self, upload_id: str) -> None:
        """Forget an unfinished upload; absent is fine."""
        ...

    async def expired(self, now: datetime, limit: int) -> Sequence[Upload]:
        """Unfinished uploads whose time is over, oldest first."""
        ...
