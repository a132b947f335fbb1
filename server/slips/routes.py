"""HTTP of slips."""

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
from server.kit.http.etag import expected_version, tagged
from server.slips import control, joint_routes, queries
from server.slips.commands import draft, issue, receipt, withdraw
from server.slips.kinds import Series
from server.slips.lifecycle import SlipState
from server.slips.schemas import (
    ControlReport,
    DecideRefusal,
    DraftSlip,
    RefuseSlip,
    SignSlip,
    SlipDetail,
    SlipList,
    SlipText,
    UnsignedList,
    WithdrawSlip,
)


async def _answer(actor: Actor, slip_id: UUID, status_code: int = 200) -> Response[SlipDetail]:
    view = await queries.slip(actor, slip_id)
    return tagged(view, view.version, status_code=status_code)


@get("/slips", opt={"permission": Permission.SLIP_READ})
async def list_slips(
    actor: NamedDependency[Actor],
    item_id: Annotated[UUID | None, QueryParameter()] = None,
    in_state: Annotated[SlipState | None, QueryParameter(name="state")] = None,
    unit: Annotated[UUID | None, QueryParameter()] = None,
    series: Annotated[Series | None, QueryParameter()] = None,
    cursor: Annotated[str | None, QueryParameter()] = None,
) -> SlipList:
    """Slips, the newest first."""
    return await queries.slips(actor, item_id=item_id, state=in_state, unit_id=unit, series=series, cursor=cursor)


@get("/slips/unsigned", opt={"permission": Permission.SLIP_READ})
async def list_unsigned(
    actor: NamedDependency[Actor], cursor: Annotated[str | None, QueryParameter()] = None
) -> UnsignedList:
    """Slips that units have not signed for, the longest waiting first."""
    return await queries.unsigned(actor, cursor=cursor)


@get("/slips/control", opt={"permission": Permission.SLIP_READ})
async def read_control(
    actor: NamedDependency[Actor],
    since: Annotated[date | None, QueryParameter()] = None,
    until: Annotated[date | None, QueryParameter()] = None,
) -> ControlReport:
    """Leaders' instructions of a period without a task notice."""
    return await control.control(actor, since=since, until=until)


@get("/slips/{slip_id:uuid}", opt={"permission": Permission.SLIP_READ})
async def read_slip(slip_id: FromPath[UUID], actor: NamedDependency[Actor]) -> Response[SlipDetail]:
    """One slip as it was signed, or as it would be signed now."""
    return await _answer(actor, slip_id)


@post("/slips", opt={"permission": Permission.SLIP_DRAFT})
async def draft_slip(data: JSONBody[DraftSlip], actor: NamedDependency[Actor]) -> Response[SlipDetail]:
    """Draft a slip for an item."""
    await draft.draft(actor, data)
    return await _answer(actor, data.id, 201)


@put("/slips/{slip_id:uuid}", opt={"permission": Permission.SLIP_DRAFT})
async def revise_slip(
    slip_id: FromPath[UUID], data: JSONBody[SlipText], request: Request[Any, Any, Any], actor: NamedDependency[Actor]
) -> Response[SlipDetail]:
    """Replace the text of a draft."""
    await draft.revise(actor, slip_id, data, expected=expected_version(request))
    return await _answer(actor, slip_id)


@post("/slips/{slip_id:uuid}/discard", opt={"permission": Permission.SLIP_DRAFT}, status_code=200)
async def discard_slip(
    slip_id: FromPath[UUID], request: Request[Any, Any, Any], actor: NamedDependency[Actor]
) -> Response[SlipDetail]:
    """Discard a draft."""
    with applied_once(request):
        await draft.discard(actor, slip_id, expected=expected_version(request))
    return await _answer(actor, slip_id)


@post("/slips/{slip_id:uuid}/issue", opt={"permission": Permission.SLIP_ISSUE}, status_code=200)
async def issue_slip(
    slip_id: FromPath[UUID], request: Request[Any, Any, Any], actor: NamedDependency[Actor]
) -> Response[SlipDetail]:
    """Sign a slip off; it gets its number."""
    with applied_once(request):
        await issue.issue(actor, slip_id, expected=expected_version(request))
    return await _answer(actor, slip_id)


@post("/slips/{slip_id:uuid}/withdraw", opt={"permission": Permission.SLIP_READ}, status_code=200)
async def withdraw_slip(
    slip_id: FromPath[UUID],
    data: JSONBody[WithdrawSlip],
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
) -> Response[SlipDetail]:
    """Withdraw an issued slip, by another than its signer: the head of the office, a task notice the leader."""
    with applied_once(request, data):
        await withdraw.withdraw(actor, slip_id, data, expected=expected_version(request))
    return await _answer(actor, slip_id)


@post("/slips/{slip_id:uuid}/sign", opt={"permission": Permission.SLIP_RECEIVE}, status_code=200)
async def sign_slip(
    slip_id: FromPath[UUID], data: JSONBody[SignSlip], request: Request[Any, Any, Any], actor: NamedDependency[Actor]
) -> Response[SlipDetail]:
    """Sign for a slip in the name of one's unit."""
    with applied_once(request, data):
        await receipt.sign(actor, slip_id, data)
    return await _answer(actor, slip_id)


@post("/slips/{slip_id:uuid}/refuse", opt={"permission": Permission.SLIP_RECEIVE}, status_code=200)
async def refuse_slip(
    slip_id: FromPath[UUID], data: JSONBody[RefuseSlip], request: Request[Any, Any, Any], actor: NamedDependency[Actor]
) -> Response[SlipDetail]:
    """Decline a slip with the reason."""
    with applied_once(request, data):
        await receipt.refuse(actor, slip_id, data)
    return await _answer(actor, slip_id)


@post("/slips/{slip_id:uuid}/decide", opt={"permission": Permission.ITEM_SIGN}, status_code=200)
async def decide_refusal(
    slip_id: FromPath[UUID],
    data: JSONBody[DecideRefusal],
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
) -> Response[SlipDetail]:
    """Decide on a unit's refusal."""
    with applied_once(request, data):
        await receipt.decide(actor, slip_id, data)
    return await _answer(actor, slip_id)


router = Router(
    "/",
    route_handlers=[
        list_slips,
        list_unsigned,
        read_control,
        read_slip,
        draft_slip,
        revise_slip,
        discard_slip,
        issue_slip,
        withdraw_slip,
        sign_slip,
        refuse_slip,
        decide_refusal,
        *joint_routes.HANDLERS,
    ],
)
