"""HTTP of an item's way from registration to the unit, and of its trail."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, Router, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from server.access.actor import Actor
from server.access.once import applied_once
from server.access.roles import Permission
from server.attachments.routes import stream
from server.items import intake_queries, process_queries
from server.items.commands import amend_method, approve, feedback, merge, method, papers, propose, register
from server.items.process_schemas import (
    AmendMethod,
    ConfirmMethod,
    DecideMethod,
    GiveReason,
    IntakeLimitView,
    ItemDetailView,
    LateItemList,
    MergeItem,
    ProposeItem,
    SameSourceList,
    SetIntakeLimit,
    SignItem,
    StepList,
    TellOrigin,
    WaitingList,
)
from server.items.same_source import Source, same_source
from server.items.schemas import AttachFile, RecordInstruction
from server.items.waiting import waiting
from server.kit.http.etag import expected_version, tagged

AnyRequest = Request[Any, Any, Any]
_READ = {"permission": Permission.ITEM_READ}
_PROPOSE = {"permission": Permission.ITEM_PROPOSE}
_SIGN = {"permission": Permission.ITEM_SIGN}
_DIRECT = {"permission": Permission.ITEM_DIRECT}


async def _answer(actor: Actor, item_id: UUID) -> Response[ItemDetailView]:
    view = await process_queries.item(actor, item_id)
    return tagged(view, view.version)


@get("/items/same-source", opt={"permission": Permission.ITEM_REGISTER})
async def find_same_source(
    actor: NamedDependency[Actor],
    ref: Annotated[str, QueryParameter(max_length=300)] = "",
    decision_id: Annotated[UUID | None, QueryParameter()] = None,
    leader: Annotated[str, QueryParameter(max_length=100)] = "",
    instructed_on: Annotated[date | None, QueryParameter(name="on")] = None,
    wording: Annotated[str, QueryParameter(max_length=5000)] = "",
) -> SameSourceList:
    """Items in the ledger from the same document, decision or instruction, asked before anything is registered."""
    return SameSourceList(items=await same_source(actor, Source(ref, decision_id, leader, instructed_on, wording)))


@get("/items/waiting", opt=_READ)
async def list_waiting(actor: NamedDependency[Actor]) -> WaitingList:
    """What waits for a signature or another act of mine."""
    return await waiting(actor)


@get("/items/late", opt=_READ)
async def list_late(
    actor: NamedDependency[Actor], cursor: Annotated[str | None, QueryParameter()] = None
) -> LateItemList:
    """Matters registered later than they should have been, with the reason."""
    return await intake_queries.late_items(actor, cursor=cursor)


@get("/items/intake", opt=_READ)
async def read_intake_limit(actor: NamedDependency[Actor]) -> IntakeLimitView:
    """Within how many hours of its receipt a matter is to be registered."""
    return IntakeLimitView(hours=await intake_queries.intake_hours(actor))


@put("/items/intake", opt=_DIRECT)
async def set_intake_limit(data: JSONBody[SetIntakeLimit], actor: NamedDependency[Actor]) -> IntakeLimitView:
    """Set within how many hours of its receipt a matter is to be registered."""
    await register.set_intake_limit(actor, data)
    return IntakeLimitView(hours=await intake_queries.intake_hours(actor))


@get("/items/{item_id:uuid}/steps", opt=_READ)
async def read_steps(item_id: FromPath[UUID], actor: NamedDependency[Actor]) -> StepList:
    """The trail of an item."""
    return await process_queries.trail(actor, item_id)


@get("/items/{item_id:uuid}/attachments/{attachment_id:uuid}", opt=_READ)
async def read_item_attachment(
    item_id: FromPath[UUID], attachment_id: FromPath[UUID], request: AnyRequest, actor: NamedDependency[Actor]
) -> Response[Any]:
    """The bytes of a file of an item."""
    return await stream(request, await process_queries.attachment_of(actor, item_id, attachment_id))


@post("/items/{item_id:uuid}/attachments", opt=_READ, status_code=200)
async def attach_to_item(
    item_id: FromPath[UUID], data: JSONBody[AttachFile], request: AnyRequest, actor: NamedDependency[Actor]
) -> Response[ItemDetailView]:
    """Attach a file that one handed in oneself; for the registrar and the office."""
    with applied_once(request, data):
        await papers.attach(actor, item_id, data, expected=expected_version(request))
    return await _answer(actor, item_id)


@post("/items/{item_id:uuid}/instructions", opt=_READ, status_code=200)
async def record_instruction(
    item_id: FromPath[UUID], data: JSONBody[RecordInstruction], request: AnyRequest, actor: NamedDependency[Actor]
) -> Response[ItemDetailView]:
    """Record a leader's instruction, or correct one; for the registrar and the office."""
    with applied_once(request, data):
        await papers.record_instruction(actor, item_id, data, expected=expected_version(request))
    return await _answer(actor, item_id)


@put("/items/{item_id:uuid}/proposal", opt=_PROPOSE)
async def propose_item(
    item_id: FromPath[UUID], data: JSONBody[ProposeItem], request: AnyRequest, actor: NamedDependency[Actor]
) -> Response[ItemDetailView]:
    """Propose how to handle an item (拟办)."""
    with applied_once(request, data):
        await propose.propose(actor, item_id, data, expected=expected_version(request))
    return await _answer(actor, item_id)


