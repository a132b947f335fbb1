"""Recording what a meeting decided, with what is to be supervised of it (R9)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from server.access.actor import Actor
from server.items.errors import UnknownUnit
from server.items.secrecy import refuse_state_secrets
from server.journal.work import UnitOfWork, unit_of_work
from server.kit.errors import IdReused, NotFound
from server.kit.ids import new_id
from server.meetings.commands.locking import meeting_for_update, touch
from server.meetings.errors import DecisionNumberTaken, DecisionWithItems
from server.meetings.events import DecisionsRecorded, DecisionWithdrawnAgain
from server.meetings.schemas import NewDecision, RecordDecisions


async def add_decisions(actor: Actor, meeting_id: UUID, cmd: RecordDecisions, *, expected: int | None = None) -> None:
    """Record further decisions; those already there under the same ids change nothing.

    Raises:
        NotFound, ChangedMeanwhile, DecisionNumberTaken, UnknownUnit, StateSecretRefused, IdReused: as named.
    """
    refuse_state_secrets(**texts_of(cmd.decisions))
    async with unit_of_work(actor) as work:
        await meeting_for_update(work, actor, meeting_id, expected)
        if await insert_decisions(work, actor, meeting_id, cmd.decisions):
            await touch(work, meeting_id)


async def withdraw_decision(actor: Actor, meeting_id: UUID, decision_id: UUID) -> None:
    """Withdraw a decision that was recorded in error; the row stays with the time of withdrawal.

    Raises:
        NotFound, DecisionWithItems: as named.
    """
    async with unit_of_work(actor) as work:
        await meeting_for_update(work, actor, meeting_id, None)
        row = await work.conn.fetchrow(
            "SELECT withdrawn_at FROM meeting_decisions WHERE id = $1 AND meeting_id = $2 FOR UPDATE",
            decision_id,
            meeting_id,
        )
        if row is None:
            raise NotFound
        if row["withdrawn_at"] is not None:
            return
        if await work.conn.fetchval("SELECT 1 FROM items WHERE decision_id = $1 LIMIT 1", decision_id):
            raise DecisionWithItems
        await work.conn.execute("UPDATE meeting_decisions SET withdrawn_at = $2 WHERE id = $1", decision_id, work.at)
        await touch(work, meeting_id)
        work.record(DecisionWithdrawnAgain(subject_id=meeting_id, decision_id=decision_id))


def texts_of(decisions: Sequence[NewDecision]) -> dict[str, str]:
    """Every free text of the decisions by its field."""
    texts = {f"decisions.{at}.text": one.text for at, one in enumerate(decisions)}
    return texts | {f"decisions.{at}.requirement": one.requirement for at, one in enumerate(decisions)}


async def insert_decisions(work: UnitOfWork, actor: Actor, meeting_id: UUID, decisions: Sequence[NewDecision]) -> bool:
    """Insert those not there yet into a meeting whose row is locked; whether there was any.

    Raises:
        DecisionNumberTaken, UnknownUnit, IdReused: as named.
    """
    wanted = {one.id: one for one in decisions}
    if len(wanted) < len(decisions) or len({one.no for one in decisions}) < len(decisions):
        raise DecisionNumberTaken
    for row in await work.conn.fetch(
        "SELECT id, org_id, meeting_id, no, text FROM meeting_decisions WHERE id = ANY($1::uuid[])", list(wanted)
    ):
        one = wanted.pop(row["id"])
        if (row["org_id"], row["meeting_id"], row["no"], row["text"]) != (
            actor.org_id,
            meeting_id,
            one.no,
            one.text.strip(),
        ):
            raise IdReused
    if not wanted:
        return False
    fresh = list(wanted.values())
    await _must_know_units(work, actor, fresh)
    try:
        await work.conn.execute(
            "INSERT INTO meeting_decisions (id, org_id, meeting_id, no, text, requirement, due_on, recorded_by,"
            " recorded_at) SELECT d.id, $1, $2, d.no, d.text, d.requirement, d.due_on, $3, $4"
            " FROM unnest($5::uuid[], $6::int[], $7::text[], $8::text[], $9::date[])"
            " AS d (id, no, text, requirement, due_on)",
            actor.org_id,
            meeting_id,
            actor.person_id,
            work.at,
            [one.id for one in fresh],
            [one.no for one in fresh],
            [one.text.strip() for one in fresh],
            [one.requirement.strip() for one in fresh],
            [one.due_on for one in fresh],
        )
    except asyncpg.UniqueViolationError as error:
        raise DecisionNumberTaken from error
    units = [(one.id, unit_id, at == 0) for one in fresh for at, unit_id in enumerate(dict.fromkeys(one.unit_ids))]
    await work.conn.executemany(
        "INSERT INTO decision_units (id, org_id, decision_id, unit_id, lead) VALUES ($1, $2, $3, $4, $5)",
        [(new_id(), actor.org_id, *unit) for unit in units],
    )
    work.record(DecisionsRecorded(subject_id=meeting_id, decisions=tuple(one.id for one in fresh)))
    return True


async def _must_know_units(work: UnitOfWork, actor: Actor, decisions: Sequence[NewDecision]) -> None:
    named = {unit_id for one in decisions for unit_id in one.unit_ids}
    known = await work.conn.fetchval(
        "SELECT count(*) FROM units WHERE org_id = $1 AND id = ANY($2::uuid[])", actor.org_id, list(named)
    )
    if known < len(named):
        raise UnknownUnit
