"""HTTP of findings, for the desk; the phone records them through ``/api/sync/push``."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from server.access.actor import Actor
from server.access.once import applied_once
from server.access.roles import Permission
from server.findings import commands, queries
from server.findings.kinds import Severity
from server.findings.lifecycle import FindingState
from server.findings.schemas import DecideFinding, FindingList, FindingView, StateView
from server.kit.http.etag import expected_version, tagged


@get("/findings", opt={"permission": Permission.FINDING_READ})
async def list_findings(
    actor: NamedDependency[Actor],
    visit_id: Annotated[UUID | None, QueryParameter()] = None,
    item_id: Annotated[UUID | None, QueryParameter()] = None,
    in_state: Annotated[FindingState | None, QueryParameter(name="state")] = None,
    severity: Annotated[Severity | None, QueryParameter()] = None,
    cursor: Annotated[str | None, QueryParameter()] = None,
) -> FindingList:
    """Findings, the newest first."""
    return await queries.findings(
        actor, visit_id=visit_id, item_id=item_id, state=in_state, severity=severity, cursor=cursor
    )


@get("/findings/{finding_id:uuid}", opt={"permission": Permission.FINDING_READ})
async def read_finding(finding_id: FromPath[UUID], actor: NamedDependency[Actor]) -> Response[FindingView]:
    """One finding."""
    view = await queries.finding(actor, finding_id)
    return tagged(view, view.version)


@post("/findings/{finding_id:uuid}/confirm", opt={"permission": Permission.FINDING_CONFIRM}, status_code=200)
async def confirm_finding(
    finding_id: FromPath[UUID],
    data: JSONBody[DecideFinding],
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
) -> Response[StateView]:
    """Hold a finding established."""
    with applied_once(request, data):
        await commands.confirm(actor, finding_id, data, expected=expected_version(request))
    return await _answer(actor, finding_id)


@post("/findings/{finding_id:uuid}/dismiss", opt={"permission": Permission.FINDING_CONFIRM}, status_code=200)
async def dismiss_finding(
    finding_id: FromPath[UUID],
    data: JSONBody[DecideFinding],
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
) -> Response[StateView]:
    """Hold a finding not established."""
    with applied_once(request, data):
        await commands.dismiss(actor, finding_id, data, expected=expected_version(request))
    return await _answer(actor, finding_id)


async def _answer(actor: Actor, finding_id: UUID) -> Response[StateView]:
    view = await queries.state_of(actor, finding_id)
    return tagged(view, view.version)


router = Router("/", route_handlers=[list_findings, read_finding, confirm_finding, dismiss_finding])
