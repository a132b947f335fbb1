"""HTTP of circulation and of absences."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from server.access.actor import Actor
from server.access.once import applied_once
from server.access.roles import Permission
from server.circulation import queries
from server.circulation.commands import absences, carrying, opening, reading
from server.circulation.desks import desks
from server.circulation.schemas import (
    AddDesk,
    AtTime,
    ChangeAbsence,
    CirculationList,
    CirculationView,
    DesksView,
    Instruct,
    MarkAbsence,
    OpenCirculation,
    Reroute,
    TakeBack,
    Where,
)
from server.kit.http.etag import expected_version, tagged


async def _answer(actor: Actor, circulation_id: UUID, status_code: int = 200) -> Response[CirculationView]:
    view = await queries.circulation(actor, circulation_id)
    return tagged(view, view.version, status_code=status_code)


@get("/circulations", opt={"permission": Permission.CIRCULATION_READ})
async def list_circulations(
    actor: NamedDependency[Actor],
    where: Annotated[Where, QueryParameter()] = "on_desk",
    leader_id: Annotated[UUID | None, QueryParameter()] = None,
    cursor: Annotated[str | None, QueryParameter()] = None,
) -> CirculationList:
    """What lies on the desks with the worst first; what is to be re-routed, waits to go on, or has come back."""
    return await queries.circulations(actor, where=where, leader_id=leader_id, cursor=cursor)


@get("/circulations/{circulation_id:uuid}", opt={"permission": Permission.CIRCULATION_READ})
async def read_circulation(circulation_id: FromPath[UUID], actor: NamedDependency[Actor]) -> Response[CirculationView]:
    """One circulation."""
    return await _answer(actor, circulation_id)


@post("/circulations", opt={"permission": Permission.CIRCULATION_KEEP})
async def open_circulation(data: JSONBody[OpenCirculation], actor: NamedDependency[Actor]) -> Response[CirculationView]:
    """Register a document, or the stub of a confidential item, with the leaders who are to see it."""
    await opening.open_circulation(actor, data)
    return await _answer(actor, data.id, 201)


@post("/circulations/{circulation_id:uuid}/desks", opt={"permission": Permission.CIRCULATION_KEEP}, status_code=200)
async def add_desk(
    circulation_id: FromPath[UUID],
    data: JSONBody[AddDesk],
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
) -> Response[CirculationView]:
    """Put another leader at the end of the list."""
    with applied_once(request, data):
        await opening.add_desk(actor, circulation_id, data, expected=expected_version(request))
    return await _answer(actor, circulation_id)


@post("/circulations/{circulation_id:uuid}/deliver", opt={"permission": Permission.CIRCULATION_KEEP}, status_code=200)
async def deliver_to_desk(
    circulation_id: FromPath[UUID],
    data: JSONBody[AtTime],
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
) -> Response[CirculationView]:
    """Lay it on the next desk."""
    with applied_once(request, data):
        await carrying.deliver(actor, circulation_id, data, expected=expected_version(request))
    return await _answer(actor, circulation_id)


# Reading and instructing are the leader's on his own desk, or entered by those who keep the desks: the command tells.
@post("/circulations/{circulation_id:uuid}/read", opt={"permission": Permission.CIRCULATION_READ}, status_code=200)
async def mark_read(
    circulation_id: FromPath[UUID],
    data: JSONBody[AtTime],
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
) -> Response[CirculationView]:
    """The leader has read it."""
    with applied_once(request, data):
        await reading.read(actor, circulation_id, data, expected=expected_version(request))
    return await _answer(actor, circulation_id)


@post("/circulations/{circulation_id:uuid}/instruct", opt={"permission": Permission.CIRCULATION_READ}, status_code=200)
async def instruct(
    circulation_id: FromPath[UUID],
    data: JSONBody[Instruct],
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
) -> Response[CirculationView]:
    """The leader has instructed: the wording is kept."""
    with applied_once(request, data):
        await reading.instruct(actor, circulation_id, data, expected=expected_version(request))
    return await _answer(actor, circulation_id)


@post("/circulations/{circulation_id:uuid}/reroute", opt={"permission": Permission.CIRCULATION_KEEP}, status_code=200)
async def reroute(
    circulation_id: FromPath[UUID],
    data: JSONBody[Reroute],
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
) -> Response[CirculationView]:
    """Bring it to an absent leader by another way, or to another leader."""
    with applied_once(request, data):
        await carrying.reroute(actor, circulation_id, data, expected=expected_version(request))
    return await _answer(actor, circulation_id)


@post("/circulations/{circulation_id:uuid}/return", opt={"permission": Permission.CIRCULATION_KEEP}, status_code=200)
async def take_back(
    circulation_id: FromPath[UUID],
    data: JSONBody[TakeBack],
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
) -> Response[CirculationView]:
    """Take it back to the office."""
    with applied_once(request, data):
        await carrying.take_back(actor, circulation_id, data, expected=expected_version(request))
    return await _answer(actor, circulation_id)


@get("/desks", opt={"permission": Permission.CIRCULATION_READ})
async def read_desks(actor: NamedDependency[Actor]) -> DesksView:
    """The desks in numbers, the worst first, and who is away."""
    return await desks(actor)


@post("/absences", opt={"permission": Permission.CIRCULATION_KEEP})
async def mark_absence(data: JSONBody[MarkAbsence], actor: NamedDependency[Actor]) -> DesksView:
    """Mark a leader away; what lies on the desk is listed for re-routing at once when it is for too long."""
    await absences.mark(actor, data)
    return await desks(actor)


@post("/absences/{absence_id:uuid}/change", opt={"permission": Permission.CIRCULATION_KEEP}, status_code=200)
async def change_absence(
    absence_id: FromPath[UUID],
    data: JSONBody[ChangeAbsence],
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
) -> DesksView:
    """The leader comes back on another day."""
    with applied_once(request, data):
        await absences.change(actor, absence_id, data, expected=expected_version(request))
    return await desks(actor)


@post("/absences/{absence_id:uuid}/cancel", opt={"permission": Permission.CIRCULATION_KEEP}, status_code=200)
async def cancel_absence(
    absence_id: FromPath[UUID], request: Request[Any, Any, Any], actor: NamedDependency[Actor]
) -> DesksView:
    """The leader does not go away after all."""
    with applied_once(request):
        await absences.cancel(actor, absence_id, expected=expected_version(request))
    return await desks(actor)


router = Router(
    "/",
    route_handlers=[
        list_circulations,
        read_circulation,
        open_circulation,
        add_desk,
        deliver_to_desk,
        mark_read,
        instruct,
        reroute,
        take_back,
        read_desks,
        mark_absence,
        change_absence,
        cancel_absence,
    ],
)
