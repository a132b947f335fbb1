"""Tasks of a coordination slip: each unit reports its own done; all of them done, the obstacle is out of the way (R55).

The item cannot be closed while one is open (闭合圈, D1.19): ``open_tasks`` is what that guard asks.
"""

from __future__ import annotations

from uuid import UUID

from server.access.actor import Actor
from server.access.errors import NotYourStep
from server.access.roles import Role
from server.items import steps
from server.items.commands.locking import item_for_update
from server.items.secrecy import refuse_state_secrets
from server.journal.work import UnitOfWork, unit_of_work
from server.kit.errors import FieldProblem, InvalidInput, NotFound
from server.slips.errors import NotACoordinationTask, TaskDone
from server.slips.events import CoordinationTaskDone
from server.slips.joint_schemas import FinishTask

# Those who sign for the unit's tasks also answer for their end.
FINISHERS = (Role.LIAISON, Role.UDEP, Role.UHEAD)


async def finish(actor: Actor, task_id: UUID, cmd: FinishTask) -> UUID:
    """Report one's unit's task of a coordination slip done, with its result; the item's id.

    The task stays with its unit, which goes on seeing the item. In the trail of the item stands how many are left.

    Raises:
        NotFound: no such task of the actor's unit.
        NotYourStep: the actor only handles files in the unit.
        NotACoordinationTask: another kind of task, or not signed for, or over.
        TaskDone: reported already.
        InvalidInput, StateSecretRefused: of the result.
    """
    refuse_state_secrets(result=cmd.result)
    if not cmd.result.strip():
        raise InvalidInput(errors=(FieldProblem(field="result", code="reason_missing", detail="State the result."),))
    async with unit_of_work(actor) as work:
        item_id = await work.conn.fetchval(
            "SELECT item_id FROM item_tasks WHERE id = $1 AND org_id = $2 AND unit_id = $3",
            task_id,
            actor.org_id,
            actor.unit_id,
        )
        if item_id is None:
            raise NotFound
        item = await item_for_update(work, actor, item_id)
        if not actor.has(*FINISHERS):
            raise NotYourStep(params={"act": "finish_task", "by": [role.value for role in FINISHERS]})
        task = await work.conn.fetchrow("SELECT * FROM item_tasks WHERE id = $1 FOR UPDATE", task_id)
        if task["done_at"] is not None:
            raise TaskDone
        if task["kind"] != "COORDINATE" or task["state"] != "ACCEPTED":
            raise NotACoordinationTask
        await work.conn.execute(
            "UPDATE item_tasks SET state = 'DONE', done_at = $2, done_by = $3, result = $4 WHERE id = $1",
            task_id,
            work.at,
            actor.person_id,
            cmd.result.strip(),
        )
        left = await open_tasks(work, item_id, slip_id=task["slip_id"])
        unit = await work.conn.fetchval("SELECT name FROM units WHERE id = $1", actor.unit_id)
        data = {"unit": unit, "left": left}
        await steps.add(work, item_id, "finish_task", item["state"], item["state"], cmd.result, data=data)
        work.record(
            CoordinationTaskDone(
                subject_id=item_id, slip_id=task["slip_id"], task_id=task_id, unit_id=task["unit_id"], left=left
            )
        )
    return UUID(str(item_id))


async def open_tasks(work: UnitOfWork, item_id: UUID, *, slip_id: UUID | None = None) -> int:
    """How many tasks of coordination are not done, of one slip or of all slips of the item."""
    left: int = await work.conn.fetchval(
        "SELECT count(*) FROM item_tasks WHERE item_id = $1 AND kind = 'COORDINATE'"
        " AND state IN ('ASSIGNED', 'ACCEPTED') AND ($2::uuid IS NULL OR slip_id = $2)",
        item_id,
        slip_id,
    )
    return left
