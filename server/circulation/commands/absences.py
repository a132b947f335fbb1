"""Leaders who are away.

Away for more days than the rule pack allows, and what lies on the desk goes another way (R42).
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server.access.actor import Actor
from server.circulation.commands.rows import must_be_leader
from server.circulation.events import AbsenceCancelled, AbsenceChanged, AbsenceMarked
from server.circulation.schemas import ChangeAbsence, MarkAbsence
from server.items.secrecy import refuse_state_secrets
from server.journal.work import UnitOfWork, unit_of_work
from server.kit.errors import ChangedMeanwhile, FieldProblem, IdReused, InvalidInput, NotFound, WrongState


async def mark(actor: Actor, cmd: MarkAbsence) -> None:
    """Mark a leader away; the same id with the same content again changes nothing.

    Raises:
        NotALeader, StateSecretRefused, IdReused: as named.
        InvalidInput: it ends before it begins.
    """
    refuse_state_secrets(reason=cmd.reason)
    _check_days(cmd.from_on, cmd.to_on)
    async with unit_of_work(actor, command_id=cmd.id) as work:
        await must_be_leader(work, actor, cmd.person_id)
        made = await work.conn.fetchval(
            "INSERT INTO absences (id, org_id, person_id, from_on, to_on, reason, marked_by, marked_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING RETURNING id",
            cmd.id,
            actor.org_id,
            cmd.person_id,
            cmd.from_on,
            cmd.to_on,
            cmd.reason.strip(),
            actor.person_id,
            work.at,
        )
        if made is None:
            row = await work.conn.fetchrow("SELECT org_id, person_id, from_on FROM absences WHERE id = $1", cmd.id)
            if tuple(row) != (actor.org_id, cmd.person_id, cmd.from_on):
                raise IdReused
            return
        work.record(AbsenceMarked(subject_id=cmd.id, person_id=cmd.person_id, from_on=cmd.from_on, to_on=cmd.to_on))


async def change(actor: Actor, absence_id: UUID, cmd: ChangeAbsence, *, expected: int | None = None) -> None:
    """The leader comes back earlier or later than marked.

    Raises:
        NotFound, ChangedMeanwhile, WrongState, InvalidInput: as named.
    """
    async with unit_of_work(actor) as work:
        row = await _for_update(work, actor, absence_id, "change", expected)
        _check_days(row["from_on"], cmd.to_on)
        await work.conn.execute(
            "UPDATE absences SET to_on = $2, version = version + 1 WHERE id = $1", absence_id, cmd.to_on
        )
        work.record(AbsenceChanged(subject_id=absence_id, to_on=cmd.to_on))


async def cancel(actor: Actor, absence_id: UUID, *, expected: int | None = None) -> None:
    """The leader does not go away after all; the row stays with the time of this.

    Raises:
        NotFound, ChangedMeanwhile, WrongState: as named.
    """
    async with unit_of_work(actor) as work:
        await _for_update(work, actor, absence_id, "cancel", expected)
        await work.conn.execute(
            "UPDATE absences SET cancelled_at = $2, version = version + 1 WHERE id = $1", absence_id, work.at
        )
        work.record(AbsenceCancelled(subject_id=absence_id))


async def _for_update(work: UnitOfWork, actor: Actor, absence_id: UUID, act: str, expected: int | None) -> Any:
    row = await work.conn.fetchrow(
        "SELECT * FROM absences WHERE id = $1 AND org_id = $2 FOR UPDATE", absence_id, actor.org_id
    )
    if row is None:
        raise NotFound
    if expected is not None and row["version"] != expected:
        raise ChangedMeanwhile(params={"version": row["version"]})
    if row["cancelled_at"] is not None:
        raise WrongState(params={"act": act, "state": "CANCELLED", "allowed": []})
    return row


def _check_days(from_on: Any, to_on: Any) -> None:
    if to_on < from_on:
        problem = FieldProblem(field="to_on", code="ends_before_start", detail="It ends before it begins.")
        raise InvalidInput(errors=(problem,))
