"""Resumable uploads: bytes into the store, offsets into the ledger, in the one order that loses nothing.

    bytes durable → offset recorded → last byte: digest checked → object named → receipt recorded

A crash between any two steps is made good by repeating the request, or by a `head`.
"""

from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from media.digests import sha256_stream
from media.store.errors import (
    DigestMismatch,
    LengthMismatch,
    ObjectExists,
    StagingBusy,
    StagingGap,
    StoreUnavailable,
)
from media.store.protocol import MediaStore, Source
from media.uploads.errors import (
    ChecksumMismatch,
    EmptyUpload,
    StorageUnavailable,
    TooLarge,
    UploadBusy,
    UploadCutOff,
    UploadDigestMismatch,
    UploadExpired,
    UploadUnknown,
    WrongOffset,
)
from media.uploads.headers import Checksum
from media.uploads.ledger import Ledger, Upload

ONE_SHOT = 1 << 20
"""Bodies up to this many bytes are gathered in memory and stored by one thread call."""


@dataclass(frozen=True, slots=True)
class Progress:
    """The upload stands at `offset`; more is to come."""

    offset: int
    length: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Completed:
    """The object is stored and the receipt recorded."""

    sha256: str
    length: int


async def create(
    ledger: Ledger,
    store: MediaStore,
    upload: Upload,
    *,
    now: datetime,
    lifetime: timedelta,
    body: AsyncIterable[bytes] | None = None,
    body_length: int | None = None,
    checksum: Checksum | None = None,
) -> Progress | Completed:
    """Begin an upload at offset 0, with the first bytes in the same request if the client sent some.

    `body_length` is the request's Content-Length. When it is the whole file, nothing is staged: the
    client does not know the upload's address yet and could not resume it, so a broken one is dropped.
    Raises EmptyUpload, TooLarge, ChecksumMismatch, UploadDigestMismatch, UploadCutOff, StorageUnavailable.
    """
    if upload.length <= 0:
        raise EmptyUpload("a file without bytes")
    if body is not None and body_length == upload.length:
        return await _gather(ledger, store, upload, body, checksum)
    if body_length is not None and body_length > upload.length:
        raise TooLarge("more bytes than announced")
    await ledger.create(upload)
    if body is None or body_length == 0:
        return Progress(0, upload.length, upload.expires_at)
    return await append(ledger, store, upload.id, 0, body, checksum=checksum, now=now, lifetime=lifetime)


async def append(
    ledger: Ledger,
    store: MediaStore,
    upload_id: str,
    offset: int,
    chunks: AsyncIterable[bytes],
    *,
    now: datetime,
    lifetime: timedelta,
    checksum: Checksum | None = None,
) -> Progress | Completed:
    """Take the body of one PATCH.

    If the client goes away, what had come is kept and recorded, unless a checksum was to hold for the
    whole body. Raises UploadUnknown, UploadExpired, WrongOffset, UploadBusy, TooLarge, ChecksumMismatch,
    UploadDigestMismatch, UploadCutOff, StorageUnavailable.
    """
    _open(await ledger.load(upload_id), now)
    try:
        async with store.staging_hold(upload_id):
            upload = _open(await ledger.load(upload_id), now)
            if upload.finished:
                return Completed(upload.sha256, upload.length)
            if offset != upload.offset:
                raise WrongOffset(upload.offset)
            if offset == upload.length:  # a crash came between the last byte and the receipt
                return await _complete(ledger, store, upload)
            body = _Body(chunks, upload.length - offset, checksum)
            reached = await store.staging_append(upload_id, offset, body.read())
            until = now + lifetime
            if reached != offset and not await ledger.advance(upload_id, offset, reached, until):
                current = await ledger.load(upload_id)
                raise WrongOffset(current.offset) if current else UploadUnknown(upload_id)
            upload = replace(upload, offset=reached, expires_at=until)
            if reached == upload.length:
                return await _complete(ledger, store, upload)
            if body.cut_off:
                raise UploadCutOff(f"kept up to {reached}")
            return Progress(reached, upload.length, until)
    except StagingBusy:
        raise UploadBusy(upload_id) from None
    except StagingGap:
        await ledger.discard(upload_id)
        await store.staging_discard(upload_id)
        raise UploadUnknown(f"{upload_id}: the staged bytes are gone") from None
    except StoreUnavailable as error:
        raise StorageUnavailable(str(error)) from error


async def head(ledger: Ledger, store: MediaStore, upload_id: str, *, now: datetime) -> Progress | Completed:
    """Where the upload stands.

    An upload of which all bytes are there but the receipt is not (a crash came between) is completed
    now. Raises UploadUnknown, UploadExpired, UploadDigestMismatch, StorageUnavailable.
    """
    upload = _open(await ledger.load(upload_id), now)
    if upload.finished:
        return Completed(upload.sha256, upload.length)
    if upload.offset < upload.length:
        return Progress(upload.offset, upload.length, upload.expires_at)
    try:
        async with store.staging_hold(upload_id):
            return await _complete(ledger, store, upload)
    except StagingBusy:
        raise UploadBusy(upload_id) from None
    except StoreUnavailable as error:
        raise StorageUnavailable(str(error)) from error


