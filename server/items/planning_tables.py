"""Rows of imports, milestones and the public board."""

from __future__ import annotations

from piccolo.columns import UUID, Boolean, Bytea, Date, Integer, Text, Timestamptz
from piccolo.table import Table


class ItemImportRow(Table, tablename="item_imports"):
    """A table of children that was imported whole; never changed."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    parent_id = UUID(default=None)
    file_name = Text(default=None)
    sha256 = Bytea(default=None)
    row_count = Integer(default=None)
    first_child_no = Integer(default=None)
    imported_by = UUID(default=None)
    imported_at = Timestamptz(default=None)


class MilestoneRow(Table, tablename="milestones"):
    """A milestone of an item's schedule; its name and day may be planned anew."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    item_id = UUID(default=None)
    name = Text(default=None)
    planned_on = Date(default=None)
    planned_by = UUID(default=None)
    planned_at = Timestamptz(default=None)
    withdrawn_at = Timestamptz(default=None, null=True)


class MilestoneProgressRow(Table, tablename="milestone_progress"):
    """What was reported of a milestone; the last one counts, none is changed."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    item_id = UUID(default=None)
    milestone_id = UUID(default=None)
    done_on = Date(default=None, null=True)
    note = Text(default="")
    reported_by = UUID(default=None)
    reported_at = Timestamptz(default=None)


class ItemListingRow(Table, tablename="item_listings"):
    """A decision to put an item on the public board or to take it off; never changed."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    item_id = UUID(default=None)
    listed = Boolean(default=None)
    decided_by = UUID(default=None)
    decided_on = Date(default=None)
    document = Text(default=None)
    reason = Text(default=None)
    recorded_by = UUID(default=None)
    recorded_at = Timestamptz(default=None)
