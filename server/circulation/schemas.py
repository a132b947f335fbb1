"""Wire shapes of circulation and of leaders' absences."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from server.access.schemas import NamedView
from server.circulation.kinds import CirculationKind, Way
from server.circulation.lifecycle import CirculationState
from server.kit.structs import Input, View
from server.rulepacks.vocabulary import DeskClass

Instant = Annotated[datetime, Meta(tz=True)]
Where = Literal["on_desk", "reroute", "waiting", "returned"]


class OpenCirculation(Input):
    """Register a document for circulation; ``id`` is minted by the registrar.

    A document has a ``title``; a confidential item has a ``serial`` and nothing else. ``leaders`` in the order in which
    they get it.
    """

    id: UUID
    kind: CirculationKind
    desk_class: DeskClass
    leaders: Annotated[tuple[UUID, ...], Meta(min_length=1, max_length=20)]
    title: Annotated[str, Meta(max_length=300)] = ""
    reference: Annotated[str, Meta(max_length=300)] = ""
    serial: Annotated[str, Meta(max_length=60)] = ""
    item_id: UUID | None = None
    received_at: Instant | None = None


class AddDesk(Input):
    """Put another leader at the end of the list."""

    leader_id: UUID


class AtTime(Input):
    """When it happened, if not just now: the minute written on the paper."""

    at: Instant | None = None


class Instruct(Input):
    """The leader's instruction, word for word; empty for a confidential item, whose wording stays in its channel."""

    text: Annotated[str, Meta(max_length=5000)] = ""
    at: Instant | None = None


class Reroute(Input):
    """By which way it reached whom: the same leader where he is, or another one."""

    leader_id: UUID
    way: Way
    note: Annotated[str, Meta(max_length=300)] = ""
    at: Instant | None = None


class TakeBack(Input):
    """Take it back to the office; a reason is due when it lies unread on a desk."""

    note: Annotated[str, Meta(max_length=500)] = ""
    at: Instant | None = None


class MarkAbsence(Input):
    """A leader is away from one day to another, both included; ``id`` is minted by the caller."""

    id: UUID
    person_id: UUID
    from_on: date
    to_on: date
    reason: Annotated[str, Meta(max_length=200)] = ""


class ChangeAbsence(Input):
    """The last day of an absence is another."""

    to_on: date


class AwayView(View):
    """Until when a leader is away; ``reroute`` when that is too long for what lies on the desk."""

    from_on: date
    to_on: date
    days: int
    reroute: bool


class CirculationItemView(View):
    """The item that a document belongs to."""

    id: UUID
    register_no: str
    title: str


class DeskEntryView(View):
    """One stay on one desk. ``breached`` as of the answer; the reader's clock may say more a minute later."""

    id: UUID
    position: int
    leader: NamedView
    way: Way
    way_note: str
    delivered_at: datetime | None
    due_at: datetime | None
    due_rule: str | None
    due_words: str | None
    due_words_en: str | None
    due_pack: str | None
    left_at: datetime | None
    outcome: str | None
    instruction: str
    entered_by: NamedView | None
    reminded_at: datetime | None
    breached: bool


class CirculationRowView(View):
    """A circulation in a list, with the desk on which it lies or to which it goes next."""

    id: UUID
    kind: CirculationKind
    desk_class: DeskClass
    title: str
    serial: str
    state: CirculationState
    item: CirculationItemView | None
    opened_at: datetime
    desk: DeskEntryView | None
    away: AwayView | None
    version: int


class CirculationView(CirculationRowView):
    """A circulation whole. ``acts`` are those that this reader may take now."""

    reference: str
    received_at: datetime
    opened_by: NamedView
    returned_at: datetime | None
    return_note: str
    desks: tuple[DeskEntryView, ...]
    acts: tuple[str, ...]


class CirculationList(View):
    """A page of circulations: what lies on desks with the worst first, what waits with the oldest first."""

    circulations: tuple[CirculationRowView, ...]
    next_cursor: str | None


class DeskView(View):
    """One leader's desk in numbers."""

    leader: NamedView
    lying: int
    breached: int
    longest_since: datetime | None
    next_due_at: datetime | None
    away: AwayView | None


class AbsenceView(View):
    """A leader's absence. ``to_reroute`` counts what lies on the desk and is to go another way."""

    id: UUID
    person: NamedView
    from_on: date
    to_on: date
    reason: str
    marked_by: NamedView
    marked_at: datetime
    current: bool
    to_reroute: int
    version: int


class DesksView(View):
    """All desks that the reader may see, the worst first, and who is away or soon will be."""

    desks: tuple[DeskView, ...]
    absences: tuple[AbsenceView, ...]
    away_days: int | None
    pack: str
