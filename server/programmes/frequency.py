"""How often one object is visited, asked where a visit is planned (B15 rule 6, 733 art. 15).

Visits count for whoever may know of them (``visits.scope``).
"""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from server.access.actor import Actor
from server.access.schemas import NamedView, named
from server.items.scope import visible_to as item_visible_to
from server.kit import db
from server.kit.errors import NotFound
from server.programmes.rules import warns
from server.programmes.schemas import FrequencyView
from server.visits.scope import visible_to as visit_visible_to

ENDED: Final = "v.state IN ('ABORTED', 'COMPROMISED')"


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
            f" count(*) FILTER (WHERE v.left_at IS NULL AND NOT {ENDED}) AS arranged FROM visits v"
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
