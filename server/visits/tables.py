"""Rows of visits and their teams."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, BigInt, Date, Integer, Text, Timestamptz
from piccolo.table import Table


class VisitRow(Table, tablename="visits"):
    """A visit; ``state`` is one of D2's states, ``released_at`` is when its existence became known.

    ``starts_at`` and ``ends_at`` are the planned hours; ``departed_at`` to ``signed_at`` are what the phone reported.
    """

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    item_id = UUID(default=None)
    site_id = UUID(default=None)
    object_unit_id = UUID(default=None, null=True)
    title = Text(default=None)
    state = Text(default=None)
    nature = Text(default="SUPERVISION")
    method = Text(default=None)
    brief = Text(default="")
    planned_for = Date(default=None)
    starts_at = Timestamptz(default=None, null=True)
    ends_at = Timestamptz(default=None, null=True)
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


class VisitStepRow(Table, tablename="visit_steps"):
    """An act on a visit. ``reported_at`` is what the phone said, ``received_at`` what the server saw; both are kept.

    ``id`` is the id of the command, so that a second delivery finds the first. A trigger refuses UPDATE and DELETE.
    """

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    visit_id = UUID(default=None)
    act = Text(default=None)
    person_id = UUID(default=None)
    reported_at = Timestamptz(default=None)
    received_at = Timestamptz(default=None)
    lat_e7 = BigInt(default=None, null=True)
    lon_e7 = BigInt(default=None, null=True)
    acc_cm = BigInt(default=None, null=True)
    reason = Text(default="")
