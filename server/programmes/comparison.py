"""What was planned beside what was done, as of the end of a day (R106, B15 rule 6).

Visits count for whoever may know of them (``visits.scope``): to everybody else an unreleased visit is not there, in no
sum and no suggestion either.
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
from server.programmes import counting
from server.programmes.frequency import ENDED
from server.programmes.queries import entries_of, programme_row
from server.programmes.rules import warns
from server.programmes.schemas import (
    ComparisonView,
    DoneItemView,
    DoneVisitView,
    EntryDoneView,
    EntryRecordsView,
    EntryView,
    ObjectVisitsView,
)
from server.visits.lifecycle import VisitState
from server.visits.scope import visible_to as visit_visible_to

_MOST_RECORDS: Final = 200
_CLOSED: Final = "'{CLOSED,REPORTED_BACK,CANCELLED_FROM_LEDGER,ARCHIVED}'::text[]"


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
            programme_id=programme_id,
            no=None,
            as_of=day,
            entries=(),
            objects=(),
            items_outside=0,
            items_suggested=0,
            visits_outside=0,
            visits_suggested=0,
        )
    condition, args = item_visible_to(actor, 4)
    items = await _sums(
        counting.items(condition, now=end > clock.now()), f"d.stood = ANY({_CLOSED})", programme_id, version, end, args
    )
    condition, args = visit_visible_to(actor, 4)
    visits = await _sums(counting.visits(condition), "false", programme_id, version, end, args)
    return ComparisonView(
        programme_id=programme_id,
        no=version["no"],
        as_of=day,
        entries=tuple(_done(one, items, visits, day) for one in await entries_of(version["id"])),
        objects=await _objects(actor, programme_id, version, end),
        items_outside=items.outside,
        items_suggested=items.suggested,
        visits_outside=visits.outside,
        visits_suggested=visits.suggested,
    )


class _Sums:
    """What counts and what is suggested, in all and under each entry."""

    def __init__(self, rows: Any) -> None:
        self.counted: dict[UUID, tuple[int, int]] = {}
        self.met: dict[UUID, int] = {}
        self.outside = self.suggested = 0
        for row in rows:
            if row["what"] == "counted":
                self.counted[row["key"]] = (row["n"], row["closed"])
            elif row["what"] == "met":
                self.met[row["key"]] = row["n"]
            else:
                setattr(self, row["what"], row["n"])


async def _sums(done: str, closed: str, programme_id: UUID, version: Any, end: Any, args: list[Any]) -> _Sums:
    return _Sums(
        await db.fetch(
            f"WITH d AS MATERIALIZED ({done}), s AS MATERIALIZED ({counting.suggestions('d')})"
            f" SELECT 'counted' AS what, d.key, count(*) AS n, count(*) FILTER (WHERE {closed}) AS closed"
            " FROM d WHERE d.key IS NOT NULL GROUP BY d.key"
            " UNION ALL SELECT 'met', s.entry, count(*), 0 FROM s GROUP BY s.entry"
            " UNION ALL SELECT 'suggested', NULL, count(*), 0 FROM (SELECT DISTINCT s.id FROM s) o"
            " UNION ALL SELECT 'outside', NULL, count(*), 0 FROM d WHERE d.key IS NULL",
            programme_id,
            version["id"],
            end,
            *args,
        )
    )


async def records(actor: Actor, programme_id: UUID, key: UUID, *, as_of: date | None) -> EntryRecordsView:
    """The items and visits behind an entry's figures, and those that are suggested for it.

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
    items = await _records(
        counting.items(condition, now=end > clock.now()), "created_at", programme_id, version, end, key, args
    )
    condition, args = visit_visible_to(actor, 5)
    visits = await _records(counting.visits(condition), "left_at", programme_id, version, end, key, args)
    return EntryRecordsView(
        items=tuple(
            DoneItemView(
                id=row["id"],
                register_no=register_no(row["register_year"], row["register_seq"]),
                title=row["title"],
                state=ItemState(row["stood"]),
                counted=row["counted"],
            )
            for row in items
        ),
        visits=tuple(
            DoneVisitView(
                id=row["id"],
                title=row["title"],
                state=VisitState(row["state"]),
                unit=named(row["unit_id"], row["unit_name"]),
                left_on=clock.day_of(row["left_at"]),
                item=NamedView(id=row["item_id"], name=register_no(row["register_year"], row["register_seq"])),
                counted=row["counted"],
            )
            for row in visits
        ),
    )


async def _records(
    done: str, at: str, programme_id: UUID, version: Any, end: Any, key: UUID, args: list[Any]
) -> list[Any]:
    """What counts under the entry, the newest first, and then what is suggested there."""
    return list(
        await db.fetch(
            f"WITH d AS MATERIALIZED ({done}), s AS ({counting.suggestions('d')})"
            f" (SELECT d.*, true AS counted FROM d WHERE d.key = $4 ORDER BY d.{at} DESC, d.id DESC"
            f"  LIMIT {_MOST_RECORDS}) UNION ALL (SELECT d.*, false FROM d WHERE d.id IN"
            f"  (SELECT s.id FROM s WHERE s.entry = $4) ORDER BY d.{at} DESC, d.id DESC LIMIT {_MOST_RECORDS})",
            programme_id,
            version["id"],
            end,
            key,
            *args,
        )
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
        f"  count(*) FILTER (WHERE (v.left_at IS NULL OR v.left_at >= $3) AND NOT {ENDED}) AS arranged"
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


def _done(entry: EntryView, items: _Sums, visits: _Sums, day: date) -> EntryDoneView:
    counted, closed = items.counted.get(entry.key, (0, 0))
    return EntryDoneView(
        entry=entry,
        items=counted,
        closed=closed,
        items_suggested=items.met.get(entry.key, 0),
        visits_planned=entry.visits * entry.objects,
        visits_done=visits.counted.get(entry.key, (0, 0))[0],
        visits_suggested=visits.met.get(entry.key, 0),
        begun=entry.from_on <= day,
        over=entry.to_on < day,
    )
