"""Recording findings, and deciding whether they hold."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server.access.actor import Actor
from server.access.steps import must_take
from server.findings.errors import EvidenceMissing, NotOnTeam, TeamNotAtWork, UnknownCaptures
from server.findings.events import FindingConfirmed, FindingDismissed, FindingRecorded
from server.findings.kinds import FindingCategory, Severity
from server.findings.lifecycle import LIFECYCLE, FindingState
from server.findings.schemas import DecideFinding
from server.findings.schemas import RecordFinding as RecordFinding
from server.items.secrecy import refuse_state_secrets
from server.journal.work import UnitOfWork, unit_of_work
from server.kit.errors import ChangedMeanwhile, FieldProblem, IdReused, InvalidInput, NotFound
from server.kit.ids import new_id
from server.kit.lifecycle import next_step
from server.visits import queries as visits
from server.visits.errors import ReasonMissing
from server.visits.lifecycle import TEAM_AT_WORK, VisitState
from server.visits.rules import functions
from server.visits.scope import visible_to


async def record_finding(actor: Actor, cmd: RecordFinding) -> None:
    """Record what the team found; the same id with the same content again changes nothing.

    Raises:
        NotFound: no such visit, or none that exists for the actor.
        NotOnTeam, TeamNotAtWork, UnknownCaptures (retryable), StateSecretRefused, IdReused: as named.
        InvalidInput: another item than the visit's, an unknown category or severity.
    """
    refuse_state_secrets(text=cmd.text)
    _check_kinds(cmd)
    step = next_step(LIFECYCLE, None, "record")
    async with unit_of_work(actor, command_id=cmd.id) as work:
        visit = await visits.visit_row(actor, cmd.visit_id)
        place = await visits.membership(actor, cmd.visit_id)
        if functions(actor.roles, place).isdisjoint(step.by):
            raise NotOnTeam
        if cmd.item_id != visit["item_id"]:
            problem = FieldProblem(field="item_id", code="not_of_visit", detail="The visit belongs to another item.")
            raise InvalidInput(errors=(problem,))
        if VisitState(visit["state"]) not in TEAM_AT_WORK:
            raise TeamNotAtWork(params={"state": visit["state"]})
        captures = list(dict.fromkeys(cmd.capture_ids))
        await _must_be_of_visit(work, cmd, captures)
        made = await work.conn.fetchval(
            "INSERT INTO findings (id, org_id, visit_id, item_id, text, category, severity, state, reason, person_id,"
            " found_at, recorded_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', $9, $10, $11, 1)"
            " ON CONFLICT (id) DO NOTHING RETURNING id",
            cmd.id,
            actor.org_id,
            cmd.visit_id,
            cmd.item_id,
            cmd.text.strip(),
            cmd.category,
            cmd.severity,
            step.target,
            actor.person_id,
            cmd.found_at,
            work.at,
        )
        if made is None:
            await _must_be_same(work, actor, cmd)
            return
        await work.conn.execute(
            "INSERT INTO finding_captures (id, org_id, finding_id, capture_id)"
            " SELECT i, $1, $2, c FROM unnest($3::uuid[], $4::uuid[]) AS t (i, c)",
            actor.org_id,
            cmd.id,
            [new_id() for _ in captures],
            captures,
        )
        work.record(
            FindingRecorded(
                subject_id=cmd.id,
                visit_id=cmd.visit_id,
                category=cmd.category,
                severity=cmd.severity,
                captures=tuple(captures),
            )
        )


async def confirm(actor: Actor, finding_id: UUID, cmd: DecideFinding, *, expected: int | None = None) -> None:
    """Hold a finding established; one without a capture needs the reason why.

    Raises:
        NotFound, WrongState, NotYourStep, EvidenceMissing, ChangedMeanwhile: as named.
    """
    refuse_state_secrets(reason=cmd.reason)
    async with unit_of_work(actor) as work:
        row = await _decide(work, actor, finding_id, "confirm", cmd, expected)
        shown = await work.conn.fetchval("SELECT 1 FROM finding_captures WHERE finding_id = $1 LIMIT 1", finding_id)
        if not shown and not cmd.reason.strip():
            raise EvidenceMissing
        work.record(
            FindingConfirmed(
                subject_id=finding_id,
                visit_id=row["visit_id"],
                author_id=row["person_id"],
                reason=cmd.reason.strip(),
            )
        )


async def dismiss(actor: Actor, finding_id: UUID, cmd: DecideFinding, *, expected: int | None = None) -> None:
    """Hold a finding not established, with the reason.

    Raises:
        NotFound, WrongState, NotYourStep, ReasonMissing, ChangedMeanwhile: as named.
    """
    refuse_state_secrets(reason=cmd.reason)
    if not cmd.reason.strip():
        raise ReasonMissing
    async with unit_of_work(actor) as work:
        row = await _decide(work, actor, finding_id, "dismiss", cmd, expected)
        work.record(
            FindingDismissed(
                subject_id=finding_id,
                visit_id=row["visit_id"],
                author_id=row["person_id"],
                reason=cmd.reason.strip(),
            )
        )


async def _decide(
    work: UnitOfWork, actor: Actor, finding_id: UUID, act: str, cmd: DecideFinding, expected: int | None
) -> Any:
    condition, args = visible_to(actor, 2)
    row = await work.conn.fetchrow(
        "SELECT f.* FROM findings f JOIN visits v ON v.id = f.visit_id"
        f" WHERE f.id = $1 AND {condition} FOR UPDATE OF f",
        finding_id,
        *args,
    )
    if row is None:
        raise NotFound
    if expected is not None and row["version"] != expected:
        raise ChangedMeanwhile(params={"version": row["version"]})
    step = next_step(LIFECYCLE, FindingState(row["state"]), act)
    must_take(step, actor.roles)
    await work.conn.execute(
        "UPDATE findings SET state = $2, reason = $3, version = version + 1 WHERE id = $1",
        finding_id,
        step.target,
        cmd.reason.strip(),
    )
    return row


def _check_kinds(cmd: RecordFinding) -> None:
    problems = tuple(
        FieldProblem(field=field, code="not_in_list", detail=f"“{value}” is not in the maintained list.")
        for field, value, known in (("category", cmd.category, FindingCategory), ("severity", cmd.severity, Severity))
        if value not in frozenset(one.value for one in known)
    )
    if problems:
        raise InvalidInput(errors=problems)


async def _must_be_of_visit(work: UnitOfWork, cmd: RecordFinding, captures: list[UUID]) -> None:
    rows = await work.conn.fetch(
        "SELECT id FROM captures WHERE id = ANY($1::uuid[]) AND visit_id = $2 AND discarded_at IS NULL",
        captures,
        cmd.visit_id,
    )
    known = {row["id"] for row in rows}
    missing = [str(one) for one in captures if one not in known]
    if missing:
        raise UnknownCaptures(params={"capture_ids": missing, "retry": True})


async def _must_be_same(work: UnitOfWork, actor: Actor, cmd: RecordFinding) -> None:
    row = await work.conn.fetchrow(
        "SELECT person_id, visit_id, text, category, severity FROM findings WHERE id = $1 AND org_id = $2",
        cmd.id,
        actor.org_id,
    )
    if row is None or tuple(row) != (actor.person_id, cmd.visit_id, cmd.text.strip(), cmd.category, cmd.severity):
        raise IdReused
