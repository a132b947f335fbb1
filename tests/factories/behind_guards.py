"""What an administrator of the database can change with all guards off, and what the audit of the log calls it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from server.kit import db
from server.tlog.audit import sources


@asynccontextmanager
async def changed(sql: str) -> AsyncIterator[db.Connection]:
    """Inside, rows are as the statement leaves them, and no trigger ran; it must change some. Then all is undone."""
    async with db.connection() as conn:
        undone = conn.transaction()
        await undone.start()
        try:
            await conn.execute("SET LOCAL session_replication_role = replica")
            tag = await conn.execute(sql)
            assert not tag.endswith(" 0"), sql
            yield conn
        finally:
            await undone.rollback()


async def named_after(sql: str) -> set[str]:
    """The names of the comparisons that the change makes disagree."""
    async with changed(sql) as conn:
        return {one.name for one in sources._comparisons if await conn.fetch(one.sql)}
