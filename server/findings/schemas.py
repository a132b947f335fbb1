"""Wire shapes of findings."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from server.access.schemas import NamedView
from server.findings.kinds import FindingCategory, Severity
from server.findings.lifecycle import FindingState
from server.kit.structs import NOT_BLANK, Input, View


class RecordFinding(Input):
    """Record what the team found; ``id`` is minted on the phone, ``found_at`` is its time.

    ``category`` and ``severity`` are codes of the maintained lists, checked by the command, so that one phone's old
    list spoils one finding and not the whole batch it came in.
    """

    id: UUID
    visit_id: UUID
    item_id: UUID
    text: Annotated[str, Meta(min_length=1, max_length=5000, pattern=NOT_BLANK)]
    category: str
    severity: str
    capture_ids: Annotated[list[UUID], Meta(max_length=200)]
    found_at: Annotated[datetime, Meta(tz=True)]


class DecideFinding(Input):
    """Confirm or dismiss a finding."""

    reason: Annotated[str, Meta(max_length=2000)] = ""


class FindingVisitView(View):
    """The visit of a finding."""

    id: UUID
    title: str
    state: str


class FindingItemView(View):
    """The item of a finding."""

    id: UUID
    register_no: str
    title: str


class FindingView(View):
    """A finding. ``found_at`` is the phone's time, ``recorded_at`` the server's."""

    id: UUID
    visit: FindingVisitView
    item: FindingItemView
    text: str
    category: FindingCategory
    severity: Severity
    state: FindingState
    reason: str
    capture_ids: tuple[UUID, ...]
    author: NamedView
    found_at: datetime
    recorded_at: datetime
    acts: tuple[str, ...]
    version: int


class FindingList(View):
    """A page of findings, the newest first."""

    findings: tuple[FindingView, ...]
    next_cursor: str | None


class StateView(View):
    """Where a finding stands after a decision."""

    id: UUID
    state: FindingState
    reason: str
    version: int
