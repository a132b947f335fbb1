"""HTTP of time stamps. What they came to is part of the log's state."""

from __future__ import annotations

from typing import Final

from litestar import Router, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from server.access.actor import Actor
from server.access.roles import Permission
from server.tlog.anchors import commands
from server.tlog.anchors.schemas import AskAnchor

_REVIEW: Final = {"permission": Permission.EVIDENCE_REVIEW}


@post("/log/anchors", opt=_REVIEW, status_code=204)
async def ask_anchor(data: JSONBody[AskAnchor], actor: NamedDependency[Actor]) -> None:
    """Have everything recorded so far stamped from outside, now."""
    await commands.ask_anchor(actor, data)


router = Router("/", route_handlers=[ask_anchor], tags=["log"])
