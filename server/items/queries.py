"""Reading items and sites within the actor's scope."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from server.access.actor import Actor
from server.access.schemas import NamedView, named
from server.items import site_scope
from server.items.kinds import Importance, Mode
from server.items.lifecycle import ItemState
from server.items.numbers import register_no
from server.items.schemas import ItemList, ItemView, SameSourceView, SiteList, SiteView
from server.items.scope import visible_to
from server.kit import db
from server.kit.errors import NotFound
from server.kit.keyset import PAGE, page, read_cursor
from server.kit.like import containing

ITEM = (
    "SELECT i.*, u.name AS unit_name, r.name AS registrar_name, f.name AS follow_up_name,"
    " h.name AS responsible_name FROM items i"
    " JOIN people r ON r.id = i.registered_by"
    " LEFT JOIN people f ON f.id = i.follow_up_id"
    " LEFT JOIN people h ON h.id = i.responsible_person_id"
    " LEFT JOIN units u ON u.id = i.handling_unit_id"
)
_SITE = (
    "SELECT s.*, u.name AS unit_name FROM sites s JOIN items i ON i.id = s.item_id"
    " LEFT JOIN units u ON u.id = s.responsible_unit_id"
)


async def item_row(actor: Actor, item_id: UUID) -> Any:
    """The row of one item.

    Raises:
        NotFound: no such item in the actor's scope.
    """
    condition, args = visible_to(actor, 2)
    row = await db.fetch_one(f"SELECT i.* FROM items i WHERE i.id = $1 AND {condition}", item_id, *args)
    if row is None:
        raise NotFound
    return row


async def site_row(actor: Actor, site_id: UUID) -> Any:
    """The row of one site.

    Raises:
        NotFound: no such site under an item in the actor's scope.
    """
    condition, args = site_scope.visible_to(actor, 2)
    row = await db.fetch_one(f"{_SITE} WHERE s.id = $1 AND {condition}", site_id, *args)
    if row is None:
        raise NotFound
    return row


async def named_item_row(actor: Actor, item_id: UUID) -> Any:
    """The row of one item with the names of its unit and people.

    Raises:
        NotFound: no such item in the actor's scope.
    """
    condition, args = visible_to(actor, 2)
    row = await db.fetch_one(f"{ITEM} WHERE i.id = $1 AND {condition}", item_id, *args)
    if row is None:
        raise NotFound
    return row


async def items(
    actor: Actor,
    *,
    state: ItemState | None,
    words: str | None,
    cursor: str | None,
    parent_id: UUID | None = None,
    limit: int = PAGE,
) -> ItemList:
    """A page of items, 特事特办 first (R35), then the newest, narrowed by state, parent and words."""
    key, last = read_cursor(cursor, datetime)
    condition, args = visible_to(actor, 7)
    rows = await db.fetch(
        f"{ITEM} WHERE {condition}"
        " AND ($1::text IS NULL OR i.state = $1)"
        " AND ($2::text IS NULL OR i.title ILIKE $2 OR i.source_ref ILIKE $2"
        "      OR '督〔' || i.register_year || '〕' || i.register_seq || '号' LIKE $2)"
        " AND ($6::uuid IS NULL OR i.parent_id = $6)"
        # The cursor's row says on which side of 特事特办 it stood.
        " AND ($3::timestamptz IS NULL OR (i.immediate, i.created_at, i.id) <"
        "      ((SELECT l.immediate FROM items l WHERE l.id = $4::uuid), $3, $4::uuid))"
        " ORDER BY i.immediate DESC, i.created_at DESC, i.id DESC LIMIT $5",
        state,
        containing(words),
        key,
        last,
        limit + 1,
        parent_id,
        *args,
    )
    shown, following = page(list(rows), limit, "created_at")
    return ItemList(items=tuple(item_view(row, ()) for row in shown), next_cursor=following)


async def sites(actor: Actor, *, item_id: UUID | None, cursor: str | None, limit: int = PAGE) -> SiteList:
    """A page of sites, the newest first, of all items or of one."""
    key, last = read_cursor(cursor, datetime)
    condition, args = site_scope.visible_to(actor, 5)
    rows = await db.fetch(
        f"{_SITE} WHERE {condition} AND ($1::uuid IS NULL OR s.item_id = $1)"
        " AND ($2::timestamptz IS NULL OR (s.created_at, s.id) < ($2, $3::uuid))"
        " ORDER BY s.created_at DESC, s.id DESC LIMIT $4",
        item_id,
        key,
        last,
        limit + 1,
        *args,
    )
    shown, following = page(list(rows), limit, "created_at")
    return SiteList(sites=tuple(site_view(row) for row in shown), next_cursor=following)


def site_view(row: Any) -> SiteView:
    """A site row with its unit's name, as a view."""
    unit = row["responsible_unit_id"]
    return SiteView(
        id=row["id"],
        item_id=row["item_id"],
        name=row["name"],
        address=row["address"],
        kind=row["kind"],
        lat_e7=row["lat_e7"],
        lon_e7=row["lon_e7"],
        radius_m=row["radius_m"],
        responsible_unit=named(unit, row["unit_name"]),
        created_at=row["created_at"],
        embargoed=row["embargoed"],
    )


def item_view(row: Any, same_source: tuple[SameSourceView, ...]) -> ItemView:
    """An item's row with names (``ITEM``), as lists show it."""
    unit, follow_up, person = row["handling_unit_id"], row["follow_up_id"], row["responsible_person_id"]
    return ItemView(
        id=row["id"],
        register_no=register_no(row["register_year"], row["register_seq"]),
        title=row["title"],
        state=ItemState(row["state"]),
        source_kind=row["source_kind"],
        source_ref=row["source_ref"],
        category=row["category"],
        urgency=row["urgency"],
        immediate=row["immediate"],
        handling_unit=named(unit, row["unit_name"]),
        follow_up=named(follow_up, row["follow_up_name"]),
        due_at=row["due_at"],
        received_at=row["received_at"],
        registered_by=NamedView(id=row["registered_by"], name=row["registrar_name"]),
        created_at=row["created_at"],
        same_source=same_source,
        importance=Importance(row["importance"]),
        mode=Mode(row["mode"]) if row["mode"] else None,
        responsible_person=named(person, row["responsible_name"]),
        parent_id=row["parent_id"],
        child_no=row["child_no"],
        listed_at=row["listed_at"],
        assigned_at=row["assigned_at"],
        original_due_at=row["original_due_at"],
        due_words=row["due_words"],
        due_words_en=row["due_words_en"],
        due_provisional=row["due_provisional"],
        suspended_at=row["suspended_at"],
        version=row["version"],
    )
