"""Reading what waits for somebody who is in service no more, or no longer in the unit that answers for it."""

from __future__ import annotations

from typing import Any, Final

from server.access.actor import Actor
from server.access.schemas import NamedView
from server.circulation.lifecycle import CirculationState
from server.circulation.scope import visible_to as circulation_visible_to
from server.departures.schemas import LeftBehind, LeftBehindList
from server.items.lifecycle import ItemState
from server.items.numbers import register_no
from server.items.scope import visible_to as item_visible_to
from server.kit import db
from server.visits.lifecycle import VisitState
from server.visits.scope import visible_to as visit_visible_to

_MOST: Final = 200
_S, _V = ItemState, VisitState
_ITEM_DONE: Final = (
    *(_S.CLOSED, _S.REPORTED_BACK, _S.CANCELLED_FROM_LEDGER, _S.ARCHIVED),
    *(_S.NOT_ESTABLISHED, _S.TERMINATED, _S.MERGED),
)
_VISIT_OPEN: Final = (_V.PLAN_APPROVED, _V.TEAM_LOCKED, _V.DEPARTED, _V.ON_SITE, _V.CONVERTED, _V.LEFT)
_DONE: Final = ", ".join(f"'{state.value}'" for state in _ITEM_DONE)
_OPEN: Final = ", ".join(f"'{state.value}'" for state in _VISIT_OPEN)

# Each yields who it waits for, as what, and the row itself; ``{scope}`` is the reader's, or nobody's in particular.
_PARTS: Final = (
    (
        "item",
        "SELECT p.id AS person_id, 'follow_up' AS part, i.id FROM items i JOIN people p ON p.id = i.follow_up_id"
        f" WHERE NOT p.active AND i.state NOT IN ({_DONE}) AND {{scope}}",
    ),
    (
        "item",
        "SELECT p.id, 'responsible', i.id FROM items i JOIN people p ON p.id = i.responsible_person_id"
        " WHERE (NOT p.active OR p.unit_id <> i.handling_unit_id AND EXISTS (SELECT 1 FROM directory_changes m"
        " WHERE m.person_id = p.id AND m.outcome = 'CONFIRMED' AND m.place_before = i.handling_unit_id))"
        f" AND i.state NOT IN ({_DONE}) AND {{scope}}",
    ),
    (
        "visit",
        "SELECT p.id, 'approver', v.id FROM visits v JOIN people p ON p.id = v.approver_id"
        f" WHERE NOT p.active AND v.state = '{_V.DRAFT}' AND {{scope}}",
    ),
    (
        "visit",
        "SELECT p.id, 'team', v.id FROM visits v JOIN visit_members m ON m.visit_id = v.id"
        f" JOIN people p ON p.id = m.person_id WHERE NOT p.active AND v.state IN ({_OPEN}) AND {{scope}}",
    ),
    (
        "circulation",
        "SELECT p.id, 'desk', c.id FROM circulations c JOIN circulation_desks d ON d.circulation_id = c.id"
        " JOIN people p ON p.id = d.leader_id WHERE NOT p.active AND d.left_at IS NULL"
        f" AND c.state <> '{CirculationState.RETURNED}' AND {{scope}}",
    ),
)


def anything(person: str) -> str:
    """A SQL condition: something stays with this person, whoever may see it."""
    return "(" + " OR ".join(f"EXISTS ({sql.format(scope=f'p.id = {person}')})" for _, sql in _PARTS) + ")"


async def left_behind(actor: Actor) -> LeftBehindList:
    """All that stays with those who left, by person, as far as it exists for the actor; 200 at most."""
    scopes, args = _scopes(actor, 3)
    parts = " UNION ALL ".join(
        f"SELECT '{kind}' AS kind, t.* FROM ({sql.format(scope=scopes[kind])}) t" for kind, sql in _PARTS
    )
    rows = await db.fetch(
        f"SELECT g.kind, g.part, g.id, p.id AS person_id, p.name, u.name AS unit_name, i.register_year, i.register_seq,"
        " coalesce(i.title, v.title, nullif(c.title, ''), c.reference) AS title, count(*) OVER () AS total,"
        " coalesce((SELECT max(j.at) FROM journal_entries j WHERE j.org_id = $1 AND j.subject_kind = 'person'"
        " AND j.subject_id = p.id AND j.kind IN ('person.account_closed', 'person.changed')), p.created_at) AS since"
        f" FROM ({parts}) g JOIN people p ON p.id = g.person_id JOIN units u ON u.id = p.unit_id"
        " LEFT JOIN items i ON g.kind = 'item' AND i.id = g.id LEFT JOIN visits v ON g.kind = 'visit' AND v.id = g.id"
        " LEFT JOIN circulations c ON g.kind = 'circulation' AND c.id = g.id"
        " ORDER BY since DESC, p.id, g.kind, g.part, g.id LIMIT $2",
        actor.org_id,
        _MOST,
        *args,
    )
    return LeftBehindList(left=tuple(_view(row) for row in rows), total=rows[0]["total"] if rows else 0)


def _scopes(actor: Actor, first: int) -> tuple[dict[str, str], list[Any]]:
    item, item_args = item_visible_to(actor, first)
    visit, visit_args = visit_visible_to(actor, first + len(item_args))
    desk, desk_args = circulation_visible_to(actor, first + len(item_args) + len(visit_args))
    return {"item": item, "visit": visit, "circulation": desk}, [*item_args, *visit_args, *desk_args]


def _view(row: Any) -> LeftBehind:
    numbered = row["register_seq"] is not None
    return LeftBehind(
        kind=row["kind"],
        part=row["part"],
        id=row["id"],
        no=register_no(row["register_year"], row["register_seq"]) if numbered else "",
        title=row["title"] or "",
        person=NamedView(id=row["person_id"], name=row["name"]),
        unit_name=row["unit_name"],
        since=row["since"],
    )
