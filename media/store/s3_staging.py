"""Resumable uploads on S3: every append makes side objects, any web node can go on with them.

    staging/<upload>/<offset, 20 digits>-<random>

S3 cannot append and parts of a multipart upload must have 5 MiB, which a phone on a bad line does not
deliver at once. So each stretch of at most 5 MiB becomes an object, and the last byte copies them, in
order, into the object under its key. No lock is needed: writers make objects of their own, the ledger
decides whose offset counts, and the digest decides whether the bytes are right.
"""

import contextlib
import hashlib
import itertools
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from media import keys
from media.store.durable import fresh_name
from media.store.errors import DigestMismatch, LengthMismatch, ObjectMissing, StagingGap
from media.store.protocol import Bytes, Source
from media.store.s3_wire import S3Wire
from media.store.threads import Threads, pour

if TYPE_CHECKING:
    from hashlib import _Hash

STRETCH = 5 << 20
_WARM_UPLOADS = 256


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The side object `key` has bytes `start` to `stop` of the upload."""

    key: str
    start: int
    stop: int


@dataclass(slots=True)
class _Trail:
    """Stretches that follow each other without a gap, and what their bytes hash to."""

    stretches: list[_Stretch] = field(default_factory=list)
    end: int = 0
    sha256: "_Hash" = field(default_factory=hashlib.sha256)
    md5: "_Hash" = field(default_factory=lambda: hashlib.md5(usedforsecurity=False))

    def add(self, stretch: _Stretch, chunks: list[Bytes]) -> None:
        for chunk in chunks:
            self.sha256.update(chunk)
            self.md5.update(chunk)
        self.stretches.append(stretch)
        self.end = stretch.stop

    def copy(self) -> "_Trail":
        return _Trail(list(self.stretches), self.end, self.sha256.copy(), self.md5.copy())


class S3Staging:
    """The staging half of `S3Store`."""

    def __init__(self, wire: S3Wire, threads: Threads) -> None:
        self._wire = wire
        self._threads = threads
        self._trails: OrderedDict[str, _Trail] = OrderedDict()

    @contextlib.asynccontextmanager
    async def staging_hold(self, upload_id: str) -> AsyncIterator[None]:
        """Excludes nobody; an error within makes this node forget the trail it followed."""
        keys.checked_upload_id(upload_id)
        try:
            yield
        except BaseException:
            self._trails.pop(upload_id, None)
            raise

    async def staging_append(self, upload_id: str, offset: int, chunks: Source) -> int:
        """Write stretches of up to 5 MiB; each is durable when S3 has answered."""
        prefix = _prefix(upload_id)
        trail = self._followed(upload_id, offset)
        written: list[str] = []
        waiting: list[Bytes] = []
        begin = end = offset

        def store(stretch: _Stretch, batch: list[Bytes]) -> None:
            body = bytes(batch[0]) if len(batch) == 1 else b"".join(batch)
            md5 = hashlib.md5(body, usedforsecurity=False).digest()
            self._wire.put_new(stretch.key, body, length=len(body), md5=md5, content_type="application/octet-stream")
            if trail is not None:
                trail.add(stretch, batch)

        async def flush() -> None:
            nonlocal begin, waiting
            batch, waiting = waiting, []
            stretch = _Stretch(f"{prefix}{begin:020d}-{fresh_name()}", begin, end)
            begin = end
            written.append(stretch.key)
            await self._threads.run(store, stretch, batch)

        async def sink(batch: list[Bytes]) -> None:
            nonlocal end
            waiting.extend(batch)
            end += sum(map(len, batch))
            if end - begin >= STRETCH:
                await flush()

        try:
            await pour(chunks, sink)
            if waiting:
                await flush()
        except BaseException:
            await self._threads.run(self._wire.remove, written)
            raise
        if trail is not None:
            self._remember(upload_id, trail)
        return end

    async def staging_truncate(self, upload_id: str, offset: int) -> None:
        """Remove the stretches that begin at or after `offset`."""
        self._trails.pop(upload_id, None)
        stretches = await self._threads.run(self._listed, upload_id)
        await self._threads.run(self._wire.remove, [s.key for s in stretches if s.start >= offset])

    async def staging_digest(self, upload_id: str, length: int) -> str:
        """The followed hash, or all stretches read again."""
        return (await self._trail(upload_id, length)).sha256.hexdigest()

    async def staging_commit(self, upload_id: str, key: str, sha256: str, length: int, *, content_type: str) -> None:
        """Copy the stretches, in order, into one conditional write; then remove them."""
        trail = await self._trail(upload_id, length)
        if (actual := trail.sha256.hexdigest()) != sha256:
            raise DigestMismatch(sha256, actual)
        try:
            await self._threads.run(
                self._wire.put_new,
                keys.checked_key(key),
                self._bytes_of(trail),
                length=length,
                md5=trail.md5.digest(),
                content_type=content_type,
            )
        except ObjectMissing:
            self._trails.pop(upload_id, None)
            raise StagingGap(upload_id) from None
        await self.staging_discard(upload_id)

    async def staging_discard(self, upload_id: str) -> None:
        """Remove every stretch of the upload."""
        self._trails.pop(upload_id, None)
        stretches = await self._threads.run(self._listed, upload_id)
        await self._threads.run(self._wire.remove, [s.key for s in stretches])

    async def sweep_abandoned(self, *, older_than_s: float) -> int:
        """Remove stretches nobody finished for that long."""

        def sweep() -> int:
            old = self._wire.list(keys.STAGING, older_than=time.time() - older_than_s)
            self._wire.remove([piece.key for piece in old])
            for piece in old:
                self._trails.pop(piece.key.split("/")[1], None)
            return len(old)

        return await self._threads.run(sweep)

    def _followed(self, upload_id: str, offset: int) -> _Trail | None:
        if offset == 0:
            return _Trail()
        trail = self._trails.get(upload_id)
        return trail.copy() if trail is not None and trail.end == offset else None

    def _remember(self, upload_id: str, trail: _Trail) -> None:
        self._trails[upload_id] = trail
        self._trails.move_to_end(upload_id)
        while len(self._trails) > _WARM_UPLOADS:
            self._trails.popitem(last=False)

    async def _trail(self, upload_id: str, length: int) -> _Trail:
        trail = self._trails.get(upload_id)
        if trail is None or trail.end != length:
            trail = await self._threads.run(self._survey, upload_id, length)
            self._remember(upload_id, trail)
        return trail

    def _survey(self, upload_id: str, length: int) -> _Trail:
        """Find a way from 0 to `length` and hash it.

        Stretches may overlap where a request was repeated; an honest client sent the same bytes each
        time, so any cover will do, and for the others the digest will not fit.
        """
        listed = self._listed(upload_id)
        if sum(s.stop - s.start for s in listed) < length:
            raise StagingGap(upload_id)
        trail = _Trail()
        while trail.end < length:
            reaching = [s for s in listed if s.start <= trail.end < s.stop]
            if not reaching:
                raise StagingGap(upload_id)
            longest = max(reaching, key=lambda s: (s.stop, s.key))
            stretch = _Stretch(longest.key, trail.end, min(longest.stop, length))
            skip = stretch.start - longest.start
            size = stretch.stop - stretch.start
            for chunk in self._wire.stream(longest.key, skip, skip + size):
                trail.sha256.update(chunk)
                trail.md5.update(chunk)
            trail.stretches.append(stretch)
            trail.end = stretch.stop
        if trail.end != length:
            raise LengthMismatch(length, trail.end)
        return trail

    def _listed(self, upload_id: str) -> list[_Stretch]:
        found = []
        for piece in self._wire.list(_prefix(upload_id)):
            start = int(piece.key.rsplit("/", 1)[1].split("-", 1)[0])
            found.append(_Stretch(piece.key, start, start + piece.length))
        return found

    def _bytes_of(self, trail: _Trail) -> Iterator[bytes]:
        return itertools.chain.from_iterable(map(self._stretch_bytes, trail.stretches))

    def _stretch_bytes(self, stretch: _Stretch) -> Iterator[bytes]:
        skip = stretch.start - int(stretch.key.rsplit("/", 1)[1].split("-", 1)[0])
        return self._wire.stream(stretch.key, skip, skip + stretch.stop - stretch.start)


def _prefix(upload_id: str) -> str:
    return f"{keys.STAGING}{keys.checked_upload_id(upload_id)}/"
