"""The triggers that refuse changes: whether they are there and switched on at this moment."""

from __future__ import annotations

from typing import Final

from server.kit import db
from server.tlog.audit.findings import Report

_APPEND_ONLY: Final = ("log_leaves", "log_nodes", "log_checkpoints", "log_publications", "log_keys", "journal_entries")
GUARDS: Final = (
    *((table, f"{table}_append_only") for table in _APPEND_ONLY),
    *((table, f"{table}_never_emptied") for table in (*_APPEND_ONLY, "log_pending")),
    ("log_leaves", "log_leaves_without_gap"),
    ("log_pending", "log_pending_logged"),
    ("log_pending", "log_pending_fixed"),
)


async def check_guards(conn: db.Connection, report: Report) -> None:
    """Name each trigger that is gone or disabled: somebody wanted to change what it guards."""
    rows = await conn.fetch(
        "SELECT tgrelid::regclass::text AS relation, tgname FROM pg_trigger"
        " WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
    )
    there = {(row["relation"], row["tgname"]) for row in rows}
    for table, name in GUARDS:
        if (table, name) not in there:
            report.say(
                "guard_off",
                f"表 {table} 的防改动触发器 {name} 不在或被停用。",
                f"The trigger {name} that guards {table} is gone or disabled.",
            )
