"""HTTP of uploads: tus 1.0.0 with creation, creation-with-upload, checksum, expiration and termination."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, cast
from uuid import UUID

from litestar import HttpMethod, Request, Response, Router, delete, head, patch, post, route
from litestar.di import NamedDependency
from litestar.params import FromPath

from media import uploads
from media.uploads import headers
from media.uploads.errors import ChecksumMismatch, UploadDigestMismatch, UploadRefused
from server.access.actor import Actor
from server.access.roles import Permission
from server.evidence.receiving import Asked, Awaited, MediaRole, awaited
from server.kit import clock, media
from server.kit.errors import DomainError, NotFound
from server.kit.http.problems import respond
from server.kit.ids import new_id
from server.settings import Settings
from server.sync.uploads_errors import (
    AlreadyReceived,
    BadUploadMetadata,
    DigestMismatch,
    DigestNotInStatement,
    MediaTypeRefused,
    TooLarge,
    translated,
)
from server.sync.uploads_held import receive_held
from server.sync.uploads_ledger import UploadsLedger

LARGEST_PREVIEW: Final = 2 * 1024 * 1024

MEDIA_TYPES: Final = frozenset(
    {"image/jpeg", "image/png", "image/webp", "image/heic", "image/heif", "video/mp4", "video/quicktime"}
)

_SHA256 = re.compile(r"[0-9a-f]{64}")
_TUS: Final = {"Tus-Resumable": headers.VERSION, "Cache-Control": "no-store"}
_MAY = {"permission": Permission.EVIDENCE_RECORD}

AnyRequest = Request[Any, Any, Any]


@route("/uploads", http_method=[HttpMethod.OPTIONS], opt=_MAY, status_code=204)
async def discover(request: AnyRequest) -> Response[None]:
    """What of tus is spoken here."""
    return Response(None, status_code=204, headers={**headers.discovery(_settings(request).upload_max_bytes)})


@post("/uploads", opt=_MAY, request_max_body_size=None)
async def create_upload(request: AnyRequest, actor: NamedDependency[Actor]) -> Response[None]:
    """Begin an upload; the whole file may come with this request.

    Metadata: capture_id, role (original or preview), sha256 in hex, type. The digest must be in the signed statement.
    With ``held`` no bytes come: an original that was received before, and is still in the store, is taken note of.
    """
    begun = await announced(request, actor)
    try:
        reached = await uploads.create(
            begun.ledger,
            media.store(),
            begun.upload,
            now=clock.now(),
            lifetime=_lifetime(request),
            body=request.stream() if begun.body_length != 0 else None,
            body_length=begun.body_length,
            checksum=None if begun.proves_itself else begun.checksum,
        )
    except UploadDigestMismatch as error:
        raise ChecksumMismatch if begun.proves_itself else error from error
    return Response(None, status_code=201, headers=created(begun, reached))


@dataclass(frozen=True, slots=True)
class Announced:
    """An upload that may begin, as its creating request describes it; ``body_length`` as ``_content_length``."""

    upload: uploads.Upload
    ledger: UploadsLedger
    checksum: headers.Checksum | None
    body_length: int | None

    @property
    def proves_itself(self) -> bool:
        """The whole file with its own SHA-256 as checksum: hashed once, where it is written, and not a second time."""
        upload = self.upload
        own = headers.Checksum("sha256", bytes.fromhex(upload.sha256))
        return self.body_length == upload.length and self.checksum == own


async def announced(request: AnyRequest, actor: Actor) -> Announced:
    """What the headers of a creating request say.

    Raises:
        UploadRefused, DomainError: this file may not be sent, not by this person, or not in this way.
    """
    sent = request.headers
    headers.require_version(sent.get("tus-resumable"))
    length = headers.upload_length(sent.get("upload-length"), _settings(request).upload_max_bytes)
    target, content_type = await _target(actor, sent.get("upload-metadata"), length)
    body_length = _content_length(sent)
    if body_length != 0:
        headers.require_body_type(sent.get("content-type"))
    upload = uploads.Upload(
        id=str(new_id()),
        key=target.store_key,
        length=length,
        offset=0,
        sha256=target.sha256,
        content_type=content_type,
        expires_at=clock.now() + _lifetime(request),
        finished=False,
    )
    checksum = headers.checksum(sent.get("upload-checksum"))
    return Announced(upload, UploadsLedger(actor, target), checksum, body_length)


def created(begun: Announced, reached: uploads.Progress | uploads.Completed) -> dict[str, str]:
    """The headers of the answer to a creating request."""
    return {**_reached(begun.ledger, reached), "Location": f"/api/uploads/{begun.upload.id}"}


@head("/uploads/{upload_id:str}", opt=_MAY)
async def read_offset(upload_id: FromPath[str], request: AnyRequest, actor: NamedDependency[Actor]) -> Response[None]:
    """Where the upload stands."""
    headers.require_version(request.headers.get("tus-resumable"))
    ledger = UploadsLedger(actor)
    reached = await uploads.head(ledger, media.store(), upload_id, now=clock.now())
    about = {"Upload-Length": str(reached.length), "Upload-Metadata": headers.written_metadata(ledger.metadata)}
    answer = {**_reached(ledger, reached), **about}
    return Response(None, status_code=200, headers=answer)


@patch("/uploads/{upload_id:str}", opt=_MAY, status_code=204, request_max_body_size=None)
async def append_part(upload_id: FromPath[str], request: AnyRequest, actor: NamedDependency[Actor]) -> Response[None]:
    """Send the next part. The last one is answered with the receipt, or refused when the file is not the signed one."""
    sent = request.headers
    headers.require_version(sent.get("tus-resumable"))
    headers.require_body_type(sent.get("content-type"))
    ledger = UploadsLedger(actor)
    reached = await uploads.append(
        ledger,
        media.store(),
        upload_id,
        headers.upload_offset(sent.get("upload-offset")),
        request.stream(),
        now=clock.now(),
        lifetime=_lifetime(request),
        checksum=headers.checksum(sent.get("upload-checksum")),
    )
    return Response(None, status_code=204, headers=_reached(ledger, reached))


@delete("/uploads/{upload_id:str}", opt=_MAY, status_code=204)
async def terminate_upload(
    upload_id: FromPath[str], request: AnyRequest, actor: NamedDependency[Actor]
) -> Response[None]:
    """Discard an unfinished upload; what was received stays."""
    headers.require_version(request.headers.get("tus-resumable"))
    await uploads.terminate(UploadsLedger(actor), media.store(), upload_id)
    return Response(None, status_code=204, headers=_TUS)


async def _target(actor: Actor, metadata: str | None, length: int) -> tuple[Awaited, str]:
    pairs = headers.metadata(metadata)
    role, sha256, content_type = pairs.get("role", ""), pairs.get("sha256", ""), pairs.get("type", "")
    try:
        capture_id = UUID(pairs.get("capture_id", ""))
    except ValueError:
        raise BadUploadMetadata("capture_id") from None
    if role not in ("original", "preview"):
        raise BadUploadMetadata("role")
    if not _SHA256.fullmatch(sha256):
        raise BadUploadMetadata("sha256")
    if content_type not in MEDIA_TYPES:
        raise MediaTypeRefused(params={"type": content_type[:100]})
    target = await awaited(Asked(actor, capture_id, cast(MediaRole, role), sha256))
    if target is None:
        raise NotFound
    if target.received is not None:
        raise AlreadyReceived.with_receipt(target.received)
    if role == "preview":
        if length > LARGEST_PREVIEW:
            raise TooLarge(params={"most": LARGEST_PREVIEW})
        return target, content_type
    if target.length is None:
        raise DigestNotInStatement
    if target.length != length:
        raise DigestMismatch(f"{target.length} bytes were signed, {length} announced")
    if pairs.get("held"):
        raise AlreadyReceived.with_receipt(await receive_held(target, length))
    return target, target.media_type


def _reached(ledger: UploadsLedger, reached: uploads.Progress | uploads.Completed) -> dict[str, str]:
    if isinstance(reached, uploads.Completed):
        assert ledger.receipt is not None
        return {**_TUS, "Upload-Offset": str(reached.length), "Upload-Receipt": ledger.receipt.header()}
    return {**_TUS, "Upload-Offset": str(reached.offset), "Upload-Expires": headers.expires(reached.expires_at)}


def _content_length(sent: Mapping[str, str]) -> int | None:
    """Length of the body; ``None`` when it comes in chunks of its own framing."""
    if "transfer-encoding" in sent:
        return None
    text = sent.get("content-length", "0")
    return int(text) if text.isdecimal() else 0


def _settings(request: AnyRequest) -> Settings:
    settings: Settings = request.app.state["settings"]
    return settings


def _lifetime(request: AnyRequest) -> timedelta:
    return timedelta(hours=_settings(request).upload_expiry_hours)


def on_refusal(_: AnyRequest, error: UploadRefused) -> Response[bytes]:
    """Handler for refusals of the protocol."""
    return on_domain_error(_, translated(error))


def on_domain_error(_: AnyRequest, error: DomainError) -> Response[bytes]:
    """Handler for our own errors, with the headers that tus wants on each answer."""
    error.headers = {**_TUS, **error.headers}
    return respond(error)


router = Router(
    "/",
    route_handlers=[discover, create_upload, read_offset, append_part, terminate_upload],
    exception_handlers={UploadRefused: on_refusal, DomainError: on_domain_error},
)
