"""Reading visits within the actor's scope."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from server.access.actor import Actor
from server.access.roles import Role
from server.access.schemas import NamedView, named
from server.items.numbers import register_no
from server.kit import db
from server.kit.errors import NotFound
from server.kit.keyset import PAGE, page, read_cursor
from server.kit.lifecycle import Step
from server.visits import rules
from server.visits.lifecycle import LIFECYCLE, VisitState
from server.visits.schemas import (
    ClauseView,
    MemberView,
    ProgressView,
    VisitItemView,
    VisitList,
    VisitRowView,
    VisitSiteView,
    VisitStepView,
    VisitView,
)
from server.visits.scope import visible_to

# Acts with a command of their own; the others of the table wait for theirs.
_OFFERED = frozenset({"approve", "lock_team", "depart", "arrive", "leave", "sign", "release", "abort"})

_VISIT = (
    "SELECT v.*, i.register_year, i.register_seq, i.title AS item_title, s.name AS site_name,"
    " s.address AS site_address, s.lat_e7 AS site_lat_e7, s.lon_e7 AS site_lon_e7, s.radius_m AS site_radius_m,"
    " o.name AS object_name, p.name AS planner_name, a.name AS approver_name FROM visits v"
    " JOIN items i ON i.id = v.item_id JOIN sites s ON s.id = v.site_id"
    " JOIN people p ON p.id = v.created_by JOIN people a ON a.id = v.approver_id"
    " LEFT JOIN units o ON o.id = v.object_unit_id"
)

_clauses = msgspec.json.Decoder(dict[str, ClauseView]).decode


async def visit_row(actor: Actor, visit_id: UUID) -> Any:
    """The row of one visit.

    Raises:
        NotFound: no such visit, or none that exists for the actor.
    """
    condition, args = visible_to(actor, 2)
    row = await db.fetch_one(f"SELECT v.* FROM visits v WHERE v.id = $1 AND {condition}", visit_id, *args)
    if row is None:
        raise NotFound
    return row


async def membership(actor: Actor, visit_id: UUID) -> str | None:
    """The actor's place in the team of a visit: LEADER, MEMBER, or ``None``."""
    role: str | None = await db.fetch_value(
        "SELECT role FROM visit_members WHERE visit_id = $1 AND person_id = $2 AND org_id = $3",
        visit_id,
        actor.person_id,
        actor.org_id,
    )
    return role


async def visit(actor: Actor, visit_id: UUID) -> VisitView:
    """One visit with its team, clauses, steps, and how much of what the phones hold has arrived.

    Raises:
        NotFound: no such visit, or none that exists for the actor.
    """
    condition, args = visible_to(actor, 2)
    row = await db.fetch_one(f"{_VISIT} WHERE v.id = $1 AND {condition}", visit_id, *args)
    if row is None:
        raise NotFound
    team = await _teams([visit_id])
    place = await membership(actor, visit_id)
    ours = _inside(actor, place)
    return VisitView(
        **msgspec.structs.asdict(_row_view(actor, row, team.get(visit_id, ()))),
        clauses=_clauses(row["clauses"]),
        steps=await _steps(visit_id) if ours else (),
        progress=await _progress(visit_id) if ours else (),
        acts=_acts(actor, row, place),
    )


async def visits(
    actor: Actor, *, state: VisitState | None, item_id: UUID | None, cursor: str | None, limit: int = PAGE
) -> VisitList:
    """A page of visits, the latest planned day first."""
    key, last = read_cursor(cursor, date)
    condition, args = visible_to(actor, 6)
    rows = await db.fetch(
        f"{_VISIT} WHERE {condition}"
        " AND ($1::text IS NULL OR v.state = $1) AND ($2::uuid IS NULL OR v.item_id = $2)"
        " AND ($3::date IS NULL OR (v.planned_for, v.id) < ($3, $4::uuid))"
        " ORDER BY v.planned_for DESC, v.id DESC LIMIT $5",
        state,
        item_id,
        key,
        last,
        limit + 1,
        *args,
    )
    shown, following = page(list(rows), limit, "planned_for")
    teams = await _teams([row["id"] for row in shown])
    return VisitList(
        visits=tuple(_row_view(actor, row, teams.get(row["id"], ())) for row in shown), next_cursor=following
    )


def _inside(actor: Actor, place: str | None) -> bool:
    """Whether the reader belongs to the inspecting side; the unit sees only its own part (733 art. 16)."""
    return place is not None or actor.has(Role.SUP, Role.OFFICE, Role.LEADER, Role.HEAD)


