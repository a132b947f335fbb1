"""What is recorded about circulation: ids, classes and times, never titles nor wording."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from server.journal.events import Event


class CirculationOpened(Event):
    """A document was registered for circulation."""

    KIND: ClassVar[str] = "circulation.opened"
    SUBJECT: ClassVar[str] = "circulation"

    kind: str
    desk_class: str
    leaders: tuple[UUID, ...]


class DeskAdded(Event):
    """Another leader was put on the list."""

    KIND: ClassVar[str] = "circulation.desk_added"
    SUBJECT: ClassVar[str] = "circulation"

    leader_id: UUID


class Delivered(Event):
    """It was laid on a desk; from ``at`` the minutes count, until ``due_at``."""

    KIND: ClassVar[str] = "circulation.delivered"
    SUBJECT: ClassVar[str] = "circulation"

    leader_id: UUID
    at: datetime
    due_at: datetime
    rule: str


class TakenFromDesk(Event):
    """A leader read it or instructed, or it was taken back; ``at`` is when it left the desk."""

    KIND: ClassVar[str] = "circulation.left_desk"
    SUBJECT: ClassVar[str] = "circulation"

    leader_id: UUID
    outcome: str
    at: datetime


class Rerouted(Event):
    """It reached a leader by another way, or another leader."""

    KIND: ClassVar[str] = "circulation.rerouted"
    SUBJECT: ClassVar[str] = "circulation"

    from_leader_id: UUID
    leader_id: UUID
    way: str
    due_at: datetime


class Returned(Event):
    """It came back to the office; the circulation has ended."""

    KIND: ClassVar[str] = "circulation.returned"
    SUBJECT: ClassVar[str] = "circulation"


class DeskReminded(Event):
    """The office was reminded, once, of a desk entry past its limit (B15: capped, no penalty)."""

    KIND: ClassVar[str] = "circulation.reminded"
    SUBJECT: ClassVar[str] = "circulation"

    desk_id: UUID


class AbsenceMarked(Event):
    """A leader was marked away."""

    KIND: ClassVar[str] = "absence.marked"
    SUBJECT: ClassVar[str] = "absence"

    person_id: UUID
    from_on: date
    to_on: date


class AbsenceChanged(Event):
    """The last day of an absence was changed."""

    KIND: ClassVar[str] = "absence.changed"
    SUBJECT: ClassVar[str] = "absence"

    to_on: date


class AbsenceCancelled(Event):
    """The leader does not go away after all."""

    KIND: ClassVar[str] = "absence.cancelled"
    SUBJECT: ClassVar[str] = "absence"
