"""Carrying documents from desk to desk. What takes too long is shown and, once, brought to mind; nobody is punished."""

from __future__ import annotations

from uuid import UUID

from server.access.actor import Actor
from server.access.steps import must_take
from server.circulation.commands.rows import (
    LEFT_UNREAD,
    circulation_for_update,
    last_moment,
    move,
    must_be_leader,
    open_desk,
    take_off,
)
from server.circulation.errors import NoDeskLeft, StubHasNoContent
from server.circulation.events import Delivered, Rerouted, Returned, TakenFromDesk
from server.circulation.kinds import CirculationKind, Way
from server.circulation.lifecycle import LIFECYCLE, CirculationState
from server.circulation.limits import due_on_desk
from server.circulation.rules import check_way, moment
from server.circulation.schemas import AtTime, Reroute, TakeBack
from server.items.secrecy import refuse_state_secrets
from server.journal.work import unit_of_work
from server.kit.errors import FieldProblem, InvalidInput
from server.kit.ids import new_id
from server.kit.lifecycle import next_step
from server.rulepacks.vocabulary import DeskClass


async def deliver(actor: Actor, circulation_id: UUID, cmd: AtTime, *, expected: int | None = None) -> None:
    """Lay it on the next desk; from then on the minutes count, until the instant frozen with its rule (R40, R41).

    Raises:
        NotFound, ChangedMeanwhile, WrongState, NotYourStep, NoDeskLeft, TimeOutOfOrder: as named.
    """
    async with unit_of_work(actor) as work:
        row = await circulation_for_update(work, actor, circulation_id, expected)
        step = next_step(LIFECYCLE, CirculationState(row["state"]), "deliver")
        must_take(step, actor.roles)
        desk = await work.conn.fetchrow(
            "SELECT d.* FROM circulation_desks d WHERE d.circulation_id = $1 AND d.delivered_at IS NULL"
            " ORDER BY d.position, d.hop LIMIT 1",
            circulation_id,
        )
        if desk is None:
            raise NoDeskLeft
        at = moment(cmd.at, after=await last_moment(work, row), now=work.at)
        due = await due_on_desk(actor.org_id, DeskClass(row["class"]), at)
        await work.conn.execute(
            "UPDATE circulation_desks SET delivered_at = $2, delivered_by = $3, due_at = $4, due_rule = $5,"
            " due_words = $6, due_words_en = $7, due_pack = $8 WHERE id = $1",
            desk["id"],
            at,
            actor.person_id,
            due.at,
            due.rule,
            due.words,
            due.words_en,
            due.pack,
        )
        await move(work, circulation_id, step.target)
        work.record(
            Delivered(subject_id=circulation_id, leader_id=desk["leader_id"], at=at, due_at=due.at or at, rule=due.rule)
        )


async def reroute(actor: Actor, circulation_id: UUID, cmd: Reroute, *, expected: int | None = None) -> None:
    """Bring what lies on an absent leader's desk to him by another way, or to another leader (R42).

    The stay on the first desk ends and keeps its breach; with the new delivery a new limit begins.

    Raises:
        NotFound, ChangedMeanwhile, WrongState, NotYourStep, NotALeader, WayNotAllowed, StubHasNoContent,
        StateSecretRefused, TimeOutOfOrder, InvalidInput: as named.
    """
    refuse_state_secrets(note=cmd.note)
    note = cmd.note.strip()
    async with unit_of_work(actor) as work:
        row = await circulation_for_update(work, actor, circulation_id, expected)
        step = next_step(LIFECYCLE, CirculationState(row["state"]), "reroute")
        must_take(step, actor.roles)
        check_way(CirculationKind(row["kind"]), cmd.way, note)
        desk = await open_desk(work, circulation_id)
        if cmd.way is Way.OTHER and not note:
            raise InvalidInput(errors=(FieldProblem(field="note", code="reason_missing", detail="Say which way."),))
        if cmd.way is Way.DESK and cmd.leader_id == desk["leader_id"]:
            problem = FieldProblem(field="way", code="same_desk", detail="It lies on that desk already.")
            raise InvalidInput(errors=(problem,))
        await must_be_leader(work, actor, cmd.leader_id)
        at = moment(cmd.at, after=desk["delivered_at"], now=work.at)
        due = await due_on_desk(actor.org_id, DeskClass(row["class"]), at)
        await take_off(work, actor, desk["id"], "REROUTED", at)
        await work.conn.execute(
            "INSERT INTO circulation_desks (id, org_id, circulation_id, position, hop, leader_id, way, way_note,"
            " delivered_at, delivered_by, due_at, due_rule, due_words, due_words_en, due_pack)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
            new_id(),
            actor.org_id,
            circulation_id,
            desk["position"],
            desk["hop"] + 1,
            cmd.leader_id,
            cmd.way,
            note,
            at,
            actor.person_id,
            due.at,
            due.rule,
            due.words,
            due.words_en,
            due.pack,
        )
        await move(work, circulation_id, step.target)
        work.record(
            Rerouted(
                subject_id=circulation_id,
                from_leader_id=desk["leader_id"],
                leader_id=cmd.leader_id,
                way=cmd.way,
                due_at=due.at or at,
            )
        )


async def take_back(actor: Actor, circulation_id: UUID, cmd: TakeBack, *, expected: int | None = None) -> None:
    """Take it back to the office, which ends the circulation; unread only with a reason.

    Raises:
        NotFound, ChangedMeanwhile, WrongState, NotYourStep, StubHasNoContent, StateSecretRefused, TimeOutOfOrder,
        InvalidInput: as named.
    """
    refuse_state_secrets(note=cmd.note)
    note = cmd.note.strip()
    async with unit_of_work(actor) as work:
        row = await circulation_for_update(work, actor, circulation_id, expected)
        step = next_step(LIFECYCLE, CirculationState(row["state"]), "return")
        must_take(step, actor.roles)
        stub = row["kind"] == CirculationKind.CONFIDENTIAL
        if stub and note:
            raise StubHasNoContent
        desk = await open_desk(work, circulation_id)
        if desk is not None and not note and not stub:
            raise InvalidInput(errors=(FieldProblem(field="note", code="reason_missing", detail="Say why."),))
        at = moment(cmd.at, after=await last_moment(work, row), now=work.at)
        if desk is not None:
            await take_off(work, actor, desk["id"], LEFT_UNREAD, at)
            work.record(
                TakenFromDesk(subject_id=circulation_id, leader_id=desk["leader_id"], outcome=LEFT_UNREAD, at=at)
            )
        await work.conn.execute(
            "UPDATE circulations SET state = $2, returned_at = $3, return_note = $4, version = version + 1"
            " WHERE id = $1",
            circulation_id,
            step.target,
            at,
            note,
        )
        work.record(Returned(subject_id=circulation_id))
