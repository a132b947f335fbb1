"""HTTP of sign-in, people and units."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, Router, delete, get, post
from litestar.datastructures import Cookie, State
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter

from server.access import commands, queries, signin
from server.access.actor import Actor
from server.access.errors import NotJson
from server.access.guard import COOKIE, PUBLIC, token_of
from server.access.roles import Permission, Role
from server.access.schemas import (
    ChangePassword,
    EndedView,
    PersonView,
    SessionView,
    SignIn,
    UnitView,
)
from server.access.throttle import Source, remember_client
from server.kit import clock, db
from server.settings import Settings

KNOWN = "zhicha_known"
_KNOWN_SECONDS = 400 * 24 * 3600  # browsers keep no cookie longer
_SELF = {"permission": Permission.SELF}


def _person(actor: Actor) -> UUID:
    assert actor.person_id is not None, "only people sign in"
    return actor.person_id


async def _session_view(actor: Actor, token: str | None, expires_at: datetime) -> SessionView:
    return SessionView(
        person=await queries.self_view(actor),
        org=await queries.named_org(actor),
        csrf_token=actor.csrf_token,
        token=token,
        expires_at=expires_at,
        server_time=clock.now(),
    )


@post("/session", opt={"permission": PUBLIC})
async def open_session(request: Request[Any, Any, State], data: JSONBody[SignIn]) -> Response[SessionView]:
    """Sign in."""
    # A page elsewhere can send anything but JSON declared as such: it must not sign a browser in as whom it likes.
    if request.headers.get("content-type", "").split(";", 1)[0].strip().lower() != "application/json":
        raise NotJson
    settings: Settings = request.app.state["settings"]
    lifetime = (
        timedelta(hours=settings.session_hours) if data.transport == "cookie" else timedelta(days=settings.bearer_days)
    )
    source = Source(request.client.host if request.client else "", request.cookies.get(KNOWN))
    token, actor, expires_at = await signin.sign_in(data, request.headers.get("user-agent", ""), lifetime, source)
    bearer = data.transport == "bearer"
    cookies = (
        []
        if bearer
        else [
            Cookie(
                COOKIE,
                value=token,
                path="/",
                httponly=True,
                samesite="lax",
                secure=settings.secure_cookies,
                max_age=int(lifetime.total_seconds()),
            ),
            Cookie(
                KNOWN,
                value=await remember_client(actor.org_id, _person(actor)),
                path="/api/session",  # for the sign-in alone
                httponly=True,
                samesite="lax",
                secure=settings.secure_cookies,
                max_age=_KNOWN_SECONDS,
            ),
        ]
    )
    view = await _session_view(actor, token if bearer else None, expires_at)
    return Response(view, status_code=201, cookies=cookies, headers={"Cache-Control": "no-store"})


@get("/session", opt=_SELF)
async def read_session(request: Request[Any, Any, State], actor: NamedDependency[Actor]) -> Response[SessionView]:
    """Who is signed in, and the CSRF token for this session."""
    expires_at = await db.fetch_value("SELECT expires_at FROM sessions WHERE id = $1", actor.session_id)
    view = await _session_view(actor, None, expires_at)
    return Response(view, headers={"Cache-Control": "no-store"})


@delete("/session", opt=_SELF, status_code=204)
async def close_session(request: Request[Any, Any, State], actor: NamedDependency[Actor]) -> Response[None]:
    """Sign out."""
    await signin.sign_out(actor)
    _, by_cookie = token_of(request)
    cookies = [Cookie(COOKIE, value="", path="/", max_age=0)] if by_cookie else []
    return Response(None, status_code=204, cookies=cookies)


@post("/session/password", opt=_SELF, status_code=200)
async def change_password(data: JSONBody[ChangePassword], actor: NamedDependency[Actor]) -> EndedView:
    """Change one's own password; the present one is needed, and all other sign-ins end."""
    return EndedView(ended=await commands.change_password(actor, data))


@delete("/session/others", opt=_SELF, status_code=200)
async def end_other_sessions(actor: NamedDependency[Actor]) -> EndedView:
    """End every sign-in of one's own but this one."""
    return EndedView(ended=await commands.end_other_sign_ins(actor))


@get("/units", opt={"permission": Permission.PEOPLE_READ})
async def list_units(actor: NamedDependency[Actor]) -> tuple[UnitView, ...]:
    """The tree of units."""
    return await queries.units(actor)


@get("/people", opt={"permission": Permission.PEOPLE_READ})
async def list_people(
    actor: NamedDependency[Actor], role: Annotated[Role | None, QueryParameter()] = None
) -> tuple[PersonView, ...]:
    """People to choose from, by role."""
    return await queries.people(actor, role)


router = Router(
    "/",
    route_handlers=[
        open_session,
        read_session,
        close_session,
        change_password,
        end_other_sessions,
        list_units,
        list_people,
    ],
)
