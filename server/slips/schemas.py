"""Wire shapes of slips: what is drafted, what was signed, who has to sign for it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from server.access.schemas import NamedView
from server.items.kinds import Mode
from server.items.lifecycle import ItemState
from server.kit.limits import LimitUnit
from server.kit.structs import NOT_BLANK, Input, View
from server.slips.kinds import Delivery, Part, Series, SlipChannel
from server.slips.lifecycle import ReceiptState, SlipState

Instant = Annotated[datetime, Meta(tz=True)]
Text = Annotated[str, Meta(max_length=4000)]
Line = Annotated[str, Meta(max_length=300)]
Words = Annotated[str, Meta(min_length=1, max_length=1000, pattern=NOT_BLANK)]


class SlipLimit(Input):
    """A limit in words of the slip: so many of a unit."""

    n: Annotated[int, Meta(ge=1, le=3650)]
    unit: LimitUnit


class SlipPhoneCall(Input):
    """A notice by telephone (R18); ``confirm_in_writing``: the unit still signs on paper or here (C7)."""

    caller_id: UUID
    receiver: Annotated[str, Meta(max_length=100)]
    at: Instant
    content: Text
    confirm_in_writing: bool = True


class SlipRecipient(Input):
    """A unit that the slip goes to; ``task`` and a limit of its own where the slip splits the task."""

    unit_id: UUID
    person_id: UUID | None = None
    assists: bool = False
    task: Text = ""
    limit: SlipLimit | None = None
    limit_at: Instant | None = None


class SlipText(Input):
    """What a slip says. A draft may lack anything; what is lacking is named, and bars the issue."""

    mode: Mode | None = None
    mode_reason: Text = ""
    channel: SlipChannel = SlipChannel.WRITTEN
    meeting: Line = ""
    phone: SlipPhoneCall | None = None
    delivery: Delivery = Delivery.ONLINE
    copies: Annotated[int, Meta(ge=1, le=9999)] = 1
    task: Text = ""
    standard: Text = ""
    limit: SlipLimit | None = None
    limit_at: Instant | None = None
    milestone: Text = ""
    obstacle: Text = ""
    result: Text = ""
    verifier_id: UUID | None = None
    verified_on: date | None = None
    follow_up_id: UUID | None = None
    recipients: Annotated[tuple[SlipRecipient, ...], Meta(max_length=60)] = ()


class DraftSlip(SlipText, kw_only=True):
    """Draft a slip for an item; ``id`` is minted by the drafter, so sending it twice is one draft."""

    id: UUID
    item_id: UUID
    series: Series


class SignSlip(Input):
    """Sign for a slip (书面签字同意): agreed, in one's own words if one likes."""

    words: Annotated[str, Meta(max_length=1000)] = ""


class RefuseSlip(Input):
    """Decline a slip, for example because it is not this unit's duty (非本单位职责)."""

    reason: Words


class DecideRefusal(Input):
    """Decide on a unit's refusal: uphold it, or have the unit sign."""

    unit_id: UUID
    uphold: bool
    words: Words


class WithdrawSlip(Input):
    """Withdraw an issued slip; its number stays used."""

    reason: Words


class SlipLimitView(View):
    """A limit as frozen: the instant and the rule in words, with the pack and calendar it was counted by."""

    at: datetime
    rule: str
    words: str
    words_en: str
    pack: str
    calendar: str | None
    provisional: bool


class SlipUnitView(View):
    """A unit in the text of a slip."""

    unit: NamedView
    part: Part
    person: NamedView | None
    task: str
    due_at: datetime | None
    due_words: str
    due_words_en: str


class SlipPhoneView(View):
    """A notice by telephone in the text of a slip."""

    caller: NamedView | None
    receiver: str
    at: datetime | None
    content: str
    confirm_in_writing: bool


class SlipContent(View):
    """The text of a slip: as it will be read while it is a draft, as it was signed once it is issued."""

    org: str
    number: str | None
    series: Series
    item_no: str
    item_title: str
    source_kind: str
    source_ref: str
    basis: str
    urgency: str
    immediate: bool
    mode: Mode | None
    mode_reason: str
    channel: SlipChannel
    meeting: str
    phone: SlipPhoneView | None
    delivery: Delivery
    copies: int
    task: str
    standard: str
    limit: SlipLimitView | None
    milestone: str
    obstacle: str
    result: str
    verifier: NamedView | None
    verified_on: date | None
    follow_up: NamedView | None
    units: tuple[SlipUnitView, ...]
    drafted_by: NamedView
    issued_by: NamedView | None
    issued_at: datetime | None


class ReceiptView(View):
    """What a unit did with a slip. ``waited_since`` is set while it has not signed."""

    unit: NamedView
    part: Part
    person: NamedView | None
    state: ReceiptState
    waited_since: datetime | None
    signed_by: NamedView | None
    signed_at: datetime | None
    signed_words: str
    refused_by: NamedView | None
    refused_at: datetime | None
    refusal: str
    decided_by: NamedView | None
    decided_at: datetime | None
    upheld: bool | None
    decision: str


class SlipItemView(View):
    """The item of a slip as it stands now."""

    id: UUID
    register_no: str
    title: str
    state: ItemState
    due_at: datetime | None
    due_words: str
    due_words_en: str
    version: int


class LackView(View):
    """What bars the issue of a draft."""

    field: str
    code: str
    detail: str


class SlipRowView(View):
    """A slip in a list."""

    id: UUID
    item: SlipItemView
    series: Series
    state: SlipState
    number: str | None
    task: str
    due_at: datetime | None
    receipts: tuple[ReceiptView, ...]
    drafted_by: NamedView
    drafted_at: datetime
    issued_at: datetime | None
    version: int


class CallView(View):
    """Whom to call about a slip."""

    name: str
    unit: str
    phone: str


class SlipDetail(SlipRowView):
    """A slip whole. ``acts`` are those that this reader may take now, ``lacks`` what bars the issue of a draft."""

    content: SlipContent
    text: SlipText | None
    follow_up: CallView | None
    withdrawn_by: NamedView | None
    withdrawn_at: datetime | None
    withdraw_reason: str
    lacks: tuple[LackView, ...]
    acts: tuple[str, ...]


class SlipList(View):
    """A page of slips, the newest first."""

    slips: tuple[SlipRowView, ...]
    next_cursor: str | None


class UnsignedRow(View):
    """A slip that a unit has not signed for, with the hours it has waited."""

    id: UUID
    slip_id: UUID
    number: str
    item: SlipItemView
    receipt: ReceiptView
    waited_hours: int


class UnsignedList(View):
    """A page of slips not signed for, the longest waiting first."""

    receipts: tuple[UnsignedRow, ...]
    next_cursor: str | None


class ControlRow(View):
    """A leader's instruction in the control report."""

    item: SlipItemView
    source_ref: str
    registered_at: datetime


class ControlReport(View):
    """Leaders' instructions of a period against task notices issued (R21): ``exceptions`` should be none.

    ``settled`` are those that need no notice: not established, or merged into another item.
    """

    since: date
    until: date
    as_of: datetime
    instructions: int
    issued: int
    exceptions: tuple[ControlRow, ...]
    settled: tuple[ControlRow, ...]
