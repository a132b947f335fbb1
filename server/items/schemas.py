"""Wire shapes of items and sites."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from server.access.schemas import NamedView
from server.items.kinds import AttachmentKind, Importance, LeaderLevel, Mode
from server.items.lifecycle import ItemState
from server.items.sources import ItemCategory, SiteKind, SourceKind, Urgency
from server.kit.structs import NOT_BLANK, Input, View

Title = Annotated[str, Meta(min_length=1, max_length=300, pattern=NOT_BLANK)]
Instant = Annotated[datetime, Meta(tz=True)]


class AttachFile(Input):
    """Attach a file that one handed in oneself."""

    attachment_id: UUID
    kind: AttachmentKind


class RecordInstruction(Input):
    """Record a leader's instruction (R4), or correct one: the record replaced stays."""

    leader_name: Annotated[str, Meta(min_length=1, max_length=100, pattern=NOT_BLANK)]
    leader_level: LeaderLevel
    instructed_on: date
    wording: Annotated[str, Meta(min_length=1, max_length=5000, pattern=NOT_BLANK)]
    id: UUID | None = None
    attachment_id: UUID | None = None
    leader_person_id: UUID | None = None
    replaces_id: UUID | None = None


class RegisterItem(Input):
    """Register an incoming matter. ``id`` is minted by the registrar, so sending it twice takes one number.

    ``source_ref`` names the source document, ``instruction`` the leader's words, ``decision_id`` the meeting's
    decision. Registering one of them again needs ``same_source_reason``; registering late, ``late_reason``.
    """

    id: UUID
    title: Title
    source_kind: SourceKind
    category: ItemCategory
    received_at: Instant | None = None
    source_ref: Annotated[str, Meta(max_length=300)] = ""
    urgency: Urgency = Urgency.ORDINARY
    immediate: bool = False
    handling_unit_id: UUID | None = None
    follow_up_id: UUID | None = None
    due_at: Instant | None = None
    decision_id: UUID | None = None
    instruction: RecordInstruction | None = None
    attachments: Annotated[tuple[AttachFile, ...], Meta(max_length=20)] = ()
    same_source_reason: Annotated[str, Meta(max_length=500)] = ""
    late_reason: Annotated[str, Meta(max_length=500)] = ""


class TakeOverItem(Input):
    """Take an item over from the paper ledger with the state that it had reached there."""

    item: RegisterItem
    state: ItemState


class SameSourceView(View):
    """Another item with the same source."""

    id: UUID
    register_no: str
    title: str
    state: ItemState
    registered_at: datetime


class ItemView(View):
    """An item of the ledger, as lists show it."""

    id: UUID
    register_no: str
    title: str
    state: ItemState
    source_kind: SourceKind
    source_ref: str
    category: ItemCategory
    urgency: Urgency
    immediate: bool
    handling_unit: NamedView | None
    follow_up: NamedView | None
    due_at: datetime | None
    received_at: datetime
    registered_by: NamedView
    created_at: datetime
    same_source: tuple[SameSourceView, ...]
    importance: Importance
    mode: Mode | None
    responsible_person: NamedView | None
    parent_id: UUID | None
    child_no: int | None
    listed_at: datetime | None
    assigned_at: datetime | None
    original_due_at: datetime | None
    due_words: str | None
    due_words_en: str | None
    due_provisional: bool
    suspended_at: datetime | None
    version: int


class ItemList(View):
    """A page of items, the newest first."""

    items: tuple[ItemView, ...]
    next_cursor: str | None


class RecordSite(Input):
    """Record a place that visits go to; the point is WGS-84 in 1e-7 degrees, both or neither.

    ``embargoed``: recorded for a visit that nobody is to know of yet; the place stays hidden like the visit itself,
    until a visit there is released.
    """

    id: UUID
    item_id: UUID
    name: Annotated[str, Meta(min_length=1, max_length=200, pattern=NOT_BLANK)]
    address: Annotated[str, Meta(max_length=300)] = ""
    kind: SiteKind = SiteKind.CONSTRUCTION
    lat_e7: Annotated[int, Meta(ge=-900_000_000, le=900_000_000)] | None = None
    lon_e7: Annotated[int, Meta(ge=-1_800_000_000, le=1_800_000_000)] | None = None
    radius_m: Annotated[int, Meta(ge=10, le=20_000)] = 300
    responsible_unit_id: UUID | None = None
    embargoed: bool = False


class SiteView(View):
    """A place that visits go to."""

    id: UUID
    item_id: UUID
    name: str
    address: str
    kind: SiteKind
    lat_e7: int | None
    lon_e7: int | None
    radius_m: int
    responsible_unit: NamedView | None
    created_at: datetime
    embargoed: bool


class SiteList(View):
    """A page of sites, the newest first."""

    sites: tuple[SiteView, ...]
    next_cursor: str | None
