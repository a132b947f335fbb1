"""Every route names its permission."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from server.access.guard import PUBLIC
from server.access.roles import Permission
from server.app import create_app
from server.settings import Settings

PUBLIC_PATHS = {"/api/session", "/api/health/live", "/api/health/ready", "/metrics", "/"}
# The log as far as it is published: hashes and public keys.
PUBLIC_PATHS |= {"/log/checkpoint", "/log/tile/{level:str}/{place:path}", "/api/log/trust"}
PUBLIC_PREFIXES = ("/m", "/desk")  # the built pages and their files: code, no content


def test_every_route_names_its_permission() -> None:
    app = create_app(Settings(database_url="postgresql://nowhere/none"))
    seen = 0
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            if not isinstance(handler, HTTPRouteHandler) or route.path.startswith("/api/schema"):
                continue
            if handler.fn.__name__ == "options_handler":
                continue
            permission = handler.opt.get("permission")
            assert permission is not None, f"{route.path} names no permission"
            if permission == PUBLIC:
                page = route.path.split("/{")[0] in PUBLIC_PREFIXES
                assert page or route.path in PUBLIC_PATHS, f"{route.path} is public"
            else:
                Permission(permission)
            seen += 1
    assert seen > 5
