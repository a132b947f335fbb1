"""Resumable uploads in a folder: one file per upload, locked with `flock` while somebody appends.

    staging/<upload>          growing
    staging/<upload>.sealed   complete and on its way to its final name

An upload is sealed (renamed) before it is linked to its key, so that no append can ever reach
the bytes of an object.
"""

import contextlib
import fcntl
import hashlib
import os
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from media import keys
from media.store import durable
from media.store.errors import (
    DigestMismatch,
    LengthMismatch,
    ObjectExists,
    StagingBusy,
    StagingGap,
    StoreUnavailable,
)
from media.store.protocol import Bytes, Source
from media.store.threads import PIECE, Threads, pour

if TYPE_CHECKING:
    from hashlib import _Hash

P = ParamSpec("P")
T = TypeVar("T")

_WARM_UPLOADS = 256
"""Hash states kept between requests; an upload pushed out is hashed again from disk when it completes."""

_Stamp = tuple[int, int, int]


@dataclass(slots=True)
class _Held:
    """An upload's open, locked file and the hash of its first `hashed` bytes, if this process has
    followed them all.
    """

    fd: int
    created: bool
    hasher: "_Hash | None"
    hashed: int


class FolderStaging:
    """The staging half of `FolderStore`."""

    def __init__(self, root: Path, *, workers: int) -> None:
        self._root = root
        self._incoming = root / "incoming"
        self._staging = root / "staging"
        self._threads = Threads(workers, "media-folder")
        self._held: dict[str, _Held] = {}
        self._warm: OrderedDict[str, tuple[_Stamp, _Hash]] = OrderedDict()
        for folder in (self._incoming, self._staging):
            durable.make_folder(folder)

    async def _run(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await self._threads.run(work, *args, **kwargs)
        except (FileNotFoundError, FileExistsError):
            raise
        except OSError as error:
            raise StoreUnavailable(str(error)) from error

    def _paths(self, upload_id: str) -> tuple[Path, Path]:
        growing = self._staging / keys.checked_upload_id(upload_id)
        return growing, growing.with_suffix(".sealed")

    @contextlib.asynccontextmanager
    async def staging_hold(self, upload_id: str) -> AsyncIterator[None]:
        """Open and lock the upload's file; `flock` also excludes other processes and dies with its holder."""
        if upload_id in self._held:
            raise StagingBusy(upload_id)
        path, _ = self._paths(upload_id)
        held = await self._run(self._lock, upload_id, path)
        self._held[upload_id] = held
        try:
            yield
            keep = held.hasher
        except BaseException:
            keep = None
            raise
        finally:
            if self._held.pop(upload_id, None) is held:
                await self._run(self._release, upload_id, path, held, keep)

    def _lock(self, upload_id: str, path: Path) -> _Held:
        while True:
            try:
                fd, created = os.open(path, os.O_RDWR), False
            except FileNotFoundError:
                fd, created = os.open(path, os.O_RDWR | os.O_CREAT, 0o600), True
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                with contextlib.suppress(FileNotFoundError):
                    if path.stat().st_ino == os.fstat(fd).st_ino:
                        break  # the locked file is still the one with this name
            except BlockingIOError:
                os.close(fd)
                raise StagingBusy(upload_id) from None
            except BaseException:
                os.close(fd)
                raise
            os.close(fd)
        stamp, hasher = self._warm.pop(upload_id, (None, None))
        size = os.fstat(fd).st_size
        if stamp is None or stamp != _stamp(fd):
            hasher = None  # somebody else wrote: what was followed is not what is there
        return _Held(fd, created, hasher, size if hasher else 0)

    def _release(self, upload_id: str, path: Path, held: _Held, keep: "_Hash | None") -> None:
        size = os.fstat(held.fd).st_size
        if size == 0:
            path.unlink(missing_ok=True)  # looking at an upload leaves no trace
        elif keep is not None and held.hashed == size:
            self._warm[upload_id] = (_stamp(held.fd), keep)
            while len(self._warm) > _WARM_UPLOADS:
                self._warm.popitem(last=False)
        os.close(held.fd)

    async def staging_append(self, upload_id: str, offset: int, chunks: Source) -> int:
        """Write in pieces, hash on the way, sync before the new offset is returned."""
        held = self._held[upload_id]
        await self._run(_cut, held, upload_id, offset)
        if offset == 0:
            held.hasher, held.hashed = hashlib.sha256(), 0
        elif held.hashed != offset:
            held.hasher = None
        before = held.hasher.copy() if held.hasher else None
        end = offset

        def write(batch: list[Bytes]) -> int:
            if held.hasher is not None:
                for chunk in batch:
                    held.hasher.update(chunk)
            return durable.write_all(held.fd, batch)

        async def sink(batch: list[Bytes]) -> None:
            nonlocal end
            end += await self._run(write, batch)

        def settle() -> None:
            durable.sync_file(held.fd)
            if held.created:
                durable.sync_folder(self._staging)
                held.created = False

        try:
            await pour(chunks, sink)
            await self._run(settle)
        except BaseException:
            held.hasher, held.hashed = before, offset
            await self._run(os.ftruncate, held.fd, offset)
            raise
        held.hashed = end
        return end

    async def staging_truncate(self, upload_id: str, offset: int) -> None:
        """Shorten the file."""
        held = self._held[upload_id]
        if held.hashed > offset:
            held.hasher, held.hashed = None, 0
        await self._run(_cut, held, upload_id, offset)

    async def staging_digest(self, upload_id: str, length: int) -> str:
        """The followed hash, or the file read again."""
        held = self._held.get(upload_id)
        if held is not None and held.hasher is not None and held.hashed == length:
            return held.hasher.hexdigest()
        return await self._run(self._rehash, upload_id, length)

    def _rehash(self, upload_id: str, length: int) -> str:
        growing, sealed = self._paths(upload_id)
        try:
            fd = os.open(sealed if sealed.exists() else growing, os.O_RDONLY)
        except FileNotFoundError:
            raise StagingGap(upload_id) from None
        try:
            hasher, at = hashlib.sha256(), 0
            while at < length:
                piece = os.pread(fd, min(PIECE, length - at), at)
                if not piece:
                    raise StagingGap(upload_id)
                hasher.update(piece)
                at += len(piece)
            return hasher.hexdigest()
        finally:
            os.close(fd)

    async def staging_commit(self, upload_id: str, key: str, sha256: str, length: int, *, content_type: str) -> None:
        """Seal the file, link it to its key, sync the folder."""
        del content_type
        if (actual := await self.staging_digest(upload_id, length)) != sha256:
            raise DigestMismatch(sha256, actual)
        await self._run(self._commit, upload_id, key, length)
        if (held := self._held.pop(upload_id, None)) is not None:
            os.close(held.fd)  # it is the object now: nobody may write through this door again

    def _commit(self, upload_id: str, key: str, length: int) -> None:
        growing, sealed = self._paths(upload_id)
        target = self._root / keys.checked_key(key)
        if not sealed.exists():
            try:
                size = growing.stat().st_size
            except FileNotFoundError:
                raise StagingGap(upload_id) from None
            if size != length:
                raise LengthMismatch(length, size)
            if target.exists():
                raise ObjectExists(key)
            growing.chmod(durable.OBJECT_MODE)
            growing.rename(sealed)
        durable.make_shards(self._root, target)
        try:
            durable.publish(sealed, target)
        except FileExistsError:
            if not sealed.samefile(target):
                raise ObjectExists(key) from None
            durable.sync_folder(target.parent)
            sealed.unlink()

    async def staging_discard(self, upload_id: str) -> None:
        """Unlink the upload's file, whatever state it is in."""
        self._warm.pop(upload_id, None)
        for path in self._paths(upload_id):
            await self._run(path.unlink, missing_ok=True)


def _cut(held: _Held, upload_id: str, offset: int) -> None:
    size = os.fstat(held.fd).st_size
    if size < offset:
        raise StagingGap(upload_id)
    if size > offset:
        os.ftruncate(held.fd, offset)
    os.lseek(held.fd, offset, os.SEEK_SET)


def _stamp(fd: int) -> _Stamp:
    status = os.fstat(fd)
    return status.st_ino, status.st_size, status.st_mtime_ns
