"""Reading schedules and the wall chart (挂图督查) within the actor's scope."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from server.access.actor import Actor
from server.access.roles import Permission
from server.access.schemas import NamedView, named
from server.items import queries
from server.items.commands.milestones import begins_on
from server.items.lifecycle import OPEN, ItemState
from server.items.numbers import register_no
from server.items.planning_queries import SETTLED, due_on
from server.items.planning_rules import milestone_standing, plan_standing
from server.items.planning_schemas import (
    MilestoneView,
    ProgressView,
    ScheduleView,
    WallItemView,
    WallMilestoneView,
    WallView,
)
from server.items.scope import visible_to
from server.kit import clock, db

WALL_MOST: Final = 1_000

# The last report of a milestone counts.
_LAST = (
    "LEFT JOIN LATERAL (SELECT p.done_on FROM milestone_progress p WHERE p.milestone_id = m.id"
    " ORDER BY p.id DESC LIMIT 1) last ON true"
)


async def schedule(actor: Actor, item_id: UUID) -> ScheduleView:
    """The milestones of an item with everything reported of them.

    Raises:
        NotFound: no such item in the actor's scope.
    """
    item = await queries.item_row(actor, item_id)
    rows = await db.fetch(
        f"SELECT m.id, m.name, m.planned_on, last.done_on FROM milestones m {_LAST}"
        " WHERE m.item_id = $1 AND m.withdrawn_at IS NULL ORDER BY m.planned_on, m.id",
        item_id,
    )
    reports = await db.fetch(
        "SELECT p.*, b.name AS reporter_name FROM milestone_progress p JOIN people b ON b.id = p.reported_by"
        " WHERE p.item_id = $1 ORDER BY p.id DESC",
        item_id,
    )
    of: dict[UUID, list[ProgressView]] = defaultdict(list)
    for report in reports:
        of[report["milestone_id"]].append(_progress(report))
    day, state, due = clock.today(), ItemState(item["state"]), due_on(item)
    milestones = tuple(
        MilestoneView(
            id=row["id"],
            name=row["name"],
            planned_on=row["planned_on"],
            done_on=row["done_on"],
            standing=milestone_standing(row["planned_on"], row["done_on"], day),
            progress=tuple(of[row["id"]]),
        )
        for row in rows
    )
    own = actor.may(Permission.ITEM_HANDLE) and item["handling_unit_id"] == actor.unit_id
    return ScheduleView(
        item_id=item_id,
        begins_on=begins_on(item),
        due_on=due,
        standing=plan_standing(state, due, [(one.planned_on, one.done_on) for one in milestones], day),
        milestones=milestones,
        may_plan=actor.may(Permission.ITEM_PLAN) and state in OPEN,
        may_report=(actor.may(Permission.ITEM_PLAN) or own) and state in OPEN,
        version=item["version"],
    )


async def wall(
    actor: Actor,
    *,
    from_on: date | None,
    to_on: date | None,
    unit_id: UUID | None,
    parent_id: UUID | None,
    settled: bool,
) -> WallView:
    """Items with a schedule that reaches into the period, by unit and deadline; without dates, all of them.

    Args:
        actor: who reads.
        from_on, to_on: the days shown; by default from the first to the last milestone.
        unit_id: of one handling unit only.
        parent_id: children of one item only.
        settled: also those done, refused, terminated or merged.
    """
    condition, args = visible_to(actor, 7)
    rows = await db.fetch(
        "SELECT i.id, i.register_year, i.register_seq, i.title, i.state, i.due_at, i.stated_due_at, i.assigned_at,"
        " i.received_at, i.listed_at, u.id AS unit_id, u.name AS unit_name, p.id AS person_id, p.name AS person_name"
        " FROM items i LEFT JOIN units u ON u.id = i.handling_unit_id"
        " LEFT JOIN people p ON p.id = i.responsible_person_id"
        f" WHERE {condition} AND EXISTS (SELECT 1 FROM milestones m WHERE m.item_id = i.id AND m.withdrawn_at IS NULL"
        "  AND ($1::date IS NULL OR m.planned_on >= $1) AND ($2::date IS NULL OR m.planned_on <= $2))"
        " AND ($3::uuid IS NULL OR i.handling_unit_id = $3) AND ($4::uuid IS NULL OR i.parent_id = $4)"
        " AND NOT i.state = ANY($5::text[])"
        " ORDER BY u.name NULLS LAST, coalesce(i.due_at, i.stated_due_at) NULLS LAST, i.id LIMIT $6",
        from_on,
        to_on,
        unit_id,
        parent_id,
        [] if settled else SETTLED,
        WALL_MOST + 1,
        *args,
    )
    shown = rows[:WALL_MOST]
    milestones = await _milestones([row["id"] for row in shown])
    day = clock.today()
    items = tuple(_line(row, milestones[row["id"]], day) for row in shown)
    first, last = _span(items, day)
    return WallView(today=day, from_on=from_on or first, to_on=to_on or last, items=items, more=len(rows) > WALL_MOST)


async def _milestones(item_ids: list[UUID]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in await db.fetch(
        f"SELECT m.id, m.item_id, m.name, m.planned_on, last.done_on FROM milestones m {_LAST}"
        " WHERE m.item_id = ANY($1::uuid[]) AND m.withdrawn_at IS NULL ORDER BY m.planned_on, m.id",
        item_ids,
    ):
        found[row["item_id"]].append(row)
    return found


def _line(row: Any, milestones: list[Any], day: date) -> WallItemView:
    due, state = due_on(row), ItemState(row["state"])
    return WallItemView(
        id=row["id"],
        register_no=register_no(row["register_year"], row["register_seq"]),
        title=row["title"],
        state=state,
        unit=named(row["unit_id"], row["unit_name"]),
        person=named(row["person_id"], row["person_name"]),
        begins_on=begins_on(row),
        due_on=due,
        listed=row["listed_at"] is not None,
        standing=plan_standing(state, due, [(one["planned_on"], one["done_on"]) for one in milestones], day),
        milestones=tuple(
            WallMilestoneView(
                id=one["id"],
                name=one["name"],
                planned_on=one["planned_on"],
                done_on=one["done_on"],
                standing=milestone_standing(one["planned_on"], one["done_on"], day),
            )
            for one in milestones
        ),
    )


def _span(items: tuple[WallItemView, ...], day: date) -> tuple[date, date]:
    days = [day]
    for one in items:
        days.extend(milestone.planned_on for milestone in one.milestones)
        days.append(one.begins_on)
        if one.due_on is not None:
            days.append(one.due_on)
    first, last = min(days), max(days)
    return first, max(last, first + timedelta(days=1))


def _progress(row: Any) -> ProgressView:
    return ProgressView(
        id=row["id"],
        done_on=row["done_on"],
        note=row["note"],
        reported_by=NamedView(id=row["reported_by"], name=row["reporter_name"]),
        reported_at=row["reported_at"],
    )
