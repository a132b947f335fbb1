"""What is recorded about calendars."""

from __future__ import annotations

from typing import ClassVar

from server.journal.events import Event


class _OfYear(Event):
    SUBJECT: ClassVar[str] = "calendar"

    year: int
    region: str
    version: int


class CalendarImported(_OfYear):
    """The notice of a year was read in as a draft."""

    KIND: ClassVar[str] = "calendar.imported"


class CalendarEnacted(_OfYear):
    """A leader took a calendar into force."""

    KIND: ClassVar[str] = "calendar.enacted"


class CalendarRejected(_OfYear):
    """A leader refused a calendar."""

    KIND: ClassVar[str] = "calendar.rejected"
