"""The lifecycles as tables: no path skips a step, every row has its basis, and all of it can be exported."""

from __future__ import annotations

from enum import StrEnum

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.access.roles import Role
from server.cases.lifecycle import LIFECYCLE as CASES
from server.cases.lifecycle import CaseState
from server.circulation.lifecycle import LIFECYCLE as CIRCULATIONS
from server.circulation.lifecycle import CirculationState
from server.findings.lifecycle import LIFECYCLE as FINDINGS
from server.findings.lifecycle import FindingState
from server.intake.lifecycle import LIFECYCLE as MATTERS
from server.intake.lifecycle import MatterState
from server.items.lifecycle import LIFECYCLE as ITEMS
from server.items.lifecycle import OPEN, WITH_UNIT, ItemState
from server.kit.errors import WrongState
from server.kit.lifecycle import Lifecycle, allowed_acts, next_step, reachable
from server.lifecycles import export_lifecycles, export_lists
from server.programmes.lifecycle import LIFECYCLE as PROGRAMMES
from server.programmes.lifecycle import ProgrammeState
from server.rulepacks.lifecycle import LIFECYCLE as RULE_PACKS
from server.rulepacks.lifecycle import PackState
from server.slips.lifecycle import LIFECYCLE as SLIPS
from server.slips.lifecycle import RECEIPT as RECEIPTS
from server.slips.lifecycle import ReceiptState, SlipState
from server.visits.lifecycle import LIFECYCLE as VISITS
from server.visits.lifecycle import VisitState

ALL: dict[str, tuple[Lifecycle, type[StrEnum]]] = {
    "item": (ITEMS, ItemState),
    "slip": (SLIPS, SlipState),
    "receipt": (RECEIPTS, ReceiptState),
    "visit": (VISITS, VisitState),
    "finding": (FINDINGS, FindingState),
    "case": (CASES, CaseState),
    "circulation": (CIRCULATIONS, CirculationState),
    "rule_pack": (RULE_PACKS, PackState),
    "programme": (PROGRAMMES, ProgrammeState),
    "intake": (MATTERS, MatterState),
}


@pytest.mark.parametrize("word", ALL)
class TestEveryTable:
    def test_reaches_every_state_and_names_no_other(self, word: str) -> None:
        lifecycle, states = ALL[word]
        assert reachable(lifecycle) == set(states)

    def test_has_one_outcome_for_an_act_in_a_state(self, word: str) -> None:
        lifecycle, _ = ALL[word]
        pairs = [(step.source, step.act) for step in lifecycle]
        assert len(pairs) == len(set(pairs))

    def test_names_for_every_row_who_may_and_what_demands_it(self, word: str) -> None:
        for step in ALL[word][0]:
            assert step.by
            assert all(isinstance(role, Role) for role in step.by)
            assert step.basis

    def test_refuses_what_it_does_not_know_and_says_what_it_does(self, word: str) -> None:
        lifecycle, states = ALL[word]
        for state in states:
            with pytest.raises(WrongState) as refused:
                next_step(lifecycle, state, "conjure")
            assert refused.value.params["allowed"] == list(allowed_acts(lifecycle, state))

    def test_is_exported_with_both_languages(self, word: str) -> None:
        exported = msgspec.json.decode(msgspec.json.encode(export_lifecycles()))[word]
        assert len(exported["steps"]) == len(ALL[word][0])
        for one in (*exported["states"], *exported["acts"]):
            assert one["zh"]
            assert one["en"]


# Which of the acts possible in each state is taken, one number for each move.
ACTS = st.lists(st.integers(min_value=0, max_value=99), max_size=40)


def walked(lifecycle: Lifecycle, choices: list[int]) -> list[StrEnum]:
    """The states that a sequence of possible acts passes through."""
    state: StrEnum | None = None
    passed: list[StrEnum] = []
    for choice in choices:
        possible = allowed_acts(lifecycle, state)
        if not possible:
            break
        state = next_step(lifecycle, state, possible[choice % len(possible)]).target
        passed.append(state)
    return passed


