"""Rows of received matters and their files."""

from __future__ import annotations

from piccolo.columns import UUID, Integer, Text, Timestamptz
from piccolo.table import Table


class IntakeMatterRow(Table, tablename="intake_matters"):
    """A matter as it came; ``settled_at`` is when it was registered, returned or declined.

    ``register_by`` is written by the database: the end of the limit in force at the time of receipt.
    """

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    source_kind = Text(default=None)
    from_whom = Text(default=None)
    source_ref = Text(default="")
    subject = Text(default=None)
    urgency = Text(default=None)
    received_at = Timestamptz(default=None)
    register_by = Timestamptz(default=None)
    entered_by = UUID(default=None)
    entered_at = Timestamptz(default=None)
    state = Text(default=None)
    item_id = UUID(default=None, null=True)
    difference_reason = Text(default="")
    reason = Text(default="")
    late_reason = Text(default="")
    settled_by = UUID(default=None, null=True)
    settled_at = Timestamptz(default=None, null=True)
    reminded_at = Timestamptz(default=None, null=True)
    version = Integer(default=1)


class IntakeLimitRow(Table, tablename="intake_limits"):
    """Within how many hours a matter was to be registered from ``set_at`` on; append-only."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    hours = Integer(default=None)
    set_by = UUID(default=None, null=True)
    set_at = Timestamptz(default=None)


class IntakeFileRow(Table, tablename="intake_files"):
    """A file that came with a matter; append-only."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    matter_id = UUID(default=None)
    attachment_id = UUID(default=None)
