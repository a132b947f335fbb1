"""撤回: taking an issued slip back, by another than who signed it (D6)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server.access.actor import Actor
from server.access.steps import must_take
from server.items.commands.hand_over import hand_back
from server.items.lifecycle import ItemState
from server.items.secrecy import refuse_state_secrets
from server.journal.work import UnitOfWork, unit_of_work
from server.kit.errors import ChangedMeanwhile, FieldProblem, InvalidInput
from server.kit.lifecycle import next_step
from server.slips.commands.locking import slip_for_update
from server.slips.errors import OwnSignature, SlipWithdrawn, TaskInForce
from server.slips.events import SlipWithdrawn as WasWithdrawn
from server.slips.kinds import Series
from server.slips.lifecycle import LIFECYCLE, WAITING, ReceiptState, SlipState
from server.slips.schemas import WithdrawSlip


async def withdraw(actor: Actor, slip_id: UUID, cmd: WithdrawSlip, *, expected: int | None = None) -> None:
    """Withdraw an issued slip before its task is in force, with the reason; the number stays used.

    Two persons stand behind it as behind the issue: who signed a slip does not withdraw it. A task notice has handed
    the item over: only the leader in charge takes both back, so it is his confirmation of what the office asks.

    Raises:
        NotFound, WrongState, NotYourStep, ChangedMeanwhile, StateSecretRefused, SlipWithdrawn: as named.
        OwnSignature: the actor signed it.
        InvalidInput: the reason is blank.
        TaskInForce: a unit has signed for the task.
    """
    refuse_state_secrets(reason=cmd.reason)
    if not cmd.reason.strip():
        raise InvalidInput(errors=(FieldProblem(field="reason", code="reason_missing", detail="Say why."),))
    async with unit_of_work(actor) as work:
        slip, item = await slip_for_update(work, actor, slip_id)
        if slip["state"] == SlipState.WITHDRAWN:
            raise SlipWithdrawn
        step = next_step(LIFECYCLE, SlipState(slip["state"]), "withdraw")
        must_take(step, actor.roles)
        if expected is not None and slip["version"] != expected:
            raise ChangedMeanwhile(params={"version": slip["version"]})
        if slip["issued_by"] == actor.person_id:
            raise OwnSignature
        series = Series(slip["series"])
        if series is Series.TASK_NOTICE and item["state"] != ItemState.ASSIGNED:
            raise TaskInForce
        if series is Series.COORDINATION and await work.conn.fetchval(
            "SELECT 1 FROM slip_recipients WHERE slip_id = $1 AND state = 'RECEIVED'", slip_id
        ):
            raise TaskInForce
        await take_back(work, slip, cmd.reason.strip())
        if series is Series.TASK_NOTICE:
            await hand_back(work, actor, item, cmd.reason.strip())


async def take_back(work: UnitOfWork, slip: Any, reason: str) -> None:
    """Withdraw a slip with all that waits for it: nobody has to sign any more, its tasks are over."""
    await work.conn.execute(
        "UPDATE slips SET state = $2, withdrawn_by = $3, withdrawn_at = $4, withdraw_reason = $5,"
        " version = version + 1 WHERE id = $1",
        slip["id"],
        SlipState.WITHDRAWN,
        work.actor.person_id,
        work.at,
        reason,
    )
    await work.conn.execute(
        "UPDATE slip_recipients SET state = $2 WHERE slip_id = $1 AND state = ANY($3::text[])",
        slip["id"],
        ReceiptState.WITHDRAWN,
        [str(state) for state in WAITING],
    )
    await work.conn.execute(
        "UPDATE item_tasks SET state = 'ENDED', ended_at = $2 WHERE slip_id = $1 AND ended_at IS NULL",
        slip["id"],
        work.at,
    )
    units = await work.conn.fetch(
        "SELECT unit_id FROM slip_recipients WHERE slip_id = $1 ORDER BY position", slip["id"]
    )
    work.record(
        WasWithdrawn(subject_id=slip["id"], item_id=slip["item_id"], units=tuple(one["unit_id"] for one in units))
    )
