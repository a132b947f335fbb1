"""HTTP of decomposition, imports, schedules, the wall chart and the public board."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, Router, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from server.access import queries as access
from server.access.actor import Actor
from server.access.once import applied_once
from server.access.roles import Permission
from server.attachments.commands import file_name
from server.items import board_queries, planning_queries, schedule_queries
from server.items.commands import decompose, import_children, listing, milestones
from server.items.lifecycle import ItemState
from server.items.planning_schemas import (
    BoardView,
    ChildList,
    DecideListing,
    DecomposeItem,
    FamilyView,
    ImportPreview,
    ImportView,
    ListingsView,
    ProposedSchedule,
    ProposeSchedule,
    RecordProgress,
    ScheduleView,
    SetSchedule,
    WallView,
)
from server.items.planning_template import template
from server.items.sheets import MAX_BYTES
from server.kit import clock
from server.kit.errors import FieldProblem, InvalidInput
from server.kit.http.etag import expected_version, tagged

AnyRequest = Request[Any, Any, Any]
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LARGEST = MAX_BYTES + 1024


@get("/items/{item_id:uuid}/family", opt={"permission": Permission.ITEM_READ})
async def read_family(item_id: FromPath[UUID], actor: NamedDependency[Actor]) -> FamilyView:
    """The roll-up of an item's children."""
    return await planning_queries.family(actor, item_id)


@get("/items/{item_id:uuid}/children", opt={"permission": Permission.ITEM_READ})
async def list_children(
    item_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    in_state: Annotated[ItemState | None, QueryParameter(name="state")] = None,
    after: Annotated[int | None, QueryParameter(ge=0)] = None,
) -> ChildList:
    """The children of an item by their number."""
    return await planning_queries.children(actor, item_id, state=in_state, after=after)


@post("/items/{item_id:uuid}/children", opt={"permission": Permission.ITEM_PLAN})
async def decompose_item(
    item_id: FromPath[UUID], data: JSONBody[DecomposeItem], request: AnyRequest, actor: NamedDependency[Actor]
) -> FamilyView:
    """Decompose an item into children, each with a number of its own."""
    await decompose.decompose(actor, item_id, data, expected=expected_version(request))
    return await planning_queries.family(actor, item_id)


