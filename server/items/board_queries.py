"""Reading the public board (挂牌督办) and the decisions behind it within the actor's scope."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from server.access.actor import Actor
from server.access.roles import Permission
from server.access.schemas import NamedView, named
from server.items import queries
from server.items.commands.listing import LISTABLE
from server.items.lifecycle import ItemState
from server.items.numbers import register_no
from server.items.planning_queries import due_on, is_late
from server.items.planning_schemas import BoardItemView, BoardView, ListingsView, ListingView
from server.items.scope import visible_to
from server.kit import db
from server.kit.keyset import PAGE, page, read_cursor

_DECISION: Final = (
    "l.id AS listing_id, l.listed, l.decided_by, l.decided_on, l.document, l.reason, l.recorded_by, l.recorded_at,"
    " d.name AS decider_name, r.name AS recorder_name"
)
_PEOPLE: Final = "JOIN people d ON d.id = l.decided_by JOIN people r ON r.id = l.recorded_by"


async def listings(actor: Actor, item_id: UUID) -> ListingsView:
    """Every decision about an item and the public board.

    Raises:
        NotFound: no such item in the actor's scope.
    """
    item = await queries.item_row(actor, item_id)
    rows = await db.fetch(
        f"SELECT {_DECISION} FROM item_listings l {_PEOPLE} WHERE l.item_id = $1 ORDER BY l.id DESC", item_id
    )
    on_board = item["listed_at"] is not None
    return ListingsView(
        listed_at=item["listed_at"],
        may_decide=actor.may(Permission.ITEM_DIRECT) and (on_board or ItemState(item["state"]) in LISTABLE),
        decisions=tuple(_listing(row) for row in rows),
    )


async def board(actor: Actor, *, cursor: str | None, limit: int = PAGE) -> BoardView:
    """A page of the items on the public board, the newest first."""
    key, last = read_cursor(cursor, datetime)
    condition, args = visible_to(actor, 4)
    rows = await db.fetch(
        f"SELECT i.*, u.id AS unit_id, u.name AS unit_name, {_DECISION} FROM items i"
        " LEFT JOIN units u ON u.id = i.handling_unit_id"
        " JOIN LATERAL (SELECT * FROM item_listings o WHERE o.item_id = i.id ORDER BY o.id DESC LIMIT 1) l ON true"
        f" {_PEOPLE} WHERE i.listed_at IS NOT NULL AND {condition}"
        " AND ($1::timestamptz IS NULL OR (i.listed_at, i.id) < ($1, $2::uuid))"
        " ORDER BY i.listed_at DESC, i.id DESC LIMIT $3",
        key,
        last,
        limit + 1,
        *args,
    )
    shown, following = page(list(rows), limit, "listed_at")
    return BoardView(items=tuple(_item(row) for row in shown), next_cursor=following)


def _item(row: Any) -> BoardItemView:
    return BoardItemView(
        id=row["id"],
        register_no=register_no(row["register_year"], row["register_seq"]),
        title=row["title"],
        state=ItemState(row["state"]),
        unit=named(row["unit_id"], row["unit_name"]),
        due_on=due_on(row),
        late=is_late(row),
        listed_at=row["listed_at"],
        decision=_listing(row),
    )


def _listing(row: Any) -> ListingView:
    return ListingView(
        id=row["listing_id"],
        listed=row["listed"],
        decided_by=NamedView(id=row["decided_by"], name=row["decider_name"]),
        decided_on=row["decided_on"],
        document=row["document"],
        reason=row["reason"],
        recorded_by=NamedView(id=row["recorded_by"], name=row["recorder_name"]),
        recorded_at=row["recorded_at"],
    )
