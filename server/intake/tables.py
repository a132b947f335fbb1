"""Rows of received matters and their files."""

from __future__ import annotations

from piccolo.columns import UUID, Integer, Text, Timestamptz
from piccolo.table import Table


class IntakeMatterRow(Table, tablename="intake_matters"):
    """A matter as it came; ``settled_at`` is when it was registered, returned or declined."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    source_kind = Text(default=None)
    from_whom = Text(default=None)
    source_ref = Text(default="")
    subject = Text(default=None)
    urgency = Text(default=None)
    received_at = Timestamptz(default=None)
    entered_by = UUID(default=None)
    entered_at = Timestamptz(default=None)
    state = Text(default=None)
    item_id = UUID(default=None, null=True)
    difference_reason = Text(default="")
    reason = Text(default="")
    settled_by = UUID(default=None, null=True)
    settled_at = Timestamptz(default=None, null=True)
    reminded_at = Timestamptz(default=None, null=True)
    version = Integer(default=1)


class IntakeFileRow(Table, tablename="intake_files"):
    """A file that came with a matter; append-only."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    matter_id = UUID(default=None)
    attachment_id = UUID(default=None)
