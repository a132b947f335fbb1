"""Signing for slips (书面签字同意), declining them, and the leader's decision on that (D1.11, R20)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server.access.actor import Actor
from server.access.steps import must_take
from server.items import steps
from server.items.commands import feedback
from server.items.commands.hand_over import hand_back, take_receipt
from server.items.lifecycle import ItemState
from server.items.secrecy import refuse_state_secrets
from server.journal.work import UnitOfWork, unit_of_work
from server.kit.errors import NotFound, WrongState
from server.kit.lifecycle import next_step
from server.slips.commands.locking import own_receipt, slip_for_update, touch
from server.slips.commands.withdraw import take_back
from server.slips.errors import AlreadyDecided, AlreadyRefused, AlreadySigned, MustSign, OwnRefusal, SlipWithdrawn
from server.slips.events import RefusalDecided, SlipRefused, SlipSigned
from server.slips.kinds import Part
from server.slips.lifecycle import RECEIPT, ReceiptState, SlipState
from server.slips.schemas import DecideRefusal, RefuseSlip, SignSlip

_E = ReceiptState


async def sign(actor: Actor, slip_id: UUID, cmd: SignSlip) -> None:
    """Sign for a slip in the name of one's unit. When the lead unit signs, the work begins (D1.11).

    Raises:
        NotFound: the slip did not go to the actor's unit.
        NotYourStep, AlreadySigned, AlreadyRefused, SlipWithdrawn, StateSecretRefused: as named.
    """
    refuse_state_secrets(words=cmd.words)
    async with unit_of_work(actor) as work:
        slip, item, receipt = await _for_own(work, actor, slip_id)
        _still_open(receipt)
        if receipt["state"] == _E.REFUSED:
            raise AlreadyRefused
        step = next_step(RECEIPT, _E(receipt["state"]), "sign")
        must_take(step, actor.roles)
        await work.conn.execute(
            "UPDATE slip_recipients SET state = $2, signed_by = $3, signed_at = $4, signed_words = $5 WHERE id = $1",
            receipt["id"],
            step.target,
            actor.person_id,
            work.at,
            cmd.words.strip(),
        )
        await work.conn.execute(
            "UPDATE item_tasks SET state = 'ACCEPTED' WHERE slip_id = $1 AND unit_id = $2 AND state = 'ASSIGNED'",
            slip_id,
            actor.unit_id,
        )
        if receipt["part"] == Part.LEAD and item["state"] == ItemState.ASSIGNED:
            await take_receipt(work, actor, item)
        await touch(work, slip_id)
        work.record(SlipSigned(subject_id=slip_id, item_id=slip["item_id"], unit_id=receipt["unit_id"]))


async def refuse(actor: Actor, slip_id: UUID, cmd: RefuseSlip) -> None:
    """Decline a task with the reason; the leader in charge decides.

    Raises:
        NotFound: the slip did not go to the actor's unit.
        WrongState: the slip gives no task that could be declined.
        NotYourStep, AlreadySigned, AlreadyRefused, MustSign, SlipWithdrawn, StateSecretRefused: as named.
    """
    refuse_state_secrets(reason=cmd.reason)
    async with unit_of_work(actor) as work:
        slip, item, receipt = await _for_own(work, actor, slip_id)
        _still_open(receipt)
        if receipt["state"] == _E.REFUSED:
            raise AlreadyRefused
        if receipt["state"] == _E.ORDERED:
            raise MustSign
        step = next_step(RECEIPT, _E(receipt["state"]), "refuse")
        must_take(step, actor.roles)
        if receipt["part"] == Part.INFORM:
            raise WrongState(params={"act": "refuse", "state": receipt["state"], "allowed": ["sign"]})
        await work.conn.execute(
            "UPDATE slip_recipients SET state = $2, refused_by = $3, refused_at = $4, refusal = $5 WHERE id = $1",
            receipt["id"],
            step.target,
            actor.person_id,
            work.at,
            cmd.reason.strip(),
        )
        await touch(work, slip_id)
        data = {"unit": await _unit_name(work, receipt["unit_id"])}
        await steps.add(work, item["id"], "refuse_receipt", item["state"], item["state"], cmd.reason, data=data)
        await feedback.give(work, item, feedback.FeedbackKind.UNIT_REFUSED, cmd.reason, unit_id=receipt["unit_id"])
        work.record(SlipRefused(subject_id=slip_id, item_id=slip["item_id"], unit_id=receipt["unit_id"]))


async def decide(actor: Actor, slip_id: UUID, cmd: DecideRefusal) -> None:
    """Decide on a unit's refusal: upheld, the unit is released; rejected, it signs.

    Upheld for the lead unit, the slip is withdrawn and the item waits for a new assignment. When the last assisting
    unit is released the lead unit goes on alone, which is 转办 (R17).

    Raises:
        NotFound: no such slip, or the unit is none of its recipients.
        WrongState, NotYourStep, AlreadyDecided, SlipWithdrawn, StateSecretRefused: as named.
        OwnRefusal: a leader who sits in the unit that refused.
    """
    refuse_state_secrets(words=cmd.words)
    async with unit_of_work(actor) as work:
        slip, item = await slip_for_update(work, actor, slip_id)
        if slip["state"] == SlipState.WITHDRAWN:
            raise SlipWithdrawn
        receipt = await work.conn.fetchrow(
            "SELECT * FROM slip_recipients WHERE slip_id = $1 AND unit_id = $2 FOR UPDATE", slip_id, cmd.unit_id
        )
        if receipt is None:
            raise NotFound
        if receipt["decided_at"] is not None:
            raise AlreadyDecided
        step = next_step(RECEIPT, _E(receipt["state"]), "uphold" if cmd.uphold else "reject")
        must_take(step, actor.roles)
        if actor.unit_id == receipt["unit_id"]:
            raise OwnRefusal
        await work.conn.execute(
            "UPDATE slip_recipients SET state = $2, decided_by = $3, decided_at = $4, upheld = $5, decision = $6"
            " WHERE id = $1",
            receipt["id"],
            step.target,
            actor.person_id,
            work.at,
            cmd.uphold,
            cmd.words.strip(),
        )
        await touch(work, slip_id)
        if cmd.uphold:
            await _release(work, actor, slip, item, receipt, cmd.words.strip())
        work.record(RefusalDecided(subject_id=slip_id, item_id=slip["item_id"], unit_id=cmd.unit_id, upheld=cmd.uphold))


async def _release(work: UnitOfWork, actor: Actor, slip: Any, item: Any, receipt: Any, words: str) -> None:
    if receipt["part"] == Part.LEAD:
        await take_back(work, slip, words)
        await hand_back(work, actor, item, words)
        return
    await work.conn.execute(
        "UPDATE item_tasks SET state = 'ENDED', ended_at = $3 WHERE slip_id = $1 AND unit_id = $2 AND ended_at IS NULL",
        slip["id"],
        receipt["unit_id"],
        work.at,
    )
    if receipt["part"] == Part.ASSIST:
        await work.conn.execute(
            "UPDATE items SET assist_unit_ids = array_remove(assist_unit_ids, $2), version = version + 1,"
            " mode = CASE WHEN array_remove(assist_unit_ids, $2) = '{}' THEN 'FORWARD' ELSE mode END WHERE id = $1",
            item["id"],
            receipt["unit_id"],
        )
    data = {"unit": await _unit_name(work, receipt["unit_id"])}
    await steps.add(work, item["id"], "release_unit", item["state"], item["state"], words, data=data)


async def _for_own(work: UnitOfWork, actor: Actor, slip_id: UUID) -> tuple[Any, Any, Any]:
    slip, item = await slip_for_update(work, actor, slip_id)
    receipt = await own_receipt(work, actor, slip_id)
    return slip, item, receipt


def _still_open(receipt: Any) -> None:
    if receipt["state"] == _E.RECEIVED:
        raise AlreadySigned(params={"by": receipt["signer"], "at": receipt["signed_at"].isoformat()})
    if receipt["state"] in (_E.RELEASED, _E.WITHDRAWN):
        raise SlipWithdrawn


async def _unit_name(work: UnitOfWork, unit_id: UUID) -> str:
    return str(await work.conn.fetchval("SELECT name FROM units WHERE id = $1", unit_id))
