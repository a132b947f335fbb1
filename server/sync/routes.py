"""HTTP of sync: what phones deliver. Uploads have their own routes."""

from __future__ import annotations

from typing import Any

from litestar import Router, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from server.access.actor import Actor
from server.access.roles import Permission
from server.sync import push as pushing
from server.sync.schemas import Delivered, PushAnswer, PushBatch

LARGEST_BATCH = 1024 * 1024


def _deliver(kind: type[Delivered], value: Any) -> Delivered:
    if not isinstance(value, dict):
        raise TypeError("an operation is an object")
    return kind(value)


@post(
    "/sync/push",
    opt={"permission": Permission.EVIDENCE_RECORD},
    status_code=200,
    request_max_body_size=LARGEST_BATCH,
    type_decoders=[(lambda kind: kind is Delivered, _deliver)],
)
async def push(data: JSONBody[PushBatch], actor: NamedDependency[Actor]) -> PushAnswer:
    """Deliver what a phone recorded, in order; each operation has its own result and is applied at most once."""
    return await pushing.push(actor, data)


router = Router("/", route_handlers=[push])
