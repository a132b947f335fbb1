"""What was planned beside what was done, as of the end of a day (R106, B15 rule 6).

An item counts under the entry under which somebody put it, else under the first entry whose object and period it
meets; a visit with its item, else likewise. Visits count for whoever may know of them (``visits.scope``): to everybody
else an unreleased visit is not there, in no sum either.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from server.access.actor import Actor
from server.access.schemas import NamedView, named
from server.items.lifecycle import ItemState
from server.items.numbers import register_no
from server.items.scope import visible_to as item_visible_to
from server.kit import clock, db
from server.kit.errors import NotFound
from server.programmes.queries import entries_of, programme_row
from server.programmes.rules import warns
from server.programmes.schemas import (
    ComparisonView,
    DoneItemView,
    DoneVisitView,
    EntryDoneView,
    EntryRecordsView,
    EntryView,
    FrequencyView,
    ObjectVisitsView,
)
from server.visits.lifecycle import VisitState
from server.visits.scope import visible_to as visit_visible_to

_MOST_RECORDS: Final = 200
_CLOSED: Final = ("CLOSED", "REPORTED_BACK", "CANCELLED_FROM_LEDGER", "ARCHIVED")
_ENDED: Final = "v.state IN ('ABORTED', 'COMPROMISED')"

# $1 programme, $2 version, $3 the end of the day, $4 organisation. The period is that of the programme.
_LINK: Final = (
    "(SELECT l.entry_key FROM programme_links l WHERE l.programme_id = $1 AND l.item_id = {item}"
    " AND l.linked_at < $3 AND (l.ended_at IS NULL OR l.ended_at >= $3) ORDER BY l.linked_at DESC LIMIT 1)"
)
_MATCH: Final = (
    "(SELECT e.key FROM programme_entries e LEFT JOIN units mu ON mu.id = {unit} WHERE e.version_id = $2"
    " AND (e.unit_id = {unit} OR e.unit_kind = mu.kind) AND (e.category IS NULL OR e.category = {category})"
    " AND {day} BETWEEN e.from_on AND e.to_on ORDER BY (e.unit_id IS NULL), e.no LIMIT 1)"
)
_DAY: Final = "({at} AT TIME ZONE 'Asia/Shanghai')::date"

# Where an item stood at the end of the day, by its trail.
_STOOD: Final = "(SELECT s.to_state FROM item_steps s WHERE s.item_id = i.id AND s.at < $3 ORDER BY s.seq DESC LIMIT 1)"


def _items(visible: str) -> str:
    """Items of the day with the entry under which they count; a part of an item counts only where it was put."""
    linked = _LINK.format(item="i.id")
    matched = _MATCH.format(unit="i.handling_unit_id", category="i.category", day=_DAY.format(at="i.created_at"))
    return (
        "SELECT q.*, coalesce(q.linked, q.matched) AS key FROM (SELECT i.id, i.register_year, i.register_seq, i.title,"
        f" i.created_at, {_STOOD} AS stood, {linked} AS linked,"
        f" CASE WHEN i.parent_id IS NULL THEN {matched} END AS matched, i.parent_id IS NULL AS whole"
        f" FROM items i JOIN programmes pg ON pg.id = $1 WHERE {visible} AND i.created_at < $3"
        f" AND ({_DAY.format(at='i.created_at')} BETWEEN pg.from_on AND pg.to_on"
        "  OR EXISTS (SELECT 1 FROM programme_links x WHERE x.programme_id = $1 AND x.item_id = i.id))) q"
        # What was not taken up, or was merged into another, is not what was done.
        " WHERE q.stood IS DISTINCT FROM 'NOT_ESTABLISHED' AND q.stood IS DISTINCT FROM 'MERGED'"
        " AND (q.whole OR q.linked IS NOT NULL)"
    )


def _visits(visible: str) -> str:
    """Visits whose team had left the site by the end of the day, with the entry under which they count."""
    linked = _LINK.format(item="v.item_id")
    matched = _MATCH.format(unit="v.object_unit_id", category="vi.category", day=_DAY.format(at="v.left_at"))
    return (
        f"SELECT v.id, v.title, v.state, v.left_at, v.object_unit_id, coalesce({linked}, {matched}) AS key"
        " FROM visits v JOIN items vi ON vi.id = v.item_id JOIN programmes pg ON pg.id = $1"
        f" WHERE {visible} AND v.left_at < $3 AND {_DAY.format(at='v.left_at')} BETWEEN pg.from_on AND pg.to_on"
    )


async def compare(actor: Actor, programme_id: UUID, *, as_of: date | None) -> ComparisonView:
    """Every entry beside what was done under it, and every object beside its visits.

    The version is the one in force at the end of that day.

    Raises:
        NotFound: no such programme.
    """
    await programme_row(actor, programme_id)
    day = as_of or clock.today()
    end = clock.end_of_day(day)
    version = await _version_at(programme_id, end)
    if version is None:
        return ComparisonView(
            programme_id=programme_id, no=None, as_of=day, entries=(), objects=(), items_outside=0, visits_outside=0
        )
    item_condition, item_args = item_visible_to(actor, 4)
    items = {
        row["key"]: row
        for row in await db.fetch(
            f"SELECT q.key, count(*) AS n, count(*) FILTER (WHERE q.stood = ANY('{{{','.join(_CLOSED)}}}'::text[]))"
            f" AS closed FROM ({_items(item_condition)}) q GROUP BY q.key",
            programme_id,
            version["id"],
            end,
            *item_args,
        )
    }
    visit_condition, visit_args = visit_visible_to(actor, 4)
    visits = {
        row["key"]: row["n"]
        for row in await db.fetch(
            f"SELECT q.key, count(*) AS n FROM ({_visits(visit_condition)}) q GROUP BY q.key",
            programme_id,
            version["id"],
            end,
            *visit_args,
        )
    }
    entries = await entries_of(version["id"])
    keys = {one.key for one in entries}
    return ComparisonView(
        programme_id=programme_id,
        no=version["no"],
        as_of=day,
        entries=tuple(_done(one, items.get(one.key), visits.get(one.key, 0), day) for one in entries),
        objects=await _objects(actor, programme_id, version, end),
        items_outside=sum(row["n"] for key, row in items.items() if key not in keys),
        visits_outside=sum(n for key, n in visits.items() if key not in keys),
    )


async def records(actor: Actor, programme_id: UUID, key: UUID, *, as_of: date | None) -> EntryRecordsView:
    """The items and visits behind an entry's figures.

    Raises:
        NotFound: no such programme, or no such entry on that day.
    """
    await programme_row(actor, programme_id)
    end = clock.end_of_day(as_of or clock.today())
    version = await _version_at(programme_id, end)
    if version is None or not await db.fetch_value(
        "SELECT 1 FROM programme_entries WHERE version_id = $1 AND key = $2", version["id"], key
    ):
        raise NotFound
    condition, args = item_visible_to(actor, 5)
    items = await db.fetch(
        f"SELECT q.* FROM ({_items(condition)}) q WHERE coalesce(q.linked, q.matched) = $4"
        f" ORDER BY q.created_at DESC, q.id DESC LIMIT {_MOST_RECORDS}",
        programme_id,
        version["id"],
        end,
        key,
        *args,
    )
    condition, args = visit_visible_to(actor, 5)
    visits = await db.fetch(
        f"SELECT q.*, u.name AS unit_name FROM ({_visits(condition)}) q LEFT JOIN units u ON u.id = q.object_unit_id"
        f" WHERE q.key = $4 ORDER BY q.left_at DESC, q.id DESC LIMIT {_MOST_RECORDS}",
        programme_id,
        version["id"],
        end,
        key,
        *args,
    )
    return EntryRecordsView(
        items=tuple(
            DoneItemView(
                id=row["id"],
                register_no=register_no(row["register_year"], row["register_seq"]),
                title=row["title"],
                state=ItemState(row["stood"]),
                by_hand=row["linked"] is not None,
            )
            for row in items
        ),
        visits=tuple(
            DoneVisitView(
                id=row["id"],
                title=row["title"],
                state=VisitState(row["state"]),
                unit=named(row["object_unit_id"], row["unit_name"]),
                left_on=clock.day_of(row["left_at"]),
            )
            for row in visits
        ),
    )


async def frequency(actor: Actor, *, item_id: UUID, site_id: UUID | None, on: date) -> FrequencyView:
    """How often the object of a visit is visited in the period in force on that day (B15 rule 6, 733 art. 15).

    Raises:
        NotFound: no such item in the actor's scope.
    """
    condition, args = item_visible_to(actor, 3)
    unit = await db.fetch_one(
        "SELECT u.id, u.name FROM items i LEFT JOIN sites s ON s.id = $2::uuid AND s.item_id = i.id"
        " LEFT JOIN units u ON u.id = coalesce(i.handling_unit_id, s.responsible_unit_id)"
        f" WHERE i.id = $1 AND {condition}",
        item_id,
        site_id,
        *args,
    )
    if unit is None:
        raise NotFound
    version = await db.fetch_one(
        "SELECT v.most_visits, g.id, g.title, g.from_on, g.to_on FROM programmes g JOIN LATERAL ("
        " SELECT f.* FROM programme_versions f WHERE f.programme_id = g.id AND f.state = 'APPROVED'"
        " ORDER BY f.no DESC LIMIT 1) v ON true WHERE g.org_id = $1 AND $2 BETWEEN g.from_on AND g.to_on"
        # The year before a stage within it: the maximum is one of the year.
        " ORDER BY (v.most_visits IS NULL), (g.kind <> 'YEAR'), g.from_on, g.id LIMIT 1",
        actor.org_id,
        on,
    )
    from_on = version["from_on"] if version else date(on.year, 1, 1)
    to_on = version["to_on"] if version else date(on.year, 12, 31)
    done = arranged = 0
    if unit["id"] is not None:
        condition, args = visit_visible_to(actor, 4)
        row = await db.fetch_one(
            "SELECT count(*) FILTER (WHERE v.left_at IS NOT NULL) AS done,"
            f" count(*) FILTER (WHERE v.left_at IS NULL AND NOT {_ENDED}) AS arranged FROM visits v"
            f" WHERE v.object_unit_id = $1 AND v.planned_for BETWEEN $2 AND $3 AND {condition}",
            unit["id"],
            from_on,
            to_on,
            *args,
        )
        if row is not None:  # a count is never absent
            done, arranged = row["done"], row["arranged"]
    most = version["most_visits"] if version else None
    return FrequencyView(
        unit=named(unit["id"], unit["name"]),
        from_on=from_on,
        to_on=to_on,
        programme=NamedView(id=version["id"], name=version["title"]) if version else None,
        done=done,
        arranged=arranged,
        most=most,
        warning=unit["id"] is not None and warns(done, arranged, most),
    )


async def _version_at(programme_id: UUID, end: Any) -> Any:
    return await db.fetch_one(
        "SELECT * FROM programme_versions WHERE programme_id = $1 AND state = 'APPROVED' AND approved_at < $2"
        " ORDER BY no DESC LIMIT 1",
        programme_id,
        end,
    )


async def _objects(actor: Actor, programme_id: UUID, version: Any, end: Any) -> tuple[ObjectVisitsView, ...]:
    """Every unit that the programme means, or that was visited in its period, with its visits."""
    condition, args = visit_visible_to(actor, 4)
    rows = await db.fetch(
        "SELECT u.id, u.name, coalesce(p.planned, 0) AS planned, coalesce(d.done, 0) AS done,"
        " coalesce(d.arranged, 0) AS arranged FROM units u LEFT JOIN (SELECT m.id, sum(e.visits)::int AS planned"
        "  FROM programme_entries e JOIN units m ON m.org_id = e.org_id"
        "  AND (m.id = e.unit_id OR m.kind = e.unit_kind) WHERE e.version_id = $2 GROUP BY m.id) p ON p.id = u.id"
        " LEFT JOIN (SELECT v.object_unit_id AS id, count(*) FILTER (WHERE v.left_at < $3) AS done,"
        f"  count(*) FILTER (WHERE (v.left_at IS NULL OR v.left_at >= $3) AND NOT {_ENDED}) AS arranged"
        "  FROM visits v JOIN programmes pg ON pg.id = $1"
        f"  WHERE {condition} AND v.created_at < $3 AND v.planned_for BETWEEN pg.from_on AND pg.to_on"
        "  GROUP BY v.object_unit_id) d ON d.id = u.id"
        " WHERE p.planned IS NOT NULL OR d.done > 0 OR d.arranged > 0 ORDER BY u.name, u.id LIMIT 500",
        programme_id,
        version["id"],
        end,
        *args,
    )
    most = version["most_visits"]
    return tuple(
        ObjectVisitsView(
            unit=NamedView(id=row["id"], name=row["name"]),
            planned=row["planned"],
            done=row["done"],
            arranged=row["arranged"],
            most=most,
            reached=warns(row["done"], row["arranged"], most),
        )
        for row in rows
    )


def _done(entry: EntryView, items: Any, visits: int, day: date) -> EntryDoneView:
    return EntryDoneView(
        entry=entry,
        items=items["n"] if items else 0,
        closed=items["closed"] if items else 0,
        visits_planned=entry.visits * entry.objects,
        visits_done=visits,
        begun=entry.from_on <= day,
        over=entry.to_on < day,
    )
