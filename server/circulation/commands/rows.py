"""What the acts of circulation share: rows locked and changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from server.access.actor import Actor
from server.access.roles import Role
from server.circulation.errors import NotALeader
from server.circulation.scope import visible_to
from server.journal.work import UnitOfWork
from server.kit.errors import ChangedMeanwhile, NotFound
from server.kit.ids import new_id

LEFT_UNREAD: Final = "RETURNED"
_LEADERS: Final = (Role.LEADER, Role.HEAD, Role.ORIGIN)


async def circulation_for_update(work: UnitOfWork, actor: Actor, circulation_id: UUID, expected: int | None) -> Any:
    """The row of one circulation, locked until the transaction ends.

    Raises:
        NotFound: no such circulation in the actor's scope.
        ChangedMeanwhile: not in the version that the actor looked at.
    """
    condition, args = visible_to(actor, 2)
    row = await work.conn.fetchrow(
        f"SELECT c.* FROM circulations c WHERE c.id = $1 AND {condition} FOR UPDATE OF c", circulation_id, *args
    )
    if row is None:
        raise NotFound
    if expected is not None and row["version"] != expected:
        raise ChangedMeanwhile(params={"version": row["version"]})
    return row


async def open_desk(work: UnitOfWork, circulation_id: UUID) -> Any:
    """The stay on the desk where it lies now, or ``None``."""
    return await work.conn.fetchrow(
        "SELECT * FROM circulation_desks WHERE circulation_id = $1 AND delivered_at IS NOT NULL AND left_at IS NULL",
        circulation_id,
    )


async def last_moment(work: UnitOfWork, row: Any) -> Any:
    """When something happened to it last: later acts cannot have happened earlier."""
    return await work.conn.fetchval(
        "SELECT greatest($2::timestamptz, max(delivered_at), max(left_at)) FROM circulation_desks"
        " WHERE circulation_id = $1",
        row["id"],
        row["received_at"],
    )


async def take_off(work: UnitOfWork, actor: Actor, desk_id: UUID, outcome: str, at: datetime, text: str = "") -> None:
    """End the stay on a desk."""
    await work.conn.execute(
        "UPDATE circulation_desks SET left_at = $2, outcome = $3, instruction = $4, entered_by = $5 WHERE id = $1",
        desk_id,
        at,
        outcome,
        text,
        actor.person_id,
    )


async def put_on_list(work: UnitOfWork, actor: Actor, circulation_id: UUID, position: int, leader_id: UUID) -> None:
    """Put a leader on the list."""
    await work.conn.execute(
        "INSERT INTO circulation_desks (id, org_id, circulation_id, position, hop, leader_id, way)"
        " VALUES ($1, $2, $3, $4, 0, $5, 'DESK')",
        new_id(),
        actor.org_id,
        circulation_id,
        position,
        leader_id,
    )


async def move(work: UnitOfWork, circulation_id: UUID, state: str) -> None:
    """Change the state."""
    await work.conn.execute(
        "UPDATE circulations SET state = $2, version = version + 1 WHERE id = $1", circulation_id, state
    )


async def touch(work: UnitOfWork, circulation_id: UUID) -> None:
    """Give it a new version."""
    await work.conn.execute("UPDATE circulations SET version = version + 1 WHERE id = $1", circulation_id)


async def must_be_leader(work: UnitOfWork, actor: Actor, person_id: UUID) -> None:
    """Refuse anybody before whom documents are not put.

    Raises:
        NotALeader: no active leader of the organisation.
    """
    if not await work.conn.fetchval(
        "SELECT 1 FROM people p WHERE p.id = $1 AND p.org_id = $2 AND p.active AND EXISTS (SELECT 1 FROM role_grants g"
        " WHERE g.person_id = p.id AND g.revoked_at IS NULL AND g.role = ANY($3::text[]))",
        person_id,
        actor.org_id,
        [role.value for role in _LEADERS],
    ):
        raise NotALeader
