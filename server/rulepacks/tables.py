"""Rows of rule packs."""

from __future__ import annotations

from piccolo.columns import UUID, Array, Boolean, Date, Integer, Text, Timestamptz
from piccolo.table import Table


class RulePackVersionRow(Table, tablename="rule_pack_versions"):
    """One version of a pack of the organisation's own, or one taking over of a shipped pack (its text is empty)."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    pack_id = Text(default=None)
    version = Integer(default=None)
    shipped = Boolean(default=False)
    text = Text(default="")
    state = Text(default="DRAFT")
    drafters = Array(UUID(default=None), default=None)
    drafted_by = UUID(default=None)
    drafted_at = Timestamptz(default=None)
    submitted_by = UUID(default=None, null=True)
    submitted_at = Timestamptz(default=None, null=True)
    returned_why = Text(default="")
    enacted_by = UUID(default=None, null=True)
    enacted_at = Timestamptz(default=None, null=True)
    in_force_from = Date(default=None, null=True)
    revision = Integer(default=1)
