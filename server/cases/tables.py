"""Rows of accountability cases and what they cite."""

from __future__ import annotations

from piccolo.columns import UUID, Bytea, Integer, Text, Timestamptz
from piccolo.table import Table


class CaseRow(Table, tablename="cases"):
    """A case; ``state`` is one of D5's states, beginning with a draft."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    item_id = UUID(default=None)
    title = Text(default=None)
    facts = Text(default="")
    state = Text(default="DRAFT")
    drafted_by = UUID(default=None)
    drafted_at = Timestamptz(default=None)
    proposed_by = UUID(default=None, null=True)
    proposed_at = Timestamptz(default=None, null=True)
    version = Integer(default=1)


class CaseFindingRow(Table, tablename="case_findings"):
    """A finding that a case rests on."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    case_id = UUID(default=None)
    finding_id = UUID(default=None)


class CaseEvidenceRow(Table, tablename="case_evidence"):
    """A citation: the capture and the hash of its statement as it was when cited."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    case_id = UUID(default=None)
    capture_id = UUID(default=None)
    statement_sha256 = Bytea(default=None)
    cited_by = UUID(default=None)
    cited_at = Timestamptz(default=None)
    withdrawn_at = Timestamptz(default=None, null=True)
