"""HTTP of attachments: handing in, reading one's own, and the stream that owners' routes answer with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from media.keys import attachment_key
from server.access.actor import Actor
from server.access.roles import Permission
from server.attachments import commands, queries
from server.attachments.kinds import SHOWN_INLINE
from server.attachments.schemas import AttachmentView
from server.kit import media
from server.kit.errors import FieldProblem, InvalidInput
from server.kit.http.ranges import ranged
from server.kit.ids import new_id

AnyRequest = Request[Any, Any, Any]
# A PDF is shown by the browser's own viewer in a frame of our page; nothing else of it may be loaded from anywhere.
_FRAMED: Final = {"Content-Security-Policy": "frame-ancestors 'self'", "X-Frame-Options": "SAMEORIGIN"}


async def stream(request: AnyRequest, row: Any) -> Response[Any]:
    """An attachment's bytes, whole or in ranges; pictures and PDF shown in the page, anything else for saving.

    Args:
        request: the request, for its ranges and validators.
        row: of ``queries.attachment_row``, once the caller knows that the actor may read it.
    """
    inline = row["media_type"] in SHOWN_INLINE and "save" not in request.query_params
    sha256 = bytes(row["sha256"]).hex()
    key = attachment_key(row["org_id"], sha256)
    disposition = "inline" if inline else "attachment"
    headers = {
        "Cache-Control": "private, no-cache",
        "Vary": "Cookie, Authorization",
        "Content-Disposition": f"{disposition}; filename*=UTF-8''{quote(row['name'], safe='')}",
    }
    if inline and row["media_type"] == "application/pdf":
        headers |= _FRAMED

    async def open_bytes(start: int, stop: int) -> AsyncIterator[bytes]:
        return await media.store().open(key, start, stop)

    return await ranged(
        request,
        length=row["bytes"],
        etag=f'"{sha256}"',
        media_type=row["media_type"] if inline else "application/octet-stream",
        open_bytes=open_bytes,
        headers=headers,
    )


@post("/attachments", opt={"permission": Permission.ITEM_READ}, request_max_body_size=commands.LARGEST)
async def hand_in_attachment(request: AnyRequest, actor: NamedDependency[Actor]) -> AttachmentView:
    """Hand in a file: its bytes as the body, its name in X-File-Name; an Idempotency-Key becomes its id."""
    key = request.headers.get("idempotency-key", "").strip()
    try:
        attachment_id = UUID(key) if key else new_id()
    except ValueError as error:
        problem = FieldProblem(field="Idempotency-Key", code="not_a_uuid", detail="The key is a UUID minted once.")
        raise InvalidInput(errors=(problem,)) from error
    name = commands.file_name(request.headers.get("x-file-name", ""))
    await commands.hand_in(actor, attachment_id, name, await request.body())
    return queries.attachment_view(await queries.own_attachment(actor, attachment_id))


@get("/attachments/{attachment_id:uuid}", opt={"permission": Permission.ITEM_READ})
async def read_own_attachment(
    attachment_id: FromPath[UUID], request: AnyRequest, actor: NamedDependency[Actor]
) -> Response[Any]:
    """The bytes of a file that one handed in oneself, before and after it is attached."""
    return await stream(request, await queries.own_attachment(actor, attachment_id))


router = Router("/", route_handlers=[hand_in_attachment, read_own_attachment])
