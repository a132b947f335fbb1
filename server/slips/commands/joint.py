"""Co-handling: contributions of assisting units, and disagreements settled among the units (R45, R46; S10, S11)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server.access.actor import Actor
from server.access.roles import Role
from server.items import steps
from server.items.commands.locking import item_for_update
from server.items.scope import must_lead
from server.items.secrecy import refuse_state_secrets
from server.journal.work import UnitOfWork, unit_of_work
from server.kit.errors import ChangedMeanwhile, FieldProblem, IdReused, InvalidInput, NotFound, WrongState
from server.slips.errors import (
    AttendanceIncomplete,
    ChairNotOfLeadUnit,
    NoConsultation,
    NotAnAssistingUnit,
    NotInConsultation,
    NotJoint,
    PrincipalLeadersMissing,
    UnknownPerson,
)
from server.slips.events import (
    ConsultationRecorded,
    ContributionGiven,
    DisagreementRaised,
    DisagreementSentUp,
    DisagreementSettled,
)
from server.slips.joint_schemas import (
    ConsultationKind,
    DisagreementState,
    GiveContribution,
    RaiseDisagreement,
    RecordConsultation,
    SettleDisagreement,
)

_D = DisagreementState
_ANSWERING = (Role.LIAISON, Role.UDEP, Role.UHEAD)


async def contribute(actor: Actor, item_id: UUID, cmd: GiveContribution) -> None:
    """Give an assisting unit's contribution to the lead unit; the same id again changes nothing.

    Raises:
        NotFound: no such item in the actor's scope.
        AssistingUnitCannotReport: addressed past the lead unit.
        NotAnAssistingUnit: the actor's unit does not assist, or has not signed for its task.
        StateSecretRefused, IdReused: as named.
    """
    refuse_state_secrets(text=cmd.text)
    async with unit_of_work(actor, command_id=cmd.id) as work:
        item = await item_for_update(work, actor, item_id)
        if cmd.addressed_to != "LEAD":
            must_lead(actor, item)
        task = await work.conn.fetchrow(
            "SELECT id, state FROM item_tasks WHERE item_id = $1 AND unit_id = $2 AND kind = 'ASSIST'"
            " AND ended_at IS NULL FOR UPDATE",
            item_id,
            actor.unit_id,
        )
        if task is None or task["state"] == "ASSIGNED":
            raise NotAnAssistingUnit
        made = await work.conn.fetchval(
            "INSERT INTO contributions (id, org_id, item_id, task_id, unit_id, text, given_by, given_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING RETURNING id",
            cmd.id,
            actor.org_id,
            item_id,
            task["id"],
            actor.unit_id,
            cmd.text.strip(),
            actor.person_id,
            work.at,
        )
        if made is None:
            earlier = await work.conn.fetchrow("SELECT task_id, text FROM contributions WHERE id = $1", cmd.id)
            if tuple(earlier) != (task["id"], cmd.text.strip()):
                raise IdReused
            return
        await work.conn.execute(
            "UPDATE item_tasks SET state = 'INPUT_GIVEN' WHERE id = $1 AND state = 'ACCEPTED'", task["id"]
        )
        assert actor.unit_id is not None
        work.record(ContributionGiven(subject_id=item_id, unit_id=actor.unit_id, lead_unit_id=item["handling_unit_id"]))


async def raise_disagreement(actor: Actor, item_id: UUID, cmd: RaiseDisagreement) -> None:
    """Record a disagreement; any unit of a joint item may, and it is visible to the office until settled.

    Raises:
        NotFound: no such item in the actor's scope.
        NotJoint: the item is not handled jointly, or the actor's unit has no part in it.
        StateSecretRefused, IdReused: as named.
    """
    refuse_state_secrets(subject=cmd.subject)
    async with unit_of_work(actor, command_id=cmd.id) as work:
        item = await item_for_update(work, actor, item_id)
        units = await _units(work, item_id)
        if len(units) < 2 or actor.unit_id not in units:
            raise NotJoint
        made = await work.conn.fetchval(
            "INSERT INTO disagreements (id, org_id, item_id, subject, raised_by, raised_unit_id, raised_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING RETURNING id",
            cmd.id,
            actor.org_id,
            item_id,
            cmd.subject.strip(),
            actor.person_id,
            actor.unit_id,
            work.at,
        )
        if made is None:
            earlier = await work.conn.fetchrow("SELECT item_id, raised_by FROM disagreements WHERE id = $1", cmd.id)
            if tuple(earlier) != (item_id, actor.person_id):
                raise IdReused
            return
        await steps.add(work, item_id, "raise_disagreement", item["state"], item["state"], cmd.subject)
        work.record(DisagreementRaised(subject_id=item_id, disagreement_id=cmd.id))


async def record_consultation(actor: Actor, disagreement_id: UUID, cmd: RecordConsultation) -> None:
    """Record who of the units spoke with each other, when, and with what result.

    Raises:
        NotFound: no such disagreement in the actor's scope, or the actor's unit has no part in the item.
        WrongState: it is settled.
        PrincipalLeadersMissing, ChairNotOfLeadUnit, AttendanceIncomplete, UnknownPerson, NotInConsultation: as named.
        InvalidInput: it is to have been held in the future.
        StateSecretRefused, IdReused: as named.
    """
    refuse_state_secrets(result=cmd.result)
    async with unit_of_work(actor, command_id=cmd.id) as work:
        one, item = await _disagreement(work, actor, disagreement_id)
        units = await _units(work, item["id"])
        if actor.unit_id not in units:
            raise NotFound
        if one["state"] == _D.SETTLED:
            raise WrongState(params={"act": "consult", "state": one["state"], "allowed": []})
        if cmd.held_at > work.at:
            problem = FieldProblem(field="held_at", code="in_the_future", detail="It has not been held yet.")
            raise InvalidInput(errors=(problem,))
        _must_be_concerned(actor, await _check_presence(work, actor, cmd, item["handling_unit_id"], units), cmd)
        made = await work.conn.fetchval(
            "INSERT INTO consultations (id, org_id, disagreement_id, kind, held_at, chair_id, present, absent_units,"
            " office_person_id, result, recorded_by, recorded_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO NOTHING RETURNING id",
            cmd.id,
            actor.org_id,
            disagreement_id,
            cmd.kind,
            cmd.held_at,
            cmd.chair_id,
            list(cmd.present),
            list(cmd.absent_units),
            cmd.office_person_id,
            cmd.result.strip(),
            actor.person_id,
            work.at,
        )
        if made is None:
            earlier = await work.conn.fetchval("SELECT disagreement_id FROM consultations WHERE id = $1", cmd.id)
            if earlier != disagreement_id:
                raise IdReused
            return
        await _touch(work, disagreement_id)
        work.record(ConsultationRecorded(subject_id=item["id"], disagreement_id=disagreement_id, kind=cmd.kind))


async def send_up(actor: Actor, disagreement_id: UUID, *, expected: int | None = None) -> None:
    """Send a disagreement up for instruction: by the lead unit, after the principal leaders consulted (R46).

    Raises:
        NotFound, WrongState, ChangedMeanwhile: as named.
        AssistingUnitCannotReport: the actor's unit only assists.
        NoConsultation: no consultation is on record.
    """
    async with unit_of_work(actor) as work:
        one, item = await _disagreement(work, actor, disagreement_id, expected)
        must_lead(actor, item)
        if one["state"] != _D.OPEN:
            raise WrongState(params={"act": "send_up", "state": one["state"], "allowed": []})
        await _must_be_consulted(work, disagreement_id)
        await work.conn.execute(
            "UPDATE disagreements SET state = $2, sent_up_by = $3, sent_up_at = $4, version = version + 1"
            " WHERE id = $1",
            disagreement_id,
            _D.SENT_UP,
            actor.person_id,
            work.at,
        )
        await steps.add(work, item["id"], "send_up_disagreement", item["state"], item["state"], one["subject"])
        work.record(DisagreementSentUp(subject_id=item["id"], disagreement_id=disagreement_id))


async def settle(
    actor: Actor, disagreement_id: UUID, cmd: SettleDisagreement, *, by_leader: bool, expected: int | None = None
) -> None:
    """Settle a disagreement: the lead unit with what was agreed, or a leader with the instruction on what was sent up.

    Raises:
        NotFound, WrongState, ChangedMeanwhile, StateSecretRefused: as named.
        AssistingUnitCannotReport: a unit that only assists.
        NoConsultation: no consultation is on record.
    """
    refuse_state_secrets(outcome=cmd.outcome)
    async with unit_of_work(actor) as work:
        one, item = await _disagreement(work, actor, disagreement_id, expected)
        if one["state"] != (_D.SENT_UP if by_leader else _D.OPEN):
            raise WrongState(params={"act": "settle", "state": one["state"], "allowed": []})
        if not by_leader:
            must_lead(actor, item)
        await _must_be_consulted(work, disagreement_id)
        await work.conn.execute(
            "UPDATE disagreements SET state = $2, settled_by = $3, settled_at = $4, outcome = $5,"
            " version = version + 1 WHERE id = $1",
            disagreement_id,
            _D.SETTLED,
            actor.person_id,
            work.at,
            cmd.outcome.strip(),
        )
        await steps.add(work, item["id"], "settle_disagreement", item["state"], item["state"], cmd.outcome)
        work.record(DisagreementSettled(subject_id=item["id"], disagreement_id=disagreement_id))


async def _disagreement(
    work: UnitOfWork, actor: Actor, disagreement_id: UUID, expected: int | None = None
) -> tuple[Any, Any]:
    item_id = await work.conn.fetchval(
        "SELECT item_id FROM disagreements WHERE id = $1 AND org_id = $2", disagreement_id, actor.org_id
    )
    if item_id is None:
        raise NotFound
    item = await item_for_update(work, actor, item_id)
    row = await work.conn.fetchrow("SELECT * FROM disagreements WHERE id = $1 FOR UPDATE", disagreement_id)
    if expected is not None and row["version"] != expected:
        raise ChangedMeanwhile(params={"version": row["version"]})
    return row, item


async def _units(work: UnitOfWork, item_id: UUID) -> list[UUID]:
    """The units that handle the item together, the lead unit first."""
    rows = await work.conn.fetch(
        "SELECT unit_id FROM item_tasks WHERE item_id = $1 AND kind <> 'COORDINATE' AND ended_at IS NULL"
        " ORDER BY kind DESC, created_at, id",
        item_id,
    )
    return [row["unit_id"] for row in rows]


def _must_be_concerned(actor: Actor, there: set[UUID], cmd: RecordConsultation) -> None:
    """Who sat there records it, or who answers for a unit that did; a clerk who was not there knows it from hearsay."""
    if actor.person_id not in cmd.present and not (actor.unit_id in there and actor.has(*_ANSWERING)):
        raise NotInConsultation


async def _check_presence(
    work: UnitOfWork, actor: Actor, cmd: RecordConsultation, lead_unit_id: UUID, units: list[UUID]
) -> set[UUID]:
    """Refuse a record that lacks those who must have been there; the units that were."""
    named = {*cmd.present, *({cmd.chair_id} - {None}), *({cmd.office_person_id} - {None})}
    rows = await work.conn.fetch(
        "SELECT p.id, p.unit_id, u.kind AS unit_kind, EXISTS (SELECT 1 FROM role_grants g WHERE g.person_id = p.id"
        " AND g.role = 'UHEAD' AND g.revoked_at IS NULL) AS principal"
        " FROM people p JOIN units u ON u.id = p.unit_id WHERE p.org_id = $1 AND p.id = ANY($2::uuid[])",
        actor.org_id,
        list(named),
    )
    known = {row["id"]: row for row in rows}
    office = known.get(cmd.office_person_id)
    if len(known) < len(named) or (
        cmd.office_person_id is not None and (not office or office["unit_kind"] != "office")
    ):
        raise UnknownPerson
    present = [known[one] for one in cmd.present]
    there = {one["unit_id"] for one in present}
    if cmd.kind is ConsultationKind.CONSULTATION:
        if len({one["unit_id"] for one in present if one["principal"]} & set(units)) < 2:
            raise PrincipalLeadersMissing
        if cmd.chair_id is not None:
            problem = FieldProblem(
                field="chair_id", code="no_chair", detail="Only a meeting has somebody in the chair."
            )
            raise InvalidInput(errors=(problem,))
        return there
    chair = known.get(cmd.chair_id)
    if chair is None or chair["unit_id"] != lead_unit_id or not chair["principal"]:
        raise ChairNotOfLeadUnit
    absent = set(cmd.absent_units)
    if there & absent or not {unit for unit in units if unit != lead_unit_id} <= there | absent:
        raise AttendanceIncomplete
    return there


async def _must_be_consulted(work: UnitOfWork, disagreement_id: UUID) -> None:
    if not await work.conn.fetchval("SELECT 1 FROM consultations WHERE disagreement_id = $1", disagreement_id):
        raise NoConsultation


async def _touch(work: UnitOfWork, disagreement_id: UUID) -> None:
    await work.conn.execute("UPDATE disagreements SET version = version + 1 WHERE id = $1", disagreement_id)
