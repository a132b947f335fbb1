"""Rows of visits and their teams."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Date, Integer, Text, Timestamptz
from piccolo.table import Table


class VisitRow(Table, tablename="visits"):
    """A visit; ``state`` is one of D2's states, ``released_at`` is when its existence became known."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    item_id = UUID(default=None)
    site_id = UUID(default=None)
    title = Text(default=None)
    state = Text(default=None)
    nature = Text(default="SUPERVISION")
    method = Text(default=None)
    brief = Text(default="")
    planned_for = Date(default=None)
    created_by = UUID(default=None)
    approver_id = UUID(default=None)
    approved_at = Timestamptz(default=None, null=True)
    created_at = Timestamptz(default=None)
    departed_at = Timestamptz(default=None, null=True)
    arrived_at = Timestamptz(default=None, null=True)
    left_at = Timestamptz(default=None, null=True)
    signed_at = Timestamptz(default=None, null=True)
    released_at = Timestamptz(default=None, null=True)
    clauses = JSONB(default="{}")
    version = Integer(default=1)


class VisitMemberRow(Table, tablename="visit_members"):
    """A member of the team; exactly one LEADER once the team is locked."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    visit_id = UUID(default=None)
    person_id = UUID(default=None)
    role = Text(default="MEMBER")
