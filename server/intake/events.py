"""What is recorded about received matters."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from server.journal.events import Event


class _OfMatter(Event):
    SUBJECT: ClassVar[str] = "intake"


class MatterReceived(_OfMatter):
    """A matter was put into the tray."""

    KIND: ClassVar[str] = "intake.received"

    source_kind: str


class MatterRegistered(_OfMatter):
    """A received matter got its number in the register."""

    KIND: ClassVar[str] = "intake.registered"

    item_id: UUID


class MatterReturned(_OfMatter):
    """A received matter went back to where it came from."""

    KIND: ClassVar[str] = "intake.returned"


class MatterDeclined(_OfMatter):
    """A received matter is not taken into the register."""

    KIND: ClassVar[str] = "intake.declined"


class MatterReminded(_OfMatter):
    """A matter lies unregistered for longer than allowed (立即登记)."""

    KIND: ClassVar[str] = "intake.reminded"
