"""Taking up a capture for review is an act: the first time that a person does it on a day is an entry of the journal.

It comes before the decision, and with it the wish for a time stamp (``stamps``): when the person has looked and
decides, an authority outside has normally attested that the evidence existed before.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from server.access.actor import Actor
from server.evidence.events import CaptureOpened
from server.evidence.schemas import Way
from server.journal.work import unit_of_work
from server.kit import clock, db
from server.kit.errors import NotFound
from server.visits.scope import visible_to

_UNDECIDED: Final = ("PENDING", "QUERIED")


async def note_opening(actor: Actor, capture_id: UUID, way: Way) -> bool:
    """Record that the actor took up a capture today, unless that is recorded; whether it was recorded now.

    What is decided or void, and one's own, is looked at and not taken up: nobody is about to judge it.

    Raises:
        NotFound: no such capture, or none that exists for the actor.
    """
    assert actor.person_id is not None, "only people judge"
    visible, scope = visible_to(actor, 2)
    row = await db.fetch_one(
        "SELECT c.visit_id, c.person_id, c.decision, c.discarded_at FROM captures c"
        f" JOIN visits v ON v.id = c.visit_id WHERE c.id = $1 AND {visible}",
        capture_id,
        *scope,
    )
    if row is None:
        raise NotFound
    judged = row["decision"] not in _UNDECIDED or row["discarded_at"] is not None
    if judged or row["person_id"] == actor.person_id:
        return False
    async with unit_of_work(actor) as work:
        made = await work.conn.fetchval(
            "INSERT INTO capture_openings (org_id, capture_id, person_id, day, at) VALUES ($1, $2, $3, $4, $5)"
            " ON CONFLICT DO NOTHING RETURNING true",
            actor.org_id,
            capture_id,
            actor.person_id,
            clock.day_of(work.at),
            work.at,
        )
        if made:
            work.record(CaptureOpened(subject_id=capture_id, visit_id=row["visit_id"], way=way.upper()))
    return bool(made)
