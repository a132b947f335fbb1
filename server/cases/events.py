"""What is recorded about cases: ids and hashes, never the facts."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from server.journal.events import Change, Event


class CaseDrafted(Event):
    """A draft was opened from a finding."""

    KIND: ClassVar[str] = "case.drafted"
    SUBJECT: ClassVar[str] = "case"

    finding_id: UUID


class CaseRevised(Event):
    """The wording of a draft was changed."""

    KIND: ClassVar[str] = "case.revised"
    SUBJECT: ClassVar[str] = "case"


class _Citing(Event):
    SUBJECT: ClassVar[str] = "case"

    capture_id: UUID
    statement_sha256: str

    def changes(self) -> tuple[Change, ...]:
        """The capture shows on the desk which cases cite it, so it changes too."""
        return (Change("case", self.subject_id), Change("capture", self.capture_id))


class EvidenceCited(_Citing):
    """A capture was cited by the hash of its statement."""

    KIND: ClassVar[str] = "case.evidence_cited"


class EvidenceWithdrawn(_Citing):
    """A citation was withdrawn from a draft."""

    KIND: ClassVar[str] = "case.evidence_withdrawn"


class CaseProposed(Event):
    """The office laid the case before those who may decide."""

    KIND: ClassVar[str] = "case.proposed"
    SUBJECT: ClassVar[str] = "case"

    statements: tuple[str, ...]
