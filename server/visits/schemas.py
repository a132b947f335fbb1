"""Wire shapes of visits."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from server.access.roles import Role
from server.access.schemas import NamedView
from server.kit.structs import NOT_BLANK, Input, View
from server.visits.lifecycle import VisitState


class VisitMethod(StrEnum):
    """How a visit is made (R82)."""

    OVERT = "OVERT"
    COVERT = "COVERT"
    ON_SITE = "ON_SITE"
    WALK_THROUGH = "WALK_THROUGH"
    SYMPOSIUM = "SYMPOSIUM"


METHOD_NAMES: dict[VisitMethod, tuple[str, str]] = {
    VisitMethod.OVERT: ("明查", "Open visit"),
    VisitMethod.COVERT: ("暗访", "Unannounced visit"),
    VisitMethod.ON_SITE: ("实地查看", "On-site view"),
    VisitMethod.WALK_THROUGH: ("现场走访", "Walk-through"),
    VisitMethod.SYMPOSIUM: ("座谈", "Discussion"),
}


class VisitNature(StrEnum):
    """Whose inspection it is: the office's own, or together with a body that holds an inspection task."""

    SUPERVISION = "SUPERVISION"
    JOINT = "JOINT"


NATURE_NAMES: dict[VisitNature, tuple[str, str]] = {
    VisitNature.SUPERVISION: ("政府督查", "Government supervision"),
    VisitNature.JOINT: ("联合检查", "Joint inspection"),
}

Title = Annotated[str, Meta(min_length=1, max_length=200, pattern=NOT_BLANK)]
Instant = Annotated[datetime, Meta(tz=True)]
Reason = Annotated[str, Meta(min_length=1, max_length=2000, pattern=NOT_BLANK)]
FieldStep = Literal["depart", "arrive", "leave", "sign"]


class PlanVisit(Input):
    """Plan a visit. ``team`` includes the leader. ``id`` is minted by the planner, so sending it twice is harmless."""

    id: UUID
    item_id: UUID
    site_id: UUID
    title: Title
    method: VisitMethod
    planned_for: date
    team: Annotated[list[UUID], Meta(min_length=1, max_length=30)]
    leader_id: UUID
    approver_id: UUID
    nature: VisitNature = VisitNature.SUPERVISION
    brief: Annotated[str, Meta(max_length=5000)] = ""
    starts_at: Instant | None = None
    ends_at: Instant | None = None


class LockTeam(Input):
    """Fix the team; ``team`` and ``leader_id`` replace those of the plan, together or not at all."""

    team: Annotated[list[UUID], Meta(min_length=1, max_length=30)] | None = None
    leader_id: UUID | None = None


class Position(Input):
    """Where the phone was when the step was taken; WGS-84 in 1e-7 degrees, accuracy in centimetres."""

    lat_e7: Annotated[int, Meta(ge=-900_000_000, le=900_000_000)]
    lon_e7: Annotated[int, Meta(ge=-1_800_000_000, le=1_800_000_000)]
    acc_cm: Annotated[int, Meta(ge=0)]
    alt_cm: int | None = None
    spd_cms: int | None = None
    hdg_cdeg: int | None = None
    ts_ms: int | None = None
    datum: Literal["WGS84"] = "WGS84"


class Clause(Input):
    """One clause of 四不两直 as the team leader attests it; a broken one needs its reason."""

    kept: bool
    reason: Annotated[str, Meta(max_length=2000)] | None = None


class Clauses(Input):
    """The six clauses of 四不两直."""

    no_notice: Clause
    no_greeting: Clause
    no_briefing: Clause
    no_escort: Clause
    straight_to_grassroots: Clause
    straight_to_site: Clause


CLAUSE_NAMES: dict[str, tuple[str, str]] = {
    "no_notice": ("不发通知", "No notice was given"),
    "no_greeting": ("不打招呼", "Nobody was greeted beforehand"),
    "no_briefing": ("不听汇报", "No briefing was heard"),
    "no_escort": ("不用陪同接待", "No escort or reception"),
    "straight_to_grassroots": ("直奔基层", "Straight to the grass roots"),
    "straight_to_site": ("直插现场", "Straight to the site"),
}


class AdvanceVisit(Input):
    """A step taken in the field; ``id`` is the command's, ``at`` is the phone's time. ``sign`` carries the clauses."""

    id: UUID
    visit_id: UUID
    step: FieldStep
    at: Instant
    position: Position | None = None
    clauses: Clauses | None = None


class AbortVisit(Input):
    """Stop a visit before the team leaves the site."""

    reason: Reason


class MemberView(View):
    """A member of the team; ``TL`` leads it."""

    person_id: UUID
    name: str
    role: Role


class ClauseView(View):
    """An attested clause."""

    kept: bool
    reason: str | None


class VisitStepView(View):
    """An act on a visit: what the phone reported beside what the server saw."""

    id: UUID
    act: str
    by: NamedView
    reported_at: datetime
    received_at: datetime
    lat_e7: int | None
    lon_e7: int | None
    acc_cm: int | None
    reason: str


class ProgressView(View):
    """How much of what one phone captured has arrived."""

    device: NamedView
    person: NamedView
    captures: int
    originals_received: int
    originals_total: int
    last_received_at: datetime


class VisitItemView(View):
    """The item that a visit belongs to."""

    id: UUID
    register_no: str
    title: str


class VisitSiteView(View):
    """The place that a visit goes to."""

    id: UUID
    name: str
    address: str
    lat_e7: int | None
    lon_e7: int | None
    radius_m: int


class VisitRowView(View):
    """A visit in a list."""

    id: UUID
    state: VisitState
    nature: VisitNature
    method: VisitMethod
    title: str
    item: VisitItemView
    site: VisitSiteView
    object_unit: NamedView | None
    planned_for: date
    starts_at: datetime | None
    ends_at: datetime | None
    team: tuple[MemberView, ...]
    brief: str
    planned_by: NamedView
    approver: NamedView
    approved_at: datetime | None
    departed_at: datetime | None
    arrived_at: datetime | None
    left_at: datetime | None
    signed_at: datetime | None
    released_at: datetime | None
    released: bool
    version: int


class VisitView(VisitRowView):
    """A visit whole. ``acts`` are those that this reader may take now."""

    clauses: dict[str, ClauseView]
    steps: tuple[VisitStepView, ...]
    progress: tuple[ProgressView, ...]
    acts: tuple[str, ...]


class VisitList(View):
    """A page of visits."""

    visits: tuple[VisitRowView, ...]
    next_cursor: str | None
