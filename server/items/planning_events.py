"""What is recorded of planning: ids, numbers and days, never what was written."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

from server.journal.events import Event


class ItemDecomposed(Event):
    """An item got children."""

    KIND: ClassVar[str] = "item.decomposed"
    SUBJECT: ClassVar[str] = "item"

    children: int
    first_child_no: int
    import_id: UUID | None


class ScheduleSet(Event):
    """The milestones of an item were planned or planned anew."""

    KIND: ClassVar[str] = "item.schedule_set"
    SUBJECT: ClassVar[str] = "item"

    planned: tuple[tuple[UUID, date], ...]
    withdrawn: tuple[UUID, ...]


class ProgressRecorded(Event):
    """Progress was recorded against a milestone."""

    KIND: ClassVar[str] = "item.progress_recorded"
    SUBJECT: ClassVar[str] = "item"

    milestone_id: UUID
    done_on: date | None


class ItemListed(Event):
    """By decision of a leader an item went on the public board (挂牌督办)."""

    KIND: ClassVar[str] = "item.listed"
    SUBJECT: ClassVar[str] = "item"

    decided_by: UUID
    decided_on: date


class ItemDelisted(Event):
    """By decision of a leader an item went off the public board (摘牌)."""

    KIND: ClassVar[str] = "item.delisted"
    SUBJECT: ClassVar[str] = "item"

    decided_by: UUID
    decided_on: date
