"""The one reminder of a matter that lies unregistered for too long (立即登记): once, to those who register."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from server.access.actor import system_actor
from server.intake.events import MatterReminded
from server.journal.work import unit_of_work
from server.kit import clock, db

_AT_A_TIME: Final = 200


async def remind_of_intake() -> None:
    """Record a reminder for every matter past its time that has had none; may run twice without harm."""
    due = await db.fetch(
        "SELECT m.id, m.org_id FROM intake_matters m WHERE m.state = 'WAITING' AND m.reminded_at IS NULL"
        " AND m.register_by < $1 ORDER BY m.register_by LIMIT $2",
        clock.now(),
        _AT_A_TIME,
    )
    for row in due:
        await _remind(row["org_id"], row["id"])


async def _remind(org_id: UUID, matter_id: UUID) -> None:
    async with unit_of_work(system_actor(org_id)) as work:
        # Whoever comes second finds nothing to do: two workers give one reminder.
        reminded = await work.conn.fetchval(
            "UPDATE intake_matters SET reminded_at = $2 WHERE id = $1 AND reminded_at IS NULL AND state = 'WAITING'"
            " RETURNING id",
            matter_id,
            work.at,
        )
        if reminded is not None:
            work.record(MatterReminded(subject_id=matter_id))
