"""HTTP of rule packs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from server.access.actor import Actor
from server.access.once import applied_once
from server.access.roles import Permission
from server.kit.http.etag import expected_version, tagged
from server.rulepacks import commands, queries, schemas


async def _answer(actor: Actor, version_id: UUID, status_code: int = 200) -> Response[schemas.PackVersionView]:
    view = await queries.version_view(actor, version_id)
    return tagged(view, view.version, status_code=status_code)


@get("/rule-packs", opt={"permission": Permission.RULE_READ})
async def list_packs(actor: NamedDependency[Actor]) -> schemas.PackList:
    """What is in force, the versions of the organisation, and the packs that come with the program."""
    return await queries.listed(actor)


@get("/rule-packs/read/{label:str}", opt={"permission": Permission.RULE_READ})
async def read_pack(label: FromPath[schemas.PackLabel], actor: NamedDependency[Actor]) -> schemas.PackView:
    """A pack by its label, its rules as sentences with what they rest on."""
    return await queries.readable(actor, label)


@get("/rule-packs/{version_id:uuid}", opt={"permission": Permission.RULE_READ})
async def read_version(version_id: FromPath[UUID], actor: NamedDependency[Actor]) -> Response[schemas.PackVersionView]:
    """One version of the organisation's."""
    return await _answer(actor, version_id)


@post("/rule-packs/check", opt={"permission": Permission.RULE_EDIT}, status_code=200)
async def check_pack(data: JSONBody[schemas.CheckPack], actor: NamedDependency[Actor]) -> schemas.CheckView:
    """All problems of a text with their lines, or the pack that it would make; nothing is stored."""
    return await queries.check(data.text)


@post("/rule-packs", opt={"permission": Permission.RULE_EDIT})
async def draft_pack(
    data: JSONBody[schemas.DraftPack], actor: NamedDependency[Actor]
) -> Response[schemas.PackVersionView]:
    """Draft a version of the office's own, or the taking over of a shipped pack."""
    await commands.draft(actor, data)
    return await _answer(actor, data.id, 201)


@patch("/rule-packs/{version_id:uuid}", opt={"permission": Permission.RULE_EDIT})
async def revise_pack(
    version_id: FromPath[UUID],
    data: JSONBody[schemas.RevisePack],
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
) -> Response[schemas.PackVersionView]:
    """Change the text of a draft."""
    with applied_once(request, data):
        await commands.revise(actor, version_id, data, expected=expected_version(request))
    return await _answer(actor, version_id)


@post("/rule-packs/{version_id:uuid}/submit", opt={"permission": Permission.RULE_EDIT}, status_code=200)
async def submit_pack(
    version_id: FromPath[UUID], request: Request[Any, Any, Any], actor: NamedDependency[Actor]
) -> Response[schemas.PackVersionView]:
    """Lay a draft before a leader."""
    with applied_once(request):
        await commands.submit(actor, version_id, expected=expected_version(request))
    return await _answer(actor, version_id)


@post("/rule-packs/{version_id:uuid}/withdraw", opt={"permission": Permission.RULE_EDIT}, status_code=200)
async def withdraw_pack(
    version_id: FromPath[UUID], request: Request[Any, Any, Any], actor: NamedDependency[Actor]
) -> Response[schemas.PackVersionView]:
    """Withdraw a version that is not in force."""
    with applied_once(request):
        await commands.withdraw(actor, version_id, expected=expected_version(request))
    return await _answer(actor, version_id)


@post("/rule-packs/{version_id:uuid}/return", opt={"permission": Permission.RULE_ENACT}, status_code=200)
async def return_pack(
    version_id: FromPath[UUID],
    data: JSONBody[schemas.ReturnPack],
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
) -> Response[schemas.PackVersionView]:
    """Return a submitted version to the office, saying why."""
    with applied_once(request, data):
        await commands.give_back(actor, version_id, data, expected=expected_version(request))
    return await _answer(actor, version_id)


@post("/rule-packs/{version_id:uuid}/enact", opt={"permission": Permission.RULE_ENACT}, status_code=200)
async def enact_pack(
    version_id: FromPath[UUID],
    data: JSONBody[schemas.EnactPack],
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
) -> Response[schemas.PackVersionView]:
    """Take a version into force from a day on."""
    with applied_once(request, data):
        await commands.enact(actor, version_id, data, expected=expected_version(request))
    return await _answer(actor, version_id)


router = Router(
    "/",
    route_handlers=[
        list_packs,
        read_pack,
        read_version,
        check_pack,
        draft_pack,
        revise_pack,
        submit_pack,
        withdraw_pack,
        return_pack,
        enact_pack,
    ],
)
