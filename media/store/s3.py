"""Media in S3 (MinIO or any server that speaks the protocol): the adapter of many web nodes.

Objects are written by one conditional request each, so a key is taken once and a broken connection
leaves nothing. Bodies too large to hold in memory are staged first and copied inside the storage.
"""

import hashlib
from collections.abc import AsyncIterator
from typing import Self

from media import keys
from media.digests import sha256_hex
from media.store.durable import fresh_name
from media.store.errors import (
    DigestMismatch,
    LengthMismatch,
    ObjectMissing,
    OriginalIsKept,
    StoreError,
)
from media.store.protocol import Bytes, ObjectStat, Source
from media.store.s3_staging import STRETCH, S3Staging
from media.store.s3_wire import S3Wire
from media.store.threads import Threads


class S3Store(S3Staging):
    """`MediaStore` on one bucket. Make one per process; it owns `workers` threads until `close`."""

    def __init__(self, wire: S3Wire, *, workers: int = 8) -> None:
        super().__init__(wire, Threads(workers, "media-s3"))

    @classmethod
    def connect(
        cls,
        endpoint: str,
        access_key: str,
        secret_key: str,
        bucket: str,
        *,
        secure: bool = True,
        region: str | None = None,
        workers: int = 8,
    ) -> Self:
        """A store on `bucket` at `endpoint` (`host:port`). Nothing is sent before the first use."""
        wire = S3Wire(endpoint, access_key, secret_key, bucket, secure=secure, region=region)
        return cls(wire, workers=workers)

    async def prepare(self) -> None:
        """Make the bucket unless it is there."""
        await self._threads.run(self._wire.make_bucket)

    async def put_new(self, key: str, source: Source, *, sha256: str, length: int, content_type: str) -> None:
        """Small bodies go in one request; larger ones are staged under a name of their own first."""
        keys.checked_key(key)
        if isinstance(source, bytes | memoryview):
            if len(source) != length:
                raise LengthMismatch(length, len(source))
            return await self.put_whole(key, source, sha256, content_type=content_type)
        if length <= STRETCH:
            body = bytearray()
            async for chunk in source:
                body += chunk
                if len(body) > length:
                    break
            if len(body) != length:
                raise LengthMismatch(length, len(body))
            return await self.put_whole(key, bytes(body), sha256, content_type=content_type)
        passage = fresh_name()
        try:
            received = await self.staging_append(passage, 0, _at_most(source, length))
            if received != length:
                raise LengthMismatch(length, received)
            await self.staging_commit(passage, key, sha256, length, content_type=content_type)
        except BaseException:
            await self.staging_discard(passage)
            raise
        return None

    async def put_whole(self, key: str, data: Bytes, sha256: str, *, content_type: str) -> None:
        """Hash and send in one thread call."""
        keys.checked_key(key)

        def put() -> None:
            if (actual := sha256_hex(data)) != sha256:
                raise DigestMismatch(sha256, actual)
            md5 = hashlib.md5(data, usedforsecurity=False).digest()
            self._wire.put_new(key, bytes(data), length=len(data), md5=md5, content_type=content_type)

        await self._threads.run(put)

    async def open(self, key: str, start: int = 0, stop: int | None = None) -> AsyncIterator[bytes]:
        """Bytes of the object as they come from S3."""
        if start < 0 or (stop is not None and stop < start):
            raise ValueError(f"not a range: {start}-{stop}")
        length = (await self.stat(key)).length
        return self._pieces(key, start, length if stop is None else min(stop, length))

    async def _pieces(self, key: str, start: int, stop: int) -> AsyncIterator[bytes]:
        if start >= stop:
            return
        answer = await self._threads.run(self._wire.begin_read, key, start, stop)
        try:
            while piece := await self._threads.run(self._wire.read, answer):
                yield piece
        finally:
            self._wire.end_read(answer)

    async def stat(self, key: str) -> ObjectStat:
        """Length as S3 reports it."""
        length = await self._threads.run(self._wire.length, keys.checked_key(key))
        if length is None:
            raise ObjectMissing(key)
        return ObjectStat(key, length)

    async def exists(self, key: str) -> bool:
        """Whether S3 has the object."""
        return await self._threads.run(self._wire.length, keys.checked_key(key)) is not None

    async def delete_derivative(self, key: str) -> None:
        """Remove a copy."""
        if keys.is_original(keys.checked_key(key)):
            raise OriginalIsKept(key)
        await self._threads.run(self._wire.remove, [key])

    async def healthy(self) -> bool:
        """Whether S3 answers and the bucket is there."""
        try:
            return await self._threads.run(self._wire.bucket_exists)
        except StoreError:
            return False

    def close(self) -> None:
        """Stop the threads and drop the connections."""
        self._threads.close()
        self._wire.close()


async def _at_most(source: Source, length: int) -> AsyncIterator[bytes]:
    received = 0
    assert not isinstance(source, bytes | memoryview)
    async for chunk in source:
        received += len(chunk)
        if received > length:
            raise LengthMismatch(length, received)
        yield bytes(chunk)  # kept until a stretch is full; of bytes this is no copy
