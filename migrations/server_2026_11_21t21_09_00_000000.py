"""What was recorded stays as it was recorded: in every table that proof rests on, and against TRUNCATE too."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-21T21:09:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "guards of chains, captures, keys, questions, findings, citations and roles"

# Rows that never leave. Those of the second group are refused DELETE already, but TRUNCATE asks no row.
NEVER_DELETED = (
    "capture_sessions",
    "captures",
    "device_keys",
    "queries",
    "visits",
    "findings",
    "finding_captures",
    "cases",
    "case_findings",
    "case_evidence",
    "role_grants",
)
NEVER_EMPTIED = (
    *NEVER_DELETED,
    "journal_entries",
    "commands",
    "statements",
    "originals",
    "derivatives",
    "reviews",
    "comments",
    "items",
    "visit_steps",
)

# Columns that say what was recorded. What else is in the row (counters, decisions, states) changes by commands.
FIXED = {
    "capture_sessions": (
        "id, org_id, visit_id, person_id, device_id, kid, statement, signature, statement_sha256, env_sha256,"
        " received_at"
    ),
    "captures": (
        "id, org_id, session_id, visit_id, item_id, site_id, person_id, device_id, seq, statement_sha256, env_sha256,"
        " captured_at, received_at, wall_ms, mono_ms, lat_e7, lon_e7, acc_cm, fix_ms, distance_m, note,"
        " originals_total"
    ),
    "device_keys": "id, org_id, kid, person_id, device_id, spki, enrolled_at",
    "queries": "id, org_id, capture_id, text, asked_by, asked_at",
    "findings": "id, org_id, visit_id, item_id, text, category, severity, person_id, found_at, recorded_at",
    "finding_captures": "id, org_id, finding_id, capture_id",
    "cases": "id, org_id, item_id, drafted_by, drafted_at",
    "case_findings": "id, org_id, case_id, finding_id",
    "case_evidence": "id, org_id, case_id, capture_id, statement_sha256, cited_by, cited_at",
    "role_grants": "id, org_id, person_id, role, granted_at",
}

# Columns that are empty until something happens, which then has happened for ever.
ONCE = {
    "capture_sessions": ("sealed_at",),
    "captures": ("discarded_at",),
    "device_keys": ("revoked_at",),
    "originals": ("unreadable",),
    "queries": ("answer", "answered_by", "answered_at"),
    "case_evidence": ("withdrawn_at",),
    "cases": ("proposed_by", "proposed_at"),
    "role_grants": ("revoked_at",),
}

# More that only moves one way: table, name, columns, and the condition of what is refused.
ONE_WAY = (
    ("captures", "counted", "originals_received", "NEW.originals_received < OLD.originals_received"),
    ("captures", "facts_fixed", "facts", "NEW.facts - 'exif' IS DISTINCT FROM OLD.facts - 'exif'"),
    ("capture_sessions", "longer", "head_seq", "NEW.head_seq < OLD.head_seq"),
    ("originals", "size_fixed", "width, height", "(NEW.width, NEW.height) IS DISTINCT FROM (OLD.width, OLD.height)"),
    (
        "cases",
        "wording_fixed",
        "title, facts",
        "OLD.state <> 'DRAFT' AND (NEW.title, NEW.facts) IS DISTINCT FROM (OLD.title, OLD.facts)",
    ),
)

DECISION = """
-- The decision beside a capture is a copy of its reviews, which are append-only: none without a review that says so.
CREATE FUNCTION zhicha_guard_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.decision IN ('ACCEPTED', 'REJECTED') THEN
    IF NOT EXISTS (SELECT 1 FROM reviews WHERE capture_id = NEW.id AND decision = NEW.decision) THEN
      RAISE EXCEPTION 'no review of this capture says %', NEW.decision USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  ELSIF OLD.decision IN ('ACCEPTED', 'REJECTED') THEN
    RAISE EXCEPTION 'a reviewed capture stays reviewed' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER captures_decided BEFORE UPDATE OF decision ON captures
  FOR EACH ROW WHEN (NEW.decision IS DISTINCT FROM OLD.decision) EXECUTE FUNCTION zhicha_guard_decision();
"""


def _refuse(table: str, name: str, columns: str, condition: str) -> str:
    """A trigger that costs nothing unless one of the columns is written."""
    return (
        f"CREATE TRIGGER {table}_{name} BEFORE UPDATE OF {columns} ON {table}"
        f" FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION zhicha_refuse_change();"
    )


def _row(columns: str, side: str) -> str:
    return "(" + ", ".join(f"{side}.{column.strip()}" for column in columns.split(",")) + ")"


def statements() -> list[str]:
    """All guards as SQL."""
    return [
        *(
            f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION zhicha_refuse_removal();"
            for table in NEVER_DELETED
        ),
        *(
            f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION zhicha_refuse_removal();"
            for table in NEVER_EMPTIED
        ),
        *(
            _refuse(table, "fixed", columns, f"{_row(columns, 'NEW')} IS DISTINCT FROM {_row(columns, 'OLD')}")
            for table, columns in FIXED.items()
        ),
        *(
            _refuse(
                table,
                f"{column}_once",
                column,
                f"OLD.{column} IS NOT NULL AND NEW.{column} IS DISTINCT FROM OLD.{column}",
            )
            for table, columns in ONCE.items()
            for column in columns
        ),
        *(_refuse(*guard) for guard in ONE_WAY),
        DECISION,
    ]


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        for sql in statements():
            await run_sql(sql)

    manager.add_raw(run)
    return manager
