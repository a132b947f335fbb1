"""Rows of calendars."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Integer, Text, Timestamptz
from piccolo.table import Table


class CalendarVersionRow(Table, tablename="calendar_versions"):
    """One version of one year as its notice says; ``region`` is empty for the whole country."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    year = Integer(default=None)
    region = Text(default="")
    version = Integer(default=None)
    source = Text(default=None)
    off = JSONB(default=None)
    work = JSONB(default=None)
    imported_by = UUID(default=None)
    imported_at = Timestamptz(default=None)
    enacted_by = UUID(default=None, null=True)
    enacted_at = Timestamptz(default=None, null=True)
    rejected_by = UUID(default=None, null=True)
    rejected_at = Timestamptz(default=None, null=True)
    rejected_why = Text(default="")
