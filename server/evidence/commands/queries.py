"""Questions of supervisors about a capture, and the inspectors' answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server.access.actor import Actor
from server.evidence.errors import AlreadyAnswered, CaptureDiscarded, ReasonMissing
from server.evidence.events import QueryAnswered, QueryAsked
from server.journal.work import UnitOfWork, unit_of_work
from server.kit.errors import NotFound
from server.visits.scope import visible_to


async def capture_in_scope(work: UnitOfWork, actor: Actor, capture_id: UUID) -> Any:
    """The locked row of a capture whose visit the actor may see.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    visible, arguments = visible_to(actor, 2)
    row = await work.conn.fetchrow(
        "SELECT c.id, c.visit_id, c.person_id, c.decision, c.discarded_at FROM captures c"
        f" JOIN visits v ON v.id = c.visit_id WHERE c.id = $1 AND {visible} FOR UPDATE OF c",
        capture_id,
        *arguments,
    )
    if row is None:
        raise NotFound
    return row


async def ask_query(actor: Actor, capture_id: UUID, query_id: UUID, text: str) -> None:
    """Ask the inspector about a capture; it is ``QUERIED`` until answered.

    Raises:
        NotFound, ReasonMissing, CaptureDiscarded.
    """
    if not text.strip():
        raise ReasonMissing
    async with unit_of_work(actor, command_id=query_id) as work:
        capture = await capture_in_scope(work, actor, capture_id)
        if capture["discarded_at"] is not None:
            raise CaptureDiscarded
        await work.conn.execute(
            "INSERT INTO queries (id, org_id, capture_id, text, asked_by, asked_at) VALUES ($1, $2, $3, $4, $5, $6)",
            query_id,
            actor.org_id,
            capture_id,
            text.strip(),
            actor.person_id,
            work.at,
        )
        await work.conn.execute(
            "UPDATE captures SET decision = 'QUERIED' WHERE id = $1 AND decision = 'PENDING'", capture_id
        )
        work.record(QueryAsked(subject_id=query_id, visit_id=capture["visit_id"], capture_id=capture_id))


async def answer_query(actor: Actor, query_id: UUID, text: str) -> None:
    """Answer a question about one's own capture; after the last answer it is pending again.

    Raises:
        NotFound: no such question about a capture of this person. ReasonMissing, AlreadyAnswered.
    """
    if not text.strip():
        raise ReasonMissing
    async with unit_of_work(actor) as work:
        row = await work.conn.fetchrow(
            "SELECT q.capture_id, q.answered_at, c.visit_id FROM queries q JOIN captures c ON c.id = q.capture_id"
            " WHERE q.id = $1 AND q.org_id = $2 AND c.person_id = $3 FOR UPDATE",
            query_id,
            actor.org_id,
            actor.person_id,
        )
        if row is None:
            raise NotFound
        if row["answered_at"] is not None:
            raise AlreadyAnswered
        await work.conn.execute(
            "UPDATE queries SET answer = $2, answered_by = $3, answered_at = $4 WHERE id = $1",
            query_id,
            text.strip(),
            actor.person_id,
            work.at,
        )
        await work.conn.execute(
            "UPDATE captures SET decision = 'PENDING' WHERE id = $1 AND decision = 'QUERIED' AND NOT EXISTS"
            " (SELECT 1 FROM queries WHERE capture_id = $1 AND answered_at IS NULL)",
            row["capture_id"],
        )
        work.record(QueryAnswered(subject_id=query_id, visit_id=row["visit_id"], capture_id=row["capture_id"]))
