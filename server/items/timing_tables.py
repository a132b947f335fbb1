"""Rows of extensions, written reports and suspensions."""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Boolean, Date, Integer, Text, Timestamptz
from piccolo.table import Table


class ExtensionRow(Table, tablename="item_extensions"):
    """A unit asks for a later date (延期); what it was before stays beside it. Decided once."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    item_id = UUID(default=None)
    state = Text(default="PENDING")
    reason = Text(default=None)
    progress = Text(default=None)
    wanted_until = Date(default=None, null=True)
    wanted_n = Integer(default=None, null=True)
    wanted_unit = Text(default=None, null=True)
    unit_id = UUID(default=None)
    requested_by = UUID(default=None)
    requested_at = Timestamptz(default=None)
    late = Boolean(default=None)
    stated_by = Text(default="")
    stated_by_id = UUID(default=None, null=True)
    due_before = Timestamptz(default=None)
    rule_before = Text(default="")
    words_before = Text(default="")
    words_en_before = Text(default="")
    no = Integer(default=None, null=True)
    due_after = Timestamptz(default=None, null=True)
    granted_unit = Text(default=None, null=True)
    decided_by = UUID(default=None, null=True)
    decided_at = Timestamptz(default=None, null=True)
    opinion = Text(default="")


class WrittenReportRow(Table, tablename="item_written_reports"):
    """A unit reports in writing that it cannot finish in time (书面报告). Never changed."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    item_id = UUID(default=None)
    reason = Text(default=None)
    progress = Text(default=None)
    expected_on = Date(default=None, null=True)
    unit_id = UUID(default=None)
    filed_by = UUID(default=None)
    filed_at = Timestamptz(default=None)
    due_at = Timestamptz(default=None)
    in_time = Boolean(default=None)


class SuspensionRow(Table, tablename="item_suspensions"):
    """The clock stands still (中止), with what was left of the limit."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    item_id = UUID(default=None)
    obstacle = Text(default=None)
    review_on = Date(default=None)
    suspended_by = UUID(default=None)
    suspended_at = Timestamptz(default=None)
    due_before = Timestamptz(default=None, null=True)
    measure = Text(default=None)
    remaining_days = Integer(default=None, null=True)
    remaining_us = BigInt(default=None, null=True)
    ended_at = Timestamptz(default=None, null=True)
    ended_by = UUID(default=None, null=True)
    ended_how = Text(default=None, null=True)
    note = Text(default="")
    due_after = Timestamptz(default=None, null=True)
