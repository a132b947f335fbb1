"""What is recorded about findings: ids, states and reasons, never their text."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from server.journal.events import Event


class FindingRecorded(Event):
    """The team recorded a finding."""

    KIND: ClassVar[str] = "finding.recorded"
    SUBJECT: ClassVar[str] = "finding"

    visit_id: UUID
    category: str
    severity: str
    captures: tuple[UUID, ...]


class FindingConfirmed(Event):
    """The office confirmed a finding."""

    KIND: ClassVar[str] = "finding.confirmed"
    SUBJECT: ClassVar[str] = "finding"

    visit_id: UUID
    author_id: UUID
    reason: str


class FindingDismissed(Event):
    """The office held a finding not established."""

    KIND: ClassVar[str] = "finding.dismissed"
    SUBJECT: ClassVar[str] = "finding"

    visit_id: UUID
    author_id: UUID
    reason: str
