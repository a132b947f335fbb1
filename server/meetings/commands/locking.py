"""What every command on a meeting begins and ends with: its row, locked, and its version."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server.access.actor import Actor
from server.journal.work import UnitOfWork
from server.kit.errors import ChangedMeanwhile, NotFound


async def meeting_for_update(work: UnitOfWork, actor: Actor, meeting_id: UUID, expected: int | None) -> Any:
    """The row of one meeting, locked until the transaction ends.

    Raises:
        NotFound, ChangedMeanwhile: as named.
    """
    row = await work.conn.fetchrow(
        "SELECT * FROM meetings WHERE id = $1 AND org_id = $2 FOR UPDATE", meeting_id, actor.org_id
    )
    if row is None:
        raise NotFound
    if expected is not None and row["version"] != expected:
        raise ChangedMeanwhile(params={"version": row["version"]})
    return row


async def touch(work: UnitOfWork, meeting_id: UUID) -> None:
    """Count a change of the meeting or of what hangs on it."""
    await work.conn.execute("UPDATE meetings SET version = version + 1 WHERE id = $1", meeting_id)
