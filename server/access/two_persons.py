"""What takes two persons: the row that one asked for, held while the other decides on it."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from server.access.actor import Actor
from server.access.errors import SecondPersonNeeded
from server.journal.work import UnitOfWork
from server.kit.errors import NotFound, WrongState

Asked = Literal["role_requests", "directory_changes"]
Outcome = Literal["CONFIRMED", "REFUSED"]


async def to_decide(work: UnitOfWork, actor: Actor, table: Asked, request_id: UUID) -> Any:
    """The row that waits for a second person, locked.

    Raises:
        NotFound; SecondPersonNeeded: one asked for it, or it is about oneself; WrongState: decided before.
    """
    row = await work.conn.fetchrow(
        f"SELECT * FROM {table} WHERE id = $1 AND org_id = $2 FOR UPDATE", request_id, actor.org_id
    )
    if row is None:
        raise NotFound
    if actor.person_id in (row["asked_by"], row["person_id"]):
        raise SecondPersonNeeded
    if row["outcome"] is not None:
        raise WrongState
    return row


async def decide(work: UnitOfWork, actor: Actor, table: Asked, request_id: UUID, outcome: Outcome) -> None:
    """Write who decided, and what."""
    await work.conn.execute(
        f"UPDATE {table} SET outcome = $2, decided_by = $3, decided_at = $4 WHERE id = $1",
        request_id,
        outcome,
        actor.person_id,
        work.at,
    )


async def lapse(work: UnitOfWork, actor: Actor, table: Asked, person_id: UUID) -> None:
    """End what waits about somebody whose account was closed."""
    await work.conn.execute(
        f"UPDATE {table} SET outcome = 'LAPSED', decided_by = $2, decided_at = $3"
        " WHERE person_id = $1 AND outcome IS NULL",
        person_id,
        actor.person_id,
        work.at,
    )
