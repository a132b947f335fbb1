"""Changing a confirmed method before the item is handed over: proposed by the office, signed by a leader (733 art. 15).

The plan is followed as it was confirmed; any change is an amendment of its own, signed again, and the old one is kept.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from server.access.actor import Actor
from server.access.steps import must_take
from server.attachments.queries import must_be_own
from server.items import steps
from server.items.commands.locking import item_for_update
from server.items.commands.method import must_have_plan
from server.items.commands.papers import attach_within
from server.items.errors import MethodAmendmentPending, OwnItemProposal
from server.items.events import ItemMethodAmended
from server.items.kinds import AttachmentKind
from server.items.lifecycle import LIFECYCLE, ItemState
from server.items.process_schemas import AmendMethod, DecideMethod
from server.items.schemas import AttachFile
from server.items.secrecy import refuse_state_secrets
from server.journal.work import UnitOfWork, unit_of_work
from server.kit.errors import IdReused, NotFound
from server.kit.lifecycle import next_step


async def propose_amendment(actor: Actor, item_id: UUID, cmd: AmendMethod, *, expected: int | None = None) -> None:
    """Propose another method for an item not yet handed over; until a leader has signed, the confirmed one holds.

    Raises:
        NotFound, WrongState, NotYourStep, ChangedMeanwhile, StateSecretRefused, ForeignAttachment, IdReused: as named.
        MethodAmendmentPending: another change waits for its signature.
        InvalidInput: no plan (督查方案) though there are to be visits.
    """
    refuse_state_secrets(reason=cmd.reason, note=cmd.note)
    async with unit_of_work(actor, command_id=cmd.id) as work:
        row = await item_for_update(work, actor, item_id)
        earlier = await work.conn.fetchrow(
            "SELECT item_id, proposed_by FROM item_method_amendments WHERE id = $1", cmd.id
        )
        if earlier is not None:
            if tuple(earlier) != (item_id, actor.person_id):
                raise IdReused
            return
        row = await item_for_update(work, actor, item_id, expected)
        step = next_step(LIFECYCLE, ItemState(row["state"]), "amend_method")
        must_take(step, actor.roles)
        if await pending(work, item_id) is not None:
            raise MethodAmendmentPending
        for plan_id in cmd.plan_ids:
            await must_be_own(work, actor, plan_id)
        if not cmd.plan_ids:
            await must_have_plan(work, row, visits=cmd.visits)
        content = {
            "channels": list(dict.fromkeys(cmd.channels)),
            "visits": cmd.visits,
            "interval_days": cmd.interval_days or row["interval_days"],
            "note": cmd.note.strip(),
        }
        await work.conn.execute(
            "INSERT INTO item_method_amendments (id, org_id, item_id, reason, before, content, plan_ids, proposed_by,"
            " proposed_at) VALUES ($1, $2, $3, $4, $5::text::jsonb, $6::text::jsonb, $7, $8, $9)",
            cmd.id,
            actor.org_id,
            item_id,
            cmd.reason.strip(),
            msgspec.json.encode(_present(row)).decode(),
            msgspec.json.encode(content).decode(),
            list(dict.fromkeys(cmd.plan_ids)),
            actor.person_id,
            work.at,
        )
        await work.conn.execute("UPDATE items SET version = version + 1 WHERE id = $1", item_id)
        await steps.add(work, item_id, "amend_method", row["state"], step.target, cmd.reason)
        work.record(ItemMethodAmended(subject_id=item_id, amendment_id=cmd.id, outcome="PROPOSED"))


async def decide_amendment(
    actor: Actor, item_id: UUID, amendment_id: UUID, cmd: DecideMethod, *, expected: int | None = None
) -> None:
    """Sign a change of the method, or refuse it; who proposed it may only withdraw it.

    Raises:
        NotFound: no such item in the actor's scope, or no such change that waits.
        WrongState, NotYourStep, ChangedMeanwhile, StateSecretRefused: as named.
        OwnItemProposal: who proposed it wants to sign it.
    """
    refuse_state_secrets(opinion=cmd.opinion)
    async with unit_of_work(actor) as work:
        row = await item_for_update(work, actor, item_id, expected)
        one = await pending(work, item_id)
        if one is None or one["id"] != amendment_id:
            raise NotFound
        own = one["proposed_by"] == actor.person_id
        if own and cmd.approve:
            raise OwnItemProposal
        step = next_step(LIFECYCLE, ItemState(row["state"]), "withdraw_method" if own else "decide_method")
        must_take(step, actor.roles)
        outcome = "APPROVED" if cmd.approve else "WITHDRAWN" if own else "REFUSED"
        await work.conn.execute(
            "UPDATE item_method_amendments SET outcome = $2, decided_by = $3, decided_at = $4, opinion = $5"
            " WHERE id = $1",
            amendment_id,
            outcome,
            actor.person_id,
            work.at,
            cmd.opinion.strip(),
        )
        if cmd.approve:
            await _apply(work, actor, item_id, one)
        await work.conn.execute("UPDATE items SET version = version + 1 WHERE id = $1", item_id)
        data = {"outcome": outcome, "before": msgspec.json.decode(one["before"])}
        await steps.add(work, item_id, step.act, row["state"], step.target, cmd.opinion, data=data)
        work.record(ItemMethodAmended(subject_id=item_id, amendment_id=amendment_id, outcome=outcome))


async def pending(work: UnitOfWork, item_id: UUID) -> Any:
    """The change of the method that waits for a signature, or ``None``."""
    return await work.conn.fetchrow(
        "SELECT * FROM item_method_amendments WHERE item_id = $1 AND outcome IS NULL", item_id
    )


async def _apply(work: UnitOfWork, actor: Actor, item_id: UUID, one: Any) -> None:
    content = msgspec.json.decode(one["content"])
    await work.conn.execute(
        "UPDATE items SET method_channels = $2, method_visits = $3, interval_days = $4, method_note = $5 WHERE id = $1",
        item_id,
        content["channels"],
        content["visits"],
        content["interval_days"],
        content["note"],
    )
    for plan_id in one["plan_ids"]:
        attached = AttachFile(attachment_id=plan_id, kind=AttachmentKind.PLAN)
        await attach_within(work, actor, item_id, attached, own=False)


def _present(row: Any) -> dict[str, Any]:
    return {
        "channels": list(row["method_channels"]),
        "visits": row["method_visits"],
        "interval_days": row["interval_days"],
        "note": row["method_note"],
    }
