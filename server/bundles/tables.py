"""Rows of bundles made."""

from __future__ import annotations

from piccolo.columns import UUID, Array, Boolean, Bytea, Text, Timestamptz
from piccolo.table import Table


class EvidenceExportRow(Table, tablename="evidence_exports"):
    """A bundle that was made: who, when, of what, what for, and its table of contents. Append-only.

    The originals lie in the store; everything else of the archive can be made again from these columns and the log.
    """

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    scope = Text(default=None)
    target_id = UUID(default=None)
    purpose = Text(default=None)
    personal = Boolean(default=False)
    made_by = UUID(default=None)
    made_at = Timestamptz(default=None)
    bundle = Bytea(default=None)
    report = Bytea(default=None)
    case_json = Bytea(default=None, null=True)
    custody = Array(base_column=UUID(), default=None)
    enrolments = Array(base_column=UUID(), default=None)
