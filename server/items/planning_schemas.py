"""Wire shapes of decomposition, imports, milestones, the wall chart and the public board."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from server.access.schemas import NamedView
from server.items.lifecycle import ItemState
from server.items.planning_rules import Standing
from server.items.planning_sheet import Column
from server.kit.structs import NOT_BLANK, Input, View

Task = Annotated[str, Meta(min_length=1, max_length=300, pattern=NOT_BLANK)]
Words = Annotated[str, Meta(min_length=1, max_length=2000, pattern=NOT_BLANK)]
Note = Annotated[str, Meta(max_length=2000)]


class NewChild(Input):
    """A child of an item: who does what, how well, by when (R7). ``id`` is minted by the sender."""

    id: UUID
    task: Task
    requirement: Words
    unit_id: UUID
    person_id: UUID
    due_on: date


class DecomposeItem(Input):
    """Decompose an item into children; those already there under the same ids change nothing."""

    children: Annotated[tuple[NewChild, ...], Meta(min_length=1, max_length=200)]


class ChildView(View):
    """A child in its parent's list. ``due_on`` is the last day of its limit; ``children`` counts its own."""

    id: UUID
    child_no: int
    register_no: str
    title: str
    requirement: str
    state: ItemState
    unit: NamedView | None
    person: NamedView | None
    due_on: date | None
    late: bool
    listed: bool
    children: int
    children_done: int


class StateCountView(View):
    """How many children are in a state."""

    state: ItemState
    n: int


class FamilyView(View):
    """What a reader may see of an item's children, rolled up: all weigh the same.

    ``counted`` leaves out those refused, terminated or merged; ``done`` are those closed and beyond.
    """

    parent: AncestorView | None
    level: int
    may_decompose: bool
    total: int
    counted: int
    done: int
    late: int
    by_state: tuple[StateCountView, ...]


class AncestorView(View):
    """The item one level up."""

    id: UUID
    register_no: str
    title: str


class ChildList(View):
    """A page of children by their number; ``next_after`` continues it."""

    children: tuple[ChildView, ...]
    next_after: int | None


class ColumnView(View):
    """A column that children need, by its headings."""

    column: Column
    zh: str
    en: str


class RowProblemView(View):
    """What is wrong with a cell and what to do about it."""

    column: Column
    code: str
    zh: str
    en: str


class ImportRowView(View):
    """A row as it was understood, with everything that is wrong with it."""

    row: int
    task: str
    requirement: str
    unit: str
    person: str
    due: str
    problems: tuple[RowProblemView, ...]


class ImportPreview(View):
    """What an import would make, and what stands in its way; nothing was stored.

    ``sha256`` names the file looked at; ``first_child_no`` the number that its first row would get.
    """

    file_name: str
    sha256: str
    rows: tuple[ImportRowView, ...]
    wrong_rows: int
    problems: int
    ignored_columns: tuple[str, ...]
    first_child_no: int


class ImportView(View):
    """A table that was imported whole."""

    id: UUID
    file_name: str
    row_count: int
    first_child_no: int
    imported_by: NamedView
    imported_at: datetime


class PatternStep(Input):
    """A milestone to be proposed: at a share of the time, or so many days before the deadline (one of the two)."""

    name: Annotated[str, Meta(min_length=1, max_length=100, pattern=NOT_BLANK)]
    percent: Annotated[int, Meta(ge=0, le=100)] | None = None
    days_before: Annotated[int, Meta(ge=0, le=3660)] | None = None


class ProposeSchedule(Input):
    """Ask for a schedule planned backwards from the deadline; nothing is stored."""

    steps: Annotated[tuple[PatternStep, ...], Meta(min_length=1, max_length=50)]
    begins_on: date | None = None


class ProposedMilestone(View):
    """A milestone as proposed."""

    name: str
    planned_on: date


class ProposedSchedule(View):
    """A schedule planned backwards; ``calendar`` is the calendar that working days were taken from, if there is one."""

    begins_on: date
    due_on: date
    calendar: str | None
    milestones: tuple[ProposedMilestone, ...]


class PlannedMilestone(Input):
    """A milestone of the schedule to keep; an id that is known keeps its progress."""

    id: UUID
    name: Annotated[str, Meta(min_length=1, max_length=100, pattern=NOT_BLANK)]
    planned_on: date


class SetSchedule(Input):
    """The whole schedule of an item as it is to be from now on."""

    milestones: Annotated[tuple[PlannedMilestone, ...], Meta(max_length=50)]


class RecordProgress(Input):
    """Report of a milestone: done on a day, or not yet, with a note."""

    id: UUID
    done_on: date | None = None
    note: Note = ""


class ProgressView(View):
    """What was reported of a milestone."""

    id: UUID
    done_on: date | None
    note: str
    reported_by: NamedView
    reported_at: datetime


class MilestoneView(View):
    """A milestone with its reports, the newest first."""

    id: UUID
    name: str
    planned_on: date
    done_on: date | None
    standing: Standing
    progress: tuple[ProgressView, ...]


class ScheduleView(View):
    """The schedule of an item. ``version`` is the item's."""

    item_id: UUID
    begins_on: date
    due_on: date | None
    standing: Standing
    milestones: tuple[MilestoneView, ...]
    may_plan: bool
    may_report: bool
    version: int


class WallMilestoneView(View):
    """A milestone on the wall chart."""

    id: UUID
    name: str
    planned_on: date
    done_on: date | None
    standing: Standing


class WallItemView(View):
    """A line of the wall chart."""

    id: UUID
    register_no: str
    title: str
    state: ItemState
    unit: NamedView | None
    person: NamedView | None
    begins_on: date
    due_on: date | None
    listed: bool
    standing: Standing
    milestones: tuple[WallMilestoneView, ...]


class WallView(View):
    """The wall chart (挂图督查): items with a schedule, by unit and deadline. ``more``: the rest was left out."""

    today: date
    from_on: date
    to_on: date
    items: tuple[WallItemView, ...]
    more: bool


class DecideListing(Input):
    """A leader's decision to put an item on the public board or to take it off."""

    id: UUID
    decided_by: UUID
    decided_on: date
    document: Annotated[str, Meta(min_length=1, max_length=200, pattern=NOT_BLANK)]
    reason: Annotated[str, Meta(min_length=1, max_length=1000, pattern=NOT_BLANK)]


class ListingView(View):
    """A decision about the public board."""

    id: UUID
    listed: bool
    decided_by: NamedView
    decided_on: date
    document: str
    reason: str
    recorded_by: NamedView
    recorded_at: datetime


class ListingsView(View):
    """Whether an item is on the public board, and every decision about that, the newest first."""

    listed_at: datetime | None
    may_decide: bool
    decisions: tuple[ListingView, ...]


class BoardItemView(View):
    """An item on the public board, with the decision that put it there."""

    id: UUID
    register_no: str
    title: str
    state: ItemState
    unit: NamedView | None
    due_on: date | None
    late: bool
    listed_at: datetime
    decision: ListingView


class BoardView(View):
    """A page of the public board (挂牌督办), the newest first."""

    items: tuple[BoardItemView, ...]
    next_cursor: str | None
