"""Drafting slips: a draft may lack anything and has no number."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server.access.actor import Actor
from server.access.roles import Role
from server.access.steps import must_take
from server.items.commands.locking import item_for_update
from server.items.errors import UnknownUnit
from server.items.kinds import Mode
from server.items.secrecy import refuse_state_secrets
from server.journal.work import UnitOfWork, unit_of_work
from server.kit.errors import FieldProblem, IdReused, InvalidInput
from server.kit.ids import new_id
from server.kit.lifecycle import next_step
from server.slips.commands.locking import slip_for_update
from server.slips.errors import UnknownPerson
from server.slips.events import SlipDiscarded, SlipDrafted, SlipRevised
from server.slips.kinds import Part, Series
from server.slips.lifecycle import LIFECYCLE, SlipState
from server.slips.rules import part_of
from server.slips.schemas import DraftSlip, SlipRecipient, SlipText

_WRITTEN = (
    "UPDATE slips SET mode = $2, mode_reason = $3, channel = $4, meeting = $5, delivery = $6, copies = $7,"
    " phone_caller_id = $8, phone_receiver = $9, phone_at = $10, phone_content = $11, confirm_in_writing = $12,"
    " task = $13, standard = $14, limit_n = $15, limit_unit = $16, limit_at = $17, milestone = $18, obstacle = $19,"
    " result = $20, verifier_id = $21, verified_on = $22, follow_up_id = $23, version = version + $24 WHERE id = $1"
)


async def draft(actor: Actor, cmd: DraftSlip) -> None:
    """Draft a slip for an item; the same id by the same drafter again changes nothing.

    Raises:
        NotFound: no such item in the actor's scope.
        InvalidInput, UnknownUnit, UnknownPerson, StateSecretRefused, IdReused: as named.
    """
    _check(cmd.series, cmd)
    step = next_step(LIFECYCLE, None, "draft")
    must_take(step, actor.roles)
    async with unit_of_work(actor, command_id=cmd.id) as work:
        item = await item_for_update(work, actor, cmd.item_id)
        made = await work.conn.fetchval(
            "INSERT INTO slips (id, org_id, item_id, series, state, channel, delivery, drafted_by, drafted_at, writers)"
            " VALUES ($1, $2, $3, $4, $5, 'WRITTEN', 'ONLINE', $6, $7, ARRAY[$6::uuid])"
            " ON CONFLICT (id) DO NOTHING RETURNING id",
            cmd.id,
            actor.org_id,
            cmd.item_id,
            cmd.series,
            step.target,
            actor.person_id,
            work.at,
        )
        if made is None:
            earlier = await work.conn.fetchrow(
                "SELECT org_id, item_id, series, drafted_by FROM slips WHERE id = $1", cmd.id
            )
            if tuple(earlier) != (actor.org_id, cmd.item_id, cmd.series, actor.person_id):
                raise IdReused
            return
        # Who drafts follows it up unless somebody else is named (R25).
        followed = cmd.follow_up_id or item["follow_up_id"]
        if followed is None and actor.has(Role.SUP):
            followed = actor.person_id
        await _write(work, actor, cmd.id, cmd.series, cmd, followed, raise_version=0)
        work.record(SlipDrafted(subject_id=cmd.id, item_id=cmd.item_id, series=cmd.series))


async def revise(actor: Actor, slip_id: UUID, cmd: SlipText, *, expected: int | None = None) -> None:
    """Replace the text of a draft; whoever writes at it does not sign it (D6).

    Raises:
        NotFound, WrongState, NotYourStep, InvalidInput, UnknownUnit, UnknownPerson, StateSecretRefused,
        ChangedMeanwhile: as named.
    """
    async with unit_of_work(actor) as work:
        slip, _ = await slip_for_update(work, actor, slip_id, expected)
        must_take(next_step(LIFECYCLE, SlipState(slip["state"]), "revise"), actor.roles)
        _check(Series(slip["series"]), cmd)
        await work.conn.execute(
            "UPDATE slips SET writers = writers || $2::uuid WHERE id = $1 AND $2 <> ALL (writers)",
            slip_id,
            actor.person_id,
        )
        await _write(work, actor, slip_id, Series(slip["series"]), cmd, cmd.follow_up_id, raise_version=1)
        work.record(SlipRevised(subject_id=slip_id, item_id=slip["item_id"]))


async def discard(actor: Actor, slip_id: UUID, *, expected: int | None = None) -> None:
    """Discard a draft; it stays on record without a number.

    Raises:
        NotFound, WrongState, NotYourStep, ChangedMeanwhile: as named.
    """
    async with unit_of_work(actor) as work:
        slip, _ = await slip_for_update(work, actor, slip_id, expected)
        step = next_step(LIFECYCLE, SlipState(slip["state"]), "discard")
        must_take(step, actor.roles)
        await work.conn.execute(
            "UPDATE slips SET state = $2, version = version + 1 WHERE id = $1", slip_id, step.target
        )
        work.record(SlipDiscarded(subject_id=slip_id, item_id=slip["item_id"]))


def _check(series: Series, cmd: SlipText) -> None:
    """What cannot even be a draft: secrets, two limits at once, the same unit twice, two leading units."""
    phone = cmd.phone
    texts = {
        "mode_reason": cmd.mode_reason,
        "meeting": cmd.meeting,
        "task": cmd.task,
        "standard": cmd.standard,
        "milestone": cmd.milestone,
        "obstacle": cmd.obstacle,
        "result": cmd.result,
        "phone.content": phone.content if phone else "",
        "phone.receiver": phone.receiver if phone else "",
        **{f"recipients.{position}.task": one.task for position, one in enumerate(cmd.recipients)},
    }
    refuse_state_secrets(**texts)
    limited: tuple[SlipText | SlipRecipient, ...] = (cmd, *cmd.recipients)
    if any(one.limit is not None and one.limit_at is not None for one in limited):
        problem = FieldProblem(field="limit", code="two_limits", detail="State the limit as a length or as a day.")
        raise InvalidInput(errors=(problem,))
    if len({one.unit_id for one in cmd.recipients}) < len(cmd.recipients):
        problem = FieldProblem(field="recipients", code="unit_twice", detail="A unit is named once.")
        raise InvalidInput(errors=(problem,))
    parts = [_part(series, cmd.mode, one) for one in cmd.recipients]
    if sum(part in (Part.LEAD, Part.SELF) for part in parts) > 1:
        problem = FieldProblem(
            field="recipients", code="one_handling_unit", detail="Exactly one unit handles or leads."
        )
        raise InvalidInput(errors=(problem,))


def _part(series: Series, mode: Mode | None, one: SlipRecipient) -> Part:
    return part_of(series, mode, one.assists)


async def _write(
    work: UnitOfWork,
    actor: Actor,
    slip_id: UUID,
    series: Series,
    cmd: SlipText,
    follow_up_id: UUID | None,
    *,
    raise_version: int,
) -> None:
    phone = cmd.phone
    await _must_know(work, actor, cmd, follow_up_id)
    await work.conn.execute(
        _WRITTEN,
        slip_id,
        cmd.mode if series is Series.TASK_NOTICE else None,
        cmd.mode_reason.strip(),
        cmd.channel,
        cmd.meeting.strip(),
        cmd.delivery,
        cmd.copies,
        phone.caller_id if phone else None,
        phone.receiver.strip() if phone else "",
        phone.at if phone else None,
        phone.content.strip() if phone else "",
        phone.confirm_in_writing if phone else False,
        cmd.task.strip(),
        cmd.standard.strip(),
        *_limit(cmd),
        cmd.milestone.strip(),
        cmd.obstacle.strip(),
        cmd.result.strip(),
        cmd.verifier_id,
        cmd.verified_on,
        follow_up_id,
        raise_version,
    )
    await work.conn.execute("DELETE FROM slip_recipients WHERE slip_id = $1", slip_id)
    await work.conn.executemany(
        "INSERT INTO slip_recipients (id, org_id, slip_id, unit_id, part, person_id, task, limit_n, limit_unit,"
        " limit_at, position) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        [
            (
                new_id(),
                actor.org_id,
                slip_id,
                one.unit_id,
                _part(series, cmd.mode, one),
                one.person_id,
                one.task.strip(),
                *_limit(one),
                position,
            )
            for position, one in enumerate(cmd.recipients)
        ],
    )


def _limit(one: SlipText | SlipRecipient) -> tuple[Any, ...]:
    return (one.limit.n if one.limit else None, one.limit.unit if one.limit else None, one.limit_at)


async def _must_know(work: UnitOfWork, actor: Actor, cmd: SlipText, follow_up_id: UUID | None) -> None:
    units = [one.unit_id for one in cmd.recipients]
    known = await work.conn.fetchval(
        "SELECT count(*) FROM units WHERE org_id = $1 AND id = ANY($2::uuid[])", actor.org_id, units
    )
    if known < len(units):
        raise UnknownUnit
    people = {follow_up_id, cmd.verifier_id, cmd.phone.caller_id if cmd.phone else None}
    people |= {one.person_id for one in cmd.recipients}
    people -= {None}
    known = await work.conn.fetchval(
        "SELECT count(*) FROM people WHERE org_id = $1 AND id = ANY($2::uuid[])", actor.org_id, list(people)
    )
    if known < len(people):
        raise UnknownPerson
