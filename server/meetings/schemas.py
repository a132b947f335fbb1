"""Wire shapes of meetings, their decisions and the counts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from server.access.schemas import NamedView
from server.items.lifecycle import ItemState
from server.items.sources import ItemCategory
from server.kit.structs import NOT_BLANK, Input, View
from server.meetings.kinds import MeetingKind

Number = Annotated[int, Meta(ge=1, le=9999)]
Text = Annotated[str, Meta(min_length=1, max_length=2000, pattern=NOT_BLANK)]


class NewDecision(Input):
    """A decision (议定事项) with what is to be supervised of it (督查要求). The first of ``unit_ids`` leads."""

    id: UUID
    no: Number
    text: Text
    requirement: Annotated[str, Meta(max_length=2000)] = ""
    unit_ids: Annotated[tuple[UUID, ...], Meta(max_length=30)] = ()
    due_on: date | None = None


class RecordMeeting(Input):
    """Record a meeting, with its decisions if they are at hand; ``id`` is minted by the recorder.

    ``no`` is the number within kind and year (第 9 次); ``attended_by`` is the director who sat in (列席, R98).
    """

    id: UUID
    kind: MeetingKind
    held_on: date
    chair: Annotated[str, Meta(min_length=1, max_length=100, pattern=NOT_BLANK)]
    no: Number | None = None
    title: Annotated[str, Meta(max_length=200)] = ""
    attended_by: UUID | None = None
    minutes_id: UUID | None = None
    decisions: Annotated[tuple[NewDecision, ...], Meta(max_length=200)] = ()


class ReviseMeeting(Input):
    """Correct or complete what is known of a meeting; what is left out stays."""

    held_on: date | None = None
    chair: Annotated[str, Meta(min_length=1, max_length=100, pattern=NOT_BLANK)] | None = None
    title: Annotated[str, Meta(max_length=200)] | None = None
    attended_by: UUID | None = None
    minutes_id: UUID | None = None


class RecordDecisions(Input):
    """Record further decisions of a meeting."""

    decisions: Annotated[tuple[NewDecision, ...], Meta(min_length=1, max_length=200)]


class ItemFromDecision(Input):
    """An item to be made from a decision; ``again`` confirms that it is in the ledger already and is meant twice."""

    id: UUID
    decision_id: UUID
    title: Annotated[str, Meta(max_length=300)] = ""
    again: bool = False


class MakeItems(Input):
    """Make items from decisions of a meeting at once, before anything of them is carried out (R9)."""

    items: Annotated[tuple[ItemFromDecision, ...], Meta(min_length=1, max_length=200)]
    category: ItemCategory = ItemCategory.DECISION


class DecisionItemView(View):
    """An item made from a decision."""

    id: UUID
    register_no: str
    title: str
    state: ItemState
    unit: NamedView | None


class DecisionView(View):
    """A decision with who carries it out and what became of it."""

    id: UUID
    no: int
    text: str
    requirement: str
    lead_unit: NamedView | None
    other_units: tuple[NamedView, ...]
    due_on: date | None
    withdrawn_at: datetime | None
    items: tuple[DecisionItemView, ...]


class MeetingRowView(View):
    """A meeting in a list. ``decided`` counts decisions, ``in_ledger`` those that items were made from."""

    id: UUID
    kind: MeetingKind
    year: int
    no: int | None
    title: str
    held_on: date
    chair: str
    attended_by: NamedView | None
    decided: int
    in_ledger: int
    items: int
    done: int
    version: int


class MinutesView(View):
    """The minutes as a file."""

    id: UUID
    name: str
    media_type: str
    size: int


class MeetingView(MeetingRowView):
    """A meeting whole."""

    minutes: MinutesView | None
    recorded_by: NamedView
    recorded_at: datetime
    decisions: tuple[DecisionView, ...]
    may_record: bool
    may_register: bool


class MeetingList(View):
    """A page of meetings, the latest first."""

    meetings: tuple[MeetingRowView, ...]
    next_cursor: str | None


class MeetingCountView(View):
    """Meetings of one kind in the period, what they decided and what became of it."""

    kind: MeetingKind
    meetings: int
    attended: int
    decided: int
    in_ledger: int
    items: int
    done: int


class MeetingCounts(View):
    """Counts for a period by kind of meeting; both days belong to it."""

    from_on: date
    to_on: date
    kinds: tuple[MeetingCountView, ...]
    meetings: int
    decided: int
    in_ledger: int
    items: int
    done: int
