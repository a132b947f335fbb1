"""Rows of findings and the captures that show them."""

from __future__ import annotations

from piccolo.columns import UUID, Integer, Text, Timestamptz
from piccolo.table import Table


class FindingRow(Table, tablename="findings"):
    """A finding; ``state`` is one of D3's states."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    visit_id = UUID(default=None)
    item_id = UUID(default=None)
    text = Text(default=None)
    category = Text(default=None)
    severity = Text(default=None)
    state = Text(default="FOUND")
    reason = Text(default="")
    person_id = UUID(default=None)
    found_at = Timestamptz(default=None)
    recorded_at = Timestamptz(default=None)
    version = Integer(default=1)


class FindingCaptureRow(Table, tablename="finding_captures"):
    """A capture that shows a finding."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    finding_id = UUID(default=None)
    capture_id = UUID(default=None)
