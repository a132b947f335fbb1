"""交办, 签收, 收回: the item's own side of what slips do with it (D1.10, D1.11).

These run inside the transaction of the slip that causes them; the caller holds the item's row (``item_for_update``).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from server.access.actor import Actor
from server.access.errors import NotYourStep
from server.access.roles import Role
from server.access.steps import must_take
from server.items import steps
from server.items.commands.amend_method import pending
from server.items.deadlines import due_for, freeze_due
from server.items.errors import MethodAmendmentPending, UnknownUnit
from server.items.events import ItemAssigned, ItemReceived, ItemTakenBack
from server.items.kinds import Mode
from server.items.lifecycle import LIFECYCLE, ItemState
from server.items.secrecy import refuse_state_secrets
from server.journal.work import UnitOfWork
from server.kit.lifecycle import next_step
from server.kit.limits import Limit

_OWN_HANDS = (Role.SUP, Role.OFFICE)


async def hand_over(
    work: UnitOfWork,
    actor: Actor,
    item_row: Any,
    *,
    received_at: datetime,
    stated: Limit | None = None,
    stated_at: datetime | None = None,
    stated_by: str = "",
    opinion: str = "",
) -> None:
    """Hand a confirmed item over to its unit and freeze its due time (R36).

    Args:
        work: the open transaction.
        actor: who issues the slip.
        item_row: the item's row, locked.
        received_at: from when the limit counts.
        stated: a limit that the slip or a leader states; overrides the default (R34).
        stated_at: the same as a date.
        stated_by: who states it.
        opinion: what to show of it in the trail, for example the slip's number.

    Raises:
        WrongState: the method is not confirmed, or the item is handed over already.
        NotYourStep: the actor is not of the office.
        UnknownUnit: the item names no unit.
        MethodAmendmentPending: a change of the method waits for a signature.
    """
    source = ItemState(item_row["state"])
    step = next_step(LIFECYCLE, source, "assign")
    must_take(step, actor.roles)
    if await pending(work, item_row["id"]) is not None:
        raise MethodAmendmentPending
    if item_row["handling_unit_id"] is None:
        raise UnknownUnit
    due = await due_for(
        actor.org_id,
        item_row,
        received_at=received_at,
        stated=stated,
        stated_at=stated_at,
        stated_by=stated_by or item_row["stated_by"],
    )
    await freeze_due(work, item_row["id"], due)
    await work.conn.execute(
        "UPDATE items SET state = $2, assigned_at = $3, version = version + 1 WHERE id = $1",
        item_row["id"],
        step.target,
        work.at,
    )
    data = {"due_at": due.at.isoformat() if due.at else None, "due_words": due.words, "due_words_en": due.words_en}
    await steps.add(work, item_row["id"], step.act, source, step.target, opinion, data=data)
    work.record(ItemAssigned(subject_id=item_row["id"], unit_id=item_row["handling_unit_id"], due_rule=due.rule))


async def take_receipt(work: UnitOfWork, actor: Actor, item_row: Any, *, opinion: str = "") -> None:
    """The handling unit signed: the item is in progress. What the office handles itself, it signs for itself.

    Raises:
        WrongState: the item is not waiting for a signature.
        NotYourStep: the actor is not the unit's liaison or leader in charge.
    """
    source = ItemState(item_row["state"])
    step = next_step(LIFECYCLE, source, "sign_receipt")
    if item_row["mode"] == Mode.SELF:
        if not actor.has(*_OWN_HANDS):
            raise NotYourStep(params={"act": step.act, "by": [role.value for role in _OWN_HANDS]})
    else:
        must_take(step, actor.roles)
        if actor.unit_id != item_row["handling_unit_id"]:
            raise NotYourStep(params={"act": step.act, "by": [role.value for role in step.by]})
    await _move(work, item_row, step.target)
    await steps.add(work, item_row["id"], step.act, source, step.target, opinion)
    work.record(ItemReceived(subject_id=item_row["id"], unit_id=actor.unit_id))


async def hand_back(work: UnitOfWork, actor: Actor, item_row: Any, reason: str) -> None:
    """Follow a unit's refusal ("not our duty"): the item is to be assigned anew. A leader decides.

    The limit was the one of that assignment: it ends with it and stays in the trail; the next unit's own limit is
    counted anew and is then the original one (D1.10: "due date computed and frozen").

    Raises:
        WrongState, NotYourStep, StateSecretRefused: as named.
    """
    refuse_state_secrets(reason=reason)
    source = ItemState(item_row["state"])
    step = next_step(LIFECYCLE, source, "decline")
    must_take(step, actor.roles)
    await work.conn.execute(
        "UPDATE items SET state = $2, assigned_at = NULL, due_at = NULL, original_due_at = NULL, due_rule = NULL,"
        " due_words = NULL, due_words_en = NULL, due_pack = NULL, due_calendar = NULL, due_provisional = false,"
        " version = version + 1 WHERE id = $1",
        item_row["id"],
        step.target,
    )
    before = item_row["due_at"]
    data = {"due_at": None, "due_before": before.isoformat() if before else None}
    await steps.add(work, item_row["id"], step.act, source, step.target, reason, data=data)
    work.record(ItemTakenBack(subject_id=item_row["id"], unit_id=item_row["handling_unit_id"]))


async def _move(work: UnitOfWork, item_row: Any, target: str) -> None:
    await work.conn.execute("UPDATE items SET state = $2, version = version + 1 WHERE id = $1", item_row["id"], target)
