"""中止, 恢复, 终止: the clock stops, runs again with what was left, or it all ends (D1.14–15, 24)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from server.access.actor import Actor
from server.access.steps import must_take
from server.calendars.queries import calendar_in_force
from server.items import steps
from server.items.commands.locking import item_for_update
from server.items.lifecycle import LIFECYCLE, ItemState
from server.items.limit_rules import measure_of
from server.items.remaining import Measure, Remaining, Restored, left_of, restored
from server.items.secrecy import refuse_state_secrets
from server.items.timing_errors import ReviewInThePast
from server.items.timing_events import ItemResumed, ItemSuspended, ItemTerminated
from server.items.timing_schemas import ResumeItem, SuspendItem, TerminateItem
from server.journal.work import UnitOfWork, unit_of_work
from server.kit import clock
from server.kit.errors import IdReused
from server.kit.lifecycle import next_step
from server.rulepacks.errors import UnknownPack
from server.rulepacks.queries import pack_of
from server.rulepacks.rules import RulePack

_TICK = timedelta(microseconds=1)


async def suspend(actor: Actor, item_id: UUID, cmd: SuspendItem, *, expected: int | None = None) -> None:
    """Stop the clock because of a legal or objective obstacle, with a day on which it is looked at again.

    Raises:
        NotFound, ChangedMeanwhile, WrongState, NotYourStep, ReviewInThePast, StateSecretRefused, IdReused: as named.
    """
    refuse_state_secrets(obstacle=cmd.obstacle)
    async with unit_of_work(actor, command_id=cmd.id) as work:
        item = await item_for_update(work, actor, item_id, expected)
        earlier = await work.conn.fetchrow(
            "SELECT org_id, item_id, suspended_by, obstacle FROM item_suspensions WHERE id = $1", cmd.id
        )
        if earlier is not None:
            if tuple(earlier) != (actor.org_id, item_id, actor.person_id, cmd.obstacle.strip()):
                raise IdReused
            return
        source = ItemState(item["state"])
        step = next_step(LIFECYCLE, source, "suspend")
        must_take(step, actor.roles)
        if cmd.review_on <= clock.day_of(work.at):
            raise ReviewInThePast
        left = await _left(work, actor, item)
        await work.conn.execute(
            "INSERT INTO item_suspensions (id, org_id, item_id, obstacle, review_on, suspended_by, suspended_at,"
            " due_before, measure, remaining_days, remaining_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            cmd.id,
            actor.org_id,
            item_id,
            cmd.obstacle.strip(),
            cmd.review_on,
            actor.person_id,
            work.at,
            item["due_at"],
            left.measure,
            left.days if left.measure in (Measure.WORKING_DAYS, Measure.DAYS) else None,
            left.time // _TICK if left.measure is Measure.TIME else None,
        )
        await work.conn.execute(
            "UPDATE items SET state = $2, suspended_at = $3, suspend_review_on = $4, version = version + 1"
            " WHERE id = $1",
            item_id,
            step.target,
            work.at,
            cmd.review_on,
        )
        data = {"review_on": cmd.review_on.isoformat()}
        await steps.add(work, item_id, step.act, source, step.target, cmd.obstacle, data=data)
        work.record(ItemSuspended(subject_id=item_id, review_on=cmd.review_on))


async def resume(actor: Actor, item_id: UUID, cmd: ResumeItem, *, expected: int | None = None) -> None:
    """Let the clock run again: exactly what was left is left now (see ``items.remaining``).

    Raises:
        NotFound, ChangedMeanwhile, WrongState, NotYourStep, StateSecretRefused: as named.
    """
    refuse_state_secrets(note=cmd.note)
    async with unit_of_work(actor) as work:
        item = await item_for_update(work, actor, item_id, expected)
        source = ItemState(item["state"])
        step = next_step(LIFECYCLE, source, "resume")
        must_take(step, actor.roles)
        standing = await work.conn.fetchrow(
            "SELECT * FROM item_suspensions WHERE item_id = $1 AND ended_at IS NULL", item_id
        )
        again = await _restored(actor, standing, work.at) if standing is not None else None
        due_at: datetime | None = again.at if again else item["due_at"]
        if standing is not None:
            await _end(work, actor, standing["id"], "RESUMED", cmd.note, again.at if again else None)
        await work.conn.execute(
            "UPDATE items SET state = $2, suspended_at = NULL, suspend_review_on = NULL, due_at = $3,"
            " original_due_at = coalesce(original_due_at, due_at),"
            " due_calendar = coalesce($4, due_calendar), due_provisional = coalesce($5, due_provisional),"
            " version = version + 1 WHERE id = $1",
            item_id,
            step.target,
            due_at,
            (again.calendar or None) if again else None,
            again.provisional if again else None,
        )
        data = {"due_at": due_at.isoformat() if due_at else None}
        await steps.add(work, item_id, step.act, source, step.target, cmd.note, data=data)
        work.record(ItemResumed(subject_id=item_id, due_before=item["due_at"], due_after=due_at))


async def terminate(actor: Actor, item_id: UUID, cmd: TerminateItem, *, expected: int | None = None) -> None:
    """End the item without a result: the policy has changed, the object is gone.

    Raises:
        NotFound, ChangedMeanwhile, WrongState, NotYourStep, StateSecretRefused: as named.
    """
    refuse_state_secrets(reason=cmd.reason)
    async with unit_of_work(actor) as work:
        item = await item_for_update(work, actor, item_id, expected)
        source = ItemState(item["state"])
        step = next_step(LIFECYCLE, source, "terminate")
        must_take(step, actor.roles)
        standing = await work.conn.fetchval(
            "SELECT id FROM item_suspensions WHERE item_id = $1 AND ended_at IS NULL", item_id
        )
        if standing is not None:
            await _end(work, actor, standing, "TERMINATED", "", None)
        await work.conn.execute(
            "UPDATE items SET state = $2, suspended_at = NULL, suspend_review_on = NULL, version = version + 1"
            " WHERE id = $1",
            item_id,
            step.target,
        )
        await steps.add(work, item_id, step.act, source, step.target, cmd.reason)
        work.record(ItemTerminated(subject_id=item_id))


async def _left(work: UnitOfWork, actor: Actor, item: Any) -> Remaining:
    granted: str | None = await work.conn.fetchval(
        "SELECT granted_unit FROM item_extensions WHERE item_id = $1 AND state = 'GRANTED' ORDER BY no DESC LIMIT 1",
        item["id"],
    )
    measure = measure_of(item, await _pack(actor, item["due_pack"]), granted)
    return left_of(await calendar_in_force(actor.org_id), item["due_at"], work.at, measure)


async def _pack(actor: Actor, label: str | None) -> RulePack | None:
    try:
        return await pack_of(actor.org_id, label) if label else None
    except UnknownPack:
        return None


async def _restored(actor: Actor, standing: Any, at: datetime) -> Restored | None:
    if standing["due_before"] is None:
        return None
    left = Remaining(
        Measure(standing["measure"]),
        days=standing["remaining_days"] or 0,
        time=(standing["remaining_us"] or 0) * _TICK,
    )
    return restored(await calendar_in_force(actor.org_id), standing["due_before"], left, at)


async def _end(
    work: UnitOfWork, actor: Actor, suspension_id: UUID, how: str, note: str, due_after: datetime | None
) -> None:
    await work.conn.execute(
        "UPDATE item_suspensions SET ended_at = $2, ended_by = $3, ended_how = $4, note = $5, due_after = $6"
        " WHERE id = $1",
        suspension_id,
        work.at,
        actor.person_id,
        how,
        note.strip(),
        due_after,
    )
