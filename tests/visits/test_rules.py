"""Rules of visits that need no database."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.access.roles import Role
from server.kit.ids import new_id
from server.visits import rules
from server.visits.errors import ClausesIncomplete, LeaderMissing, NotTheApprover, OwnProposal, TeamTooSmall
from server.visits.schemas import PlanVisit, VisitMethod
from tests.factories.visits import CLAUSES, kept_clauses

LEADER, MEMBER, PLANNER, HEAD = (new_id() for _ in range(4))


def plan(**changed: object) -> PlanVisit:
    fields: dict[str, object] = {
        "id": new_id(),
        "item_id": new_id(),
        "site_id": new_id(),
        "title": "暗访",
        "method": VisitMethod.COVERT,
        "planned_for": date(2026, 5, 25),
        "team": [LEADER, MEMBER],
        "leader_id": LEADER,
        "approver_id": HEAD,
    }
    return PlanVisit(**(fields | changed))  # type: ignore[arg-type]


class TestPlan:
    def test_the_leader_belongs_to_the_team(self) -> None:
        with pytest.raises(LeaderMissing):
            rules.check_plan(PLANNER, plan(leader_id=new_id()))

    @pytest.mark.parametrize("approver", [PLANNER, LEADER, MEMBER])
    def test_nobody_approves_his_own(self, approver: UUID) -> None:
        with pytest.raises(OwnProposal):
            rules.check_plan(PLANNER, plan(approver_id=approver))

    @given(st.lists(st.sampled_from([LEADER, MEMBER, PLANNER]), min_size=1, max_size=4))
    def test_a_good_plan_has_its_leader_in_the_team_and_its_approver_outside(self, team: list[UUID]) -> None:
        try:
            rules.check_plan(PLANNER, plan(team=team))
        except LeaderMissing:
            assert LEADER not in team
        else:
            assert LEADER in team


class TestLock:
    def test_one_person_twice_is_no_team(self) -> None:
        with pytest.raises(TeamTooSmall):
            rules.check_lock([LEADER, LEADER], LEADER, HEAD)

    def test_a_team_without_leader_is_refused(self) -> None:
        with pytest.raises(LeaderMissing):
            rules.check_lock([LEADER, MEMBER], None, HEAD)


class TestApproval:
    def test_only_the_one_named_in_the_plan(self) -> None:
        rules.check_approval(HEAD, PLANNER, HEAD)
        with pytest.raises(NotTheApprover):
            rules.check_approval(HEAD, PLANNER, MEMBER)
        with pytest.raises(OwnProposal):
            rules.check_approval(HEAD, PLANNER, PLANNER)


class TestFunctions:
    def test_leading_is_a_matter_of_this_visit_and_not_of_the_account(self) -> None:
        assert Role.TL not in rules.functions({Role.SUP, Role.TL}, None)
        assert Role.TL not in rules.functions({Role.SUP, Role.TL}, "MEMBER")
        assert Role.TL in rules.functions({Role.SUP, Role.TM}, "LEADER")


class TestClauses:
    @pytest.mark.parametrize("clause", CLAUSES)
    def test_a_broken_clause_needs_its_reason(self, clause: str) -> None:
        with pytest.raises(ClausesIncomplete) as refused:
            rules.check_clauses(kept_clauses(**{clause: "  "}))
        assert [one.field for one in refused.value.errors] == [f"clauses.{clause}.reason"]
        stored = rules.check_clauses(kept_clauses(**{clause: "道路封闭，由社区带路"}))
        assert stored[clause] == {"kept": False, "reason": "道路封闭，由社区带路"}
        assert len(stored) == 6

    def test_silence_is_no_attestation(self) -> None:
        with pytest.raises(ClausesIncomplete):
            rules.check_clauses(None)