async def terminate(ledger: Ledger, store: MediaStore, upload_id: str) -> None:
    """Discard an unfinished upload. Raises UploadUnknown, also for a finished one, and UploadBusy."""
    upload = await ledger.load(upload_id)
    if upload is None or upload.finished:
        raise UploadUnknown(upload_id)
    try:
        async with store.staging_hold(upload_id):
            await ledger.discard(upload_id)
            await store.staging_discard(upload_id)
    except StagingBusy:
        raise UploadBusy(upload_id) from None


async def sweep_expired(ledger: Ledger, store: MediaStore, *, now: datetime, limit: int = 100) -> int:
    """Discard uploads whose time is over; how many there were. Busy ones are left for the next sweep."""
    swept = 0
    for upload in await ledger.expired(now, limit):
        try:
            async with store.staging_hold(upload.id):
                await ledger.discard(upload.id)
                await store.staging_discard(upload.id)
                swept += 1
        except StagingBusy:
            continue
    return swept


async def _gather(
    ledger: Ledger,
    store: MediaStore,
    upload: Upload,
    chunks: AsyncIterable[bytes],
    checksum: Checksum | None,
) -> Completed:
    body = _Body(chunks, upload.length, checksum, whole=True)
    source: Source = body.read()
    if upload.length <= ONE_SHOT:
        source = b"".join([chunk async for chunk in body.read()])
    return await receive_whole(ledger, store, upload, source)


async def receive_whole(ledger: Ledger, store: MediaStore, upload: Upload, source: Source) -> Completed:
    """Store a file that came in one piece, and record the receipt.

    Raises UploadDigestMismatch, UploadCutOff, StorageUnavailable.
    """
    try:
        await store.put_new(
            upload.key,
            source,
            sha256=upload.sha256,
            length=upload.length,
            content_type=upload.content_type,
        )
    except ObjectExists:
        await _vouch_for_stored(store, upload)
    except DigestMismatch as error:
        raise UploadDigestMismatch(error.expected, error.actual) from None
    except LengthMismatch as error:
        raise UploadCutOff(str(error)) from None
    except StoreUnavailable as error:
        raise StorageUnavailable(str(error)) from error
    await ledger.finish(replace(upload, offset=upload.length, finished=True))
    return Completed(upload.sha256, upload.length)


async def _complete(ledger: Ledger, store: MediaStore, upload: Upload) -> Completed:
    try:
        await store.staging_commit(
            upload.id, upload.key, upload.sha256, upload.length, content_type=upload.content_type
        )
    except DigestMismatch as error:
        await ledger.discard(upload.id)
        await store.staging_discard(upload.id)
        raise UploadDigestMismatch(error.expected, error.actual) from None
    except (ObjectExists, StagingGap):
        # The same photo came before, or a crash hit between naming the object and recording it.
        if not await store.exists(upload.key):
            raise
        await _vouch_for_stored(store, upload)
        await store.staging_discard(upload.id)
    await ledger.finish(replace(upload, finished=True))
    return Completed(upload.sha256, upload.length)


async def _vouch_for_stored(store: MediaStore, upload: Upload) -> None:
    """Read the object that already has this key, so that no receipt is given on the word of a file name."""
    actual, length = await sha256_stream(await store.open(upload.key))
    if (actual, length) != (upload.sha256, upload.length):
        raise StorageUnavailable(f"the object stored under {upload.key} is damaged")


def _open(upload: Upload | None, now: datetime) -> Upload:
    if upload is None:
        raise UploadUnknown("no such upload")
    if not upload.finished and upload.expires_at <= now:
        raise UploadExpired(f"expired at {upload.expires_at.isoformat()}")
    return upload


class _Body:
    """A request body: never longer than announced, checked, and quiet about a lost connection if
    its prefix is worth keeping.
    """

    def __init__(
        self, chunks: AsyncIterable[bytes], room: int, checksum: Checksum | None, *, whole: bool = False
    ) -> None:
        self._chunks = chunks
        self._room = room
        self._checksum = checksum
        self._whole = whole
        self.cut_off = False

    async def read(self) -> AsyncIterator[bytes]:
        hasher = self._checksum.hasher() if self._checksum else None
        room = self._room
        source = aiter(self._chunks)
        while True:
            try:
                chunk = await anext(source, None)
            except Exception as error:
                self.cut_off = True
                if self._checksum or self._whole:
                    raise UploadCutOff("the connection ended before the body") from error
                return
            if chunk is None:
                break
            room -= len(chunk)
            if room < 0:
                raise TooLarge("more bytes than announced")
            if hasher is not None:
                hasher.update(chunk)
            yield chunk
        if hasher is not None and self._checksum and hasher.digest() != self._checksum.digest:
            raise ChecksumMismatch(f"{self._checksum.algorithm} of the body differs")
