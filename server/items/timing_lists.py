"""Lists about time: what is overdue, reported or not; which requests wait; whose clock stands still."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from server.access.actor import Actor
from server.access.schemas import named
from server.items.lifecycle import ItemState
from server.items.numbers import register_no
from server.items.overdue import extension_count, overdue, reported
from server.items.scope import visible_to
from server.items.timing_queries import EXTENSION, SUSPENSION, decides, extension_view, suspension_view
from server.items.timing_schemas import (
    OverdueKind,
    OverdueList,
    PendingExtensionList,
    PendingExtensionView,
    StandingList,
    StandingView,
    TimedItemView,
)
from server.kit import clock, db
from server.kit.keyset import PAGE, page, read_cursor

# Named apart, because the item stands beside an extension or a suspension with columns of the same names.
_ITEM: Final = (
    "i.id AS of_id, i.register_year AS of_year, i.register_seq AS of_seq, i.title AS of_title, i.state AS of_state,"
    " i.mode AS of_mode,"
    " i.handling_unit_id AS of_unit, u.name AS of_unit_name, i.due_at AS of_due_at,"
    f" i.original_due_at AS of_original, {extension_count()} AS of_extensions, {reported()} AS of_reported"
)


async def overdue_items(
    actor: Actor, *, kind: OverdueKind | None, unit_id: UUID | None, cursor: str | None, limit: int = PAGE
) -> OverdueList:
    """A page of overdue items, the longest overdue first; 逾期已报告 and 逾期不报 apart (R37)."""
    key, last = read_cursor(cursor, datetime)
    condition, args = visible_to(actor, 7)
    rows = await db.fetch(
        f"SELECT i.id, i.due_at, {_ITEM}, true AS of_overdue FROM items i"
        f" LEFT JOIN units u ON u.id = i.handling_unit_id WHERE {condition} AND {overdue('$1')}"
        f" AND ($2::text IS NULL OR ($2 = 'reported') = {reported()})"
        " AND ($3::uuid IS NULL OR i.handling_unit_id = $3)"
        " AND ($4::timestamptz IS NULL OR (i.due_at, i.id) > ($4, $5::uuid)) ORDER BY i.due_at, i.id LIMIT $6",
        clock.now(),
        kind,
        unit_id,
        key,
        last,
        limit + 1,
        *args,
    )
    shown, following = page(list(rows), limit, "due_at")
    return OverdueList(items=tuple(_item_view(row) for row in shown), next_cursor=following)


async def pending_extensions(actor: Actor, *, cursor: str | None, limit: int = PAGE) -> PendingExtensionList:
    """A page of requests that wait for a decision, the oldest first."""
    key, last = read_cursor(cursor, datetime)
    condition, args = visible_to(actor, 5)
    rows = await db.fetch(
        f"SELECT {_ITEM}, {overdue('$4')} AS of_overdue, {EXTENSION} JOIN items i ON i.id = x.item_id"
        f" LEFT JOIN units u ON u.id = i.handling_unit_id WHERE {condition} AND x.org_id = i.org_id"
        " AND x.state = 'PENDING'"
        " AND i.state = 'IN_PROGRESS' AND ($1::timestamptz IS NULL OR (x.requested_at, x.id) > ($1, $2::uuid))"
        " ORDER BY x.requested_at, x.id LIMIT $3",
        key,
        last,
        limit + 1,
        clock.now(),
        *args,
    )
    shown, following = page(list(rows), limit, "requested_at")
    views = []
    for row in shown:
        extension = extension_view(row)
        views.append(
            PendingExtensionView(item=_item_view(row), extension=extension, mine=decides(actor, row, row["of_mode"]))
        )
    return PendingExtensionList(extensions=tuple(views), next_cursor=following)


async def standing(actor: Actor, *, cursor: str | None, limit: int = PAGE) -> StandingList:
    """A page of suspended items, the earliest review first."""
    key, last = read_cursor(cursor, date)
    today = clock.today()
    condition, args = visible_to(actor, 4)
    rows = await db.fetch(
        f"SELECT {_ITEM}, false AS of_overdue, {SUSPENSION} JOIN items i ON i.id = s.item_id"
        f" LEFT JOIN units u ON u.id = i.handling_unit_id WHERE {condition} AND s.ended_at IS NULL"
        " AND i.state = 'SUSPENDED' AND ($1::date IS NULL OR (s.review_on, s.id) > ($1, $2::uuid))"
        " ORDER BY s.review_on, s.id LIMIT $3",
        key,
        last,
        limit + 1,
        *args,
    )
    shown, following = page(list(rows), limit, "review_on")
    return StandingList(
        standing=tuple(
            StandingView(item=_item_view(row), suspension=suspension_view(row), review_due=row["review_on"] <= today)
            for row in shown
        ),
        next_cursor=following,
    )


def _item_view(row: Any) -> TimedItemView:
    return TimedItemView(
        id=row["of_id"],
        register_no=register_no(row["of_year"], row["of_seq"]),
        title=row["of_title"],
        state=ItemState(row["of_state"]),
        unit=named(row["of_unit"], row["of_unit_name"]),
        due_at=row["of_due_at"],
        original_due_at=row["of_original"],
        extension_count=row["of_extensions"],
        overdue=row["of_overdue"] or False,
        reported=row["of_reported"],
    )
