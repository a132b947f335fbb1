"""Opening an original is an act: the first time that a person does it on a day is an entry of the journal."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from server.access.actor import Actor
from server.evidence.events import OriginalViewed
from server.journal.work import unit_of_work
from server.kit import clock

_MOST = 10_000
_seen: set[tuple[UUID, UUID, date]] = set()  # what this process knows to be recorded; spares a look for each range


async def note_view(actor: Actor, capture_id: UUID, sha256: str) -> None:
    """Record that the actor opened an original today, unless that is recorded."""
    assert actor.person_id is not None, "only people look"
    mark = (capture_id, actor.person_id, clock.today())
    if mark in _seen:
        return
    async with unit_of_work(actor) as work:
        made = await work.conn.fetchval(
            "INSERT INTO original_views (org_id, capture_id, person_id, day, at) VALUES ($1, $2, $3, $4, $5)"
            " ON CONFLICT DO NOTHING RETURNING true",
            actor.org_id,
            capture_id,
            actor.person_id,
            mark[2],
            work.at,
        )
        if made:
            work.record(OriginalViewed(subject_id=capture_id, sha256=sha256))
    if len(_seen) >= _MOST:
        _seen.clear()
    _seen.add(mark)
