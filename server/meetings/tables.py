"""Rows of meetings, their decisions and the units that carry them out."""

from __future__ import annotations

from piccolo.columns import UUID, Boolean, Date, Integer, Text, Timestamptz
from piccolo.table import Table


class MeetingRow(Table, tablename="meetings"):
    """A meeting; ``no`` is its number within kind and year, ``attended_by`` the director who sat in (列席)."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    kind = Text(default=None)
    year = Integer(default=None)
    no = Integer(default=None, null=True)
    title = Text(default="")
    held_on = Date(default=None)
    chair = Text(default=None)
    attended_by = UUID(default=None, null=True)
    minutes_id = UUID(default=None, null=True)
    recorded_by = UUID(default=None)
    recorded_at = Timestamptz(default=None)
    version = Integer(default=1)


class MeetingDecisionRow(Table, tablename="meeting_decisions"):
    """What a meeting decided (议定事项), with the supervision requirement (督查要求); withdrawn, never rewritten."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    meeting_id = UUID(default=None)
    no = Integer(default=None)
    text = Text(default=None)
    requirement = Text(default="")
    due_on = Date(default=None, null=True)
    recorded_by = UUID(default=None)
    recorded_at = Timestamptz(default=None)
    withdrawn_at = Timestamptz(default=None, null=True)


class DecisionUnitRow(Table, tablename="decision_units"):
    """A unit that carries a decision out; one of them leads."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    decision_id = UUID(default=None)
    unit_id = UUID(default=None)
    lead = Boolean(default=None)