@post("/items/{item_id:uuid}/submit", opt=_PROPOSE, status_code=200)
async def submit_item(
    item_id: FromPath[UUID], request: AnyRequest, actor: NamedDependency[Actor]
) -> Response[ItemDetailView]:
    """Send a complete proposal up for approval (送审)."""
    with applied_once(request):
        await propose.submit(actor, item_id, expected=expected_version(request))
    return await _answer(actor, item_id)


@post("/items/{item_id:uuid}/signatures", opt=_SIGN, status_code=200)
async def sign_item(
    item_id: FromPath[UUID], data: JSONBody[SignItem], request: AnyRequest, actor: NamedDependency[Actor]
) -> Response[ItemDetailView]:
    """Sign a proposal: first (审核) or second (审定)."""
    with applied_once(request, data):
        await approve.sign(actor, item_id, data, expected=expected_version(request))
    return await _answer(actor, item_id)


@post("/items/{item_id:uuid}/send-back", opt=_SIGN, status_code=200)
async def send_item_back(
    item_id: FromPath[UUID], data: JSONBody[GiveReason], request: AnyRequest, actor: NamedDependency[Actor]
) -> Response[ItemDetailView]:
    """Send a proposal back to be changed."""
    with applied_once(request, data):
        await approve.send_back(actor, item_id, data, expected=expected_version(request))
    return await _answer(actor, item_id)


@post("/items/{item_id:uuid}/refuse", opt=_SIGN, status_code=200)
async def refuse_item(
    item_id: FromPath[UUID], data: JSONBody[GiveReason], request: AnyRequest, actor: NamedDependency[Actor]
) -> Response[ItemDetailView]:
    """Do not establish a matter (不予立项)."""
    with applied_once(request, data):
        await approve.refuse(actor, item_id, data, expected=expected_version(request))
    return await _answer(actor, item_id)


@post("/items/{item_id:uuid}/merge", opt=_DIRECT, status_code=200)
async def merge_item(
    item_id: FromPath[UUID], data: JSONBody[MergeItem], request: AnyRequest, actor: NamedDependency[Actor]
) -> Response[ItemDetailView]:
    """Merge an item into another that is open (合并)."""
    with applied_once(request, data):
        await merge.merge(actor, item_id, data, expected=expected_version(request))
    return await _answer(actor, item_id)


@put("/items/{item_id:uuid}/method", opt=_DIRECT)
async def confirm_item_method(
    item_id: FromPath[UUID], data: JSONBody[ConfirmMethod], request: AnyRequest, actor: NamedDependency[Actor]
) -> Response[ItemDetailView]:
    """Confirm how an item is supervised (督查办法确认)."""
    with applied_once(request, data):
        await method.confirm_method(actor, item_id, data, expected=expected_version(request))
    return await _answer(actor, item_id)


@post("/items/{item_id:uuid}/method/amendments", opt=_DIRECT, status_code=200)
async def amend_item_method(
    item_id: FromPath[UUID], data: JSONBody[AmendMethod], request: AnyRequest, actor: NamedDependency[Actor]
) -> Response[ItemDetailView]:
    """Propose another method for an item not yet handed over."""
    await amend_method.propose_amendment(actor, item_id, data, expected=expected_version(request))
    return await _answer(actor, item_id)


@post("/items/{item_id:uuid}/method/amendments/{amendment_id:uuid}/decide", opt=_READ, status_code=200)
async def decide_item_method(
    item_id: FromPath[UUID],
    amendment_id: FromPath[UUID],
    data: JSONBody[DecideMethod],
    request: AnyRequest,
    actor: NamedDependency[Actor],
) -> Response[ItemDetailView]:
    """Sign a change of the method, refuse it, or withdraw one's own."""
    with applied_once(request, data):
        await amend_method.decide_amendment(actor, item_id, amendment_id, data, expected=expected_version(request))
    return await _answer(actor, item_id)


@post("/items/{item_id:uuid}/feedbacks/{feedback_id:uuid}/told", opt=_READ, status_code=200)
async def tell_item_origin(
    item_id: FromPath[UUID],
    feedback_id: FromPath[UUID],
    data: JSONBody[TellOrigin],
    request: AnyRequest,
    actor: NamedDependency[Actor],
) -> Response[ItemDetailView]:
    """Record how an origin without an account here was told."""
    with applied_once(request, data):
        await feedback.tell(actor, item_id, feedback_id, data, expected=expected_version(request))
    return await _answer(actor, item_id)


router = Router(
    "/",
    route_handlers=[
        find_same_source,
        list_waiting,
        list_late,
        read_intake_limit,
        set_intake_limit,
        read_steps,
        read_item_attachment,
        attach_to_item,
        record_instruction,
        propose_item,
        submit_item,
        sign_item,
        send_item_back,
        refuse_item,
        merge_item,
        confirm_item_method,
        amend_item_method,
        decide_item_method,
        tell_item_origin,
    ],
)
