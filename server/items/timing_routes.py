"""HTTP of an item's time."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from server.access.actor import Actor
from server.access.once import applied_once
from server.access.roles import Permission
from server.items import timing_lists, timing_queries
from server.items.commands import extend, suspend, written_report
from server.items.timing_schemas import (
    FileWrittenReport,
    GrantExtension,
    OverdueKind,
    OverdueList,
    PendingExtensionList,
    RefuseExtension,
    RequestExtension,
    ResumeItem,
    StandingList,
    SuspendItem,
    TerminateItem,
    TimeView,
)
from server.kit.http.etag import expected_version, tagged


async def _answer(actor: Actor, item_id: UUID, status_code: int = 200) -> Response[TimeView]:
    view = await timing_queries.time_of(actor, item_id)
    return tagged(view, view.version, status_code=status_code)


@get("/items/{item_id:uuid}/time", opt={"permission": Permission.ITEM_READ})
async def read_time(item_id: FromPath[UUID], actor: NamedDependency[Actor]) -> Response[TimeView]:
    """An item's limit, with the rule in words, its extensions, written reports and suspensions."""
    return await _answer(actor, item_id)


@post("/items/{item_id:uuid}/extensions", opt={"permission": Permission.ITEM_READ})
async def request_extension(
    item_id: FromPath[UUID],
    data: JSONBody[RequestExtension],
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
) -> Response[TimeView]:
    """The unit asks for a later date, with reason and progress."""
    await extend.request(actor, item_id, data, expected=expected_version(request))
    return await _answer(actor, item_id, 201)


@post("/extensions/{extension_id:uuid}/grant", opt={"permission": Permission.ITEM_EXTEND}, status_code=200)
async def grant_extension(
    extension_id: FromPath[UUID],
    data: JSONBody[GrantExtension],
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
) -> Response[TimeView]:
    """Grant a later date, as asked or another."""
    item_id = await timing_queries.item_of_extension(actor, extension_id)
    with applied_once(request, data):
        await extend.grant(actor, extension_id, data, expected=expected_version(request))
    return await _answer(actor, item_id)


@post("/extensions/{extension_id:uuid}/refuse", opt={"permission": Permission.ITEM_EXTEND}, status_code=200)
async def refuse_extension(
    extension_id: FromPath[UUID],
    data: JSONBody[RefuseExtension],
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
) -> Response[TimeView]:
    """Refuse a later date, with the reason."""
    item_id = await timing_queries.item_of_extension(actor, extension_id)
    with applied_once(request, data):
        await extend.refuse(actor, extension_id, data, expected=expected_version(request))
    return await _answer(actor, item_id)


@post("/extensions/{extension_id:uuid}/withdraw", opt={"permission": Permission.ITEM_READ}, status_code=200)
async def withdraw_extension(
    extension_id: FromPath[UUID], request: Request[Any, Any, Any], actor: NamedDependency[Actor]
) -> Response[TimeView]:
    """The unit takes its request back."""
    item_id = await timing_queries.item_of_extension(actor, extension_id)
    with applied_once(request):
        await extend.withdraw(actor, extension_id, expected=expected_version(request))
    return await _answer(actor, item_id)


@post("/items/{item_id:uuid}/written-reports", opt={"permission": Permission.ITEM_READ})
async def file_written_report(
    item_id: FromPath[UUID],
    data: JSONBody[FileWrittenReport],
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
) -> Response[TimeView]:
    """The unit reports in writing that it cannot finish in time."""
    await written_report.file_written_report(actor, item_id, data, expected=expected_version(request))
    return await _answer(actor, item_id, 201)


@post("/items/{item_id:uuid}/suspend", opt={"permission": Permission.ITEM_SIGN}, status_code=200)
async def suspend_item(
    item_id: FromPath[UUID],
    data: JSONBody[SuspendItem],
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
) -> Response[TimeView]:
    """Stop the clock."""
    await suspend.suspend(actor, item_id, data, expected=expected_version(request))
    return await _answer(actor, item_id)


@post("/items/{item_id:uuid}/resume", opt={"permission": Permission.ITEM_DIRECT}, status_code=200)
async def resume_item(
    item_id: FromPath[UUID],
    data: JSONBody[ResumeItem],
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
) -> Response[TimeView]:
    """Let the clock run again, with what was left."""
    with applied_once(request, data):
        await suspend.resume(actor, item_id, data, expected=expected_version(request))
    return await _answer(actor, item_id)


@post("/items/{item_id:uuid}/terminate", opt={"permission": Permission.ITEM_SIGN}, status_code=200)
async def terminate_item(
    item_id: FromPath[UUID],
    data: JSONBody[TerminateItem],
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
) -> Response[TimeView]:
    """End the item without a result."""
    with applied_once(request, data):
        await suspend.terminate(actor, item_id, data, expected=expected_version(request))
    return await _answer(actor, item_id)


@get("/overdue-items", opt={"permission": Permission.ITEM_READ})
async def list_overdue(
    actor: NamedDependency[Actor],
    kind: Annotated[OverdueKind | None, QueryParameter()] = None,
    unit_id: Annotated[UUID | None, QueryParameter()] = None,
    cursor: Annotated[str | None, QueryParameter()] = None,
) -> OverdueList:
    """Overdue items, the longest overdue first; reported and unreported apart."""
    return await timing_lists.overdue_items(actor, kind=kind, unit_id=unit_id, cursor=cursor)


@get("/extensions", opt={"permission": Permission.ITEM_READ})
async def list_pending_extensions(
    actor: NamedDependency[Actor], cursor: Annotated[str | None, QueryParameter()] = None
) -> PendingExtensionList:
    """Requests for a later date that wait for a decision, the oldest first."""
    return await timing_lists.pending_extensions(actor, cursor=cursor)


@get("/suspensions", opt={"permission": Permission.ITEM_READ})
async def list_suspensions(
    actor: NamedDependency[Actor], cursor: Annotated[str | None, QueryParameter()] = None
) -> StandingList:
    """Items whose clock stands still, the earliest review first."""
    return await timing_lists.standing(actor, cursor=cursor)


router = Router(
    "/",
    route_handlers=[
        read_time,
        request_extension,
        grant_extension,
        refuse_extension,
        withdraw_extension,
        file_written_report,
        suspend_item,
        resume_item,
        terminate_item,
        list_overdue,
        list_pending_extensions,
        list_suspensions,
    ],
)
