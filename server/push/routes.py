"""HTTP of the inbox and of Web Push subscriptions."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Router, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from server.access.actor import Actor
from server.access.roles import Permission
from server.push import commands, queries
from server.push.schemas import Inbox, KeyView, NoticeView, Subscribe, SubscriptionView
from server.push.vapid import public_key

_SELF = {"permission": Permission.SELF}


@get("/push/key", opt=_SELF)
async def read_key() -> KeyView:
    """The key that browsers subscribe with."""
    return KeyView(public_key=await public_key())


@post("/push/subscriptions", opt=_SELF)
async def subscribe(data: JSONBody[Subscribe], actor: NamedDependency[Actor]) -> SubscriptionView:
    """Send notices to this browser."""
    return await commands.subscribe(actor, data)


@delete("/push/subscriptions/{subscription_id:uuid}", opt=_SELF, status_code=204)
async def unsubscribe(subscription_id: FromPath[UUID], actor: NamedDependency[Actor]) -> None:
    """Send no more notices to this browser."""
    await commands.unsubscribe(actor, subscription_id)


@get("/inbox", opt=_SELF)
async def read_inbox(
    actor: NamedDependency[Actor], cursor: Annotated[str | None, QueryParameter(max_length=400)] = None
) -> Inbox:
    """One's notices, the newest first."""
    return await queries.inbox(actor, cursor=cursor)


@post("/inbox/{notice_id:uuid}/read", opt=_SELF, status_code=200)
async def read_notice(notice_id: FromPath[UUID], actor: NamedDependency[Actor]) -> NoticeView:
    """Mark a notice as read."""
    return await commands.read_notice(actor, notice_id)


router = Router("/", route_handlers=[read_key, subscribe, unsubscribe, read_inbox, read_notice])