def _acts(actor: Actor, row: Any, place: str | None) -> tuple[str, ...]:
    held = rules.functions(actor.roles, place)

    def mine(step: Step) -> bool:
        if step.act == "approve" and row["approver_id"] != actor.person_id:
            return False
        return step.source == VisitState(row["state"]) and step.act in _OFFERED and bool(held & set(step.by))

    return tuple(dict.fromkeys(step.act for step in LIFECYCLE if mine(step)))


async def _teams(visit_ids: Sequence[UUID]) -> dict[UUID, tuple[MemberView, ...]]:
    rows = await db.fetch(
        "SELECT m.visit_id, m.person_id, m.role, p.name FROM visit_members m JOIN people p ON p.id = m.person_id"
        " WHERE m.visit_id = ANY($1::uuid[]) ORDER BY m.visit_id, m.role, p.name",
        list(visit_ids),
    )
    teams: dict[UUID, tuple[MemberView, ...]] = {}
    for row in rows:
        member = MemberView(
            person_id=row["person_id"], name=row["name"], role=Role.TL if row["role"] == "LEADER" else Role.TM
        )
        teams[row["visit_id"]] = (*teams.get(row["visit_id"], ()), member)
    return teams


async def _steps(visit_id: UUID) -> tuple[VisitStepView, ...]:
    rows = await db.fetch(
        "SELECT t.*, p.name FROM visit_steps t JOIN people p ON p.id = t.person_id"
        " WHERE t.visit_id = $1 ORDER BY t.received_at, t.id",
        visit_id,
    )
    return tuple(
        VisitStepView(
            id=row["id"],
            act=row["act"],
            by=NamedView(id=row["person_id"], name=row["name"]),
            reported_at=row["reported_at"],
            received_at=row["received_at"],
            lat_e7=row["lat_e7"],
            lon_e7=row["lon_e7"],
            acc_cm=row["acc_cm"],
            reason=row["reason"],
        )
        for row in rows
    )


async def _progress(visit_id: UUID) -> tuple[ProgressView, ...]:
    # Captures lie one layer up; only their counters are read here.
    rows = await db.fetch(
        "SELECT c.device_id, d.name AS device_name, c.person_id, p.name AS person_name, count(*) AS captures,"
        " sum(c.originals_received) AS received, sum(c.originals_total) AS total, max(c.received_at) AS last"
        " FROM captures c JOIN people p ON p.id = c.person_id LEFT JOIN devices d ON d.id = c.device_id"
        " WHERE c.visit_id = $1 GROUP BY c.device_id, d.name, c.person_id, p.name ORDER BY p.name, d.name",
        visit_id,
    )
    return tuple(
        ProgressView(
            device=NamedView(id=row["device_id"], name=row["device_name"] or ""),
            person=NamedView(id=row["person_id"], name=row["person_name"]),
            captures=row["captures"],
            originals_received=row["received"],
            originals_total=row["total"],
            last_received_at=row["last"],
        )
        for row in rows
    )


def _row_view(actor: Actor, row: Any, team: tuple[MemberView, ...]) -> VisitRowView:
    ours = _inside(actor, "MEMBER" if any(one.person_id == actor.person_id for one in team) else None)
    unit = row["object_unit_id"]
    return VisitRowView(
        id=row["id"],
        state=VisitState(row["state"]),
        nature=row["nature"],
        method=row["method"],
        title=row["title"],
        item=VisitItemView(
            id=row["item_id"],
            register_no=register_no(row["register_year"], row["register_seq"]),
            title=row["item_title"],
        ),
        site=VisitSiteView(
            id=row["site_id"],
            name=row["site_name"],
            address=row["site_address"],
            lat_e7=row["site_lat_e7"],
            lon_e7=row["site_lon_e7"],
            radius_m=row["site_radius_m"],
        ),
        object_unit=named(unit, row["object_name"]),
        planned_for=row["planned_for"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        team=team,
        brief=row["brief"] if ours else "",
        planned_by=NamedView(id=row["created_by"], name=row["planner_name"]),
        approver=NamedView(id=row["approver_id"], name=row["approver_name"]),
        approved_at=row["approved_at"],
        departed_at=row["departed_at"],
        arrived_at=row["arrived_at"],
        left_at=row["left_at"],
        signed_at=row["signed_at"],
        released_at=row["released_at"],
        released=row["released_at"] is not None,
        version=row["version"],
    )
