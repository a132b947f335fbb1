"""Reading the children of an item and their roll-up within the actor's scope."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from server.access.actor import Actor
from server.access.roles import Permission
from server.access.schemas import NamedView, named
from server.items import queries
from server.items.commands.decompose import level, limit_of
from server.items.lifecycle import ItemState
from server.items.numbers import register_no
from server.items.planning_rules import DECOMPOSABLE, DONE_STATES, MAX_LEVELS, VOID_STATES
from server.items.planning_schemas import (
    AncestorView,
    ChildList,
    ChildView,
    FamilyView,
    ImportView,
    StateCountView,
)
from server.items.scope import visible_to
from server.kit import clock, db
from server.kit.errors import NotFound

CHILDREN_PAGE: Final = 200

DONE: Final = sorted(state.value for state in DONE_STATES)
SETTLED: Final = sorted(state.value for state in DONE_STATES | VOID_STATES)


async def family(actor: Actor, item_id: UUID) -> FamilyView:
    """The roll-up of an item's children, of those that the actor may see.

    Raises:
        NotFound: no such item in the actor's scope.
    """
    item = await queries.item_row(actor, item_id)
    condition, args = visible_to(actor, 4)
    rows = await db.fetch(
        "SELECT i.state, count(*) AS n, count(*) FILTER (WHERE coalesce(i.due_at, i.stated_due_at) < $2"
        f" AND NOT i.state = ANY($3::text[])) AS late FROM items i WHERE i.parent_id = $1 AND {condition}"
        " GROUP BY i.state",
        item_id,
        clock.now(),
        SETTLED,
        *args,
    )
    found = {ItemState(row["state"]): row["n"] for row in rows}
    async with db.connection() as conn:
        depth = await level(conn, item_id)
    open_to_all = actor.may(Permission.ITEM_PLAN) and depth < MAX_LEVELS
    return FamilyView(
        parent=await _parent(actor, item["parent_id"]),
        level=depth,
        may_decompose=open_to_all and ItemState(item["state"]) in DECOMPOSABLE,
        total=sum(found.values()),
        counted=sum(n for state, n in found.items() if state not in VOID_STATES),
        done=sum(n for state, n in found.items() if state in DONE_STATES),
        late=sum(row["late"] for row in rows),
        by_state=tuple(StateCountView(state=state, n=found[state]) for state in ItemState if state in found),
    )


async def children(
    actor: Actor, item_id: UUID, *, state: ItemState | None, after: int | None, limit: int = CHILDREN_PAGE
) -> ChildList:
    """A page of an item's children by their number.

    Raises:
        NotFound: no such item in the actor's scope.
    """
    await queries.item_row(actor, item_id)
    condition, args = visible_to(actor, 6)
    below, _ = visible_to(actor, 6, "c")  # the same arguments: what a reader may not see is not counted either
    rows = await db.fetch(
        "SELECT i.*, u.id AS unit_id, u.name AS unit_name, p.id AS person_id, p.name AS person_name,"
        f" (SELECT count(*) FROM items c WHERE c.parent_id = i.id AND {below}) AS children,"
        " (SELECT count(*) FROM items c WHERE c.parent_id = i.id AND c.state = ANY($5::text[])"
        f"  AND {below}) AS children_done"
        " FROM items i LEFT JOIN units u ON u.id = i.handling_unit_id"
        " LEFT JOIN people p ON p.id = i.responsible_person_id"
        f" WHERE i.parent_id = $1 AND ($2::text IS NULL OR i.state = $2) AND i.child_no > $3 AND {condition}"
        " ORDER BY i.child_no LIMIT $4",
        item_id,
        state,
        after or 0,
        limit + 1,
        DONE,
        *args,
    )
    shown = rows[:limit]
    return ChildList(
        children=tuple(_child(row) for row in shown),
        next_after=shown[-1]["child_no"] if len(rows) > limit else None,
    )


async def imported(actor: Actor, parent_id: UUID, import_id: UUID) -> ImportView:
    """One import into an item.

    Raises:
        NotFound: no such import, or not into an item in the actor's scope.
    """
    await queries.item_row(actor, parent_id)
    row = await db.fetch_one(
        "SELECT m.*, p.name AS importer_name FROM item_imports m JOIN people p ON p.id = m.imported_by"
        " WHERE m.id = $1 AND m.parent_id = $2 AND m.org_id = $3",
        import_id,
        parent_id,
        actor.org_id,
    )
    if row is None:
        raise NotFound
    return ImportView(
        id=row["id"],
        file_name=row["file_name"],
        row_count=row["row_count"],
        first_child_no=row["first_child_no"],
        imported_by=NamedView(id=row["imported_by"], name=row["importer_name"]),
        imported_at=row["imported_at"],
    )


def is_late(row: Any) -> bool:
    """Whether an item is past its limit and neither done nor void."""
    limit = limit_of(row)
    return limit is not None and limit < clock.now() and row["state"] not in SETTLED


def due_on(row: Any) -> date | None:
    """The last day of an item's limit."""
    limit = limit_of(row)
    return None if limit is None else clock.last_day(limit)


async def _parent(actor: Actor, parent_id: UUID | None) -> AncestorView | None:
    if parent_id is None:
        return None
    condition, args = visible_to(actor, 2)
    row = await db.fetch_one(
        f"SELECT i.id, i.register_year, i.register_seq, i.title FROM items i WHERE i.id = $1 AND {condition}",
        parent_id,
        *args,
    )
    if row is None:
        return None
    return AncestorView(
        id=row["id"], register_no=register_no(row["register_year"], row["register_seq"]), title=row["title"]
    )


def _child(row: Any) -> ChildView:
    return ChildView(
        id=row["id"],
        child_no=row["child_no"],
        register_no=register_no(row["register_year"], row["register_seq"]),
        title=row["title"],
        requirement=row["requirement"],
        state=ItemState(row["state"]),
        unit=named(row["unit_id"], row["unit_name"]),
        person=named(row["person_id"], row["person_name"]),
        due_on=due_on(row),
        late=is_late(row),
        listed=row["listed_at"] is not None,
        children=row["children"],
        children_done=row["children_done"],
    )
