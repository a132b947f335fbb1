"""Rules of visits that need neither database nor clock."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from server.access.roles import Role
from server.kit.errors import FieldProblem, InvalidInput
from server.visits.errors import (
    ClausesIncomplete,
    LeaderMissing,
    NotTheApprover,
    OwnProposal,
    TeamTooSmall,
)
from server.visits.schemas import Clauses, PlanVisit

SMALLEST_TEAM = 2


def functions(roles: Collection[Role], membership: str | None) -> frozenset[Role]:
    """The functions a person has in one visit: the roles of the office, and ``TL`` or ``TM`` only by membership.

    733 art. 8: the leader of a team is appointed for this visit; leading another team gives no right here.
    """
    own: set[Role] = {role for role in roles if role not in (Role.TL, Role.TM)}
    if membership is not None:
        own |= {Role.TL, Role.TM} if membership == "LEADER" else {Role.TM}
    return frozenset(own)


def check_plan(planner_id: UUID | None, cmd: PlanVisit) -> None:
    """Refuse a plan without its leader, or one whose approver would approve himself.

    Raises:
        LeaderMissing: the leader is not one of the team.
        OwnProposal: the approver planned the visit or belongs to its team (nobody approves his own proposal).
        InvalidInput: the planned hours end before they begin.
    """
    check_leader(cmd.team, cmd.leader_id)
    if cmd.approver_id == planner_id or cmd.approver_id in cmd.team:
        raise OwnProposal
    if cmd.ends_at is not None and (cmd.starts_at is None or cmd.ends_at <= cmd.starts_at):
        problem = FieldProblem(field="ends_at", code="ends_before_start", detail="The visit ends before it begins.")
        raise InvalidInput(errors=(problem,))


def check_leader(team: Iterable[UUID], leader_id: UUID | None) -> None:
    """Refuse a team without its leader (733 art. 8).

    Raises:
        LeaderMissing: no leader is named, or not one of the team.
    """
    if leader_id is None or leader_id not in team:
        raise LeaderMissing


def check_lock(team: Collection[UUID], leader_id: UUID | None, approver_id: UUID) -> None:
    """Refuse to lock a team that is too small, has no leader, or contains the approver.

    Raises:
        LeaderMissing, TeamTooSmall, OwnProposal: as the names say.
    """
    check_leader(team, leader_id)
    if len(set(team)) < SMALLEST_TEAM:
        raise TeamTooSmall(params={"smallest": SMALLEST_TEAM})
    if approver_id in team:
        raise OwnProposal


def check_approval(approver_id: UUID, planner_id: UUID, actor_id: UUID | None) -> None:
    """Refuse an approval by anybody but the approver named in the plan.

    Raises:
        OwnProposal: the planner himself.
        NotTheApprover: somebody else.
    """
    if actor_id == planner_id:
        raise OwnProposal
    if actor_id != approver_id:
        raise NotTheApprover


def check_clauses(clauses: Clauses | None) -> dict[str, dict[str, bool | str | None]]:
    """The six clauses as they are stored (B2): each attested, a broken one with its reason.

    Raises:
        ClausesIncomplete: names the clauses concerned.
    """
    if clauses is None:
        raise ClausesIncomplete
    stored: dict[str, dict[str, bool | str | None]] = {}
    problems = []
    for name in clauses.__struct_fields__:
        clause = getattr(clauses, name)
        reason = (clause.reason or "").strip() or None
        if not clause.kept and reason is None:
            problems.append(FieldProblem(field=f"clauses.{name}.reason", code="reason_missing", detail="Say why."))
        stored[name] = {"kept": clause.kept, "reason": reason}
    if problems:
        raise ClausesIncomplete(errors=tuple(problems))
    return stored
