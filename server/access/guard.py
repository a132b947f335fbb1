"""Who sent the request, and may its roles do what the route names?

Every route names its permission: ``opt={"permission": Permission.ITEM_READ}``; ``PUBLIC`` is for sign-in and health.
"""

from __future__ import annotations

import hmac
from typing import Any, Final

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler

from server.access import signin
from server.access.actor import Actor
from server.access.errors import CsrfFailed
from server.access.roles import Permission
from server.kit.errors import NotSignedIn

PUBLIC: Final = "public"
COOKIE: Final = "zhicha_session"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def token_of(connection: ASGIConnection[Any, Any, Any, Any]) -> tuple[str | None, bool]:
    """The session token of a request and whether it came as a cookie."""
    header = connection.headers.get("authorization", "")
    if header.startswith("Bearer "):
        return header[7:], False
    return connection.cookies.get(COOKIE), True


async def demand_permission(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Guard of every route: signs the actor in and checks the permission that the route names.

    Raises:
        NotSignedIn: no valid session.
        CsrfFailed: an unsafe request by cookie without the session's CSRF token.
        NotPermitted: the roles do not include the act.
    """
    permission: str = handler.opt.get("permission", "")
    if permission == PUBLIC:
        return
    token, by_cookie = token_of(connection)
    actor = await signin.actor_of(token) if token else None
    if actor is None or actor.by_cookie != by_cookie:
        raise NotSignedIn
    if by_cookie and connection.scope["method"] not in _SAFE:  # type: ignore[typeddict-item]
        sent = connection.headers.get("x-csrf-token", "")
        if not hmac.compare_digest(sent.encode(), actor.csrf_token.encode()):
            raise CsrfFailed
    connection.state["actor"] = actor
    actor.must(Permission(permission))


async def current_actor(request: Request[Any, Any, Any]) -> Actor:
    """Dependency ``actor`` of every handler behind the guard."""
    actor: Actor = request.state["actor"]
    return actor
