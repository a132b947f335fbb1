"""Reading what lies on the desks, within the actor's scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from server.access.actor import Actor
from server.access.roles import Permission, Role
from server.access.schemas import NamedView, named
from server.circulation.away import Absent, absent_today
from server.circulation.lifecycle import LIFECYCLE, CirculationState
from server.circulation.rules import breached
from server.circulation.schemas import (
    AwayView,
    CirculationItemView,
    CirculationList,
    CirculationRowView,
    CirculationView,
    DeskEntryView,
    Where,
)
from server.circulation.scope import visible_to
from server.items.numbers import register_no
from server.items.scope import visible_to as item_visible_to
from server.kit import clock, db
from server.kit.errors import NotFound
from server.kit.keyset import PAGE, page, read_cursor
from server.kit.lifecycle import allowed_acts, next_step

_DESK: Final = (
    "d.id AS desk_id, d.position, d.leader_id, l.name AS leader_name, d.way, d.way_note, d.delivered_at, d.due_at,"
    " d.due_rule, d.due_words, d.due_words_en, d.due_pack, d.left_at, d.outcome, d.instruction, d.entered_by,"
    " e.name AS enterer_name, d.reminded_at"
)
# The desk on which it lies; else that to which it goes next; else the last. A leader is shown his own desk only.
_ROWS: Final = (
    "FROM circulations c JOIN people o ON o.id = c.opened_by"
    " LEFT JOIN LATERAL (SELECT n.* FROM circulation_desks n WHERE n.circulation_id = c.id"
    " AND (NOT $1::bool OR (n.leader_id = $2::uuid AND n.delivered_at IS NOT NULL))"
    " ORDER BY (n.delivered_at IS NOT NULL AND n.left_at IS NULL) DESC,"
    " (n.delivered_at IS NULL AND c.state <> 'RETURNED') DESC,"
    " CASE WHEN n.delivered_at IS NULL THEN n.position END, n.position DESC, n.hop DESC LIMIT 1) d ON true"
    " LEFT JOIN people l ON l.id = d.leader_id LEFT JOIN people e ON e.id = d.entered_by"
)
_COLUMNS: Final = f"c.*, o.name AS opener_name, {_DESK}"
_ITEM: Final = "i.register_year, i.register_seq, i.title AS item_title"


@dataclass(frozen=True, slots=True)
class _Order:
    """Which circulations a list holds and by what it is sorted."""

    condition: str
    key: str
    descending: bool = False


# What has no limit comes after all that has one.
_URGENT_FIRST: Final = "coalesce(d.due_at, d.delivered_at + interval '100 years')"
_LISTS: Final[dict[Where, _Order]] = {
    "on_desk": _Order("c.state = 'ON_DESK' AND d.left_at IS NULL", _URGENT_FIRST),
    "reroute": _Order(
        "c.state = 'ON_DESK' AND d.left_at IS NULL AND d.way = 'DESK' AND d.leader_id = ANY($3::uuid[])", _URGENT_FIRST
    ),
    "waiting": _Order("c.state IN ('PREPARED', 'READ', 'INSTRUCTED')", "c.opened_at"),
    "returned": _Order("c.state = 'RETURNED'", "c.returned_at", descending=True),
}


def sees_own_desk_only(actor: Actor) -> bool:
    """Whether the reader is a leader and nothing else here."""
    return not actor.may(Permission.CIRCULATION_KEEP) and not actor.has(Role.SUP)


async def circulations(
    actor: Actor, *, where: Where, leader_id: UUID | None, cursor: str | None, limit: int = PAGE
) -> CirculationList:
    """A page of circulations: on desks and to be re-routed with the worst first, waiting with the oldest first."""
    order = _LISTS[where]
    key, last = read_cursor(cursor, datetime)
    absent = await absent_today(actor.org_id)
    condition, args = visible_to(actor, 8)
    item, more = item_visible_to(actor, 8 + len(args))
    way, comparison = ("DESC", "<") if order.descending else ("ASC", ">")
    rows = await db.fetch(
        # The page is cut before the items are looked up, which are many more than lie on the desks.
        f"SELECT p.*, {_ITEM} FROM (SELECT {_COLUMNS}, {order.key} AS sort_at {_ROWS} WHERE {condition}"
        f" AND {order.condition} AND ($3::uuid[] IS NOT NULL) AND ($4::uuid IS NULL OR d.leader_id = $4)"
        f" AND ($5::timestamptz IS NULL OR ({order.key}, c.id) {comparison} ($5, $6::uuid))"
        f" ORDER BY {order.key} {way}, c.id {way} LIMIT $7) p LEFT JOIN items i ON i.id = p.item_id AND {item}"
        f" ORDER BY p.sort_at {way}, p.id {way}",
        sees_own_desk_only(actor),
        actor.person_id,
        list(absent.to_reroute),
        leader_id,
        key,
        last,
        limit + 1,
        *args,
        *more,
    )
    shown, following = page(list(rows), limit, "sort_at")
    now = clock.now()
    return CirculationList(circulations=tuple(_row_view(row, absent, now) for row in shown), next_cursor=following)


async def circulation(actor: Actor, circulation_id: UUID) -> CirculationView:
    """One circulation with every stay on a desk that the reader may know of.

    Raises:
        NotFound: no such circulation in the actor's scope.
    """
    condition, args = visible_to(actor, 4)
    item, more = item_visible_to(actor, 4 + len(args))
    own = sees_own_desk_only(actor)
    row = await db.fetch_one(
        f"SELECT p.*, {_ITEM} FROM (SELECT {_COLUMNS} {_ROWS} WHERE c.id = $3 AND {condition}) p"
        f" LEFT JOIN items i ON i.id = p.item_id AND {item}",
        own,
        actor.person_id,
        circulation_id,
        *args,
        *more,
    )
    if row is None:
        raise NotFound
    now = clock.now()
    # A leader sees what was before him, and what those before him wrote; not who comes after.
    desks = await db.fetch(
        f"SELECT {_DESK} FROM circulation_desks d JOIN people l ON l.id = d.leader_id"
        " LEFT JOIN people e ON e.id = d.entered_by WHERE d.circulation_id = $1 AND (NOT $2::bool OR"
        " (d.position, d.hop) <= (SELECT m.position, m.hop FROM circulation_desks m WHERE m.circulation_id = $1"
        " AND m.leader_id = $3::uuid AND m.delivered_at IS NOT NULL ORDER BY m.position DESC, m.hop DESC LIMIT 1))"
        " ORDER BY d.position, d.hop",
        circulation_id,
        own,
        actor.person_id,
    )
    return CirculationView(
        **msgspec.structs.asdict(_row_view(row, await absent_today(actor.org_id), now)),
        reference=row["reference"],
        received_at=row["received_at"],
        opened_by=NamedView(id=row["opened_by"], name=row["opener_name"]),
        returned_at=row["returned_at"],
        return_note=row["return_note"],
        desks=tuple(desk_view(desk, now) for desk in desks),
        acts=_acts(actor, row),
    )


def _acts(actor: Actor, row: Any) -> tuple[str, ...]:
    state = CirculationState(row["state"])
    keeps = actor.may(Permission.CIRCULATION_KEEP)
    mine = row["leader_id"] == actor.person_id and row["left_at"] is None
    acts = [
        act
        for act in allowed_acts(LIFECYCLE, state)
        if not actor.roles.isdisjoint(next_step(LIFECYCLE, state, act).by) and (keeps or mine)
    ]
    if "deliver" in acts and row["delivered_at"] is not None:  # nobody is left on the list
        acts.remove("deliver")
    if keeps and state is not CirculationState.RETURNED:
        acts.append("add_desk")
    return tuple(acts)


def _row_view(row: Any, absent: Absent, now: datetime) -> CirculationRowView:
    return CirculationRowView(
        id=row["id"],
        kind=row["kind"],
        desk_class=row["class"],
        title=row["title"],
        serial=row["serial"],
        state=CirculationState(row["state"]),
        item=CirculationItemView(
            id=row["item_id"],
            register_no=register_no(row["register_year"], row["register_seq"]),
            title=row["item_title"],
        )
        if row["register_year"]
        else None,
        opened_at=row["opened_at"],
        desk=desk_view(row, now) if row["desk_id"] else None,
        away=away_view(absent, row["leader_id"]),
        version=row["version"],
    )


def away_view(absent: Absent, leader_id: UUID | None) -> AwayView | None:
    """Until when a leader is away today."""
    away = absent.away.get(leader_id) if leader_id else None
    if away is None or leader_id is None:
        return None
    return AwayView(from_on=away.from_on, to_on=away.to_on, days=away.days, reroute=leader_id in absent.to_reroute)


def desk_view(row: Any, now: datetime) -> DeskEntryView:
    """A row of the desk's columns as a view, breached or not as of ``now``."""
    enterer = row["entered_by"]
    return DeskEntryView(
        id=row["desk_id"],
        position=row["position"],
        leader=NamedView(id=row["leader_id"], name=row["leader_name"]),
        way=row["way"],
        way_note=row["way_note"],
        delivered_at=row["delivered_at"],
        due_at=row["due_at"],
        due_rule=row["due_rule"],
        due_words=row["due_words"],
        due_words_en=row["due_words_en"],
        due_pack=row["due_pack"],
        left_at=row["left_at"],
        outcome=row["outcome"],
        instruction=row["instruction"],
        entered_by=named(enterer, row["enterer_name"]),
        reminded_at=row["reminded_at"],
        breached=breached(row["due_at"], row["left_at"], now),
    )
