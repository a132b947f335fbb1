"""Which cases cite a capture, for those who look at the evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from server.access.actor import Actor
from server.access.roles import Permission
from server.cases.scope import visible_to
from server.evidence.schemas import CitedByCaseView
from server.kit import db


async def cases_citing(actor: Actor, captures: Sequence[UUID]) -> Mapping[UUID, list[CitedByCaseView]]:
    """The cases in the actor's scope that cite each of the captures, the oldest first."""
    found: defaultdict[UUID, list[CitedByCaseView]] = defaultdict(list)
    if not captures or not actor.may(Permission.CASE_READ):
        return found
    condition, args = visible_to(actor, 2)
    rows = await db.fetch(
        "SELECT e.capture_id, c.id, c.title, c.state FROM case_evidence e JOIN cases c ON c.id = e.case_id"
        f" WHERE e.capture_id = ANY($1::uuid[]) AND e.withdrawn_at IS NULL AND {condition} ORDER BY c.id",
        captures,
        *args,
    )
    for row in rows:
        found[row["capture_id"]].append(CitedByCaseView(id=row["id"], title=row["title"], state=row["state"]))
    return found
