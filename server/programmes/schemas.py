"""Wire shapes of programmes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from server.access.schemas import NamedView
from server.items.lifecycle import ItemState
from server.items.sources import ItemCategory
from server.kit.structs import NOT_BLANK, Input, View
from server.programmes.lifecycle import ProgrammeKind, ProgrammeState
from server.visits.lifecycle import VisitState

Subject = Annotated[str, Meta(min_length=1, max_length=300, pattern=NOT_BLANK)]
Basis = Annotated[str, Meta(min_length=1, max_length=500, pattern=NOT_BLANK)]
Reason = Annotated[str, Meta(min_length=1, max_length=1000, pattern=NOT_BLANK)]
Most = Annotated[int, Meta(ge=1, le=366)]


class Entry(Input):
    """What is to be supervised: one unit, or all units of a kind; ``key`` stays the same through all versions.

    ``visits`` is the number planned for each object; ``category`` narrows what is suggested to items of that category.
    """

    key: UUID
    subject: Subject
    from_on: date
    to_on: date
    responsible_id: UUID
    basis: Basis
    unit_id: UUID | None = None
    unit_kind: Annotated[str, Meta(min_length=1, max_length=50)] | None = None
    category: ItemCategory | None = None
    visits: Annotated[int, Meta(ge=0, le=366)] = 0


Entries = Annotated[tuple[Entry, ...], Meta(max_length=500)]


class DraftProgramme(Input):
    """Draft a programme of a year or a stage. ``most_visits``: from how many visits to one object on one is warned."""

    id: UUID
    kind: ProgrammeKind
    title: Annotated[str, Meta(min_length=1, max_length=200, pattern=NOT_BLANK)]
    from_on: date
    to_on: date
    most_visits: Most | None = None
    entries: Entries = ()


class ReviseProgramme(Input):
    """Rewrite the draft, whole; ``reason`` is why an approved programme is amended."""

    entries: Entries
    most_visits: Most | None = None
    reason: Annotated[str, Meta(max_length=1000)] | None = None


class AmendProgramme(Input):
    """Begin a new version of what was approved, with its entries; says why."""

    id: UUID
    reason: Reason


class ReturnProgramme(Input):
    """Return a version to be changed, saying why."""

    reason: Reason


class ApproveProgramme(Input):
    """Approve a version."""

    opinion: Annotated[str, Meta(max_length=1000)] = ""


class PutUnder(Input):
    """Put an item under an entry; it then counts there and nowhere else in this programme.

    Without ``entry_key``: it belongs under none of them, and is suggested no more.
    """

    item_id: UUID
    entry_key: UUID | None


class EntryView(View):
    """An entry; ``objects`` is how many units it means."""

    key: UUID
    no: int
    subject: str
    unit: NamedView | None
    unit_kind: str | None
    objects: int
    category: ItemCategory | None
    from_on: date
    to_on: date
    visits: int
    responsible: NamedView
    basis: str


class ProgrammeVersionView(View):
    """A version without its entries."""

    id: UUID
    no: int
    state: ProgrammeState
    in_force: bool
    reason: str
    most_visits: int | None
    drafted_by: NamedView
    drafted_at: datetime
    submitted_at: datetime | None
    returned_why: str
    approved_by: NamedView | None
    approved_at: datetime | None
    opinion: str


class ProgrammeRowView(View):
    """A programme in a list: what is in force of it, and whether a version is under way, since when."""

    id: UUID
    kind: ProgrammeKind
    title: str
    from_on: date
    to_on: date
    in_force: int | None
    under_way: ProgrammeState | None
    entries: int
    since: datetime
    version: int


class ProgrammeView(ProgrammeRowView):
    """A programme whole: its versions, and the entries of the one asked for. ``acts`` are those of this reader now."""

    versions: tuple[ProgrammeVersionView, ...]
    shown: ProgrammeVersionView
    shown_entries: tuple[EntryView, ...]
    acts: tuple[str, ...]


class ProgrammeList(View):
    """A page of programmes, the latest first."""

    programmes: tuple[ProgrammeRowView, ...]
    next_cursor: str | None


class DoneItemView(View):
    """An item of an entry; ``counted``: put there by a person, else suggested by its object and period."""

    id: UUID
    register_no: str
    title: str
    state: ItemState
    counted: bool


class DoneVisitView(View):
    """A visit carried out; it counts under the entry under which its item was put, else it is suggested."""

    id: UUID
    title: str
    state: VisitState
    unit: NamedView | None
    left_on: date
    item: NamedView
    counted: bool


class EntryDoneView(View):
    """An entry beside what was done: items put under it, of them closed; visits planned in the programme, carried out.

    What is suggested counts for nothing until a person confirms it; it may be suggested under several entries.
    """

    entry: EntryView
    items: int
    closed: int
    items_suggested: int
    visits_planned: int
    visits_done: int
    visits_suggested: int
    begun: bool
    over: bool


class ObjectVisitsView(View):
    """One object: visits that the programme plans, those carried out and those arranged, and whether it is enough."""

    unit: NamedView
    planned: int
    done: int
    arranged: int
    most: int | None
    reached: bool


class ComparisonView(View):
    """What was planned beside what was done, as of the end of a day; visits count for whoever may know of them.

    ``outside`` are those of the period under no entry, ``suggested`` those of them that may belong under one.
    """

    programme_id: UUID
    no: int | None
    as_of: date
    entries: tuple[EntryDoneView, ...]
    objects: tuple[ObjectVisitsView, ...]
    items_outside: int
    items_suggested: int
    visits_outside: int
    visits_suggested: int


class EntryRecordsView(View):
    """The records behind an entry's figures, and those suggested for it; 200 of each at most."""

    items: tuple[DoneItemView, ...]
    visits: tuple[DoneVisitView, ...]


class FrequencyView(View):
    """How often one object is visited in the period of the programme in force, as far as the reader may know.

    ``warning``: one more would be at or over the maximum.
    """

    unit: NamedView | None
    from_on: date
    to_on: date
    programme: NamedView | None
    done: int
    arranged: int
    most: int | None
    warning: bool
