"""Within how long a matter is to be registered, and what was registered late (R2)."""

from __future__ import annotations

from datetime import datetime

from server.access.actor import Actor
from server.access.schemas import NamedView
from server.items.numbers import register_no
from server.items.process_schemas import LateItemList, LateItemView
from server.items.scope import inside, visible_to
from server.kit import db
from server.kit.keyset import PAGE, page, read_cursor


async def late_items(actor: Actor, *, cursor: str | None, limit: int = PAGE) -> LateItemList:
    """Matters that were registered late, or sent away late from the tray, with the reason (R2), the newest first.

    How the office works is its own.
    """
    if not inside(actor):
        return LateItemList(items=(), next_cursor=None)
    key, last = read_cursor(cursor, datetime)
    condition, args = visible_to(actor, 4)
    rows = await db.fetch(
        "SELECT l.*, r.name AS registrar_name FROM ((SELECT i.id, i.register_year, i.register_seq, i.title,"
        " i.received_at, i.created_at, i.registered_by, i.late_reason FROM items i"
        f" WHERE {condition} AND i.late_reason <> ''"
        " AND ($1::timestamptz IS NULL OR (i.created_at, i.id) < ($1, $2::uuid))"
        " ORDER BY i.created_at DESC, i.id DESC LIMIT $3) UNION ALL"
        # The tray lies one layer up; what it sent away late is as late as what was registered late.
        " (SELECT m.id, NULL, NULL, m.subject, m.received_at, m.settled_at, m.settled_by, m.late_reason"
        f" FROM intake_matters m WHERE m.org_id = ${4 + len(args)} AND m.late_reason <> '' AND m.item_id IS NULL"
        " AND ($1::timestamptz IS NULL OR (m.settled_at, m.id) < ($1, $2::uuid))"
        " ORDER BY m.settled_at DESC, m.id DESC LIMIT $3)) l JOIN people r ON r.id = l.registered_by"
        " ORDER BY l.created_at DESC, l.id DESC LIMIT $3",
        key,
        last,
        limit + 1,
        *args,
        actor.org_id,
    )
    shown, following = page(list(rows), limit, "created_at")
    return LateItemList(
        items=tuple(
            LateItemView(
                id=row["id"],
                register_no=register_no(row["register_year"], row["register_seq"]) if row["register_seq"] else None,
                title=row["title"],
                received_at=row["received_at"],
                registered_at=row["created_at"],
                registered_by=NamedView(id=row["registered_by"], name=row["registrar_name"]),
                reason=row["late_reason"],
            )
            for row in shown
        ),
        next_cursor=following,
    )


async def intake_hours(actor: Actor) -> int:
    """Within how many hours of its receipt a matter is to be registered."""
    hours: int = await db.fetch_value("SELECT register_within_hours FROM organisations WHERE id = $1", actor.org_id)
    return hours
