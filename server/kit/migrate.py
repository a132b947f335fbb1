"""Bring a database to the newest migration, once, however many nodes start at the same moment."""

from __future__ import annotations

import io
from contextlib import redirect_stdout

import asyncpg

from server.kit import db

_LOCK = 7_733_001  # any constant; the advisory lock "zhicha migrations"


async def migrate(dsn: str) -> None:
    """Run all missing migrations under an advisory lock held on a connection of its own.

    Piccolo takes no lock of its own, so two nodes starting together would both run the same file.
    """
    guard = await asyncpg.connect(dsn)
    try:
        await guard.execute("SELECT pg_advisory_lock($1)", _LOCK)
        await db.connect(dsn, min_size=1, max_size=2)
        try:
            # Piccolo is imported late: its command modules read the configuration when imported.
            from piccolo.apps.migrations.commands.forwards import run_forwards

            with redirect_stdout(io.StringIO()) as told:
                outcome = await run_forwards("server")
            if not outcome.success:
                raise RuntimeError(f"migration failed: {outcome.message or told.getvalue()}")
        finally:
            await db.disconnect()
    finally:
        await guard.close()
