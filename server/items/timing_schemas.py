"""Wire shapes of an item's time: limit, extensions, written reports, suspensions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from server.access.schemas import NamedView
from server.items.lifecycle import ItemState
from server.items.remaining import Measure
from server.kit.limits import LimitUnit
from server.kit.structs import NOT_BLANK, Input, View

Text = Annotated[str, Meta(min_length=1, max_length=5000, pattern=NOT_BLANK)]
Opinion = Annotated[str, Meta(max_length=2000)]
Number = Annotated[int, Meta(ge=1, le=3660)]


class RequestExtension(Input):
    """Ask for a later date: until a day, or so much longer than the present limit. ``id`` is minted by the unit."""

    id: UUID
    reason: Text
    progress: Text
    until: date | None = None
    n: Number | None = None
    unit: LimitUnit | None = None


class GrantExtension(Input):
    """Grant what was asked for, or another date; nothing named means as asked."""

    opinion: Opinion = ""
    until: date | None = None
    n: Number | None = None
    unit: LimitUnit | None = None


class RefuseExtension(Input):
    """Refuse, with the reason."""

    opinion: Annotated[str, Meta(min_length=1, max_length=2000, pattern=NOT_BLANK)]


class FileWrittenReport(Input):
    """Report in writing that the unit cannot finish in time. ``id`` is minted by the unit."""

    id: UUID
    reason: Text
    progress: Text
    expected_on: date | None = None


class SuspendItem(Input):
    """Stop the clock: the obstacle, and the day on which it is looked at again. ``id`` is minted by the leader."""

    id: UUID
    obstacle: Text
    review_on: date


class ResumeItem(Input):
    """Let the clock run again."""

    note: Opinion = ""


class TerminateItem(Input):
    """End the item without a result."""

    reason: Text


class ExtensionView(View):
    """A request for a later date and what became of it."""

    id: UUID
    state: str
    reason: str
    progress: str
    wanted_until: date | None
    wanted_n: int | None
    wanted_unit: LimitUnit | None
    unit: NamedView
    requested_by: NamedView
    requested_at: datetime
    late: bool
    stated_by: str
    due_before: datetime
    no: int | None
    due_after: datetime | None
    decided_by: NamedView | None
    decided_at: datetime | None
    opinion: str


class WrittenReportView(View):
    """A written report; ``in_time`` when it came before the limit of that day was over."""

    id: UUID
    reason: str
    progress: str
    expected_on: date | None
    unit: NamedView
    filed_by: NamedView
    filed_at: datetime
    in_time: bool


class SuspensionView(View):
    """A clock that stands or stood still."""

    id: UUID
    obstacle: str
    review_on: date
    suspended_by: NamedView
    suspended_at: datetime
    due_before: datetime | None
    measure: Measure
    remaining_days: int | None
    remaining_seconds: int | None
    ended_at: datetime | None
    ended_by: NamedView | None
    ended_how: str | None
    note: str
    due_after: datetime | None


class TimeView(View):
    """All about an item's time. ``acts`` are those that this reader may take now.

    ``original_words`` is the rule by which the first date was found, ``words`` that of the present one.
    """

    item_id: UUID
    state: ItemState
    due_at: datetime | None
    original_due_at: datetime | None
    rule: str | None
    words: str | None
    words_en: str | None
    original_words: str | None
    original_words_en: str | None
    pack: str | None
    calendar: str | None
    provisional: bool
    stated_by: str
    overdue: bool
    reported: bool
    extension_count: int
    extensions: tuple[ExtensionView, ...]
    written_reports: tuple[WrittenReportView, ...]
    suspensions: tuple[SuspensionView, ...]
    acts: tuple[str, ...]
    version: int


class TimedItemView(View):
    """An item in a list about time. ``reported``: a written report came in time for the present limit (R37)."""

    id: UUID
    register_no: str
    title: str
    state: ItemState
    unit: NamedView | None
    due_at: datetime | None
    original_due_at: datetime | None
    extension_count: int
    overdue: bool
    reported: bool


class OverdueList(View):
    """A page of overdue items, the longest overdue first."""

    items: tuple[TimedItemView, ...]
    next_cursor: str | None


class PendingExtensionView(View):
    """A request that waits for its decision; ``mine`` when this reader may decide."""

    item: TimedItemView
    extension: ExtensionView
    mine: bool


class PendingExtensionList(View):
    """A page of requests that wait, the oldest first."""

    extensions: tuple[PendingExtensionView, ...]
    next_cursor: str | None


class StandingView(View):
    """An item whose clock stands still; ``review_due`` from the day of review on."""

    item: TimedItemView
    suspension: SuspensionView
    review_due: bool


class StandingList(View):
    """A page of suspended items, the earliest review first."""

    standing: tuple[StandingView, ...]
    next_cursor: str | None


OverdueKind = Literal["reported", "unreported"]
