"""What every command on an item begins with: its row, locked, seen by the actor, in the version looked at."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server.access.actor import Actor
from server.items.errors import UnknownPerson, UnknownUnit
from server.items.scope import visible_to
from server.journal.work import UnitOfWork
from server.kit.errors import ChangedMeanwhile, NotFound


async def item_for_update(work: UnitOfWork, actor: Actor, item_id: UUID, expected: int | None = None) -> Any:
    """The row of one item, locked until the transaction ends.

    Raises:
        NotFound: no such item in the actor's scope.
        ChangedMeanwhile: the item is not in the version that the actor looked at.
    """
    condition, args = visible_to(actor, 2)
    row = await work.conn.fetchrow(
        f"SELECT i.* FROM items i WHERE i.id = $1 AND {condition} FOR UPDATE OF i", item_id, *args
    )
    if row is None:
        raise NotFound
    must_be_version(row, expected)
    return row


def must_be_version(row: Any, expected: int | None) -> None:
    """Refuse to act on an item that is not as the actor saw it.

    Raises:
        ChangedMeanwhile: the item is not in the version that the actor looked at.
    """
    if expected is not None and row["version"] != expected:
        raise ChangedMeanwhile(params={"version": row["version"]})


async def must_know_unit(work: UnitOfWork, actor: Actor, unit_id: UUID | None) -> None:
    """Refuse a unit that the organisation does not have.

    Raises:
        UnknownUnit: no such unit.
    """
    if unit_id is not None and not await work.conn.fetchval(
        "SELECT 1 FROM units WHERE id = $1 AND org_id = $2", unit_id, actor.org_id
    ):
        raise UnknownUnit


async def must_know_person(work: UnitOfWork, actor: Actor, person_id: UUID | None) -> None:
    """Refuse a person whom the organisation does not have, or no longer.

    Raises:
        UnknownPerson: no such active person.
    """
    if person_id is not None and not await work.conn.fetchval(
        "SELECT 1 FROM people WHERE id = $1 AND org_id = $2 AND active", person_id, actor.org_id
    ):
        raise UnknownPerson
