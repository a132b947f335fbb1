"""What is recorded about an item's time: ids, dates and numbers, never the wording of reasons."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from server.journal.events import Event


class ExtensionRequested(Event):
    """The unit asked for a later date."""

    KIND: ClassVar[str] = "item.extension_requested"
    SUBJECT: ClassVar[str] = "item"

    extension_id: UUID
    late: bool


class ExtensionGranted(Event):
    """The limit was extended; ``no`` counts the extensions of the item."""

    KIND: ClassVar[str] = "item.extension_granted"
    SUBJECT: ClassVar[str] = "item"

    extension_id: UUID
    no: int
    due_before: datetime
    due_after: datetime


class ExtensionRefused(Event):
    """The limit stays."""

    KIND: ClassVar[str] = "item.extension_refused"
    SUBJECT: ClassVar[str] = "item"

    extension_id: UUID


class ExtensionWithdrawn(Event):
    """The unit took its request back."""

    KIND: ClassVar[str] = "item.extension_withdrawn"
    SUBJECT: ClassVar[str] = "item"

    extension_id: UUID


class WrittenReportFiled(Event):
    """The unit reported that it cannot finish in time (R37)."""

    KIND: ClassVar[str] = "item.written_report_filed"
    SUBJECT: ClassVar[str] = "item"

    report_id: UUID
    in_time: bool


class ItemSuspended(Event):
    """The clock of an item stands still."""

    KIND: ClassVar[str] = "item.suspended"
    SUBJECT: ClassVar[str] = "item"

    review_on: date


class ItemResumed(Event):
    """The clock runs again, with what was left of the limit."""

    KIND: ClassVar[str] = "item.resumed"
    SUBJECT: ClassVar[str] = "item"

    due_before: datetime | None
    due_after: datetime | None


class ItemTerminated(Event):
    """The head of government ended an item without a result."""

    KIND: ClassVar[str] = "item.terminated"
    SUBJECT: ClassVar[str] = "item"