@get("/items/import-template", opt={"permission": Permission.ITEM_PLAN})
async def download_template(
    actor: NamedDependency[Actor], lang: Annotated[str, QueryParameter()] = "zh"
) -> Response[bytes]:
    """The table to fill in for an import."""
    people = await access.people(actor, None)
    units = [
        (unit.name, [person.name for person in people if person.unit.id == unit.id])
        for unit in await access.units(actor)
    ]
    content = template(units, clock.today() + timedelta(days=30), english=lang == "en")
    name = "import-template.xlsx" if lang == "en" else "%E8%B4%A3%E4%BB%BB%E5%88%86%E8%A7%A3%E6%A8%A1%E6%9D%BF.xlsx"
    return Response(content, media_type=_XLSX, headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"})


@post(
    "/items/{item_id:uuid}/imports/preview",
    opt={"permission": Permission.ITEM_PLAN},
    status_code=200,
    request_max_body_size=_LARGEST,
)
async def preview_import(item_id: FromPath[UUID], request: AnyRequest, actor: NamedDependency[Actor]) -> ImportPreview:
    """What a table would make (its bytes as the body, its name in X-File-Name), with every error of every row."""
    name = file_name(request.headers.get("x-file-name", ""))
    return await import_children.preview(actor, item_id, name, await request.body())


@post(
    "/items/{item_id:uuid}/imports",
    opt={"permission": Permission.ITEM_PLAN},
    request_max_body_size=_LARGEST,
)
async def import_table(item_id: FromPath[UUID], request: AnyRequest, actor: NamedDependency[Actor]) -> ImportView:
    """Import a table whole or not at all; the Idempotency-Key is the import's id."""
    try:
        import_id = UUID(request.headers.get("idempotency-key", "").strip())
    except ValueError as error:
        problem = FieldProblem(field="Idempotency-Key", code="not_a_uuid", detail="Name the import by a UUID.")
        raise InvalidInput(errors=(problem,)) from error
    name = file_name(request.headers.get("x-file-name", ""))
    await import_children.import_children(actor, item_id, import_id, name, await request.body())
    return await planning_queries.imported(actor, item_id, import_id)


@get("/items/{item_id:uuid}/schedule", opt={"permission": Permission.ITEM_READ})
async def read_schedule(item_id: FromPath[UUID], actor: NamedDependency[Actor]) -> Response[ScheduleView]:
    """The milestones of an item."""
    return await _schedule(actor, item_id)


@post("/items/{item_id:uuid}/schedule/proposal", opt={"permission": Permission.ITEM_PLAN}, status_code=200)
async def propose_schedule(
    item_id: FromPath[UUID], data: JSONBody[ProposeSchedule], actor: NamedDependency[Actor]
) -> ProposedSchedule:
    """A schedule planned backwards from the deadline; nothing is stored."""
    return await milestones.propose_schedule(actor, item_id, data)


@put("/items/{item_id:uuid}/schedule", opt={"permission": Permission.ITEM_PLAN})
async def set_schedule(
    item_id: FromPath[UUID], data: JSONBody[SetSchedule], request: AnyRequest, actor: NamedDependency[Actor]
) -> Response[ScheduleView]:
    """Replace the schedule of an item."""
    with applied_once(request, data):
        await milestones.set_schedule(actor, item_id, data, expected=expected_version(request))
    return await _schedule(actor, item_id)


@post(
    "/items/{item_id:uuid}/milestones/{milestone_id:uuid}/progress",
    opt={"permission": Permission.ITEM_READ},
)
async def record_progress(
    item_id: FromPath[UUID],
    milestone_id: FromPath[UUID],
    data: JSONBody[RecordProgress],
    actor: NamedDependency[Actor],
) -> Response[ScheduleView]:
    """Report of a milestone; the handling unit and the office may."""
    await milestones.record_progress(actor, item_id, milestone_id, data)
    return await _schedule(actor, item_id, 201)


@get("/items/wall", opt={"permission": Permission.ITEM_READ})
async def read_wall(
    actor: NamedDependency[Actor],
    from_on: Annotated[date | None, QueryParameter(name="from")] = None,
    to_on: Annotated[date | None, QueryParameter(name="to")] = None,
    unit: Annotated[UUID | None, QueryParameter()] = None,
    parent: Annotated[UUID | None, QueryParameter()] = None,
    settled: Annotated[bool, QueryParameter()] = False,
) -> WallView:
    """The wall chart: items with a schedule over time."""
    return await schedule_queries.wall(
        actor, from_on=from_on, to_on=to_on, unit_id=unit, parent_id=parent, settled=settled
    )


@get("/items/board", opt={"permission": Permission.ITEM_READ})
async def read_board(
    actor: NamedDependency[Actor], cursor: Annotated[str | None, QueryParameter()] = None
) -> BoardView:
    """The items on the public board, the newest first."""
    return await board_queries.board(actor, cursor=cursor)


@get("/items/{item_id:uuid}/listings", opt={"permission": Permission.ITEM_READ})
async def read_listings(item_id: FromPath[UUID], actor: NamedDependency[Actor]) -> ListingsView:
    """Every decision about an item and the public board."""
    return await board_queries.listings(actor, item_id)


@post("/items/{item_id:uuid}/list", opt={"permission": Permission.ITEM_DIRECT})
async def list_item(
    item_id: FromPath[UUID], data: JSONBody[DecideListing], request: AnyRequest, actor: NamedDependency[Actor]
) -> ListingsView:
    """Record the decision that puts an item on the public board."""
    await listing.list_publicly(actor, item_id, data, expected=expected_version(request))
    return await board_queries.listings(actor, item_id)


@post("/items/{item_id:uuid}/delist", opt={"permission": Permission.ITEM_DIRECT})
async def delist_item(
    item_id: FromPath[UUID], data: JSONBody[DecideListing], request: AnyRequest, actor: NamedDependency[Actor]
) -> ListingsView:
    """Record the decision that takes an item off the public board."""
    await listing.delist(actor, item_id, data, expected=expected_version(request))
    return await board_queries.listings(actor, item_id)


async def _schedule(actor: Actor, item_id: UUID, status_code: int = 200) -> Response[ScheduleView]:
    view = await schedule_queries.schedule(actor, item_id)
    return tagged(view, view.version, status_code=status_code)


router = Router(
    "/",
    route_handlers=[
        read_family,
        list_children,
        decompose_item,
        download_template,
        preview_import,
        import_table,
        read_schedule,
        propose_schedule,
        set_schedule,
        record_progress,
        read_wall,
        read_board,
        read_listings,
        list_item,
        delist_item,
    ],
)
