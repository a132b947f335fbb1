"""Raw SQL in migrations: multi-statement files run on the migration's own transaction."""

from __future__ import annotations

from server.piccolo_conf import DB


async def run_sql(sql: str) -> None:
    """Run several statements on the open transaction's connection (Piccolo itself sends one at a time)."""
    opened = DB.current_transaction.get()
    if opened is None:
        raise RuntimeError("raw SQL of a migration runs inside the migration's transaction")
    await opened.connection.execute(sql)
