"""The desks in numbers, and the absences: what a secretary looks at first."""

from __future__ import annotations

from datetime import datetime

from server.access.actor import Actor
from server.access.roles import Permission
from server.access.schemas import NamedView
from server.circulation import queries
from server.circulation.away import Absent, absent_today
from server.circulation.schemas import AbsenceView, DesksView, DeskView
from server.circulation.scope import visible_to
from server.kit import clock, db


async def desks(actor: Actor) -> DesksView:
    """Every desk on which something lies, the worst first, and the absences of today and to come."""
    absent = await absent_today(actor.org_id)
    now = clock.now()
    return DesksView(
        desks=await _desks(actor, absent, now),
        absences=await _absences(actor, absent, now),
        away_days=absent.away_days,
        pack=absent.pack,
    )


async def _desks(actor: Actor, absent: Absent, now: datetime) -> tuple[DeskView, ...]:
    condition, args = visible_to(actor, 4)
    rows = await db.fetch(
        "SELECT d.leader_id, l.name, count(*) AS lying, count(*) FILTER (WHERE d.due_at < $1) AS breached,"
        " min(d.delivered_at) AS longest_since, min(d.due_at) AS next_due_at FROM circulation_desks d"
        " JOIN circulations c ON c.id = d.circulation_id JOIN people l ON l.id = d.leader_id"
        f" WHERE d.org_id = c.org_id AND d.delivered_at IS NOT NULL AND d.left_at IS NULL AND {condition}"
        " AND (NOT $2::bool OR d.leader_id = $3::uuid)"
        " GROUP BY d.leader_id, l.name ORDER BY next_due_at NULLS LAST, longest_since, d.leader_id",
        now,
        queries.sees_own_desk_only(actor),
        actor.person_id,
        *args,
    )
    return tuple(
        DeskView(
            leader=NamedView(id=row["leader_id"], name=row["name"]),
            lying=row["lying"],
            breached=row["breached"],
            longest_since=row["longest_since"],
            next_due_at=row["next_due_at"],
            away=queries.away_view(absent, row["leader_id"]),
        )
        for row in rows
    )


async def _absences(actor: Actor, absent: Absent, now: datetime) -> tuple[AbsenceView, ...]:
    today = clock.day_of(now)
    rows = await db.fetch(
        "SELECT a.*, p.name, m.name AS marker_name, (SELECT count(*) FROM circulation_desks d WHERE"
        " d.leader_id = a.person_id AND d.delivered_at IS NOT NULL AND d.left_at IS NULL AND d.way = 'DESK') AS held"
        " FROM absences a JOIN people p ON p.id = a.person_id JOIN people m ON m.id = a.marked_by"
        " WHERE a.org_id = $1 AND a.cancelled_at IS NULL AND a.to_on >= $2 AND ($3::bool OR a.person_id = $4::uuid)"
        " ORDER BY a.from_on, a.id LIMIT 200",
        actor.org_id,
        today,
        actor.may(Permission.CIRCULATION_KEEP),
        actor.person_id,
    )
    return tuple(
        AbsenceView(
            id=row["id"],
            person=NamedView(id=row["person_id"], name=row["name"]),
            from_on=row["from_on"],
            to_on=row["to_on"],
            reason=row["reason"],
            marked_by=NamedView(id=row["marked_by"], name=row["marker_name"]),
            marked_at=row["marked_at"],
            current=row["from_on"] <= today,
            to_reroute=row["held"] if row["from_on"] <= today and row["person_id"] in absent.to_reroute else 0,
            version=row["version"],
        )
        for row in rows
    )
