"""HTTP of the tray."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from server.access.actor import Actor
from server.access.once import applied_once
from server.access.roles import Permission
from server.attachments.routes import stream
from server.intake import commands, queries
from server.intake.schemas import MatterList, MatterView, ReceiveMatter, RegisterMatter, SettleMatter, Where
from server.kit.http.etag import expected_version, tagged

AnyRequest = Request[Any, Any, Any]
_REGISTER = {"permission": Permission.ITEM_REGISTER}


async def _answer(actor: Actor, matter_id: UUID, status_code: int = 200) -> Response[MatterView]:
    view = await queries.matter(actor, matter_id)
    return tagged(view, view.version, status_code=status_code)


@get("/intake", opt=_REGISTER)
async def list_matters(
    actor: NamedDependency[Actor],
    where: Annotated[Where, QueryParameter()] = Where.WAITING,
    cursor: Annotated[str | None, QueryParameter()] = None,
) -> MatterList:
    """What was received and is not registered yet, the longest first; or what became of it."""
    return await queries.matters(actor, where=where, cursor=cursor)


@get("/intake/{matter_id:uuid}", opt=_REGISTER)
async def read_matter(matter_id: FromPath[UUID], actor: NamedDependency[Actor]) -> Response[MatterView]:
    """One received matter."""
    return await _answer(actor, matter_id)


@get("/intake/{matter_id:uuid}/attachments/{attachment_id:uuid}", opt=_REGISTER)
async def read_matter_attachment(
    matter_id: FromPath[UUID], attachment_id: FromPath[UUID], request: AnyRequest, actor: NamedDependency[Actor]
) -> Response[Any]:
    """The bytes of a file that came with a matter."""
    return await stream(request, await queries.file_of(actor, matter_id, attachment_id))


@post("/intake", opt=_REGISTER)
async def receive_matter(data: JSONBody[ReceiveMatter], actor: NamedDependency[Actor]) -> Response[MatterView]:
    """Put a matter into the tray."""
    await commands.receive(actor, data)
    return await _answer(actor, data.id, 201)


@post("/intake/{matter_id:uuid}/register", opt=_REGISTER, status_code=200)
async def register_matter(
    matter_id: FromPath[UUID], data: JSONBody[RegisterMatter], request: AnyRequest, actor: NamedDependency[Actor]
) -> Response[MatterView]:
    """Register a received matter as an item."""
    await commands.register(actor, matter_id, data, expected=expected_version(request))
    return await _answer(actor, matter_id)


@post("/intake/{matter_id:uuid}/return", opt=_REGISTER, status_code=200)
async def return_matter(
    matter_id: FromPath[UUID], data: JSONBody[SettleMatter], request: AnyRequest, actor: NamedDependency[Actor]
) -> Response[MatterView]:
    """Return a matter to whom it came from."""
    with applied_once(request, data):
        await commands.send_back(actor, matter_id, data, expected=expected_version(request))
    return await _answer(actor, matter_id)


@post("/intake/{matter_id:uuid}/decline", opt=_REGISTER, status_code=200)
async def decline_matter(
    matter_id: FromPath[UUID], data: JSONBody[SettleMatter], request: AnyRequest, actor: NamedDependency[Actor]
) -> Response[MatterView]:
    """Do not take a matter into the register."""
    with applied_once(request, data):
        await commands.decline(actor, matter_id, data, expected=expected_version(request))
    return await _answer(actor, matter_id)


router = Router(
    "/",
    route_handlers=[
        list_matters,
        read_matter,
        read_matter_attachment,
        receive_matter,
        register_matter,
        return_matter,
        decline_matter,
    ],
)
