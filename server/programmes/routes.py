"""HTTP of programmes."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, Router, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from server.access.actor import Actor
from server.access.once import applied_once
from server.access.roles import Permission
from server.kit.http.etag import expected_version, tagged
from server.programmes import comparison, frequency, queries
from server.programmes.commands import links, versions
from server.programmes.schemas import (
    AmendProgramme,
    ApproveProgramme,
    ComparisonView,
    DraftProgramme,
    EntryRecordsView,
    FrequencyView,
    ProgrammeList,
    ProgrammeView,
    PutUnder,
    ReturnProgramme,
    ReviseProgramme,
)

AnyRequest = Request[Any, Any, Any]
_READ = {"permission": Permission.PROGRAMME_READ}
_DRAFT = {"permission": Permission.PROGRAMME_DRAFT}
_APPROVE = {"permission": Permission.PROGRAMME_APPROVE}
Day = Annotated[date | None, QueryParameter()]


async def _answer(actor: Actor, programme_id: UUID, status_code: int = 200) -> Response[ProgrammeView]:
    view = await queries.programme(actor, programme_id)
    return tagged(view, view.version, status_code=status_code)


@get("/programmes", opt=_READ)
async def list_programmes(
    actor: NamedDependency[Actor], cursor: Annotated[str | None, QueryParameter()] = None
) -> ProgrammeList:
    """Programmes of years and stages, the latest first."""
    return await queries.programmes(actor, cursor=cursor)


@get("/programmes/frequency", opt=_READ)
async def read_frequency(
    actor: NamedDependency[Actor],
    item_id: Annotated[UUID, QueryParameter()],
    on: Annotated[date, QueryParameter()],
    site_id: Annotated[UUID | None, QueryParameter()] = None,
) -> FrequencyView:
    """How often the object of a visit is visited, asked where one is planned."""
    return await frequency.frequency(actor, item_id=item_id, site_id=site_id, on=on)


@get("/programmes/{programme_id:uuid}", opt=_READ)
async def read_programme(
    programme_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    no: Annotated[int | None, QueryParameter(ge=1)] = None,
) -> Response[ProgrammeView]:
    """One programme with the entries of a version."""
    view = await queries.programme(actor, programme_id, no=no)
    return tagged(view, view.version)


@get("/programmes/{programme_id:uuid}/comparison", opt=_READ)
async def compare_programme(
    programme_id: FromPath[UUID], actor: NamedDependency[Actor], as_of: Day = None
) -> ComparisonView:
    """What was planned beside what was done."""
    return await comparison.compare(actor, programme_id, as_of=as_of)


@get("/programmes/{programme_id:uuid}/entries/{key:uuid}/records", opt=_READ)
async def read_entry_records(
    programme_id: FromPath[UUID], key: FromPath[UUID], actor: NamedDependency[Actor], as_of: Day = None
) -> EntryRecordsView:
    """The items and visits behind an entry's figures."""
    return await comparison.records(actor, programme_id, key, as_of=as_of)


@post("/programmes", opt=_DRAFT)
async def draft_programme(data: JSONBody[DraftProgramme], actor: NamedDependency[Actor]) -> Response[ProgrammeView]:
    """Draft a programme of a year or a stage."""
    await versions.draft(actor, data)
    return await _answer(actor, data.id, 201)


@put("/programmes/{programme_id:uuid}/draft", opt=_DRAFT)
async def revise_programme(
    programme_id: FromPath[UUID], data: JSONBody[ReviseProgramme], request: AnyRequest, actor: NamedDependency[Actor]
) -> Response[ProgrammeView]:
    """Rewrite the draft."""
    with applied_once(request, data):
        await versions.revise(actor, programme_id, data, expected=expected_version(request))
    return await _answer(actor, programme_id)


@post("/programmes/{programme_id:uuid}/submit", opt=_DRAFT, status_code=200)
async def submit_programme(
    programme_id: FromPath[UUID], request: AnyRequest, actor: NamedDependency[Actor]
) -> Response[ProgrammeView]:
    """Lay the draft before a leader."""
    with applied_once(request):
        await versions.submit(actor, programme_id, expected=expected_version(request))
    return await _answer(actor, programme_id)


@post("/programmes/{programme_id:uuid}/return", opt=_APPROVE, status_code=200)
async def return_programme(
    programme_id: FromPath[UUID], data: JSONBody[ReturnProgramme], request: AnyRequest, actor: NamedDependency[Actor]
) -> Response[ProgrammeView]:
    """Return a version to be changed."""
    with applied_once(request, data):
        await versions.send_back(actor, programme_id, data, expected=expected_version(request))
    return await _answer(actor, programme_id)


@post("/programmes/{programme_id:uuid}/approve", opt=_APPROVE, status_code=200)
async def approve_programme(
    programme_id: FromPath[UUID], data: JSONBody[ApproveProgramme], request: AnyRequest, actor: NamedDependency[Actor]
) -> Response[ProgrammeView]:
    """Approve a version."""
    with applied_once(request, data):
        await versions.approve(actor, programme_id, data, expected=expected_version(request))
    return await _answer(actor, programme_id)


@post("/programmes/{programme_id:uuid}/withdraw", opt=_DRAFT, status_code=200)
async def withdraw_programme(
    programme_id: FromPath[UUID], request: AnyRequest, actor: NamedDependency[Actor]
) -> Response[ProgrammeView]:
    """Give the version under way up."""
    with applied_once(request):
        await versions.withdraw(actor, programme_id, expected=expected_version(request))
    return await _answer(actor, programme_id)


@post("/programmes/{programme_id:uuid}/amend", opt=_DRAFT, status_code=200)
async def amend_programme(
    programme_id: FromPath[UUID], data: JSONBody[AmendProgramme], request: AnyRequest, actor: NamedDependency[Actor]
) -> Response[ProgrammeView]:
    """Begin a new version of what was approved."""
    await versions.amend(actor, programme_id, data, expected=expected_version(request))
    return await _answer(actor, programme_id)


@post("/programmes/{programme_id:uuid}/items", opt=_DRAFT, status_code=200)
async def put_item_under(
    programme_id: FromPath[UUID], data: JSONBody[PutUnder], request: AnyRequest, actor: NamedDependency[Actor]
) -> Response[ProgrammeView]:
    """Put an item under an entry, or say that it lies outside the programme."""
    with applied_once(request, data):
        await links.put_under(actor, programme_id, data)
    return await _answer(actor, programme_id)


@delete("/programmes/{programme_id:uuid}/items/{item_id:uuid}", opt=_DRAFT, status_code=200)
async def take_item_off(
    programme_id: FromPath[UUID], item_id: FromPath[UUID], request: AnyRequest, actor: NamedDependency[Actor]
) -> Response[ProgrammeView]:
    """Take an item off the entry under which it was put."""
    with applied_once(request):
        await links.take_off(actor, programme_id, item_id)
    return await _answer(actor, programme_id)


router = Router(
    "/",
    route_handlers=[
        list_programmes,
        read_frequency,
        read_programme,
        compare_programme,
        read_entry_records,
        draft_programme,
        revise_programme,
        submit_programme,
        return_programme,
        approve_programme,
        withdraw_programme,
        amend_programme,
        put_item_under,
        take_item_off,
    ],
)
