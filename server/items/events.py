"""What is recorded about items and sites."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from server.journal.events import Event


class ItemRegistered(Event):
    """A matter got its number."""

    KIND: ClassVar[str] = "item.registered"
    SUBJECT: ClassVar[str] = "item"

    register_year: int
    register_seq: int
    source_kind: str


class ItemTakenOver(Event):
    """An item came from the paper ledger with the state that it had there."""

    KIND: ClassVar[str] = "item.taken_over"
    SUBJECT: ClassVar[str] = "item"

    state: str


class SiteRecorded(Event):
    """A place was recorded under an item."""

    KIND: ClassVar[str] = "site.recorded"
    SUBJECT: ClassVar[str] = "site"

    item_id: UUID
