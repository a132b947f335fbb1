"""Schedules planned backwards from the deadline, and progress recorded against them (倒排工期, R26)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from server.access.actor import Actor
from server.access.roles import Permission
from server.calendars.queries import calendar_in_force
from server.calendars.rules import Calendar
from server.items import queries
from server.items.commands.decompose import limit_of
from server.items.commands.locking import item_for_update
from server.items.lifecycle import OPEN, ItemState
from server.items.planning_errors import AfterDeadline, DeadlineMissing, DoneInFuture, MilestoneHasProgress
from server.items.planning_events import ProgressRecorded, ScheduleSet
from server.items.planning_rules import BackwardStep, backward
from server.items.planning_schemas import (
    ProposedMilestone,
    ProposedSchedule,
    ProposeSchedule,
    RecordProgress,
    SetSchedule,
)
from server.items.scope import must_lead
from server.items.secrecy import refuse_state_secrets
from server.journal.work import UnitOfWork, unit_of_work
from server.kit import clock
from server.kit.errors import FieldProblem, IdReused, InvalidInput, NotFound, WrongState


def begins_on(row: Any) -> date:
    """The day from which an item's time runs: when it was handed over, before that when it was received."""
    begins: date = clock.day_of(row["assigned_at"] or row["received_at"])
    return begins


async def propose_schedule(actor: Actor, item_id: UUID, cmd: ProposeSchedule) -> ProposedSchedule:
    """A schedule planned backwards from the item's deadline; stored only by ``set_schedule``.

    Raises:
        NotFound, DeadlineMissing: as named.
        InvalidInput: a step with neither or both of its two measures, or a beginning after the deadline.
    """
    row = await queries.item_row(actor, item_id)
    limit = limit_of(row)
    if limit is None:
        raise DeadlineMissing
    wrong = [
        FieldProblem(field=f"steps.{at}", code="one_measure", detail="Give either a share or days before the deadline.")
        for at, step in enumerate(cmd.steps)
        if (step.percent is None) == (step.days_before is None)
    ]
    due, begins = clock.last_day(limit), cmd.begins_on or begins_on(row)
    if begins > due:
        wrong.append(FieldProblem(field="begins_on", code="after_deadline", detail="Begin before the deadline."))
    if wrong:
        raise InvalidInput(errors=tuple(wrong))
    calendar = await calendar_in_force(actor.org_id)
    works = _working_days(calendar, begins, due)
    steps = [BackwardStep(step.name.strip(), step.percent, step.days_before) for step in cmd.steps]
    days = backward(begins, due, steps, works)
    return ProposedSchedule(
        begins_on=begins,
        due_on=due,
        calendar=calendar.label(due.year) if works is not None else None,
        milestones=tuple(
            ProposedMilestone(name=step.name, planned_on=day) for step, day in zip(steps, days, strict=True)
        ),
    )


def _working_days(calendar: Calendar, begins: date, due: date) -> Callable[[date], bool] | None:
    """Whether a day is one of work; ``None`` where a year of the span is not published, so nothing is supposed."""
    known = all(calendar.knows(year) for year in range(begins.year, due.year + 1))
    # Counting back may step over the beginning; what lies before it is cut off by the beginning anyhow.
    return (lambda day: day < begins or calendar.is_working_day(day)) if known else None


async def set_schedule(actor: Actor, item_id: UUID, cmd: SetSchedule, *, expected: int | None = None) -> None:
    """Replace the schedule: known milestones are renamed and moved, new ones added, those left out withdrawn.

    Raises:
        NotFound, ChangedMeanwhile, AfterDeadline, MilestoneHasProgress, StateSecretRefused, IdReused: as named.
        WrongState: the item is no longer open.
    """
    refuse_state_secrets(**{f"milestones.{at}.name": one.name for at, one in enumerate(cmd.milestones)})
    async with unit_of_work(actor) as work:
        item = await item_for_update(work, actor, item_id, expected)
        _must_be_open(item, "plan")
        limit = limit_of(item)
        late = tuple(
            FieldProblem(field=f"milestones.{at}.planned_on", code="after_deadline", detail="Not after the deadline.")
            for at, one in enumerate(cmd.milestones)
            if limit is not None and one.planned_on > clock.last_day(limit)
        )
        if late:
            raise AfterDeadline(params={"due_on": clock.last_day(limit).isoformat()}, errors=late)
        wanted = {one.id: one for one in cmd.milestones}
        if len(wanted) < len(cmd.milestones):
            raise IdReused
        present = {
            row["id"]
            for row in await work.conn.fetch(
                "SELECT id FROM milestones WHERE item_id = $1 AND withdrawn_at IS NULL", item_id
            )
        }
        withdrawn = sorted(present - set(wanted))
        await _withdraw(work, withdrawn)
        await _keep(work, item_id, cmd)
        await work.conn.execute("UPDATE items SET version = version + 1 WHERE id = $1", item_id)
        work.record(
            ScheduleSet(
                subject_id=item_id,
                planned=tuple((one.id, one.planned_on) for one in cmd.milestones),
                withdrawn=tuple(withdrawn),
            )
        )


