"""Media in a local folder: the adapter of a single machine (or of nodes sharing one POSIX file
system with `flock`).

    <root>/originals/…  <root>/derived/…   whole objects, read-only files
    <root>/incoming/…                      being written; a crash leaves them here, invisible
    <root>/staging/…                       resumable uploads, one file each

An object is written beside its place, synced, and linked to its name; the folder is synced
before success is reported.
"""

import contextlib
import hashlib
import os
import shutil
import time
from collections.abc import AsyncIterator
from pathlib import Path

from media import keys
from media.digests import sha256_hex
from media.store import durable
from media.store.errors import (
    DigestMismatch,
    LengthMismatch,
    ObjectExists,
    ObjectMissing,
    OriginalIsKept,
)
from media.store.folder_staging import FolderStaging
from media.store.protocol import Bytes, ObjectStat, Source
from media.store.threads import pour

READ_PIECE = 256 << 10


class FolderStore(FolderStaging):
    """`MediaStore` on a folder. Make one per process; it owns `workers` threads until `close`.

    Needs hard links. `min_free` is the free space in bytes below which `healthy` says no.
    """

    def __init__(self, root: Path, *, workers: int = 4, min_free: int = 256 << 20) -> None:
        super().__init__(root, workers=workers)
        self._min_free = min_free

    async def put_new(self, key: str, source: Source, *, sha256: str, length: int, content_type: str) -> None:
        """Stream the body to a file beside its place, hashing on the way, then give it its name."""
        del content_type  # a folder has no place for it; the database has
        if isinstance(source, bytes | memoryview):
            if len(source) != length:
                raise LengthMismatch(length, len(source))
            return await self._run(self._put_whole, key, source, sha256)
        target = self._target(key)
        temporary = self._incoming / durable.fresh_name()
        fd = await self._run(os.open, temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, durable.OBJECT_MODE)
        hasher, received = hashlib.sha256(), 0

        def write(chunks: list[Bytes]) -> None:
            for chunk in chunks:
                hasher.update(chunk)
            durable.write_all(fd, chunks)

        async def sink(chunks: list[Bytes]) -> None:
            nonlocal received
            received += sum(map(len, chunks))
            if received > length:
                raise LengthMismatch(length, received)
            await self._run(write, chunks)

        def settle() -> None:
            if received != length:
                raise LengthMismatch(length, received)
            if hasher.hexdigest() != sha256:
                raise DigestMismatch(sha256, hasher.hexdigest())
            durable.sync_file(fd)
            self._publish(temporary, target, key)

        try:
            await pour(source, sink)
            await self._run(settle)
        except BaseException:
            await self._run(temporary.unlink, missing_ok=True)
            raise
        finally:
            os.close(fd)

    async def put_whole(self, key: str, data: Bytes, sha256: str, *, content_type: str) -> None:
        """Hash, write, sync and name in one thread call."""
        del content_type
        await self._run(self._put_whole, key, data, sha256)

    def _put_whole(self, key: str, data: Bytes, sha256: str) -> None:
        target = self._target(key)
        if (actual := sha256_hex(data)) != sha256:
            raise DigestMismatch(sha256, actual)
        if target.exists():
            raise ObjectExists(key)
        temporary = self._incoming / durable.fresh_name()
        fd = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, durable.OBJECT_MODE)
        try:
            durable.write_all(fd, (data,))
            durable.sync_file(fd)
            self._publish(temporary, target, key)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        finally:
            os.close(fd)

    async def open(self, key: str, start: int = 0, stop: int | None = None) -> AsyncIterator[bytes]:
        """Bytes of the object in pieces of 256 KiB, read in threads."""
        if start < 0 or (stop is not None and stop < start):
            raise ValueError(f"not a range: {start}-{stop}")
        try:
            fd = await self._run(os.open, self._target(key), os.O_RDONLY)
        except FileNotFoundError:
            raise ObjectMissing(key) from None
        return self._pieces(fd, start, stop)

    async def _pieces(self, fd: int, start: int, stop: int | None) -> AsyncIterator[bytes]:
        try:
            while stop is None or start < stop:
                wanted = READ_PIECE if stop is None else min(READ_PIECE, stop - start)
                piece = await self._run(os.pread, fd, wanted, start)
                if not piece:
                    return
                yield piece
                start += len(piece)
        finally:
            os.close(fd)

    async def stat(self, key: str) -> ObjectStat:
        """Length of the file."""
        try:
            status = await self._run(self._target(key).stat)
        except FileNotFoundError:
            raise ObjectMissing(key) from None
        return ObjectStat(key, status.st_size)

    async def exists(self, key: str) -> bool:
        """Whether the file is there."""
        return await self._run(self._target(key).exists)

    async def delete_derivative(self, key: str) -> None:
        """Unlink a copy."""
        if keys.is_original(key):
            raise OriginalIsKept(key)
        await self._run(self._target(key).unlink, missing_ok=True)

    async def healthy(self) -> bool:
        """Whether a file can be written and synced, and room is left."""
        try:
            return await self._run(self._probe)
        except Exception:
            return False

    def _probe(self) -> bool:
        probe = self._incoming / durable.fresh_name()
        fd = os.open(probe, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            durable.write_all(fd, (b"zhicha",))
            durable.sync_file(fd)
        finally:
            os.close(fd)
            probe.unlink(missing_ok=True)
        return shutil.disk_usage(self._incoming).free >= self._min_free

    async def sweep_abandoned(self, *, older_than_s: float) -> int:
        """Remove what dead processes left in `incoming` and uploads nobody touched for that long."""
        return await self._run(self._sweep, older_than_s)

    def _sweep(self, older_than_s: float) -> int:
        oldest, removed = time.time() - older_than_s, 0
        for path in (*self._incoming.iterdir(), *self._staging.iterdir()):
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < oldest:
                    path.unlink()
                    removed += 1
        return removed

    def close(self) -> None:
        """Stop the threads."""
        self._threads.close()

    def _target(self, key: str) -> Path:
        return self._root / keys.checked_key(key)

    def _publish(self, temporary: Path, target: Path, key: str) -> None:
        durable.make_shards(self._root, target)
        try:
            durable.publish(temporary, target)
        except FileExistsError:
            raise ObjectExists(key) from None
