"""Wire shapes of pull: what the field face knows of the world."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from server.access.schemas import NamedView
from server.kit.structs import View
from server.push.schemas import NoticeView
from server.visits.lifecycle import VisitState
from server.visits.schemas import VisitMethod, VisitNature


class TeamMemberField(View):
    """A member of a visit's team; ``role`` is TL or TM."""

    person_id: UUID
    name: str
    role: str


class VisitField(View):
    """A visit of one's own."""

    id: UUID
    state: VisitState
    nature: VisitNature
    method: VisitMethod
    title: str
    item_id: UUID
    site_id: UUID | None
    planned_for: date
    starts_at: datetime | None
    ends_at: datetime | None
    team: tuple[TeamMemberField, ...]
    brief: str
    released: bool


class ItemField(View):
    """The item that a visit serves."""

    id: UUID
    register_no: str
    title: str
    state: str
    source_kind: str
    due_at: datetime | None
    urgency: str
    handling_unit: NamedView | None


class SiteField(View):
    """Where a visit goes; WGS-84 in 1e-7 degrees."""

    id: UUID
    name: str
    address: str
    lat_e7: int | None
    lon_e7: int | None
    radius_m: int
    kind: str


class CountField(View):
    """So many of so many have arrived."""

    received: int
    total: int


class ReviewField(View):
    """What the desk made of a capture; ``queried`` while a question is open."""

    decision: Literal["accepted", "queried", "rejected"]
    reason: str | None
    by_name: str
    at: datetime


class CaptureField(View):
    """What became of a capture of one's own. ``state``: RECORDED, RECEIVED when all originals are here, DISCARDED."""

    id: UUID
    visit_id: UUID
    item_id: UUID
    state: Literal["RECORDED", "RECEIVED", "DISCARDED"]
    captured_at: datetime
    statement_sha256: str
    originals: CountField
    previews: CountField
    review: ReviewField | None


class FindingField(View):
    """A finding of a visit of one's own."""

    id: UUID
    visit_id: UUID
    item_id: UUID
    text: str
    category: str
    severity: str
    state: str
    capture_ids: tuple[UUID, ...]
    found_at: datetime
    author_name: str


class QueryField(View):
    """A question about a capture of one's own; ``asked_by`` is the asker's name."""

    id: UUID
    capture_id: UUID
    visit_id: UUID
    text: str
    asked_by: str
    asked_at: datetime
    answer: str | None
    answered_at: datetime | None


class ReceiptField(View):
    """A medium of a capture is durable and has the digest that was signed; ``id`` is the capture's."""

    id: UUID
    media_sha256: str
    role: Literal["original", "preview"]
    bytes: int
    received_at: datetime


Field = VisitField | ItemField | SiteField | CaptureField | FindingField | QueryField | NoticeView | ReceiptField

# One thing as it now is (``put``), or one that left the person's scope (``gone``, without data), told by ``kind``.


class VisitChange(View, tag_field="kind", tag="visit"):
    """A change of kind ``visit``."""

    id: UUID
    op: Literal["put", "gone"]
    data: VisitField | None


class ItemChange(View, tag_field="kind", tag="item"):
    """A change of kind ``item``."""

    id: UUID
    op: Literal["put", "gone"]
    data: ItemField | None


class SiteChange(View, tag_field="kind", tag="site"):
    """A change of kind ``site``."""

    id: UUID
    op: Literal["put", "gone"]
    data: SiteField | None


class CaptureChange(View, tag_field="kind", tag="capture"):
    """A change of kind ``capture``."""

    id: UUID
    op: Literal["put", "gone"]
    data: CaptureField | None


class FindingChange(View, tag_field="kind", tag="finding"):
    """A change of kind ``finding``."""

    id: UUID
    op: Literal["put", "gone"]
    data: FindingField | None


class QueryChange(View, tag_field="kind", tag="query"):
    """A change of kind ``query``."""

    id: UUID
    op: Literal["put", "gone"]
    data: QueryField | None


class NoticeChange(View, tag_field="kind", tag="notice"):
    """A change of kind ``notice``."""

    id: UUID
    op: Literal["put", "gone"]
    data: NoticeView | None


class ReceiptChange(View, tag_field="kind", tag="receipt"):
    """A change of kind ``receipt``."""

    id: UUID
    op: Literal["put", "gone"]
    data: ReceiptField | None


ChangeView = (
    VisitChange | ItemChange | SiteChange | CaptureChange | FindingChange | QueryChange | NoticeChange | ReceiptChange
)

CHANGE_KINDS: dict[str, type[Any]] = {
    "visit": VisitChange,
    "item": ItemChange,
    "site": SiteChange,
    "capture": CaptureChange,
    "finding": FindingChange,
    "query": QueryChange,
    "notice": NoticeChange,
    "receipt": ReceiptChange,
}


def kind_of(change: ChangeView) -> str:
    """The word by which the change is told apart."""
    return str(change.__struct_config__.tag)


class PullAnswer(View):
    """A page of changes. With ``rebase`` the phone replaces what it pulled before, never what it has yet to send."""

    changes: list[ChangeView]
    cursor: str
    more: bool
    rebase: bool
    server_time: datetime
    checkpoint: None