async def record_progress(actor: Actor, item_id: UUID, milestone_id: UUID, cmd: RecordProgress) -> None:
    """Report of a milestone; the handling unit and the office may. The same report again changes nothing.

    Raises:
        NotFound, NotPermitted, AssistingUnitCannotReport, WrongState, DoneInFuture, StateSecretRefused: as named.
        InvalidInput: neither done nor a note.
        IdReused: the id belongs to another report.
    """
    refuse_state_secrets(note=cmd.note)
    if cmd.done_on is None and not cmd.note.strip():
        problem = FieldProblem(field="note", code="required", detail="Say how far it is, or on which day it was done.")
        raise InvalidInput(errors=(problem,))
    async with unit_of_work(actor, command_id=cmd.id) as work:
        item = await item_for_update(work, actor, item_id)
        if not actor.may(Permission.ITEM_PLAN):
            actor.must(Permission.ITEM_HANDLE)
            must_lead(actor, item)
        _must_be_open(item, "report_progress")
        if cmd.done_on is not None and cmd.done_on > clock.day_of(work.at):
            raise DoneInFuture
        there = await work.conn.fetchval(
            "SELECT 1 FROM milestones WHERE id = $1 AND item_id = $2 AND withdrawn_at IS NULL", milestone_id, item_id
        )
        if there is None:
            raise NotFound
        made = await work.conn.fetchval(
            "INSERT INTO milestone_progress (id, org_id, item_id, milestone_id, done_on, note, reported_by,"
            " reported_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING RETURNING id",
            cmd.id,
            actor.org_id,
            item_id,
            milestone_id,
            cmd.done_on,
            cmd.note.strip(),
            actor.person_id,
            work.at,
        )
        if made is None:
            row = await work.conn.fetchrow(
                "SELECT org_id, milestone_id, done_on, note, reported_by FROM milestone_progress WHERE id = $1", cmd.id
            )
            if tuple(row) != (actor.org_id, milestone_id, cmd.done_on, cmd.note.strip(), actor.person_id):
                raise IdReused
            return
        work.record(ProgressRecorded(subject_id=item_id, milestone_id=milestone_id, done_on=cmd.done_on))


def _must_be_open(item: Any, act: str) -> None:
    if ItemState(item["state"]) not in OPEN:
        raise WrongState(params={"act": act, "state": item["state"], "allowed": []})


async def _withdraw(work: UnitOfWork, ids: list[UUID]) -> None:
    reported = await work.conn.fetchval(
        "SELECT m.name FROM milestones m WHERE m.id = ANY($1::uuid[])"
        " AND EXISTS (SELECT 1 FROM milestone_progress p WHERE p.milestone_id = m.id) LIMIT 1",
        ids,
    )
    if reported is not None:
        raise MilestoneHasProgress(params={"name": reported})
    await work.conn.execute("UPDATE milestones SET withdrawn_at = $2 WHERE id = ANY($1::uuid[])", ids, work.at)


async def _keep(work: UnitOfWork, item_id: UUID, cmd: SetSchedule) -> None:
    kept = await work.conn.fetch(
        "INSERT INTO milestones (id, org_id, item_id, name, planned_on, planned_by, planned_at)"
        " SELECT m.id, $1, $2, m.name, m.planned_on, $3, $4 FROM unnest($5::uuid[], $6::text[], $7::date[])"
        " AS m (id, name, planned_on)"
        " ON CONFLICT (id) DO UPDATE SET name = excluded.name, planned_on = excluded.planned_on,"
        " planned_by = excluded.planned_by, planned_at = excluded.planned_at"
        " WHERE milestones.item_id = excluded.item_id AND milestones.withdrawn_at IS NULL RETURNING id",
        work.actor.org_id,
        item_id,
        work.actor.person_id,
        work.at,
        [one.id for one in cmd.milestones],
        [one.name.strip() for one in cmd.milestones],
        [one.planned_on for one in cmd.milestones],
    )
    if len(kept) < len(cmd.milestones):
        raise IdReused
