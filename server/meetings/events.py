"""What is recorded of meetings: ids and numbers, never what was said."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from server.journal.events import Event


class MeetingRecorded(Event):
    """A meeting was recorded."""

    KIND: ClassVar[str] = "meeting.recorded"
    SUBJECT: ClassVar[str] = "meeting"

    kind: str
    year: int
    no: int | None


class MeetingRevised(Event):
    """What is known of a meeting was corrected or completed."""

    KIND: ClassVar[str] = "meeting.revised"
    SUBJECT: ClassVar[str] = "meeting"

    fields: tuple[str, ...]


class DecisionsRecorded(Event):
    """Decisions of a meeting were recorded."""

    KIND: ClassVar[str] = "meeting.decisions_recorded"
    SUBJECT: ClassVar[str] = "meeting"

    decisions: tuple[UUID, ...]


class DecisionWithdrawnAgain(Event):
    """A decision recorded in error was withdrawn."""

    KIND: ClassVar[str] = "meeting.decision_withdrawn"
    SUBJECT: ClassVar[str] = "meeting"

    decision_id: UUID


class ItemsMade(Event):
    """Items were made from decisions of a meeting."""

    KIND: ClassVar[str] = "meeting.items_made"
    SUBJECT: ClassVar[str] = "meeting"

    items: tuple[tuple[UUID, UUID], ...]
