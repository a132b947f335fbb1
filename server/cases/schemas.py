"""Wire shapes of accountability cases."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from server.access.schemas import NamedView
from server.cases.lifecycle import CaseState
from server.kit.structs import NOT_BLANK, Input, View


class DraftCase(Input):
    """Open a draft from a finding; ``id`` is minted by the drafter, so sending it twice is harmless."""

    id: UUID
    finding_id: UUID
    title: Annotated[str, Meta(min_length=1, max_length=200, pattern=NOT_BLANK)]
    facts: Annotated[str, Meta(max_length=20_000)] = ""
    capture_ids: Annotated[tuple[UUID, ...], Meta(max_length=200)] = ()


class ReviseCase(Input):
    """Change the wording of a draft; what is left out stays."""

    title: Annotated[str, Meta(min_length=1, max_length=200, pattern=NOT_BLANK)] | None = None
    facts: Annotated[str, Meta(max_length=20_000)] | None = None


class CiteEvidence(Input):
    """Cite a capture in a draft."""

    capture_id: UUID


class CaseItemView(View):
    """The item of a case."""

    id: UUID
    register_no: str
    title: str


class CaseFindingView(View):
    """A finding that a case rests on."""

    id: UUID
    text: str
    severity: str
    state: str


class CitationView(View):
    """A cited capture: ``statement_sha256`` is the hash as it was when cited, and never changes."""

    capture_id: UUID
    statement_sha256: str
    captured_at: datetime
    author: NamedView
    decision: str
    originals_received: int
    originals_total: int
    cited_by: NamedView
    cited_at: datetime


class CaseRowView(View):
    """A case in a list."""

    id: UUID
    item: CaseItemView
    title: str
    state: CaseState
    citations: int
    drafted_by: NamedView
    drafted_at: datetime
    proposed_by: NamedView | None
    proposed_at: datetime | None
    version: int


class CaseView(CaseRowView):
    """A case whole. ``acts`` are those that this reader may take now."""

    facts: str
    findings: tuple[CaseFindingView, ...]
    evidence: tuple[CitationView, ...]
    acts: tuple[str, ...]


class CaseList(View):
    """A page of cases, the newest first."""

    cases: tuple[CaseRowView, ...]
    next_cursor: str | None
