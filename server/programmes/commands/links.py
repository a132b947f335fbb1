"""Items put under an entry of a programme, said to lie outside it, and taken off again (R106)."""

from __future__ import annotations

from uuid import UUID

from server.access.actor import Actor
from server.items import queries as items
from server.journal.work import UnitOfWork, unit_of_work
from server.kit.errors import NotFound
from server.kit.ids import new_id
from server.programmes.commands.rows import locked
from server.programmes.errors import NothingApproved, UnknownEntry
from server.programmes.events import ItemPutUnder, ItemTakenOff
from server.programmes.schemas import PutUnder


async def put_under(actor: Actor, programme_id: UUID, cmd: PutUnder) -> None:
    """Put an item under an entry of the version in force, or under none, in place of what was said of it before.

    Raises:
        NotFound: no such programme, or no such item in the actor's scope.
        UnknownEntry, NothingApproved: as named.
    """
    async with unit_of_work(actor) as work:
        await locked(work, actor, programme_id, None)
        await items.item_row(actor, cmd.item_id)
        version_id = await work.conn.fetchval(
            "SELECT id FROM programme_versions WHERE programme_id = $1 AND state = 'APPROVED' ORDER BY no DESC LIMIT 1",
            programme_id,
        )
        if version_id is None:
            raise NothingApproved
        if cmd.entry_key is not None and not await work.conn.fetchval(
            "SELECT 1 FROM programme_entries WHERE version_id = $1 AND key = $2", version_id, cmd.entry_key
        ):
            raise UnknownEntry
        now = await work.conn.fetchrow(
            "SELECT entry_key FROM programme_links WHERE programme_id = $1 AND item_id = $2 AND ended_at IS NULL",
            programme_id,
            cmd.item_id,
        )
        if now is not None and now["entry_key"] == cmd.entry_key:
            return
        await _end_link(work, actor, programme_id, cmd.item_id)
        await work.conn.execute(
            "INSERT INTO programme_links (id, org_id, programme_id, entry_key, item_id, linked_by, linked_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7)",
            new_id(),
            actor.org_id,
            programme_id,
            cmd.entry_key,
            cmd.item_id,
            actor.person_id,
            work.at,
        )
        work.record(ItemPutUnder(subject_id=programme_id, item_id=cmd.item_id, entry_key=cmd.entry_key))


async def take_off(actor: Actor, programme_id: UUID, item_id: UUID) -> None:
    """Take back what was said of an item; from then on it counts nowhere and may be suggested again.

    Raises:
        NotFound: no such programme, or nothing was said of the item.
    """
    async with unit_of_work(actor) as work:
        await locked(work, actor, programme_id, None)
        await items.item_row(actor, item_id)
        if not await _end_link(work, actor, programme_id, item_id):
            raise NotFound
        work.record(ItemTakenOff(subject_id=programme_id, item_id=item_id))


async def _end_link(work: UnitOfWork, actor: Actor, programme_id: UUID, item_id: UUID) -> bool:
    ended = await work.conn.fetchval(
        "UPDATE programme_links SET ended_by = $3, ended_at = $4"
        " WHERE programme_id = $1 AND item_id = $2 AND ended_at IS NULL RETURNING id",
        programme_id,
        item_id,
        actor.person_id,
        work.at,
    )
    return ended is not None
