"""Wire shapes of an item's way from registration to the unit: what is entered, signed and shown of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta

from server.access.schemas import NamedView
from server.attachments.schemas import AttachmentView
from server.items.kinds import (
    AttachmentKind,
    BasisKind,
    Channel,
    ContentKind,
    Importance,
    Intensity,
    LeaderLevel,
    Mode,
    SignatureKind,
    SupervisionKind,
)
from server.items.lifecycle import ItemState
from server.items.schemas import Instant, ItemView, SameSourceView
from server.items.sources import ItemCategory, Urgency
from server.kit.limits import LimitUnit
from server.kit.structs import NOT_BLANK, Input, View

Text = Annotated[str, Meta(max_length=5000)]
Opinion = Annotated[str, Meta(max_length=2000)]
Reason = Annotated[str, Meta(min_length=1, max_length=2000, pattern=NOT_BLANK)]


class ProposeItem(Input):
    """How to handle an item (拟办意见), whole: what is left out is empty. It need be complete only when submitted."""

    proposal_text: Text = ""
    task: Text = ""
    requirement: Text = ""
    mode: Mode | None = None
    mode_reason: Annotated[str, Meta(max_length=1000)] = ""
    handling_unit_id: UUID | None = None
    assist_unit_ids: Annotated[tuple[UUID, ...], Meta(max_length=50)] = ()
    responsible_person_id: UUID | None = None
    follow_up_id: UUID | None = None
    importance: Importance = Importance.ORDINARY
    urgency: Urgency = Urgency.ORDINARY
    immediate: bool = False
    category: ItemCategory | None = None
    kind: SupervisionKind | None = None
    content_kind: ContentKind | None = None
    basis_kind: BasisKind | None = None
    basis_text: Annotated[str, Meta(max_length=1000)] = ""
    scope_text: Annotated[str, Meta(max_length=2000)] = ""
    stated_limit_n: Annotated[int, Meta(ge=1, le=3660)] | None = None
    stated_limit_unit: LimitUnit | None = None
    stated_due_at: Instant | None = None
    stated_by: Annotated[str, Meta(max_length=200)] = ""
    level_reason: Annotated[str, Meta(max_length=1000)] = ""


class SignItem(Input):
    """Sign a proposal: ``FIRST`` (审核) or ``SECOND`` (审定), by whom the lifecycle names."""

    kind: SignatureKind
    opinion: Opinion = ""


class GiveReason(Input):
    """An act that needs its reason: send back, refuse."""

    reason: Reason


class MergeItem(Input):
    """Merge an item into another that is open (禁止重复督查)."""

    into_id: UUID
    reason: Reason


class ConfirmMethod(Input):
    """How to supervise (督查办法确认, R15). Without an interval the rule pack's for the intensity holds."""

    channels: Annotated[tuple[Channel, ...], Meta(min_length=1, max_length=8)]
    visits: bool
    interval_days: Annotated[int, Meta(ge=1, le=366)] | None = None
    note: Annotated[str, Meta(max_length=2000)] = ""
    plan_ids: Annotated[tuple[UUID, ...], Meta(max_length=10)] = ()


class AmendMethod(Input):
    """Change a confirmed method before the item is handed over; a leader signs it. No interval: it stays as it is."""

    id: UUID
    reason: Reason
    channels: Annotated[tuple[Channel, ...], Meta(min_length=1, max_length=8)]
    visits: bool
    interval_days: Annotated[int, Meta(ge=1, le=366)] | None = None
    note: Annotated[str, Meta(max_length=2000)] = ""
    plan_ids: Annotated[tuple[UUID, ...], Meta(max_length=10)] = ()


class DecideMethod(Input):
    """Sign a change of the method, or refuse it; ``approve: false`` of who proposed it withdraws it."""

    approve: bool
    opinion: Opinion = ""


class TellOrigin(Input):
    """How an origin without an account here was told."""

    how: Annotated[str, Meta(min_length=1, max_length=500, pattern=NOT_BLANK)]


class SetIntakeLimit(Input):
    """Within how many hours of its receipt a matter is to be registered (R2)."""

    hours: Annotated[int, Meta(ge=1, le=720)]


class IntakeLimitView(View):
    """Within how many hours of its receipt a matter is to be registered."""

    hours: int


class SameSourceList(View):
    """Items of the ledger with the same source, the oldest first."""

    items: tuple[SameSourceView, ...]


