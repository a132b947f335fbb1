"""The one interface through which bytes are kept, whatever keeps them.

Every adapter promises the same, and one conformance suite (`tests/media/test_store.py`) holds them to it:

* An object is either whole, digest-checked and durable under its key, or not visible at all.
* Nothing replaces an object.
* A staged offset is reported only after the bytes below it would survive a power cut.
* A staged append either keeps what it wrote, or, when its source raised, leaves the upload as it was.
"""

from collections.abc import AsyncIterable, AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

Bytes = bytes | memoryview
Source = AsyncIterable[Bytes] | Bytes
"""A view is read until the call ends; one of a stream until the next but one is asked for, as `pour` does."""


@dataclass(frozen=True, slots=True)
class ObjectStat:
    """What the store itself knows of an object; its type and meaning are in the database."""

    key: str
    length: int


class MediaStore(Protocol):
    """Objects under keys (see `media.keys`) and uploads on their way to becoming objects."""

    async def put_new(self, key: str, source: Source, *, sha256: str, length: int, content_type: str) -> None:
        """Store `length` bytes whose digest is `sha256` under a key nobody has taken.

        The source is read and checked even when the key is taken: knowing a digest is not having
        the bytes. Raises ObjectExists, DigestMismatch or LengthMismatch; then, and when `source`
        raises, nothing is left behind.
        """
        ...

    async def put_whole(self, key: str, data: Bytes, sha256: str, *, content_type: str) -> None:
        """As `put_new` for a body already in memory: hash, write and sync in one step. Same errors."""
        ...

    async def open(self, key: str, start: int = 0, stop: int | None = None) -> AsyncIterator[bytes]:
        """Bytes `start` up to but not including `stop` (clamped to the end). Raises ObjectMissing
        before the first byte.
        """
        ...

    async def stat(self, key: str) -> ObjectStat:
        """Length of the object. Raises ObjectMissing."""
        ...

    async def exists(self, key: str) -> bool:
        """Whether the key is taken."""
        ...

    async def delete_derivative(self, key: str) -> None:
        """Forget a copy that can be drawn again; absent is fine. Raises OriginalIsKept for an original."""
        ...

    async def healthy(self) -> bool:
        """Whether the store could take an object now."""
        ...

    def staging_hold(self, upload_id: str) -> AbstractAsyncContextManager[None]:
        """Hold the upload while its recorded offset is read, bytes are appended and the new offset
        is recorded.

        Raises StagingBusy on entry when another holder is at work. Adapters on which two writers
        cannot harm each other (because every append makes objects of its own) need not exclude
        them: then the ledger decides who won. Leaving by an exception makes the adapter forget
        what it had cached of the upload.
        """
        ...

    async def staging_append(self, upload_id: str, offset: int, chunks: Source) -> int:
        """Write after the first `offset` bytes and return the new durable offset.

        Must be called within `staging_hold`. Bytes beyond `offset` that nobody recorded are
        dropped first. When `chunks` raises, everything this call wrote is undone and the
        exception passes on. Raises StagingGap.
        """
        ...

    async def staging_truncate(self, upload_id: str, offset: int) -> None:
        """Drop whatever was written at or after `offset`. Must be called within `staging_hold`."""
        ...

    async def staging_digest(self, upload_id: str, length: int) -> str:
        """SHA-256 of the first `length` staged bytes; cheap when this process wrote them all.
        Raises StagingGap.
        """
        ...

    async def staging_commit(self, upload_id: str, key: str, sha256: str, length: int, *, content_type: str) -> None:
        """Make the staged bytes the object under `key`, after checking digest and length; then the
        staging is gone.

        Raises ObjectExists (staging kept), DigestMismatch, LengthMismatch, StagingGap. After a
        crash half-way it can be called again.
        """
        ...

    async def staging_discard(self, upload_id: str) -> None:
        """Forget the upload; absent is fine."""
        ...

    def close(self) -> None:
        """Let go of threads and connections; the store is not used afterwards."""
        ...

    async def sweep_abandoned(self, *, older_than_s: float) -> int:
        """Remove half-written files of processes that died at least that many seconds ago; how many
        there were.
        """
        ...
