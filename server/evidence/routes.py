"""HTTP of evidence on the desk: lists, details, decisions, questions, remarks, and the media themselves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any, Final
from uuid import UUID

from litestar import HttpMethod, Request, Response, Router, get, post, route
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from server.access.actor import Actor
from server.access.roles import Permission
from server.evidence import media_files, queries, stamps
from server.evidence.commands import queries as questions
from server.evidence.commands import review as reviewing
from server.evidence.custody import CustodyView, custody
from server.evidence.opening import note_opening
from server.evidence.schemas import (
    Completeness,
    EvidenceList,
    EvidenceView,
    OpenCapture,
    OpeningView,
    ReviewCapture,
    StampList,
    Standing,
    WriteText,
)
from server.evidence.viewing import note_view
from server.journal.commands_ledger import AlreadyApplied, Delivery, delivering
from server.kit import clock, media
from server.kit.errors import ChangedMeanwhile
from server.kit.http.ranges import ranged

_READ: Final = {"permission": Permission.EVIDENCE_READ}
_REVIEW: Final = {"permission": Permission.EVIDENCE_REVIEW}
_SHOWN_INLINE: Final = frozenset({"image/jpeg", "image/png", "image/webp"})
_ENDINGS: Final = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
    "image/heif": "heif",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
}

AnyRequest = Request[Any, Any, Any]


@get("/evidence", opt=_READ)
async def list_evidence(
    actor: NamedDependency[Actor],
    visit_id: Annotated[UUID | None, QueryParameter()] = None,
    item_id: Annotated[UUID | None, QueryParameter()] = None,
    decision: Annotated[Standing | None, QueryParameter()] = None,
    received: Annotated[Completeness | None, QueryParameter()] = None,
    q: Annotated[str | None, QueryParameter(max_length=100)] = None,
    cursor: Annotated[str | None, QueryParameter()] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=100)] = 50,
) -> EvidenceList:
    """Evidence, the newest arrivals first."""
    wanted = queries.Wanted(visit_id, item_id, decision, received, q)
    return await queries.evidence(actor, wanted, cursor, limit)


@get("/evidence/{capture_id:uuid}", opt=_READ)
async def read_evidence(capture_id: FromPath[UUID], actor: NamedDependency[Actor]) -> Response[EvidenceView]:
    """One capture with all that is known of it."""
    return _tagged(await queries.capture(actor, capture_id), 200)


@get("/evidence/{capture_id:uuid}/custody", opt=_READ)
async def read_custody(capture_id: FromPath[UUID], actor: NamedDependency[Actor]) -> list[CustodyView]:
    """Who handled a capture since it arrived, the oldest first."""
    return await custody(actor, capture_id)


@post("/evidence/{capture_id:uuid}/openings", opt=_REVIEW, status_code=200)
async def open_evidence(
    capture_id: FromPath[UUID], data: JSONBody[OpenCapture], actor: NamedDependency[Actor]
) -> OpeningView:
    """Take up a capture for review, and have it time-stamped from outside unless it is; once a day it is an act."""
    recorded = await note_opening(actor, capture_id, data.way)
    (stamp,) = await stamps.stamps_of(actor, [capture_id])
    return OpeningView(recorded=recorded, stamp=stamp)


@get("/evidence/stamps", opt=_REVIEW)
async def list_stamps(
    actor: NamedDependency[Actor], capture_id: Annotated[list[UUID], QueryParameter(max_items=100)]
) -> StampList:
    """Whether these captures are time-stamped from outside yet."""
    return StampList(stamps=await stamps.stamps_of(actor, capture_id))


@post("/evidence/{capture_id:uuid}/review", opt=_REVIEW)
async def review_evidence(
    capture_id: FromPath[UUID], data: JSONBody[ReviewCapture], request: AnyRequest, actor: NamedDependency[Actor]
) -> Response[EvidenceView]:
    """Accept or reject; with ``If-Match``, only what was looked at."""
    try:
        with delivering(Delivery.of(data.id, "evidence.review", (capture_id, data))):
            await _must_match(request, actor, capture_id, data.id)
            await reviewing.review_capture(actor, capture_id, data.id, data.decision, data.reason)
    except AlreadyApplied:
        pass  # answered below as it stands now
    return _tagged(await queries.capture(actor, capture_id), 201)


@post("/evidence/{capture_id:uuid}/queries", opt=_REVIEW)
async def ask_about_evidence(
    capture_id: FromPath[UUID], data: JSONBody[WriteText], actor: NamedDependency[Actor]
) -> Response[EvidenceView]:
    """Ask the inspector."""
    try:
        with delivering(Delivery.of(data.id, "evidence.query", (capture_id, data))):
            await questions.ask_query(actor, capture_id, data.id, data.text)
    except AlreadyApplied:
        pass
    return _tagged(await queries.capture(actor, capture_id), 201)


@post("/evidence/{capture_id:uuid}/comments", opt=_REVIEW)
async def comment_on_evidence(
    capture_id: FromPath[UUID], data: JSONBody[WriteText], actor: NamedDependency[Actor]
) -> Response[EvidenceView]:
    """Remark on a capture, within the office."""
    try:
        with delivering(Delivery.of(data.id, "evidence.comment", (capture_id, data))):
            await reviewing.comment_on_capture(actor, capture_id, data.id, data.text)
    except AlreadyApplied:
        pass
    return _tagged(await queries.capture(actor, capture_id), 201)


@route("/media/{capture_id:uuid}/{role:str}", http_method=[HttpMethod.GET, HttpMethod.HEAD], opt=_READ)
async def read_media(
    capture_id: FromPath[UUID],
    role: FromPath[media_files.Role],
    request: AnyRequest,
    actor: NamedDependency[Actor],
    position: Annotated[int, QueryParameter(ge=0, le=100)] = 0,
) -> Response[Any]:
    """The original or a copy, whole or in ranges; originals are offered for saving under the capture's time."""
    file = await media_files.stored_file(actor, capture_id, role, position)
    if role == "original" and request.method == "GET":
        await note_view(actor, capture_id, file.sha256)
    # The type is the phone's word. Signed as text/javascript, a photo would be a script of our own origin.
    known = file.media_type in (_ENDINGS if role == "original" else _SHOWN_INLINE)
    shown_as = file.media_type if known else "application/octet-stream"
    headers = {"Cache-Control": "private, max-age=300" if role != "original" else "private, no-cache"}
    headers["Vary"] = "Cookie, Authorization"
    if role == "original":
        time = file.captured_at.astimezone(clock.SHANGHAI).strftime("%Y%m%d-%H%M%S")
        ending = _ENDINGS.get(file.media_type, "bin")
        headers["Content-Disposition"] = f'attachment; filename="{time}-{file.sha256[:8]}.{ending}"'

    async def open_bytes(start: int, stop: int) -> AsyncIterator[bytes]:
        return await media.store().open(file.key, start, stop)

    return await ranged(
        request,
        length=file.length,
        etag=f'"{file.sha256}"',
        media_type=shown_as,
        open_bytes=open_bytes,
        headers=headers,
    )


async def _must_match(request: AnyRequest, actor: Actor, capture_id: UUID, command_id: UUID) -> None:
    seen = request.headers.get("if-match", "").strip()
    if seen in ("", "*"):
        return
    view = await queries.capture(actor, capture_id)
    if view.etag != seen and not await reviewing.is_recorded(command_id):
        raise ChangedMeanwhile


def _tagged(view: EvidenceView, status: int) -> Response[EvidenceView]:
    return Response(view, status_code=status, headers={"ETag": view.etag, "Cache-Control": "no-cache"})


router = Router(
    "/",
    route_handlers=[
        list_evidence,
        read_evidence,
        read_custody,
        open_evidence,
        list_stamps,
        review_evidence,
        ask_about_evidence,
        comment_on_evidence,
        read_media,
    ],
)
