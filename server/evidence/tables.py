"""Rows of capture sessions, captures, media, derived copies and reviews. All but counters are append-only."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, BigInt, Boolean, Bytea, Date, Integer, Text, Timestamptz
from piccolo.table import Table


class CaptureSessionRow(Table, tablename="capture_sessions"):
    """A signed ``session/1`` statement: one chain of captures on one device in one visit."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    visit_id = UUID(default=None)
    person_id = UUID(default=None)
    device_id = UUID(default=None)
    kid = Text(default=None)
    statement = Bytea(default=None)
    signature = Bytea(default=None)
    statement_sha256 = Bytea(default=None)
    env_sha256 = Bytea(default=None)
    received_at = Timestamptz(default=None)
    head_seq = Integer(default=0)
    head_sha256 = Bytea(default=None)
    sealed_at = Timestamptz(default=None, null=True)


class StatementRow(Table, tablename="statements"):
    """Any signed statement of a chain, exact bytes: capture, discard, seal. Unique per session and number."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    session_id = UUID(default=None)
    kind = Text(default=None)
    seq = Integer(default=None)
    statement = Bytea(default=None)
    signature = Bytea(default=None)
    private = Bytea(default=None, null=True)
    statement_sha256 = Bytea(default=None)
    env_sha256 = Bytea(default=None)
    received_at = Timestamptz(default=None)


class CaptureRow(Table, tablename="captures"):
    """A capture as read from its statement (``id`` is the statement's); for lists, never the proof itself."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    session_id = UUID(default=None)
    visit_id = UUID(default=None)
    item_id = UUID(default=None)
    site_id = UUID(default=None, null=True)
    person_id = UUID(default=None)
    device_id = UUID(default=None)
    seq = Integer(default=None)
    statement_sha256 = Bytea(default=None)
    env_sha256 = Bytea(default=None)
    captured_at = Timestamptz(default=None)
    received_at = Timestamptz(default=None)
    wall_ms = BigInt(default=None)
    mono_ms = BigInt(default=None)
    lat_e7 = BigInt(default=None, null=True)
    lon_e7 = BigInt(default=None, null=True)
    acc_cm = BigInt(default=None, null=True)
    fix_ms = BigInt(default=None, null=True)
    distance_m = Integer(default=None, null=True)
    note = Text(default="")
    originals_total = Integer(default=1)
    originals_received = Integer(default=0)
    decision = Text(default="PENDING")
    discarded_at = Timestamptz(default=None, null=True)
    facts = JSONB(default="{}")


class OriginalRow(Table, tablename="originals"):
    """A medium named by a capture's statement; ``received_at`` is set once, by a received object of that digest."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    capture_id = UUID(default=None)
    position = Integer(default=0)
    sha256 = Bytea(default=None)
    bytes = BigInt(default=None)
    media_type = Text(default=None)
    width = Integer(default=0)
    height = Integer(default=0)
    source = Text(default="camera")
    received_at = Timestamptz(default=None, null=True)
    unreadable = Text(default=None, null=True)
    exif = JSONB(default=None, null=True)


class DerivativeRow(Table, tablename="derivatives"):
    """A copy made from an original, or the phone's own preview: thumb, preview, watermark."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    capture_id = UUID(default=None)
    kind = Text(default=None)
    source_sha256 = Bytea(default=None, null=True)
    sha256 = Bytea(default=None)
    bytes = BigInt(default=None)
    media_type = Text(default=None)
    store_key = Text(default=None)
    params = JSONB(default="{}")
    created_at = Timestamptz(default=None)


class ReviewRow(Table, tablename="reviews"):
    """A supervisor's decision on a capture; the newest counts, none is changed."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    capture_id = UUID(default=None)
    decision = Text(default=None)
    reason = Text(default="")
    person_id = UUID(default=None)
    at = Timestamptz(default=None)


class QueryRow(Table, tablename="queries"):
    """A supervisor's question to the inspector about a capture, and the answer."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    capture_id = UUID(default=None)
    text = Text(default=None)
    asked_by = UUID(default=None)
    asked_at = Timestamptz(default=None)
    answer = Text(default=None, null=True)
    answered_by = UUID(default=None, null=True)
    answered_at = Timestamptz(default=None, null=True)


class CommentRow(Table, tablename="comments"):
    """A remark of the office on a capture; not shown to the inspected unit."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    capture_id = UUID(default=None)
    text = Text(default=None)
    person_id = UUID(default=None)
    at = Timestamptz(default=None)


class PasskeyAssertionRow(Table, tablename="passkey_assertions"):
    """What a passkey answered beside a session/1 or seal/1 (``id`` is the statement's), and what is wrong with it."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    statement_sha256 = Bytea(default=None)
    passkey_id = UUID(default=None, null=True)
    credential_id = Bytea(default=None)
    authenticator_data = Bytea(default=None)
    client_data_json = Bytea(default=None)
    signature = Bytea(default=None)
    user_verified = Boolean(default=False)
    problem = Text(default=None)
    counter_stood = Boolean(default=False)
    at = Timestamptz(default=None)


class ChainForkRow(Table, tablename="chain_forks"):
    """A refused statement that a known key signed beside what stands: another in its PLACE, a LINK to another past,
    or a second chain of one KEY."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    device_id = UUID(default=None)
    session_id = UUID(default=None)
    person_id = UUID(default=None)
    kind = Text(default=None)
    seq = Integer(default=None)
    stands_sha256 = Bytea(default=None)
    statement = Bytea(default=None)
    signature = Bytea(default=None)
    statement_sha256 = Bytea(default=None)
    received_at = Timestamptz(default=None)


class DiscardRow(Table, tablename="discards"):
    """A declaration that a capture is void, and whether it had its effect: VOID, CITED, UNKNOWN."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    session_id = UUID(default=None)
    capture_id = UUID(default=None)
    person_id = UUID(default=None)
    outcome = Text(default=None)
    reason = Text(default=None)
    wall_ms = BigInt(default=None)
    received_at = Timestamptz(default=None)


class FieldNoteRow(Table, tablename="field_notes"):
    """A note/1 as read from its private part; no text when that was withheld."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    session_id = UUID(default=None)
    visit_id = UUID(default=None)
    capture_id = UUID(default=None, null=True)
    person_id = UUID(default=None)
    text = Text(default=None, null=True)
    wall_ms = BigInt(default=None)
    received_at = Timestamptz(default=None)


class CosignatureRow(Table, tablename="cosignatures"):
    """A cosign/1: an OFFICER or the UNIT SIGNED a seal or REFUSED to; who and why where they were not withheld."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    session_id = UUID(default=None)
    visit_id = UUID(default=None)
    seal_sha256 = Bytea(default=None)
    party = Text(default=None)
    outcome = Text(default=None)
    name = Text(default=None, null=True)
    post = Text(default=None, null=True)
    reason = Text(default=None, null=True)
    cosigner_id = UUID(default=None, null=True)
    wall_ms = BigInt(default=None)
    received_at = Timestamptz(default=None)


class LogAlarmRow(Table, tablename="log_alarms"):
    """What a phone saw the log do, or what the installation itself found (then ``person_id`` may be empty)."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    person_id = UUID(default=None, null=True)
    device_id = UUID(default=None, null=True)
    capture_id = UUID(default=None, null=True)
    witness = Text(default="")
    kind = Text(default=None)
    text = Text(default=None)
    raised_at = Timestamptz(default=None)
    received_at = Timestamptz(default=None)


class RehashRunRow(Table, tablename="rehash_runs"):
    """A month's reading of every original of an organisation, and how far it is."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    month = Date(default=None)
    started_at = Timestamptz(default=None)
    after_id = UUID(default=None)
    checked = BigInt(default=0)
    bytes = BigInt(default=0)
    differing = BigInt(default=0)
    missing = BigInt(default=0)
    finished_at = Timestamptz(default=None, null=True)
