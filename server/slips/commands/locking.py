"""What every command on a slip begins with: its item, then the slip, locked in this order everywhere."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server.access.actor import Actor
from server.journal.work import UnitOfWork
from server.kit.errors import ChangedMeanwhile, NotFound
from server.slips.scope import visible_to


async def slip_for_update(
    work: UnitOfWork, actor: Actor, slip_id: UUID, expected: int | None = None
) -> tuple[Any, Any]:
    """The rows of the slip and of its item, both locked until the transaction ends.

    Raises:
        NotFound: no such slip in the actor's scope.
        ChangedMeanwhile: the slip is not in the version that the actor looked at.
    """
    condition, args = visible_to(actor, 2)
    item_id = await work.conn.fetchval(f"SELECT s.item_id FROM slips s WHERE s.id = $1 AND {condition}", slip_id, *args)
    if item_id is None:
        raise NotFound
    item = await locked_item(work, item_id)
    slip = await work.conn.fetchrow("SELECT s.* FROM slips s WHERE s.id = $1 FOR UPDATE", slip_id)
    if expected is not None and slip["version"] != expected:
        raise ChangedMeanwhile(params={"version": slip["version"]})
    return slip, item


async def locked_item(work: UnitOfWork, item_id: UUID) -> Any:
    """The row of an item that the actor has a slip of, locked; its scope is that of the slip."""
    return await work.conn.fetchrow(
        "SELECT i.* FROM items i WHERE i.id = $1 AND i.org_id = $2 FOR UPDATE OF i", item_id, work.actor.org_id
    )


async def own_receipt(work: UnitOfWork, actor: Actor, slip_id: UUID) -> Any:
    """The row of the actor's unit among the recipients.

    Raises:
        NotFound: the slip did not go to the actor's unit.
    """
    row = await work.conn.fetchrow(
        "SELECT r.*, p.name AS signer FROM slip_recipients r LEFT JOIN people p ON p.id = r.signed_by"
        " WHERE r.slip_id = $1 AND r.unit_id = $2 FOR UPDATE OF r",
        slip_id,
        actor.unit_id,
    )
    if row is None:
        raise NotFound
    return row


async def touch(work: UnitOfWork, slip_id: UUID) -> None:
    """Count the slip's version up, so that whoever looked at it before is told."""
    await work.conn.execute("UPDATE slips SET version = version + 1 WHERE id = $1", slip_id)
