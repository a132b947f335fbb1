"""The triggers that refuse changes: whether they are there and switched on at this moment."""

from __future__ import annotations

from typing import Final

from server.kit import db
from server.tlog.audit.findings import Report

_APPEND_ONLY: Final = (
    "log_leaves",
    "log_nodes",
    "log_checkpoints",
    "log_publications",
    "log_keys",
    "log_tallies",
    "journal_entries",
)
# Statements, and what lists show of them. Named here although they are kept above: whoever drops a guard must be told.
_KEPT_AS_THEY_CAME: Final = (
    "statements",
    "reviews",
    "discards",
    "field_notes",
    "cosignatures",
    "passkey_assertions",
    "chain_forks",
    "log_alarms",
)
_EVIDENCE: Final = (
    *((table, f"{table}_append_only") for table in _KEPT_AS_THEY_CAME),
    *((table, f"{table}_fixed") for table in ("capture_sessions", "captures", "device_keys", "devices", "passkeys")),
    *((table, f"{table}_kept") for table in ("capture_sessions", "captures", "device_keys", "devices", "passkeys")),
    *((table, f"{table}_never_emptied") for table in ("statements", "capture_sessions", "captures", "originals")),
    ("captures", "captures_facts_fixed"),
    ("originals", "originals_guard"),
    ("evidence_exports", "evidence_exports_append_only"),
    ("log_anchors", "log_anchors_append_only"),
    ("log_cosignatures", "log_cosignatures_append_only"),
)
GUARDS: Final = (
    *((table, f"{table}_append_only") for table in _APPEND_ONLY),
    *((table, f"{table}_never_emptied") for table in (*_APPEND_ONLY, "log_pending")),
    ("log_leaves", "log_leaves_without_gap"),
    ("log_pending", "log_pending_logged"),
    ("log_pending", "log_pending_fixed"),
    *_EVIDENCE,
)


async def check_guards(conn: db.Connection, report: Report) -> None:
    """Name each of these that is gone, and any trigger at all that is disabled: somebody wanted to change something."""
    rows = await conn.fetch(
        "SELECT tgrelid::regclass::text AS relation, tgname, tgenabled IN ('O', 'A') AS runs FROM pg_trigger"
        " WHERE NOT tgisinternal ORDER BY relation, tgname"
    )
    running = {(row["relation"], row["tgname"]) for row in rows if row["runs"]}
    stopped = [(row["relation"], row["tgname"]) for row in rows if not row["runs"]]
    off = [guard for guard in GUARDS if guard not in running]
    for table, name in [*off, *(guard for guard in stopped if guard not in GUARDS)]:
        report.say(
            "guard_off",
            f"表 {table} 的防改动触发器 {name} 不在或被停用。",
            f"The trigger {name} that guards {table} is gone or disabled.",
        )
