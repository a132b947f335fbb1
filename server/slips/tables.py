"""Rows of slips, receipts, tasks of units and what units settle among themselves."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Array, Boolean, Date, Integer, Text, Timestamptz
from piccolo.table import Table


class SlipRow(Table, tablename="slips"):
    """A slip; ``content`` is what was signed, frozen at issue together with the number."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    item_id = UUID(default=None)
    series = Text(default=None)
    state = Text(default="DRAFT")
    year = Integer(default=None, null=True)
    seq = Integer(default=None, null=True)
    mode = Text(default=None, null=True)
    mode_reason = Text(default="")
    channel = Text(default=None)
    meeting = Text(default="")
    delivery = Text(default=None)
    copies = Integer(default=1)
    phone_caller_id = UUID(default=None, null=True)
    phone_receiver = Text(default="")
    phone_at = Timestamptz(default=None, null=True)
    phone_content = Text(default="")
    confirm_in_writing = Boolean(default=False)
    task = Text(default="")
    standard = Text(default="")
    limit_n = Integer(default=None, null=True)
    limit_unit = Text(default=None, null=True)
    limit_at = Timestamptz(default=None, null=True)
    milestone = Text(default="")
    obstacle = Text(default="")
    result = Text(default="")
    verifier_id = UUID(default=None, null=True)
    verified_on = Date(default=None, null=True)
    follow_up_id = UUID(default=None, null=True)
    due_at = Timestamptz(default=None, null=True)
    content = JSONB(default=None, null=True)
    drafted_by = UUID(default=None)
    drafted_at = Timestamptz(default=None)
    writers = Array(base_column=UUID(), default=list)
    issued_by = UUID(default=None, null=True)
    issued_at = Timestamptz(default=None, null=True)
    withdrawn_by = UUID(default=None, null=True)
    withdrawn_at = Timestamptz(default=None, null=True)
    withdraw_reason = Text(default="")
    version = Integer(default=1)


class RecipientRow(Table, tablename="slip_recipients"):
    """A unit that a slip goes to, and what it did with it."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    slip_id = UUID(default=None)
    unit_id = UUID(default=None)
    part = Text(default=None)
    person_id = UUID(default=None, null=True)
    task = Text(default="")
    limit_n = Integer(default=None, null=True)
    limit_unit = Text(default=None, null=True)
    limit_at = Timestamptz(default=None, null=True)
    due_at = Timestamptz(default=None, null=True)
    position = Integer(default=None)
    issued_at = Timestamptz(default=None, null=True)
    state = Text(default="LISTED")
    signed_by = UUID(default=None, null=True)
    signed_at = Timestamptz(default=None, null=True)
    signed_words = Text(default="")
    refused_by = UUID(default=None, null=True)
    refused_at = Timestamptz(default=None, null=True)
    refusal = Text(default="")
    decided_by = UUID(default=None, null=True)
    decided_at = Timestamptz(default=None, null=True)
    upheld = Boolean(default=None, null=True)
    decision = Text(default="")


class TaskRow(Table, tablename="item_tasks"):
    """The task of a unit in an item: lead, assisting, or one of a coordination slip."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    item_id = UUID(default=None)
    slip_id = UUID(default=None)
    unit_id = UUID(default=None)
    kind = Text(default=None)
    person_id = UUID(default=None)
    state = Text(default=None)
    due_at = Timestamptz(default=None, null=True)
    created_at = Timestamptz(default=None)
    done_at = Timestamptz(default=None, null=True)
    done_by = UUID(default=None, null=True)
    result = Text(default="")
    ended_at = Timestamptz(default=None, null=True)


class ContributionRow(Table, tablename="contributions"):
    """What an assisting unit gave to the lead unit; append-only."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    item_id = UUID(default=None)
    task_id = UUID(default=None)
    unit_id = UUID(default=None)
    text = Text(default=None)
    given_by = UUID(default=None)
    given_at = Timestamptz(default=None)


class DisagreementRow(Table, tablename="disagreements"):
    """A disagreement between units of one item."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    item_id = UUID(default=None)
    subject = Text(default=None)
    state = Text(default="OPEN")
    raised_by = UUID(default=None)
    raised_unit_id = UUID(default=None)
    raised_at = Timestamptz(default=None)
    sent_up_by = UUID(default=None, null=True)
    sent_up_at = Timestamptz(default=None, null=True)
    settled_by = UUID(default=None, null=True)
    settled_at = Timestamptz(default=None, null=True)
    outcome = Text(default="")
    version = Integer(default=1)


class ConsultationRow(Table, tablename="consultations"):
    """A consultation between principal leaders, or a meeting; append-only."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    disagreement_id = UUID(default=None)
    kind = Text(default=None)
    held_at = Timestamptz(default=None)
    chair_id = UUID(default=None, null=True)
    present = Array(base_column=UUID(), default=list)
    absent_units = Array(base_column=UUID(), default=list)
    office_person_id = UUID(default=None, null=True)
    result = Text(default=None)
    recorded_by = UUID(default=None)
    recorded_at = Timestamptz(default=None)
