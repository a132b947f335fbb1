"""合并: the same matter is supervised once (733 art. 15)."""

from __future__ import annotations

from uuid import UUID

from server.access.actor import Actor
from server.access.steps import must_take
from server.items import steps
from server.items.commands.locking import item_for_update, must_be_version
from server.items.errors import MergeTargetClosed, MergeWithItself
from server.items.events import ItemMerged
from server.items.lifecycle import LIFECYCLE, OPEN, ItemState
from server.items.numbers import register_no
from server.items.process_schemas import MergeItem
from server.items.secrecy import refuse_state_secrets
from server.journal.work import unit_of_work
from server.kit.lifecycle import next_step


async def merge(actor: Actor, item_id: UUID, cmd: MergeItem, *, expected: int | None = None) -> None:
    """Merge an open item into another open one. Its number, papers, children and trail stay where they are.

    Raises:
        NotFound: no such item, or none to merge into, in the actor's scope.
        MergeWithItself: into itself or into a part of itself.
        MergeTargetClosed: the other one is not open (any more); so there are no chains and no circles.
        WrongState, NotYourStep, ChangedMeanwhile, StateSecretRefused: as named.
    """
    refuse_state_secrets(reason=cmd.reason)
    if cmd.into_id == item_id:
        raise MergeWithItself
    async with unit_of_work(actor) as work:
        # Both rows in one order everywhere, so that two merges of the same pair cannot wait for each other for ever.
        rows = {one: await item_for_update(work, actor, one) for one in sorted((item_id, cmd.into_id))}
        row, target = rows[item_id], rows[cmd.into_id]
        must_be_version(row, expected)
        source = ItemState(row["state"])
        step = next_step(LIFECYCLE, source, "merge")
        must_take(step, actor.roles)
        if target["state"] not in OPEN:
            raise MergeTargetClosed(params={"state": target["state"]})
        if await work.conn.fetchval(
            "WITH RECURSIVE above (id) AS (SELECT parent_id FROM items WHERE id = $1"
            " UNION SELECT i.parent_id FROM items i JOIN above a ON i.id = a.id)"
            " SELECT EXISTS (SELECT 1 FROM above WHERE id = $2)",
            cmd.into_id,
            item_id,
        ):
            raise MergeWithItself
        await work.conn.execute(
            "UPDATE items SET state = $2, merged_into_id = $3, version = version + 1 WHERE id = $1",
            item_id,
            step.target,
            cmd.into_id,
        )
        await work.conn.execute("UPDATE items SET version = version + 1 WHERE id = $1", cmd.into_id)
        into = register_no(target["register_year"], target["register_seq"])
        own = register_no(row["register_year"], row["register_seq"])
        await steps.add(
            work, item_id, "merge", source, step.target, cmd.reason, data={"into_id": str(cmd.into_id), "into": into}
        )
        await steps.add(
            work,
            cmd.into_id,
            "merged_here",
            target["state"],
            target["state"],
            cmd.reason,
            data={"from_id": str(item_id), "from": own},
        )
        work.record(ItemMerged(subject_id=item_id, into_id=cmd.into_id))
