"""The one reminder of a paper that lies too long: to those who keep the desks, once for each stay, and nothing more.

A reminder prompts the secretary (D7). It is capped (B15) and carries no consequence for anybody.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from server.access.actor import system_actor
from server.circulation.events import DeskReminded
from server.journal.work import unit_of_work
from server.kit import clock, db

_AT_A_TIME: Final = 200


async def remind_of_desks() -> None:
    """Record a reminder for every stay past its limit that has had none; may run twice without harm."""
    now = clock.now()
    due = await db.fetch(
        "SELECT d.id, d.org_id FROM circulation_desks d WHERE d.delivered_at IS NOT NULL AND d.left_at IS NULL"
        " AND d.reminded_at IS NULL AND d.due_at < $1 ORDER BY d.due_at LIMIT $2",
        now,
        _AT_A_TIME,
    )
    for row in due:
        await _remind(row["org_id"], row["id"])


async def _remind(org_id: UUID, desk_id: UUID) -> None:
    async with unit_of_work(system_actor(org_id)) as work:
        # Whoever comes second finds nothing to do: two workers give one reminder.
        circulation_id = await work.conn.fetchval(
            "UPDATE circulation_desks SET reminded_at = $2 WHERE id = $1 AND reminded_at IS NULL AND left_at IS NULL"
            " RETURNING circulation_id",
            desk_id,
            work.at,
        )
        if circulation_id is not None:
            work.record(DeskReminded(subject_id=circulation_id, desk_id=desk_id))
