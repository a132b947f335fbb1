"""HTTP of what stays with those who left."""

from __future__ import annotations

from litestar import Router, get
from litestar.di import NamedDependency

from server.access.actor import Actor
from server.access.roles import Permission
from server.departures import queries
from server.departures.schemas import LeftBehindList


@get("/departures", opt={"permission": Permission.ITEM_DIRECT})
async def list_left_behind(actor: NamedDependency[Actor]) -> LeftBehindList:
    """What waits for somebody who has left, for the head of the office, who gives it to others."""
    return await queries.left_behind(actor)


router = Router("/", route_handlers=[list_left_behind])
