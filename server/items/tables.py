"""Rows of supervised items and sites."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Array, BigInt, Boolean, Date, Integer, SmallInt, Text, Timestamptz
from piccolo.table import Table


class ItemRow(Table, tablename="items"):
    """A supervised item; ``state`` is one of D1's states."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    register_year = Integer(default=None)
    register_seq = Integer(default=None)
    title = Text(default=None)
    source_kind = Text(default=None)
    source_ref = Text(default="")
    category = Text(default=None)
    state = Text(default=None)
    urgency = Text(default="ORDINARY")
    immediate = Boolean(default=False)
    handling_unit_id = UUID(default=None, null=True)
    follow_up_id = UUID(default=None, null=True)
    due_at = Timestamptz(default=None, null=True)
    received_at = Timestamptz(default=None)
    registered_by = UUID(default=None)
    created_at = Timestamptz(default=None)
    version = Integer(default=1)
    kind = Text(default=None, null=True)
    content_kind = SmallInt(default=None, null=True)
    basis_kind = Text(default=None, null=True)
    basis_text = Text(default="")
    scope_text = Text(default="")
    task = Text(default="")
    requirement = Text(default="")
    importance = Text(default="ORDINARY")
    intensity = Text(default=None, null=True)
    interval_days = Integer(default=None, null=True)
    mode = Text(default=None, null=True)
    mode_reason = Text(default="")
    responsible_person_id = UUID(default=None, null=True)
    parent_id = UUID(default=None, null=True)
    child_no = Integer(default=None, null=True)
    decision_id = UUID(default=None, null=True)
    merged_into_id = UUID(default=None, null=True)
    approval_round = Integer(default=1)
    listed_at = Timestamptz(default=None, null=True)
    stated_limit_n = Integer(default=None, null=True)
    stated_limit_unit = Text(default=None, null=True)
    stated_due_at = Timestamptz(default=None, null=True)
    stated_by = Text(default="")
    assigned_at = Timestamptz(default=None, null=True)
    original_due_at = Timestamptz(default=None, null=True)
    due_rule = Text(default=None, null=True)
    due_words = Text(default=None, null=True)
    due_words_en = Text(default=None, null=True)
    due_pack = Text(default=None, null=True)
    due_calendar = Text(default=None, null=True)
    due_provisional = Boolean(default=False)
    suspended_at = Timestamptz(default=None, null=True)
    suspend_review_on = Date(default=None, null=True)
    late_reason = Text(default="")
    same_source_reason = Text(default="")
    proposal_text = Text(default="")
    proposed_by = UUID(default=None, null=True)
    submitted_by = UUID(default=None, null=True)
    submitted_at = Timestamptz(default=None, null=True)
    assist_unit_ids = Array(base_column=UUID(), default=list)
    method_channels = Array(base_column=Text(), default=list)
    method_visits = Boolean(default=None, null=True)
    method_note = Text(default="")
    level_reason = Text(default="")
    signatures_needed = SmallInt(default=2)


class ItemStepRow(Table, tablename="item_steps"):
    """One act on an item; append-only."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    item_id = UUID(default=None)
    act = Text(default=None)
    from_state = Text(default=None, null=True)
    to_state = Text(default=None)
    actor_id = UUID(default=None, null=True)
    at = Timestamptz(default=None)
    opinion = Text(default="")
    attachment_id = UUID(default=None, null=True)
    data = JSONB(default="{}")
    seq = BigInt(default=None)


class ItemProposalRow(Table, tablename="item_proposals"):
    """What was sent up for approval in a round; append-only."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    item_id = UUID(default=None)
    round = Integer(default=None)
    proposed_by = UUID(default=None)
    submitted_by = UUID(default=None)
    submitted_at = Timestamptz(default=None)
    content = JSONB(default=None)
    signatures = SmallInt(default=2)


class ItemSignatureRow(Table, tablename="item_signatures"):
    """A signature under a round: first (审核) or second (审定); append-only."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    item_id = UUID(default=None)
    round = Integer(default=None)
    kind = Text(default=None)
    signer_id = UUID(default=None)
    signed_at = Timestamptz(default=None)
    opinion = Text(default="")


class ItemInstructionRow(Table, tablename="item_instructions"):
    """A leader's written instruction (批示); a correction replaces an earlier row, which stays."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    item_id = UUID(default=None)
    replaces_id = UUID(default=None, null=True)
    leader_name = Text(default=None)
    leader_level = Text(default=None)
    leader_person_id = UUID(default=None, null=True)
    instructed_on = Date(default=None)
    wording = Text(default=None)
    wording_key = Text(default="")
    attachment_id = UUID(default=None, null=True)
    recorded_by = UUID(default=None)
    recorded_at = Timestamptz(default=None)


class ItemAttachmentRow(Table, tablename="item_attachments"):
    """A file of an item and what it is; append-only."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    item_id = UUID(default=None)
    attachment_id = UUID(default=None)
    kind = Text(default=None)
    added_by = UUID(default=None)
    added_at = Timestamptz(default=None)


class ItemFeedbackRow(Table, tablename="item_feedbacks"):
    """What an origin is told of an item that is not taken up or refused by its unit; and how, once."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    item_id = UUID(default=None)
    kind = Text(default=None)
    addressee = Text(default=None)
    name = Text(default=None)
    person_id = UUID(default=None, null=True)
    unit_id = UUID(default=None, null=True)
    reason = Text(default=None)
    given_by = UUID(default=None)
    given_at = Timestamptz(default=None)
    told_how = Text(default="")
    told_by = UUID(default=None, null=True)
    told_at = Timestamptz(default=None, null=True)


class ItemMethodAmendmentRow(Table, tablename="item_method_amendments"):
    """A change of a confirmed method; the one before is kept with it."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    item_id = UUID(default=None)
    reason = Text(default=None)
    before = JSONB(default=None)
    content = JSONB(default=None)
    plan_ids = Array(base_column=UUID(), default=list)
    proposed_by = UUID(default=None)
    proposed_at = Timestamptz(default=None)
    outcome = Text(default=None, null=True)
    decided_by = UUID(default=None, null=True)
    decided_at = Timestamptz(default=None, null=True)
    opinion = Text(default="")


class SiteRow(Table, tablename="sites"):
    """A place that visits go to; the point is WGS-84 in 1e-7 degrees, the radius in metres."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    item_id = UUID(default=None)
    name = Text(default=None)
    address = Text(default="")
    kind = Text(default="CONSTRUCTION")
    lat_e7 = BigInt(default=None, null=True)
    lon_e7 = BigInt(default=None, null=True)
    radius_m = Integer(default=300)
    responsible_unit_id = UUID(default=None, null=True)
    created_at = Timestamptz(default=None)
    embargoed = Boolean(default=False)
    recorded_by = UUID(default=None, null=True)
