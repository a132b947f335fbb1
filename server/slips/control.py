"""The control report: leaders' instructions against task notices issued (R21, S3)."""

from __future__ import annotations

from datetime import date
from typing import Any

from server.access.actor import Actor
from server.items.lifecycle import ItemState
from server.items.scope import visible_to
from server.items.sources import SourceKind
from server.kit import clock, db
from server.kit.errors import FieldProblem, InvalidInput
from server.slips.queries import ITEM_COLUMNS, item_view
from server.slips.schemas import ControlReport, ControlRow

_SETTLED = (ItemState.NOT_ESTABLISHED, ItemState.MERGED)
_MOST = 500


async def control(actor: Actor, *, since: date | None = None, until: date | None = None) -> ControlReport:
    """Which leaders' instructions registered from ``since`` to ``until`` (Shanghai days) have no task notice in force.

    Without a period, the year so far. The oldest exceptions come first, five hundred at most; the counts are whole.

    Raises:
        InvalidInput: the period ends before it begins.
    """
    now = clock.now()
    today = clock.day_of(now)
    first, last = since or today.replace(month=1, day=1), until or today
    if last < first:
        problem = FieldProblem(field="until", code="ends_before_start", detail="The period ends before it begins.")
        raise InvalidInput(errors=(problem,))
    condition, args = visible_to(actor, 4)
    rows = await db.fetch(
        f"SELECT i.id, {ITEM_COLUMNS}, i.source_ref, i.created_at, EXISTS (SELECT 1 FROM slips s WHERE"
        " s.item_id = i.id AND s.series = 'TASK_NOTICE' AND s.state = 'ISSUED' AND s.due_at IS NOT NULL) AS noticed"
        f" FROM items i WHERE {condition} AND i.source_kind = $1 AND i.created_at >= $2 AND i.created_at < $3"
        " ORDER BY i.created_at, i.id",
        SourceKind.LEADER_INSTRUCTION,
        clock.start_of_day(first),
        clock.end_of_day(last),
        *args,
    )
    settled = [row for row in rows if row["item_state"] in _SETTLED and not row["noticed"]]
    open_ones = [row for row in rows if row["item_state"] not in _SETTLED and not row["noticed"]]
    return ControlReport(
        since=first,
        until=last,
        as_of=now,
        instructions=len(rows),
        issued=sum(row["noticed"] for row in rows),
        exceptions=tuple(_row(row) for row in open_ones[:_MOST]),
        settled=tuple(_row(row) for row in settled[:_MOST]),
    )


def _row(row: Any) -> ControlRow:
    return ControlRow(item=item_view(row, row["id"]), source_ref=row["source_ref"], registered_at=row["created_at"])
