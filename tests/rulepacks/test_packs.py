"""The five packs that come with the program, against the numbers that their sources name."""

from __future__ import annotations

import pytest

from server.items import sources
from server.kit.limits import Limit, LimitUnit
from server.rulepacks import shipped, vocabulary
from server.rulepacks.rules import RulePack, deadline_rule

PACKS = shipped.packs()
LEADER = {"source_kind": "LEADER_INSTRUCTION", "category": "SPECIAL", "importance": "ORDINARY"}


def rule(label: str, **changed: str) -> tuple[str, Limit | None]:
    found = deadline_rule(PACKS[label], **(LEADER | {"urgency": "ORDINARY"} | changed))
    return found.id, found.limit


def test_all_five_jurisdictions_are_there() -> None:
    assert set(PACKS) == {
        "liangshan-2010@1",
        "jincheng-2019@1",
        "municipal-supervision-office@1",
        "tongren-hitech-2014@1",
        "taojiang-2008@1",
    }
    assert shipped.DEFAULT in PACKS


@pytest.mark.requirement("R29")
@pytest.mark.requirement("R30")
@pytest.mark.requirement("R31")
def test_tongren() -> None:
    label = "tongren-hitech-2014@1"
    assert rule(label, urgency="EXTRA_URGENT") == ("DL-TR-3", Limit(3, LimitUnit.WORKING_DAYS))
    assert rule(label) == ("DL-TR-7", Limit(7, LimitUnit.WORKING_DAYS))
    assert rule(label, category="RESEARCH") == ("DL-TR-30", Limit(30, LimitUnit.DAYS))
    assert rule(label, source_kind="OTHER") == ("DL-TR-N", None)


@pytest.mark.requirement("R32")
def test_liangshan() -> None:
    assert rule("liangshan-2010@1") == ("DL-LS-15", Limit(15, LimitUnit.WORKING_DAYS))
    assert rule("liangshan-2010@1", source_kind="WORK_REPORT") == ("DL-LS-N", None)


@pytest.mark.requirement("R33")
@pytest.mark.parametrize("kind", list(vocabulary.SOURCE_KINDS))
def test_the_municipal_office_gives_thirty_days_to_everything(kind: str) -> None:
    found = rule("municipal-supervision-office@1", source_kind=kind)
    assert found == ("DL-BWb-30", Limit(30, LimitUnit.DAYS))


@pytest.mark.requirement("R40")
@pytest.mark.requirement("R41")
def test_the_municipal_office_has_desk_timers() -> None:
    pack = PACKS["municipal-supervision-office@1"]
    assert {one.id: (one.desk_class, one.limit) for one in pack.desk_rules} == {
        "CIR-3": ("NORMAL", Limit(3, LimitUnit.DAYS)),
        "CIR-1": ("URGENT", Limit(1, LimitUnit.DAYS)),
        "CIR-1h": ("EMERGENCY", Limit(1, LimitUnit.HOURS)),
        "CIR-C7": ("CONFIDENTIAL", Limit(7, LimitUnit.DAYS)),
        "CIR-C3": ("CONFIDENTIAL_IMPORTANT", Limit(3, LimitUnit.DAYS)),
        "CIR-C0": ("CONFIDENTIAL_URGENT", Limit(0, LimitUnit.HOURS)),
    }
    assert pack.settings.leader_away_days == 3


@pytest.mark.parametrize("label", ["jincheng-2019@1", "taojiang-2008@1"])
def test_a_source_without_a_number_gives_none(label: str) -> None:
    for one in PACKS[label].deadlines:
        assert one.limit is None
        assert one.ground.reason is not None
        assert one.ground.quote


@pytest.mark.requirement("R27")
def test_tongren_names_the_intensities_and_leaves_the_interval_to_the_office() -> None:
    pack = PACKS["tongren-hitech-2014@1"]
    assert pack.intensity_days == {"KEY": None, "TRACKING": None, "PERIODIC": None}
    assert all(one.ground.reason for one in pack.intensity)


def test_the_ladder_of_tongren() -> None:
    rungs = {one.consequence: (one.any_of, one.approval) for one in PACKS["tongren-hitech-2014@1"].ladder}
    assert rungs["SUPERVISION_BULLETIN"] == (({"overdue_unreported": True, "urged": 1}, {"returned": 1}), "LEADER")
    assert rungs["EFFICIENCY_BULLETIN"] == (({"urged": 2}, {"demand_unmet": True}), "LEADER")
    assert rungs["ACCOUNTABILITY"][1] == "LEADING_BODY"


class TestWhereTheyDisagree:
    def test_handling_by_the_office_itself(self) -> None:
        assert {one.id for one in PACKS.values() if one.settings.self_handling_allowed} == {
            "tongren-hitech-2014",
            "municipal-supervision-office",
            "taojiang-2008",
        }
        assert all(one.settings.self_handling_needs_authorisation for one in PACKS.values())

    def test_party_and_government(self) -> None:
        together = {one.id for one in PACKS.values() if one.settings.profile == "PARTY_AND_GOVERNMENT"}
        assert together == {"jincheng-2019", "taojiang-2008", "tongren-hitech-2014"}

    def test_whose_points_are_deducted(self) -> None:
        assert PACKS["municipal-supervision-office@1"].settings.score_accounts == ("SUPERVISORS",)
        assert PACKS["tongren-hitech-2014@1"].settings.score_accounts == ("UNITS",)

    def test_telephone_or_signature(self) -> None:
        assert not PACKS["jincheng-2019@1"].settings.oral_notice_allowed
        assert PACKS["jincheng-2019@1"].settings.signed_receipt_required
        assert PACKS["tongren-hitech-2014@1"].settings.oral_notice_allowed

    def test_companies_are_entered_through_the_department_everywhere(self) -> None:
        assert {one.settings.company_visits for one in PACKS.values()} == {"THROUGH_DEPARTMENT"}

    def test_the_experts_of_jincheng_lapse_after_a_year(self) -> None:
        assert PACKS["jincheng-2019@1"].settings.expert_pool_months == 12

    def test_two_signatures(self) -> None:
        pack = PACKS["municipal-supervision-office@1"]
        assert pack.settings.two_signatures
        assert pack.setting_grounds["two_signatures"].quote


def test_no_amount_of_points_is_invented() -> None:
    assert {score.points for pack in PACKS.values() for score in pack.scores} == {None}


@pytest.mark.parametrize("pack", PACKS.values(), ids=list(PACKS))
def test_every_rule_rests_on_a_quotation_or_a_reason(pack: RulePack) -> None:
    parts = (pack.deadlines, pack.desk_rules, pack.intensity, pack.ladder, pack.slips, pack.scores)
    grounds = [one.ground for part in parts for one in part]
    grounds += [pack.immediate, *pack.setting_grounds.values()]
    assert all(one.quote or one.reason for one in grounds)


def test_the_codes_are_those_of_the_items() -> None:
    assert {str(key): names for key, names in sources.SOURCE_NAMES.items()} == vocabulary.SOURCE_KINDS
    assert {str(key): names for key, names in sources.CATEGORY_NAMES.items()} == vocabulary.CATEGORIES
    assert {str(key): names for key, names in sources.URGENCY_NAMES.items()} == vocabulary.URGENCIES
