"""Acts on visits. Every one is a row of the lifecycle, taken under a lock of the visit."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

import msgspec

from server.access.actor import Actor
from server.access.people import active_holders
from server.access.roles import Permission
from server.access.steps import must_take
from server.items import queries as items
from server.items.secrecy import refuse_state_secrets
from server.items.site_scope import make_known
from server.journal.events import Change
from server.journal.work import UnitOfWork, unit_of_work
from server.kit.errors import ChangedMeanwhile, IdReused, NotFound
from server.kit.ids import new_id
from server.kit.lifecycle import Step, next_step
from server.visits import rules
from server.visits.errors import ApproverCannotApprove, NotFieldStaff, ObjectMissing, ReasonMissing, SiteOfAnotherItem
from server.visits.events import TeamLocked, VisitAborted, VisitAdvanced, VisitApproved, VisitPlanned, VisitReleased
from server.visits.lifecycle import LIFECYCLE, VisitState
from server.visits.schemas import AbortVisit, AdvanceVisit, LockTeam, PlanVisit, Position
from server.visits.scope import visible_to

# Which column keeps the time that the phone reported for a step in the field.
_REPORTED = {"depart": "departed_at", "arrive": "arrived_at", "leave": "left_at", "sign": "signed_at"}


async def plan(actor: Actor, cmd: PlanVisit) -> None:
    """Draw up a plan, which then waits for its approver; the same id with the same plan again changes nothing.

    Raises:
        NotFound: no such item or site in the actor's scope.
        LeaderMissing, OwnProposal, NotFieldStaff, ApproverCannotApprove, ObjectMissing, SiteOfAnotherItem: as named.
        StateSecretRefused: a text carries a marking of state secrets.
        IdReused: the id belongs to something else.
    """
    refuse_state_secrets(title=cmd.title, brief=cmd.brief)
    step = next_step(LIFECYCLE, None, "plan")
    rules.check_plan(actor.person_id, cmd)
    async with unit_of_work(actor, command_id=cmd.id) as work:
        must_take(step, rules.functions(actor.roles, None))
        item = await items.item_row(actor, cmd.item_id)
        site = await items.site_row(actor, cmd.site_id)
        if site["item_id"] != item["id"]:
            raise SiteOfAnotherItem
        # 733 art. 5: the object is a department or a lower government, never the company that runs the site.
        object_unit = item["handling_unit_id"] or site["responsible_unit_id"]
        if object_unit is None:
            raise ObjectMissing
        await _must_be_field_staff(actor, cmd.team)
        if not await active_holders(actor, [cmd.approver_id], Permission.VISIT_APPROVE):
            raise ApproverCannotApprove
        made = await work.conn.fetchval(
            "INSERT INTO visits (id, org_id, item_id, site_id, object_unit_id, title, state, nature, method, brief,"
            " planned_for, starts_at, ends_at, created_by, approver_id, created_at, clauses, version)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, '{}', 1)"
            " ON CONFLICT (id) DO NOTHING RETURNING id",
            cmd.id,
            actor.org_id,
            cmd.item_id,
            cmd.site_id,
            object_unit,
            cmd.title.strip(),
            step.target,
            cmd.nature,
            cmd.method,
            cmd.brief.strip(),
            cmd.planned_for,
            cmd.starts_at,
            cmd.ends_at,
            actor.person_id,
            cmd.approver_id,
            work.at,
        )
        if made is None:
            await _must_be_same_plan(work, actor, cmd)
            return
        await _save_team(work, cmd.id, cmd.team, cmd.leader_id)
        work.record(
            VisitPlanned(
                subject_id=cmd.id,
                item_id=cmd.item_id,
                site_id=cmd.site_id,
                team=tuple(dict.fromkeys(cmd.team)),
                approver_id=cmd.approver_id,
            )
        )


async def approve(actor: Actor, visit_id: UUID, *, expected: int | None = None) -> None:
    """Accept the plan; only the approver named in it may, and never the planner.

    Raises:
        NotFound, WrongState, NotTheApprover, OwnProposal, ChangedMeanwhile, IdReused: as named.
    """
    async with unit_of_work(actor) as work:
        act = await _begin(work, actor, visit_id, "approve", expected=expected)
        rules.check_approval(act.visit["approver_id"], act.visit["created_by"], actor.person_id)
        await act.finish("approved_at = $4", work.at)
        work.record(VisitApproved(subject_id=visit_id, planned_by=act.visit["created_by"]))


async def lock_team(actor: Actor, visit_id: UUID, cmd: LockTeam, *, expected: int | None = None) -> None:
    """Fix the team, as planned or as given; at least two members, one of them the leader.

    Raises:
        NotFound, WrongState, NotYourStep, LeaderMissing, TeamTooSmall, OwnProposal, NotFieldStaff, ChangedMeanwhile,
        IdReused: as named.
    """
    async with unit_of_work(actor) as work:
        act = await _begin(work, actor, visit_id, "lock_team", expected=expected)
        rows = await work.conn.fetch("SELECT person_id, role FROM visit_members WHERE visit_id = $1", visit_id)
        before = [row["person_id"] for row in rows]
        team = before if cmd.team is None else list(dict.fromkeys(cmd.team))
        leader = cmd.leader_id or next((row["person_id"] for row in rows if row["role"] == "LEADER"), None)
        rules.check_lock(team, leader, act.visit["approver_id"])
        await _must_be_field_staff(actor, team)
        if leader is not None and (cmd.team is not None or cmd.leader_id is not None):
            await work.conn.execute("DELETE FROM visit_members WHERE visit_id = $1", visit_id)
            await _save_team(work, visit_id, team, leader)
        for gone in set(before) - set(team):
            work.announce(Change("visit", visit_id, person_id=gone, op="gone"))
        await act.finish()
        work.record(
            TeamLocked(
                subject_id=visit_id,
                item_id=act.visit["item_id"],
                site_id=act.visit["site_id"],
                team=tuple(team),
                leader_id=leader or team[0],
            )
        )


async def advance(actor: Actor, cmd: AdvanceVisit) -> None:
    """Take a step in the field: depart, arrive, leave, sign. The same command again changes nothing.

    Raises:
        NotFound, WrongState, NotYourStep, ClausesIncomplete, IdReused: as named.
    """
    clauses = rules.check_clauses(cmd.clauses) if cmd.step == "sign" else None
    async with unit_of_work(actor, command_id=cmd.id) as work:
        if await _taken_before(work, actor, cmd):
            return
        act = await _begin(work, actor, cmd.visit_id, cmd.step)
        act.reported(cmd)
        if clauses is None:
            await act.finish(f"{_REPORTED[cmd.step]} = $4", cmd.at)
        else:
            await act.finish("signed_at = $4, clauses = $5", cmd.at, msgspec.json.encode(clauses).decode())
        work.record(VisitAdvanced(subject_id=cmd.visit_id, step=cmd.step, state=act.step.target))


async def release(actor: Actor, visit_id: UUID, *, expected: int | None = None) -> None:
    """Make the visit known: to the office at large and to the unit under supervision, with all that hangs on it.

    Raises:
        NotFound, WrongState, NotYourStep, ChangedMeanwhile, IdReused: as named.
    """
    async with unit_of_work(actor) as work:
        act = await _begin(work, actor, visit_id, "release", expected=expected)
        await act.finish("released_at = $4", work.at)
        await make_known(work, act.visit["site_id"])
        work.record(VisitReleased(subject_id=visit_id))
        # Captures and findings lie above visits in the layers; the newly entitled must hear of those that exist.
        for kind, table in (("capture", "captures"), ("finding", "findings")):
            for row in await work.conn.fetch(f"SELECT id FROM {table} WHERE visit_id = $1 ORDER BY id", visit_id):
                work.announce(Change(kind, row["id"]))


async def abort(actor: Actor, visit_id: UUID, cmd: AbortVisit, *, expected: int | None = None) -> None:
    """Stop a visit before the team leaves the site; it stays hidden.

    Raises:
        NotFound, WrongState, NotYourStep, ReasonMissing, ChangedMeanwhile, IdReused: as named.
    """
    refuse_state_secrets(reason=cmd.reason)
    if not cmd.reason.strip():
        raise ReasonMissing
    async with unit_of_work(actor) as work:
        act = await _begin(work, actor, visit_id, "abort", expected=expected)
        await act.finish(reason=cmd.reason.strip())
        work.record(VisitAborted(subject_id=visit_id, reason=cmd.reason.strip()))


class _Act:
    """A permitted step on a locked visit, not yet written."""

    def __init__(self, work: UnitOfWork, actor: Actor, visit: Any, step: Step) -> None:
        self.work = work
        self.actor = actor
        self.visit = visit
        self.step = step
        self.id = new_id()
        self.at = work.at
        self.position: Position | None = None

    def reported(self, cmd: AdvanceVisit) -> None:
        """Take id, time and place from the phone's command; the server's own time is kept beside them."""
        self.id, self.at, self.position = cmd.id, cmd.at, cmd.position

    async def finish(self, sets: str = "", *values: Any, reason: str = "") -> None:
        """Write the new state, more columns if any (``$4`` on), and the row of the act."""
        await self.work.conn.execute(
            f"UPDATE visits SET state = $3, version = version + 1{', ' if sets else ''}{sets}"
            " WHERE id = $1 AND org_id = $2",
            self.visit["id"],
            self.actor.org_id,
            self.step.target,
            *values,
        )
        await self.work.conn.execute(
            "INSERT INTO visit_steps"
            " (id, org_id, visit_id, act, person_id, reported_at, received_at, lat_e7, lon_e7, acc_cm, reason)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            self.id,
            self.actor.org_id,
            self.visit["id"],
            self.step.act,
            self.actor.person_id,
            self.at,
            self.work.at,
            self.position.lat_e7 if self.position else None,
            self.position.lon_e7 if self.position else None,
            self.position.acc_cm if self.position else None,
            reason,
        )


async def _begin(work: UnitOfWork, actor: Actor, visit_id: UUID, name: str, *, expected: int | None = None) -> _Act:
    """Lock the visit and decide whether the step may be taken."""
    condition, args = visible_to(actor, 2)
    visit = await work.conn.fetchrow(
        f"SELECT v.* FROM visits v WHERE v.id = $1 AND {condition} FOR UPDATE OF v", visit_id, *args
    )
    if visit is None:
        raise NotFound
    if expected is not None and visit["version"] != expected:
        raise ChangedMeanwhile(params={"version": visit["version"]})
    step = next_step(LIFECYCLE, VisitState(visit["state"]), name)
    membership = await work.conn.fetchval(
        "SELECT role FROM visit_members WHERE visit_id = $1 AND person_id = $2", visit_id, actor.person_id
    )
    must_take(step, rules.functions(actor.roles, membership))
    return _Act(work, actor, visit, step)


async def _taken_before(work: UnitOfWork, actor: Actor, cmd: AdvanceVisit) -> bool:
    # The lock comes first: of two deliveries at once the second sees what the first wrote.
    # Only of a visit that exists for the actor: waiting for somebody else's act on a hidden one would betray it.
    condition, args = visible_to(actor, 2)
    await work.conn.execute(f"SELECT 1 FROM visits v WHERE v.id = $1 AND {condition} FOR UPDATE", cmd.visit_id, *args)
    earlier = await work.conn.fetchrow("SELECT visit_id, act, person_id FROM visit_steps WHERE id = $1", cmd.id)
    if earlier is None:
        return False
    if tuple(earlier) != (cmd.visit_id, cmd.step, actor.person_id):
        raise IdReused
    return True


async def _must_be_field_staff(actor: Actor, team: Collection[UUID]) -> None:
    if not await active_holders(actor, team, Permission.VISIT_CONDUCT):
        raise NotFieldStaff


async def _save_team(work: UnitOfWork, visit_id: UUID, team: Collection[UUID], leader_id: UUID) -> None:
    members = list(dict.fromkeys(team))
    await work.conn.execute(
        "INSERT INTO visit_members (id, org_id, visit_id, person_id, role)"
        " SELECT i, $1, $2, p, CASE WHEN p = $3 THEN 'LEADER' ELSE 'MEMBER' END"
        " FROM unnest($4::uuid[], $5::uuid[]) AS t (i, p)",
        work.actor.org_id,
        visit_id,
        leader_id,
        [new_id() for _ in members],
        members,
    )


async def _must_be_same_plan(work: UnitOfWork, actor: Actor, cmd: PlanVisit) -> None:
    row = await work.conn.fetchrow(
        "SELECT created_by, item_id, site_id, title, method, planned_for, approver_id FROM visits"
        " WHERE id = $1 AND org_id = $2",
        cmd.id,
        actor.org_id,
    )
    sent = (
        actor.person_id,
        cmd.item_id,
        cmd.site_id,
        cmd.title.strip(),
        cmd.method,
        cmd.planned_for,
        cmd.approver_id,
    )
    if row is None or tuple(row) != sent:
        raise IdReused
