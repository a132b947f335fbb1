"""Wire shapes of received matters."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from server.access.schemas import NamedView
from server.attachments.schemas import AttachmentView
from server.intake.lifecycle import MatterState
from server.items.schemas import Instant, RegisterItem
from server.items.sources import SourceKind, Urgency
from server.kit.structs import NOT_BLANK, Input, View

Reason = Annotated[str, Meta(min_length=1, max_length=1000, pattern=NOT_BLANK)]


class Where(StrEnum):
    """Which matters a list holds."""

    WAITING = "WAITING"
    SETTLED = "SETTLED"


class ReceiveMatter(Input):
    """Put a matter into the tray. ``id`` is minted by who receives it, so sending it twice is harmless."""

    id: UUID
    source_kind: SourceKind
    from_whom: Annotated[str, Meta(min_length=1, max_length=200, pattern=NOT_BLANK)]
    subject: Annotated[str, Meta(min_length=1, max_length=300, pattern=NOT_BLANK)]
    received_at: Instant | None = None
    source_ref: Annotated[str, Meta(max_length=300)] = ""
    urgency: Urgency = Urgency.ORDINARY
    attachment_ids: Annotated[tuple[UUID, ...], Meta(max_length=20)] = ()


class RegisterMatter(Input):
    """Register a received matter. Its time of receipt is the item's; another one needs ``difference_reason``."""

    item: RegisterItem
    difference_reason: Annotated[str, Meta(max_length=500)] = ""


class SettleMatter(Input):
    """Return or decline a matter, saying why; ``late_reason`` is why it lay so long, where it lay past its limit."""

    reason: Reason
    late_reason: Annotated[str, Meta(max_length=500)] = ""


class MatterView(View):
    """A received matter. ``late``: it lies, or lay, longer than ``due_at``. ``acts`` are those of this reader now.

    ``due_at`` is the end of the limit that was in force when it was received.
    """

    id: UUID
    source_kind: SourceKind
    from_whom: str
    source_ref: str
    subject: str
    urgency: Urgency
    received_at: datetime
    entered_by: NamedView
    entered_at: datetime
    due_at: datetime
    late: bool
    reminded_at: datetime | None
    state: MatterState
    item: NamedView | None
    difference_reason: str
    reason: str
    late_reason: str
    settled_by: NamedView | None
    settled_at: datetime | None
    files: tuple[AttachmentView, ...]
    acts: tuple[str, ...]
    version: int


class MatterList(View):
    """A page of matters: those waiting with the longest received first, those settled with the latest first."""

    matters: tuple[MatterView, ...]
    within_hours: int
    next_cursor: str | None
