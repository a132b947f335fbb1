"""HTTP of pull."""

from __future__ import annotations

from typing import Annotated

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from server.access.actor import Actor
from server.access.roles import Permission
from server.sync import pull as pulling
from server.sync.pull_schemas import PullAnswer


@get("/sync/pull", opt={"permission": Permission.SELF})
async def pull(
    actor: NamedDependency[Actor],
    cursor: Annotated[str | None, QueryParameter(max_length=400)] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=1000)] = 500,
) -> PullAnswer:
    """What changed in the person's scope since the cursor; without one, everything in it."""
    return await pulling.pull(actor, cursor, limit)


router = Router("/", route_handlers=[pull])
