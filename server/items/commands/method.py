"""督查办法确认: by which means, with or without visits, how often (R15, R27)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server.access.actor import Actor
from server.access.steps import must_take
from server.items import steps
from server.items.approval_rules import intensity_of
from server.items.commands.locking import item_for_update
from server.items.commands.papers import attach_within
from server.items.events import ItemMethodConfirmed
from server.items.kinds import AttachmentKind, Intensity
from server.items.lifecycle import LIFECYCLE, ItemState
from server.items.process_schemas import ConfirmMethod
from server.items.schemas import AttachFile
from server.items.secrecy import refuse_state_secrets
from server.items.sources import ItemCategory
from server.journal.work import UnitOfWork, unit_of_work
from server.kit.errors import FieldProblem, InvalidInput
from server.kit.lifecycle import next_step
from server.rulepacks.queries import pack_in_force


async def confirm_method(actor: Actor, item_id: UUID, cmd: ConfirmMethod, *, expected: int | None = None) -> None:
    """Confirm how an established item is supervised; the intensity follows from importance and urgency.

    Raises:
        NotFound, WrongState, NotYourStep, ChangedMeanwhile, StateSecretRefused, ForeignAttachment: as named.
        InvalidInput: no plan (督查方案) though the item is 决策督查 or is visited, or no interval known.
    """
    refuse_state_secrets(note=cmd.note)
    async with unit_of_work(actor) as work:
        row = await item_for_update(work, actor, item_id, expected)
        step = next_step(LIFECYCLE, ItemState(row["state"]), "confirm_method")
        must_take(step, actor.roles)
        for plan_id in dict.fromkeys(cmd.plan_ids):
            await attach_within(work, actor, item_id, AttachFile(attachment_id=plan_id, kind=AttachmentKind.PLAN))
        await must_have_plan(work, row, visits=cmd.visits)
        intensity = intensity_of(row["importance"], row["urgency"])
        interval = cmd.interval_days or (await pack_in_force(actor.org_id)).intensity_days.get(intensity)
        if interval is None:
            raise _refusal("interval_days", "interval_missing", "The rule pack names no interval; say how often.")
        await work.conn.execute(
            "UPDATE items SET state = $2, intensity = $3, interval_days = $4, method_channels = $5, method_visits = $6,"
            " method_note = $7, version = version + 1 WHERE id = $1",
            item_id,
            step.target,
            intensity,
            interval,
            list(dict.fromkeys(cmd.channels)),
            cmd.visits,
            cmd.note.strip(),
        )
        await steps.add(work, item_id, step.act, row["state"], step.target, cmd.note, data=_shown(intensity, interval))
        work.record(ItemMethodConfirmed(subject_id=item_id, intensity=intensity))


def _shown(intensity: Intensity, interval: int) -> dict[str, Any]:
    return {"intensity": intensity.value, "interval_days": interval}


async def must_have_plan(work: UnitOfWork, row: Any, *, visits: bool) -> None:
    """Refuse visits, or supervision of decisions, without a plan (督查方案, 733 art. 15).

    Raises:
        InvalidInput: there is none among the item's files.
    """
    if not visits and row["category"] != ItemCategory.DECISION:
        return
    if not await work.conn.fetchval(
        "SELECT EXISTS (SELECT 1 FROM item_attachments WHERE item_id = $1 AND kind = $2)",
        row["id"],
        AttachmentKind.PLAN,
    ):
        raise _refusal("plan_ids", "plan_missing", "Supervision of decisions, and visits, need a plan (督查方案).")


def _refusal(field: str, code: str, detail: str) -> InvalidInput:
    return InvalidInput(errors=(FieldProblem(field=field, code=code, detail=detail),))
