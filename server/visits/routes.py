"""HTTP of visits, for the desk; the phone's steps arrive through ``/api/sync/push``."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from server.access.actor import Actor
from server.access.once import applied_once
from server.access.roles import Permission
from server.kit.http.etag import expected_version, tagged
from server.visits import commands, queries
from server.visits.lifecycle import VisitState
from server.visits.schemas import AbortVisit, LockTeam, PlanVisit, VisitList, VisitView


async def _answer(actor: Actor, visit_id: UUID, status_code: int = 200) -> Response[VisitView]:
    view = await queries.visit(actor, visit_id)
    return tagged(view, view.version, status_code=status_code)


@get("/visits", opt={"permission": Permission.VISIT_READ})
async def list_visits(
    actor: NamedDependency[Actor],
    in_state: Annotated[VisitState | None, QueryParameter(name="state")] = None,
    item_id: Annotated[UUID | None, QueryParameter()] = None,
    cursor: Annotated[str | None, QueryParameter()] = None,
) -> VisitList:
    """Visits, the latest planned day first."""
    return await queries.visits(actor, state=in_state, item_id=item_id, cursor=cursor)


@get("/visits/{visit_id:uuid}", opt={"permission": Permission.VISIT_READ})
async def read_visit(visit_id: FromPath[UUID], actor: NamedDependency[Actor]) -> Response[VisitView]:
    """One visit."""
    return await _answer(actor, visit_id)


@post("/visits", opt={"permission": Permission.VISIT_PLAN})
async def plan_visit(data: JSONBody[PlanVisit], actor: NamedDependency[Actor]) -> Response[VisitView]:
    """Draw up a plan for approval."""
    await commands.plan(actor, data)
    return await _answer(actor, data.id, 201)


@post("/visits/{visit_id:uuid}/approve", opt={"permission": Permission.VISIT_APPROVE}, status_code=200)
async def approve_visit(
    visit_id: FromPath[UUID], request: Request[Any, Any, Any], actor: NamedDependency[Actor]
) -> Response[VisitView]:
    """Accept the plan, as the approver named in it."""
    with applied_once(request):
        await commands.approve(actor, visit_id, expected=expected_version(request))
    return await _answer(actor, visit_id)


@post("/visits/{visit_id:uuid}/lock-team", opt={"permission": Permission.VISIT_LOCK}, status_code=200)
async def lock_team(
    visit_id: FromPath[UUID],
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    data: JSONBody[LockTeam | None] = None,
) -> Response[VisitView]:
    """Fix the team, as planned or as given."""
    with applied_once(request, data):
        await commands.lock_team(actor, visit_id, data or LockTeam(), expected=expected_version(request))
    return await _answer(actor, visit_id)


@post("/visits/{visit_id:uuid}/release", opt={"permission": Permission.VISIT_RELEASE}, status_code=200)
async def release_visit(
    visit_id: FromPath[UUID], request: Request[Any, Any, Any], actor: NamedDependency[Actor]
) -> Response[VisitView]:
    """Make the visit known to the office at large and to the unit under supervision."""
    with applied_once(request):
        await commands.release(actor, visit_id, expected=expected_version(request))
    return await _answer(actor, visit_id)


@post("/visits/{visit_id:uuid}/abort", opt={"permission": Permission.VISIT_ABORT}, status_code=200)
async def abort_visit(
    visit_id: FromPath[UUID],
    data: JSONBody[AbortVisit],
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
) -> Response[VisitView]:
    """Stop the visit before the team leaves the site."""
    with applied_once(request, data):
        await commands.abort(actor, visit_id, data, expected=expected_version(request))
    return await _answer(actor, visit_id)


router = Router(
    "/", route_handlers=[list_visits, read_visit, plan_visit, approve_visit, lock_team, release_visit, abort_visit]
)
