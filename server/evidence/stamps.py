"""That evidence is time-stamped before somebody decides on it: what is wanted, and how far it is.

Material that came after a decision cannot support it, and our own clock proves no order. So a stamp is wanted when a
decision comes into sight (a capture taken up, a finding recorded, a team's visit going on, a citation), of the captures
that it will rest on. What every authority has stamped, or is asked for already, is not asked for again. Nobody waits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from server.access.actor import Actor
from server.evidence.logged import leaf_of
from server.evidence.schemas import StampState, StampView
from server.journal.leaves import leaf_hash
from server.kit import db
from server.kit.jobs import Handler, Job, Task, TryAgain
from server.tlog.anchors.failures import failures_since
from server.tlog.anchors.outside import outside
from server.tlog.anchors.wanting import last_stamped, want_covering
from server.visits.scope import visible_to

# The sequencer is quick; when it stands still, the wish waits here with its own patience.
STAMP_BEFORE_DECISION: Final = Job(
    "evidence.stamp_before_decision", attempts=40, first_pause=timedelta(seconds=1), concurrency=4
)

_SIGNED: Final = "SELECT s.id, s.statement, s.signature, s.received_at FROM statements s"
# The captures that an entry of the journal is about: its subject, those of its visit or finding, or the one it cites.
_OF_ACT: Final = (
    "WITH j AS (SELECT subject_kind, subject_id, data FROM journal_entries WHERE id = $1 AND org_id = $2)"
    f" {_SIGNED} WHERE s.org_id = $2 AND s.id IN (SELECT subject_id FROM j WHERE subject_kind = 'capture'"
    " UNION SELECT c.id FROM j JOIN captures c ON c.visit_id = j.subject_id WHERE j.subject_kind = 'visit'"
    " UNION SELECT f.capture_id FROM j JOIN finding_captures f ON f.finding_id = j.subject_id"
    "  WHERE j.subject_kind = 'finding'"
    " UNION SELECT (data->>'capture_id')::uuid FROM j WHERE subject_kind = 'case')"
)


async def stamp_before_decision(task: Task) -> None:
    """Want a stamp of the captures that an act is about.

    Raises:
        TryAgain: some of them are not in the log yet.
    """
    if not outside().authorities:
        return
    rows = await db.fetch(_OF_ACT, task.entry_id, task.org_id)
    if not rows:
        return
    async with db.transaction() as conn:
        places = await _places(conn, rows)
        if len(places) < len(rows) or not await want_covering(
            conn, "decision", max(places.values()), entry_id=task.entry_id
        ):
            raise TryAgain("not everything is in the log yet")


async def stamps_of(actor: Actor, capture_ids: Sequence[UUID]) -> list[StampView]:
    """How far each of the captures that exist for the actor is."""
    visible, scope = visible_to(actor, 2)
    rows = await db.fetch(
        f"{_SIGNED} JOIN captures c ON c.id = s.id JOIN visits v ON v.id = c.visit_id"
        f" WHERE s.id = ANY($1::uuid[]) AND {visible} ORDER BY s.id",
        list(capture_ids),
        *scope,
    )
    async with db.connection() as conn:
        waiting = await _waiting(conn)
        places = await _places(conn, rows) if waiting != "none" else {}
        stamped = {
            row["idx"]: row["at"]
            for row in await conn.fetch(
                "SELECT i.idx, (SELECT min(gen_time) FROM log_anchors a WHERE a.size > i.idx) AS at"
                " FROM unnest($1::bigint[]) AS i (idx)",
                list(places.values()),
            )
        }
    times = {row["id"]: stamped.get(places.get(row["id"], -1)) for row in rows}
    return [
        StampView(capture_id=each, state=waiting if times[each] is None else "stamped", at=times[each])
        for each in times
    ]


HANDLERS: Mapping[Job, Handler] = {STAMP_BEFORE_DECISION: stamp_before_decision}


async def _waiting(conn: db.Connection) -> StampState:
    """What is to be said of evidence without a stamp: nobody is asked, all are asked, or none of them answers."""
    known = outside().authorities
    if not known:
        return "none"
    for one in known:
        if await failures_since(conn, "tsa", one.name, await last_stamped(conn, one)) is None:
            return "asked"
    return "away"


async def _places(conn: db.Connection, rows: Sequence[Any]) -> dict[UUID, int]:
    """Where the statements are in the log; those that are not there yet are left out."""
    hashes = {leaf_hash(leaf_of(row)): row["id"] for row in rows}
    found = await conn.fetch("SELECT leaf_hash, idx FROM log_leaves WHERE leaf_hash = ANY($1::bytea[])", list(hashes))
    return {hashes[bytes(row["leaf_hash"])]: row["idx"] for row in found}
