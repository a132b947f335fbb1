"""HTTP of calendars."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from server.access.actor import Actor
from server.access.once import applied_once
from server.access.roles import Permission
from server.calendars import commands, queries, schemas
from server.kit.errors import FieldProblem, InvalidInput
from server.kit.limits import LONGEST, Limit, LimitUnit


@get("/calendars", opt={"permission": Permission.CALENDAR_READ})
async def list_calendars(actor: NamedDependency[Actor]) -> schemas.CalendarVersionList:
    """All versions of all years, the latest year first."""
    return schemas.CalendarVersionList(calendars=await queries.versions(actor))


@get("/calendars/{calendar_id:uuid}", opt={"permission": Permission.CALENDAR_READ})
async def read_calendar(calendar_id: FromPath[UUID], actor: NamedDependency[Actor]) -> schemas.CalendarVersionView:
    """One version, with what it would change of what is in force."""
    return await queries.version(actor, calendar_id)


@get("/calendars/years/{year:int}", opt={"permission": Permission.CALENDAR_READ})
async def read_year(year: FromPath[schemas.Year], actor: NamedDependency[Actor]) -> schemas.YearView:
    """A year at a glance."""
    return await queries.year_view(actor, year)


@get("/calendars/samples", opt={"permission": Permission.CALENDAR_READ})
async def list_samples(actor: NamedDependency[Actor]) -> schemas.SampleList:
    """Holidays of regions that come with the program, to be checked and imported."""
    return schemas.SampleList(samples=queries.samples())


@get("/calendars/count", opt={"permission": Permission.CALENDAR_READ})
async def count_limit(
    actor: NamedDependency[Actor],
    received: Annotated[date, QueryParameter()],
    n: Annotated[int, QueryParameter(ge=0, le=LONGEST)],
    unit: Annotated[LimitUnit, QueryParameter()] = LimitUnit.WORKING_DAYS,
    roll_forward: Annotated[bool, QueryParameter()] = False,
) -> schemas.CountView:
    """Where a limit ends that begins with a receipt on that day."""
    if not 2000 <= received.year <= 2199:
        problem = FieldProblem(field="received", code="out_of_range", detail="A day of the years 2000–2199.")
        raise InvalidInput(errors=(problem,))
    return await queries.counted(actor, received, Limit(n, unit), roll_forward=roll_forward)


@post("/calendars/preview", opt={"permission": Permission.CALENDAR_IMPORT}, status_code=200)
async def preview_calendar(data: JSONBody[schemas.Notice], actor: NamedDependency[Actor]) -> schemas.CalendarPreview:
    """What a notice would change; nothing is stored."""
    return await queries.preview(actor, data)


@post("/calendars", opt={"permission": Permission.CALENDAR_IMPORT})
async def import_calendar(
    data: JSONBody[schemas.ImportCalendar], actor: NamedDependency[Actor]
) -> schemas.CalendarVersionView:
    """Read a notice in as a draft."""
    await commands.import_calendar(actor, data)
    return await queries.version(actor, data.id)


@post("/calendars/{calendar_id:uuid}/enact", opt={"permission": Permission.RULE_ENACT}, status_code=200)
async def enact_calendar(
    calendar_id: FromPath[UUID], request: Request[Any, Any, Any], actor: NamedDependency[Actor]
) -> schemas.CalendarVersionView:
    """Take a draft into force."""
    with applied_once(request):
        await commands.enact(actor, calendar_id)
    return await queries.version(actor, calendar_id)


@post("/calendars/{calendar_id:uuid}/reject", opt={"permission": Permission.RULE_ENACT}, status_code=200)
async def reject_calendar(
    calendar_id: FromPath[UUID],
    data: JSONBody[schemas.RejectCalendar],
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
) -> schemas.CalendarVersionView:
    """Refuse a draft, saying why."""
    with applied_once(request, data):
        await commands.reject(actor, calendar_id, data)
    return await queries.version(actor, calendar_id)


router = Router(
    "/",
    route_handlers=[
        list_calendars,
        read_calendar,
        read_year,
        list_samples,
        count_limit,
        preview_calendar,
        import_calendar,
        enact_calendar,
        reject_calendar,
    ],
)
