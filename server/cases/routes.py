"""HTTP of accountability cases."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, Router, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from server.access.actor import Actor
from server.access.once import applied_once
from server.access.roles import Permission
from server.cases import commands, queries
from server.cases.lifecycle import CaseState
from server.cases.schemas import CaseList, CaseView, CiteEvidence, DraftCase, ReviseCase
from server.kit.http.etag import expected_version, tagged


async def _answer(actor: Actor, case_id: UUID, status_code: int = 200) -> Response[CaseView]:
    view = await queries.case(actor, case_id)
    return tagged(view, view.version, status_code=status_code)


@get("/cases", opt={"permission": Permission.CASE_READ})
async def list_cases(
    actor: NamedDependency[Actor],
    in_state: Annotated[CaseState | None, QueryParameter(name="state")] = None,
    item_id: Annotated[UUID | None, QueryParameter()] = None,
    cursor: Annotated[str | None, QueryParameter()] = None,
) -> CaseList:
    """Cases, the newest first."""
    return await queries.cases(actor, state=in_state, item_id=item_id, cursor=cursor)


@get("/cases/{case_id:uuid}", opt={"permission": Permission.CASE_READ})
async def read_case(case_id: FromPath[UUID], actor: NamedDependency[Actor]) -> Response[CaseView]:
    """One case."""
    return await _answer(actor, case_id)


@post("/cases", opt={"permission": Permission.CASE_DRAFT})
async def draft_case(data: JSONBody[DraftCase], actor: NamedDependency[Actor]) -> Response[CaseView]:
    """Open a draft from a finding, with evidence cited."""
    await commands.draft(actor, data)
    return await _answer(actor, data.id, 201)


@patch("/cases/{case_id:uuid}", opt={"permission": Permission.CASE_DRAFT})
async def revise_case(
    case_id: FromPath[UUID],
    data: JSONBody[ReviseCase],
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
) -> Response[CaseView]:
    """Change the wording of a draft."""
    with applied_once(request, data):
        await commands.revise(actor, case_id, data, expected=expected_version(request))
    return await _answer(actor, case_id)


@post("/cases/{case_id:uuid}/evidence", opt={"permission": Permission.CASE_DRAFT}, status_code=200)
async def cite_evidence(
    case_id: FromPath[UUID],
    data: JSONBody[CiteEvidence],
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
) -> Response[CaseView]:
    """Cite a capture in a draft."""
    with applied_once(request, data):
        await commands.cite(actor, case_id, data, expected=expected_version(request))
    return await _answer(actor, case_id)


@delete("/cases/{case_id:uuid}/evidence/{capture_id:uuid}", opt={"permission": Permission.CASE_DRAFT}, status_code=200)
async def withdraw_evidence(
    case_id: FromPath[UUID],
    capture_id: FromPath[UUID],
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
) -> Response[CaseView]:
    """Withdraw a citation from a draft."""
    await commands.withdraw(actor, case_id, capture_id, expected=expected_version(request))
    return await _answer(actor, case_id)


@post("/cases/{case_id:uuid}/propose", opt={"permission": Permission.CASE_PROPOSE}, status_code=200)
async def propose_case(
    case_id: FromPath[UUID], request: Request[Any, Any, Any], actor: NamedDependency[Actor]
) -> Response[CaseView]:
    """Lay the case before those who may decide."""
    with applied_once(request):
        await commands.propose(actor, case_id, expected=expected_version(request))
    return await _answer(actor, case_id)


router = Router(
    "/", route_handlers=[list_cases, read_case, draft_case, revise_case, cite_evidence, withdraw_evidence, propose_case]
)
