"""HTTP of due dates: the effect of another rule pack, and provisional dates to be settled."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from server.access.actor import Actor
from server.access.once import applied_once
from server.access.roles import Permission
from server.items import settling
from server.items.due_schemas import AskEffect, EffectView, ProvisionalList, SettleDue
from server.items.effect import effect
from server.kit.http.etag import expected_version


@post("/due-dates/effect", opt={"permission": Permission.RULE_READ}, status_code=200)
async def ask_effect(data: JSONBody[AskEffect], actor: NamedDependency[Actor]) -> EffectView:
    """Due dates under the pack in force and under another, side by side; nothing changes."""
    return await effect(actor, data)


@get("/due-dates/provisional", opt={"permission": Permission.ITEM_READ})
async def list_provisional(actor: NamedDependency[Actor]) -> ProvisionalList:
    """Items whose due date was counted before a year was published, with the date that is proposed now."""
    return ProvisionalList(items=await settling.provisional(actor))


@post("/due-dates/provisional/{item_id:uuid}", opt={"permission": Permission.ITEM_DIRECT}, status_code=200)
async def settle_due(
    item_id: FromPath[UUID],
    data: JSONBody[SettleDue],
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
) -> ProvisionalList:
    """Settle a provisional date on the one proposed; answers with those that are left."""
    with applied_once(request, data):
        await settling.settle(actor, item_id, data, expected=expected_version(request))
    return ProvisionalList(items=await settling.provisional(actor))


router = Router("/", route_handlers=[ask_effect, list_provisional, settle_due])