def in_order(passed: list[StrEnum], *states: StrEnum) -> bool:
    """Whether the last of the states was never reached without all before it, in this order."""
    due = list(states)
    for state in passed:
        if due and state == due[0]:
            due.pop(0)
        elif state == states[-1]:
            return not due
    return True


class TestNoPathSkipsAStep:
    @pytest.mark.requirement("R12")
    @given(acts=ACTS)
    def test_an_item_goes_through_the_seven_steps(self, acts: list[int]) -> None:
        s = ItemState
        seven = (s.REGISTERED, s.PROPOSED, s.UNDER_APPROVAL, s.ESTABLISHED, s.METHOD_CONFIRMED, s.ASSIGNED)
        further = (s.IN_PROGRESS, s.REPORTED, s.UNDER_REVIEW, s.CLOSED, s.REPORTED_BACK, s.CANCELLED_FROM_LEDGER)
        assert in_order(walked(ITEMS, acts), *seven, *further, s.ARCHIVED)

    @pytest.mark.requirement("R1")
    @given(acts=ACTS)
    def test_nothing_happens_to_an_item_before_registration(self, acts: list[int]) -> None:
        passed = walked(ITEMS, acts)
        assert not passed or passed[0] is ItemState.REGISTERED

    @pytest.mark.requirement("R81")
    @given(acts=ACTS)
    def test_a_visit_is_released_only_after_its_record_is_signed(self, acts: list[int]) -> None:
        s = VisitState
        order = (s.DRAFT, s.PLAN_APPROVED, s.TEAM_LOCKED, s.DEPARTED, s.ON_SITE, s.LEFT, s.RECORD_SIGNED, s.RELEASED)
        assert in_order(walked(VISITS, acts), *order)

    @given(acts=ACTS)
    def test_an_ended_visit_stays_ended(self, acts: list[int]) -> None:
        passed = walked(VISITS, acts)
        for ended in (VisitState.ABORTED, VisitState.COMPROMISED, VisitState.FILED):
            if ended in passed:
                assert passed[-1] is ended

    @pytest.mark.requirement("R88")
    @given(acts=ACTS)
    def test_nobody_is_decided_upon_without_the_head_of_government(self, acts: list[int]) -> None:
        s = CaseState
        assert in_order(walked(CASES, acts), s.DRAFT, s.PROPOSED, s.APPROVED, s.HANDED_OVER, s.DECIDED)


def test_no_act_of_the_supervision_office_punishes() -> None:
    approving = {step.act: step.by for step in CASES if step.target in (CaseState.APPROVED, CaseState.REFUSED)}
    assert approving == {"approve": (Role.HEAD,), "refuse": (Role.HEAD,)}
    words = [step.act for lifecycle, _ in ALL.values() for step in lifecycle]
    assert not [word for word in words if "punish" in word or "sanction" in word]


def test_a_unit_knows_of_an_item_only_from_assignment_on() -> None:
    before = {ItemState.REGISTERED, ItemState.PROPOSED, ItemState.UNDER_APPROVAL, ItemState.ESTABLISHED}
    assert before.isdisjoint(WITH_UNIT)
    assert before < set(OPEN)


@pytest.mark.requirement("R3")
def test_the_list_of_sources_holds_at_least_those_demanded() -> None:
    names = {one["zh"] for one in export_lists()["source_kind"]}
    demanded = (
        "上级决策部署 上级交办/督查 政府工作报告 经济工作会议 全体会议 常务会议 办公会议 专题会议 印发文件 领导批示"
        " 领导交办/转办 重点工程 重点工作/指标 人大决定 议提案 媒体反映 网络舆情/网民留言 领导信箱 来信来访来电"
        " 企业/群众投诉 目标考核 跨科室事项 专项活动 工作纪律作风 现场发现 其他"
    )
    assert set(demanded.split()) <= names


@pytest.mark.requirement("R82")
def test_the_methods_of_a_visit_are_those_demanded() -> None:
    assert {one["zh"] for one in export_lists()["visit_method"]} >= {"明查", "暗访", "实地查看", "现场走访", "座谈"}
