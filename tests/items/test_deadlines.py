"""When items are due: the jurisdictions' own numbers, what overrides them, and that an answer stays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from server.calendars import shipped as calendars
from server.items.deadlines import Due, compute
from server.kit.clock import SHANGHAI
from server.kit.limits import Limit, LimitUnit
from server.rulepacks import shipped

CALENDAR = calendars.national()
TONGREN = "tongren-hitech-2014@1"


def item(**changes: Any) -> dict[str, Any]:
    """An invented matter."""
    return {
        "source_kind": "LEADER_INSTRUCTION",
        "category": "SPECIAL",
        "urgency": "ORDINARY",
        "importance": "ORDINARY",
        "immediate": False,
    } | changes


def due(pack: str, row: dict[str, Any], day: str = "2026-04-30", **stated: Any) -> Due:
    received = datetime.fromisoformat(f"{day}T09:30").replace(tzinfo=SHANGHAI)
    return compute(shipped.packs()[pack], CALENDAR, row, received_at=received, **stated)


def last_day(answer: Due) -> date:
    assert answer.at is not None
    return (answer.at.astimezone(SHANGHAI) - timedelta(microseconds=1)).date()


@pytest.mark.requirement("R29")
@pytest.mark.parametrize("urgency", ["URGENT", "EXTRA_URGENT"])
def test_tongren_urgent_matters_of_a_leader_take_three_working_days(urgency: str) -> None:
    answer = due(TONGREN, item(urgency=urgency))
    assert (answer.rule, last_day(answer)) == ("DL-TR-3", date(2026, 5, 8))


@pytest.mark.requirement("R30")
def test_tongren_ordinary_matters_of_a_leader_take_seven_working_days() -> None:
    answer = due(TONGREN, item(source_kind="LEADER_ASSIGNMENT"))
    assert (answer.rule, last_day(answer)) == ("DL-TR-7", date(2026, 5, 13))
    assert answer.words == "7 个工作日，铜仁规则「领导交办一般事项」，日历 2026v1"
    assert answer.words_en == "7 working days, Tongren rules (Assigned by a leader, ordinary), calendar 2026v1"
    assert (answer.pack, answer.calendar, answer.provisional) == (TONGREN, "2026v1", False)


@pytest.mark.requirement("R31")
def test_tongren_research_takes_thirty_days() -> None:
    answer = due(TONGREN, item(category="RESEARCH"))
    assert (answer.rule, last_day(answer), answer.calendar) == ("DL-TR-30", date(2026, 5, 30), None)


def test_tongren_leaves_other_matters_to_the_slip() -> None:
    answer = due(TONGREN, item(source_kind="MEDIA_REPORT"))
    assert (answer.rule, answer.at) == ("DL-TR-N", None)
    assert "须另行写明时限" in answer.words


@pytest.mark.requirement("R32")
@pytest.mark.requirement("S12")
def test_liangshan_instructions_take_fifteen_working_days() -> None:
    answer = due("liangshan-2010@1", item(), "2026-04-30")
    assert (answer.rule, last_day(answer)) == ("DL-LS-15", date(2026, 5, 25))


@pytest.mark.requirement("R33")
def test_the_municipal_office_takes_thirty_days() -> None:
    answer = due("municipal-supervision-office@1", item(source_kind="COMPLAINT"), "2026-09-18")
    assert (answer.rule, last_day(answer)) == ("DL-BWb-30", date(2026, 10, 18))


@pytest.mark.parametrize("pack", ["jincheng-2019@1", "taojiang-2008@1"])
def test_where_the_source_has_no_number_there_is_no_date(pack: str) -> None:
    assert due(pack, item()).at is None


class TestStated:
    @pytest.mark.requirement("R34")
    def test_a_limit_of_the_leader_overrides_the_pack(self) -> None:
        answer = due(TONGREN, item(), stated=Limit(2, LimitUnit.WORKING_DAYS), stated_by="王副县长")
        assert (answer.rule, last_day(answer)) == ("DL-ANY-L", date(2026, 5, 7))
        assert answer.words == "2 个工作日，王副县长要求，日历 2026v1"

    @pytest.mark.parametrize(
        ("stated_by", "named"),
        [("任务通知单", "the task notice"), ("督查通知", "the supervision notice"), ("顾远", "顾远")],
    )
    def test_a_slip_that_states_the_limit_is_named_in_english(self, stated_by: str, named: str) -> None:
        limit, at = Limit(2, LimitUnit.WORKING_DAYS), datetime(2026, 5, 20, 9, tzinfo=UTC)
        assert f"stated by {named}" in due(TONGREN, item(), stated=limit, stated_by=stated_by).words_en
        assert f"stated by {named}" in due(TONGREN, item(), stated_at=at, stated_by=stated_by).words_en

    @pytest.mark.requirement("R34")
    def test_a_date_on_the_slip_overrides_even_the_immediate_mark(self) -> None:
        at = datetime(2026, 5, 20, 9, tzinfo=UTC)
        answer = due(TONGREN, item(immediate=True), stated_at=at)
        assert (answer.rule, answer.at) == ("DL-ANY-L", at)

    @pytest.mark.requirement("R34")
    def test_what_the_item_carries_counts_too(self) -> None:
        row = item(stated_limit_n=48, stated_limit_unit="HOURS", stated_by="督查单")
        answer = due(TONGREN, row)
        assert answer.at == datetime(2026, 5, 2, 1, 30, tzinfo=UTC)


@pytest.mark.requirement("R35")
def test_an_immediate_matter_is_due_when_it_comes() -> None:
    answer = due(TONGREN, item(immediate=True))
    assert (answer.rule, answer.at) == ("DL-IMM", datetime(2026, 4, 30, 1, 30, tzinfo=UTC))


def test_a_year_not_published_makes_the_date_provisional() -> None:
    answer = due(TONGREN, item(), "2026-12-28")
    assert answer.provisional
    assert answer.calendar == "2026v1/2027暂"
    assert "暂定" in answer.words
    assert "provisional" in answer.words_en
