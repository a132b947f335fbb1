"""Judging evidence on the desk: accept or reject with a reason, comment."""

from __future__ import annotations

from uuid import UUID

from server.access.actor import Actor
from server.evidence.commands.queries import capture_in_scope
from server.evidence.errors import CaptureDiscarded, OwnEvidence, ReasonMissing
from server.evidence.events import CaptureReviewed, CommentMade
from server.journal.work import unit_of_work
from server.kit import db


async def review_capture(actor: Actor, capture_id: UUID, review_id: UUID, decision: str, reason: str) -> None:
    """Accept or reject a capture as evidence. Decisions follow one another; none is changed, the newest counts.

    Raises:
        NotFound; ReasonMissing: a rejection needs a reason; CaptureDiscarded; OwnEvidence: nobody judges their own.
    """
    if decision == "rejected" and not reason.strip():
        raise ReasonMissing
    async with unit_of_work(actor, command_id=review_id) as work:
        capture = await capture_in_scope(work, actor, capture_id)
        if capture["person_id"] == actor.person_id:
            raise OwnEvidence
        if capture["discarded_at"] is not None:
            raise CaptureDiscarded
        await work.conn.execute(
            "INSERT INTO reviews (id, org_id, capture_id, decision, reason, person_id, at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7)",
            review_id,
            actor.org_id,
            capture_id,
            decision.upper(),
            reason.strip(),
            actor.person_id,
            work.at,
        )
        await work.conn.execute("UPDATE captures SET decision = $2 WHERE id = $1", capture_id, decision.upper())
        work.record(
            CaptureReviewed(
                subject_id=capture_id, visit_id=capture["visit_id"], review_id=review_id, decision=decision.upper()
            )
        )


async def comment_on_capture(actor: Actor, capture_id: UUID, comment_id: UUID, text: str) -> None:
    """Remark on a capture within the office.

    Raises:
        NotFound, ReasonMissing.
    """
    if not text.strip():
        raise ReasonMissing
    async with unit_of_work(actor, command_id=comment_id) as work:
        await capture_in_scope(work, actor, capture_id)
        await work.conn.execute(
            "INSERT INTO comments (id, org_id, capture_id, text, person_id, at) VALUES ($1, $2, $3, $4, $5, $6)",
            comment_id,
            actor.org_id,
            capture_id,
            text.strip(),
            actor.person_id,
            work.at,
        )
        work.record(CommentMade(subject_id=capture_id, comment_id=comment_id))


async def is_recorded(review_id: UUID) -> bool:
    """Whether this decision was recorded before, so that its second delivery needs no fresh look."""
    found: bool = await db.fetch_value("SELECT EXISTS (SELECT 1 FROM reviews WHERE id = $1)", review_id)
    return found