class ParentView(View):
    """An item as another one names it."""

    id: UUID
    register_no: str
    title: str
    state: ItemState


class LateItemView(View):
    """A matter that was registered later than it should have been, and why.

    Without ``register_no``: it lay in the tray past its limit and was then returned or declined; ``id`` is the
    matter's there, and ``registered_at`` and ``registered_by`` say when and by whom it was sent away.
    """

    id: UUID
    register_no: str | None
    title: str
    received_at: datetime
    registered_at: datetime
    registered_by: NamedView
    reason: str


class LateItemList(View):
    """A page of matters registered, or sent away, late: the newest first."""

    items: tuple[LateItemView, ...]
    next_cursor: str | None


class InstructionView(View):
    """A leader's instruction as recorded."""

    id: UUID
    leader_name: str
    leader_level: LeaderLevel
    leader: NamedView | None
    instructed_on: date
    wording: str
    attachment: AttachmentView | None
    recorded_by: NamedView
    recorded_at: datetime


class ItemAttachmentView(View):
    """A file of an item."""

    kind: AttachmentKind
    file: AttachmentView
    added_by: NamedView
    added_at: datetime


class SignatureView(View):
    """A signature under a round of approval; void when the round was sent back."""

    round: int
    kind: SignatureKind
    signer: NamedView
    signed_at: datetime
    opinion: str
    void: bool


class MethodView(View):
    """How an item is supervised."""

    channels: tuple[Channel, ...]
    visits: bool
    interval_days: int | None
    note: str


class MethodAmendmentView(View):
    """A change of the method: what held before, what is to hold, and what a leader decided."""

    id: UUID
    reason: str
    before: MethodView
    content: MethodView
    plans: tuple[AttachmentView, ...]
    proposed_by: NamedView
    proposed_at: datetime
    outcome: str | None
    decided_by: NamedView | None
    decided_at: datetime | None
    opinion: str


class FeedbackView(View):
    """What an origin was, or is to be, told: that the item was not taken up, or that a unit refused it."""

    id: UUID
    kind: str
    addressee: str
    name: str
    unit: NamedView | None
    reason: str
    given_by: NamedView
    given_at: datetime
    told_how: str
    told_at: datetime | None


class ProcessView(View):
    """What only the office and its leaders see of an item."""

    proposal_text: str
    proposed_by: NamedView | None
    submitted_at: datetime | None
    basis_kind: BasisKind | None
    basis_text: str
    scope_text: str
    mode_reason: str
    intensity: Intensity | None
    late_reason: str
    same_source_reason: str
    approval_round: int
    instructions: tuple[InstructionView, ...]
    attachments: tuple[ItemAttachmentView, ...]
    signatures: tuple[SignatureView, ...]
    method: MethodView | None
    amendments: tuple[MethodAmendmentView, ...]
    level_reason: str
    signatures_needed: int
    merged_from: tuple[ParentView, ...]


class ItemDetailView(ItemView):
    """An item whole. ``acts`` are those that this reader may take now; ``process`` is for the office and leaders."""

    kind: SupervisionKind | None
    content_kind: ContentKind | None
    task: str
    requirement: str
    assist_units: tuple[NamedView, ...]
    parent: ParentView | None
    decision_id: UUID | None
    merged_into: ParentView | None
    stated_limit_n: int | None
    stated_limit_unit: LimitUnit | None
    stated_due_at: datetime | None
    stated_by: str
    due_rule: str | None
    due_pack: str | None
    due_calendar: str | None
    suspend_review_on: date | None
    acts: tuple[str, ...]
    feedbacks: tuple[FeedbackView, ...]
    process: ProcessView | None


class StepView(View):
    """One act on an item."""

    id: UUID
    act: str
    from_state: str | None
    to_state: str
    actor: NamedView | None
    at: datetime
    opinion: str
    attachment: AttachmentView | None
    data: dict[str, Any]


class StepList(View):
    """The trail of an item, the oldest first."""

    steps: tuple[StepView, ...]


class WaitingItemView(View):
    """An item that waits for an act of the reader, since when."""

    act: str
    since: datetime
    item: ItemView


class WaitingList(View):
    """What waits for the reader: 特事特办 first, then by urgency, then the longest waiting."""

    waiting: tuple[WaitingItemView, ...]
    total: int
