"""HTTP of meetings."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, Router, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from server.access.actor import Actor
from server.access.once import applied_once
from server.access.roles import Permission
from server.attachments import queries as attachments
from server.attachments.routes import stream
from server.kit.errors import NotFound
from server.kit.http.etag import expected_version, tagged
from server.meetings import queries
from server.meetings.commands import decisions, make_items, record
from server.meetings.kinds import MeetingKind
from server.meetings.schemas import (
    MakeItems,
    MeetingCounts,
    MeetingList,
    MeetingView,
    RecordDecisions,
    RecordMeeting,
    ReviseMeeting,
)

AnyRequest = Request[Any, Any, Any]


async def _answer(actor: Actor, meeting_id: UUID, status_code: int = 200) -> Response[MeetingView]:
    view = await queries.meeting(actor, meeting_id)
    return tagged(view, view.version, status_code=status_code)


@get("/meetings", opt={"permission": Permission.MEETING_READ})
async def list_meetings(
    actor: NamedDependency[Actor],
    kind: Annotated[MeetingKind | None, QueryParameter()] = None,
    from_on: Annotated[date | None, QueryParameter(name="from")] = None,
    to_on: Annotated[date | None, QueryParameter(name="to")] = None,
    cursor: Annotated[str | None, QueryParameter()] = None,
) -> MeetingList:
    """Meetings, the latest first."""
    return await queries.meetings(actor, kind=kind, from_on=from_on, to_on=to_on, cursor=cursor)


@get("/meetings/counts", opt={"permission": Permission.MEETING_READ})
async def count_meetings(
    actor: NamedDependency[Actor],
    from_on: Annotated[date, QueryParameter(name="from")],
    to_on: Annotated[date, QueryParameter(name="to")],
) -> MeetingCounts:
    """Meetings and decisions of a period by kind, and what became of them."""
    return await queries.counts(actor, from_on=from_on, to_on=to_on)


@get("/meetings/{meeting_id:uuid}", opt={"permission": Permission.MEETING_READ})
async def read_meeting(meeting_id: FromPath[UUID], actor: NamedDependency[Actor]) -> Response[MeetingView]:
    """One meeting with its decisions."""
    return await _answer(actor, meeting_id)


@get("/meetings/{meeting_id:uuid}/minutes", opt={"permission": Permission.MEETING_READ})
async def read_minutes(meeting_id: FromPath[UUID], request: AnyRequest, actor: NamedDependency[Actor]) -> Response[Any]:
    """The minutes of a meeting as they were handed in."""
    row = await queries.meeting_row(actor, meeting_id)
    if row["minutes_id"] is None:
        raise NotFound
    return await stream(request, await attachments.attachment_row(None, actor.org_id, row["minutes_id"]))


@post("/meetings", opt={"permission": Permission.MEETING_RECORD})
async def record_meeting(data: JSONBody[RecordMeeting], actor: NamedDependency[Actor]) -> Response[MeetingView]:
    """Record a meeting, with its decisions if they are at hand."""
    await record.record(actor, data)
    return await _answer(actor, data.id, 201)


@patch("/meetings/{meeting_id:uuid}", opt={"permission": Permission.MEETING_RECORD})
async def revise_meeting(
    meeting_id: FromPath[UUID], data: JSONBody[ReviseMeeting], request: AnyRequest, actor: NamedDependency[Actor]
) -> Response[MeetingView]:
    """Correct or complete what is known of a meeting."""
    with applied_once(request, data):
        await record.revise(actor, meeting_id, data, expected=expected_version(request))
    return await _answer(actor, meeting_id)


@post("/meetings/{meeting_id:uuid}/decisions", opt={"permission": Permission.MEETING_RECORD})
async def record_decisions(
    meeting_id: FromPath[UUID], data: JSONBody[RecordDecisions], request: AnyRequest, actor: NamedDependency[Actor]
) -> Response[MeetingView]:
    """Record further decisions of a meeting."""
    await decisions.add_decisions(actor, meeting_id, data, expected=expected_version(request))
    return await _answer(actor, meeting_id, 201)


@post(
    "/meetings/{meeting_id:uuid}/decisions/{decision_id:uuid}/withdraw",
    opt={"permission": Permission.MEETING_RECORD},
    status_code=200,
)
async def withdraw_decision(
    meeting_id: FromPath[UUID], decision_id: FromPath[UUID], actor: NamedDependency[Actor]
) -> Response[MeetingView]:
    """Withdraw a decision that was recorded in error."""
    await decisions.withdraw_decision(actor, meeting_id, decision_id)
    return await _answer(actor, meeting_id)


@post("/meetings/{meeting_id:uuid}/items", opt={"permission": Permission.ITEM_REGISTER})
async def make_items_of_decisions(
    meeting_id: FromPath[UUID], data: JSONBody[MakeItems], actor: NamedDependency[Actor]
) -> Response[MeetingView]:
    """Register items from decisions of a meeting."""
    await make_items.make_items(actor, meeting_id, data)
    return await _answer(actor, meeting_id, 201)


router = Router(
    "/",
    route_handlers=[
        list_meetings,
        count_meetings,
        read_meeting,
        read_minutes,
        record_meeting,
        revise_meeting,
        record_decisions,
        withdraw_decision,
        make_items_of_decisions,
    ],
)
