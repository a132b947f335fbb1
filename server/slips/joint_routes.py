"""HTTP of co-handling: who handles an item, contributions, disagreements."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from server.access.actor import Actor
from server.access.once import applied_once
from server.access.roles import Permission
from server.kit.http.etag import expected_version, tagged
from server.slips import joint_queries as queries
from server.slips.commands import coordinate, joint
from server.slips.joint_schemas import (
    AssignmentView,
    DisagreementList,
    DisagreementView,
    FinishTask,
    GiveContribution,
    RaiseDisagreement,
    RecordConsultation,
    SettleDisagreement,
)


async def _answer(actor: Actor, disagreement_id: UUID, status_code: int = 200) -> Response[DisagreementView]:
    view = await queries.disagreement(actor, disagreement_id)
    return tagged(view, view.version, status_code=status_code)


@get("/items/{item_id:uuid}/assignment", opt={"permission": Permission.SLIP_READ})
async def read_assignment(item_id: FromPath[UUID], actor: NamedDependency[Actor]) -> AssignmentView:
    """Who handles an item and how far that is."""
    return await queries.assignment(actor, item_id)


@post("/items/{item_id:uuid}/contributions", opt={"permission": Permission.ITEM_HANDLE})
async def give_contribution(
    item_id: FromPath[UUID], data: JSONBody[GiveContribution], actor: NamedDependency[Actor]
) -> AssignmentView:
    """Give an assisting unit's contribution to the lead unit."""
    await joint.contribute(actor, item_id, data)
    return await queries.assignment(actor, item_id)


@post("/tasks/{task_id:uuid}/finish", opt={"permission": Permission.ITEM_HANDLE}, status_code=200)
async def finish_task(
    task_id: FromPath[UUID], data: JSONBody[FinishTask], request: Request[Any, Any, Any], actor: NamedDependency[Actor]
) -> AssignmentView:
    """Report one's task of a coordination slip done."""
    with applied_once(request, data):
        await coordinate.finish(actor, task_id, data)
    return await queries.assignment_of_task(actor, task_id)


@get("/disagreements", opt={"permission": Permission.SLIP_READ})
async def list_disagreements(
    actor: NamedDependency[Actor], cursor: Annotated[str | None, QueryParameter()] = None
) -> DisagreementList:
    """Disagreements between units that are not settled, the oldest first."""
    return await queries.open_disagreements(actor, cursor=cursor)


@get("/disagreements/{disagreement_id:uuid}", opt={"permission": Permission.SLIP_READ})
async def read_disagreement(
    disagreement_id: FromPath[UUID], actor: NamedDependency[Actor]
) -> Response[DisagreementView]:
    """One disagreement."""
    return await _answer(actor, disagreement_id)


@post("/items/{item_id:uuid}/disagreements", opt={"permission": Permission.ITEM_HANDLE})
async def raise_disagreement(
    item_id: FromPath[UUID], data: JSONBody[RaiseDisagreement], actor: NamedDependency[Actor]
) -> Response[DisagreementView]:
    """Record that units of an item disagree."""
    await joint.raise_disagreement(actor, item_id, data)
    return await _answer(actor, data.id, 201)


@post("/disagreements/{disagreement_id:uuid}/consultations", opt={"permission": Permission.ITEM_HANDLE})
async def record_consultation(
    disagreement_id: FromPath[UUID], data: JSONBody[RecordConsultation], actor: NamedDependency[Actor]
) -> Response[DisagreementView]:
    """Record a consultation of principal leaders, or a meeting."""
    await joint.record_consultation(actor, disagreement_id, data)
    return await _answer(actor, disagreement_id, 201)


@post("/disagreements/{disagreement_id:uuid}/send_up", opt={"permission": Permission.ITEM_HANDLE}, status_code=200)
async def send_up(
    disagreement_id: FromPath[UUID], request: Request[Any, Any, Any], actor: NamedDependency[Actor]
) -> Response[DisagreementView]:
    """Send a disagreement up for instruction."""
    with applied_once(request):
        await joint.send_up(actor, disagreement_id, expected=expected_version(request))
    return await _answer(actor, disagreement_id)


@post("/disagreements/{disagreement_id:uuid}/settle", opt={"permission": Permission.ITEM_HANDLE}, status_code=200)
async def settle(
    disagreement_id: FromPath[UUID],
    data: JSONBody[SettleDisagreement],
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
) -> Response[DisagreementView]:
    """Settle a disagreement with what the units agreed on."""
    with applied_once(request, data):
        await joint.settle(actor, disagreement_id, data, by_leader=False, expected=expected_version(request))
    return await _answer(actor, disagreement_id)


@post("/disagreements/{disagreement_id:uuid}/instruct", opt={"permission": Permission.ITEM_SIGN}, status_code=200)
async def instruct(
    disagreement_id: FromPath[UUID],
    data: JSONBody[SettleDisagreement],
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
) -> Response[DisagreementView]:
    """Settle by a leader's instruction a disagreement that was sent up."""
    with applied_once(request, data):
        await joint.settle(actor, disagreement_id, data, by_leader=True, expected=expected_version(request))
    return await _answer(actor, disagreement_id)


HANDLERS = [
    read_assignment,
    give_contribution,
    finish_task,
    list_disagreements,
    read_disagreement,
    raise_disagreement,
    record_consultation,
    send_up,
    settle,
    instruct,
]
