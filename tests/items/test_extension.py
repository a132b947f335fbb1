"""Later dates and written reports: who asks, who decides, what stays visible."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from server.access.roles import Role
from server.calendars import shipped
from server.items.limit_rules import Instructor, Wanted, extended, may_decide, names, who_stated
from server.items.timing_errors import NotLater
from server.kit import db
from server.kit.ids import new_id
from server.kit.limits import Limit, LimitUnit
from tests.factories.circulation import hands
from tests.factories.people import Office
from tests.factories.timing import DUE, MONDAY, Timing, extension_body, ok, report_body

pytestmark = pytest.mark.anyio


@pytest.fixture
async def timing(office: Office) -> Timing:
    return await Timing.prepared(office)


class TestAnExtension:
    @pytest.mark.requirement("R38")
    async def test_keeps_the_original_date_and_is_counted(self, timing: Timing) -> None:
        with hands(MONDAY) as clock:
            item_id = await timing.handed_over()
            before = await timing.time(item_id)
            assert before["due_at"] == before["original_due_at"] == DUE
            clock.pass_(days=3)
            asked = await timing.asked(item_id)
            assert asked["due_at"] == DUE
            pending = asked["extensions"][0]
            assert (pending["state"], pending["late"]) == ("PENDING", False)
            granted = await ok(timing.chief.post(f"/api/extensions/{pending['id']}/grant", {"opinion": "同意"}))
            # Five working days after Wednesday, 3 June: Wednesday, 10 June.
            assert granted["due_at"] == "2026-06-10T16:00:00Z"
            assert granted["original_due_at"] == DUE
            assert granted["extension_count"] == 1
            assert granted["original_words"] == before["words"]
            assert "第 1 次延期" in granted["words"]
            assert "2026v1" in granted["words"]
            assert granted["calendar"] == "2026v1"
            again = (await timing.asked(item_id, until="2026-06-30"))["extensions"][1]
            granted = await ok(timing.leader.post(f"/api/extensions/{again['id']}/grant", {}))
            assert granted["due_at"] == "2026-06-30T16:00:00Z"
            assert granted["original_due_at"] == DUE
            assert granted["original_words"] == before["words"]
            assert [one["no"] for one in granted["extensions"]] == [1, 2]

    @pytest.mark.requirement("R38")
    async def test_may_be_granted_for_another_date_than_asked(self, timing: Timing) -> None:
        with hands(MONDAY):
            item_id = await timing.handed_over()
            one = (await timing.asked(item_id, n=30, unit="DAYS"))["extensions"][0]
            path = f"/api/extensions/{one['id']}/grant"
            sooner = await timing.chief.post(path, {"until": "2026-06-02"})
            assert sooner.json()["code"] == "not_later"
            both = await timing.chief.post(path, {"until": "2026-06-12", "n": 3, "unit": "DAYS"})
            assert both.json()["code"] == "one_limit"
            granted = await ok(timing.chief.post(path, {"until": "2026-06-12"}))
            assert granted["due_at"] == "2026-06-12T16:00:00Z"

    @pytest.mark.requirement("R38")
    async def test_asked_for_late_leaves_the_item_overdue(self, timing: Timing) -> None:
        with hands(MONDAY) as clock:
            item_id = await timing.handed_over()
            clock.pass_(days=12)
            asked = await timing.asked(item_id)
            assert asked["overdue"]
            assert asked["extensions"][0]["late"]
            assert [row["id"] for row in await timing.overdue()] == [item_id]
            refused = await ok(
                timing.chief.post(f"/api/extensions/{asked['extensions'][0]['id']}/refuse", {"opinion": "理由不充分"})
            )
            assert refused["extensions"][0]["opinion"] == "理由不充分"
            assert refused["overdue"]
            assert refused["extension_count"] == 0

    @pytest.mark.requirement("R38")
    async def test_is_not_decided_by_who_asked(self, timing: Timing) -> None:
        both = await timing.office.caller("both", Role.UDEP, Role.LEADER, unit=timing.office.handling_unit)
        item_id = await timing.handed_over()
        one = (await timing.asked(item_id, both))["extensions"][0]
        assert "decide_extension" not in (await timing.time(item_id, both))["acts"]
        answer = await both.post(f"/api/extensions/{one['id']}/grant", {})
        assert answer.json()["code"] == "not_your_own_request"
        assert (await timing.deputy.post(f"/api/extensions/{one['id']}/grant", {})).json()["code"] == "not_permitted"
        with pytest.raises(Exception, match="check constraint"):
            await db.execute(
                "UPDATE item_extensions SET state = 'REFUSED', opinion = 'x', decided_at = now(),"
                " decided_by = requested_by"
            )

    @pytest.mark.requirement("R38")
    async def test_of_a_limit_that_a_leader_stated_is_for_leaders(self, timing: Timing) -> None:
        item_id = await timing.handed_over(stated_by="县长顾远")
        view = await timing.asked(item_id)
        one = view["extensions"][0]
        assert one["stated_by"] == "县长顾远"
        answer = await timing.chief.post(f"/api/extensions/{one['id']}/grant", {})
        assert answer.json()["code"] == "limit_of_a_leader"
        waiting = "/api/extensions"
        assert (await ok(timing.chief.get(waiting)))["extensions"][0]["mine"] is False
        assert (await ok(timing.leader.get(waiting)))["extensions"][0]["mine"] is True
        granted = await ok(timing.leader.post(f"/api/extensions/{one['id']}/grant", {}))
        assert granted["extensions"][0]["decided_by"]["id"] == str(timing.leader.person_id)
        # A second one is still about a leader's limit, although the rule is now that of the extension.
        assert (await timing.asked(item_id))["extensions"][1]["stated_by"] == "县长顾远"

    def test_decider_roles(self) -> None:
        assert may_decide({Role.OFFICE}, "", stater=False)
        assert not may_decide({Role.OFFICE}, "县长顾远", stater=False)
        assert may_decide({Role.ORIGIN}, "县长顾远", stater=True)
        assert not may_decide({Role.ORIGIN}, "县长顾远", stater=False)
        assert not may_decide({Role.SUP, Role.HEAD}, "县长顾远", stater=True)

    @pytest.mark.parametrize(
        ("stated_by", "name", "meant"),
        [
            ("县长顾 远", "顾远", True),
            ("顾远", "顾 远", True),
            ("常务副县长顾远", "顾远", True),
            ("顾远常务副县长在调度会上", "顾远", True),
            ("顾远批示", "顾远", True),
            ("县长 origin", "origin", True),
            ("县长 origin2", "origin", False),
            ("县长顾远航", "顾远", False),  # another, whose name begins like his
            ("县长司马光", "马光", False),  # another, whose name ends like his
            ("县长顾远", "陆川", False),
            ("", "顾远", False),
            ("县长顾远", "", False),
        ],
    )
    def test_a_leader_is_named_by_his_whole_name(self, stated_by: str, name: str, meant: bool) -> None:
        assert names(stated_by, name) is meant

    def test_of_two_leaders_of_one_name_neither_is_taken_for_the_other(self) -> None:
        one, other = Instructor(new_id(), ("王伟",)), Instructor(new_id(), ("王伟",))
        without_account = Instructor(None, ("王伟",))
        assert who_stated("县长王伟", [one, one]) == one.person_id
        assert who_stated("县长王伟", [one, other]) is None
        assert who_stated("县长王伟", [one, without_account]) is None

    @pytest.mark.requirement("R38")
    async def test_two_who_decide_at_once_are_one_decision(self, timing: Timing) -> None:
        item_id = await timing.handed_over()
        one = (await timing.asked(item_id))["extensions"][0]
        path = f"/api/extensions/{one['id']}"
        answers = await asyncio.gather(
            timing.chief.post(f"{path}/grant", {}), timing.leader.post(f"{path}/refuse", {"opinion": "不同意"})
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        lost = next(answer for answer in answers if answer.status_code == 409)
        assert lost.json()["code"] == "extension_decided"

    async def test_waits_alone_and_can_be_withdrawn(self, timing: Timing) -> None:
        item_id = await timing.handed_over()
        body = extension_body()
        first = await timing.deputy.post(f"/api/items/{item_id}/extensions", body)
        again = await timing.deputy.post(f"/api/items/{item_id}/extensions", body)
        assert first.json()["extensions"] == again.json()["extensions"]
        other = await timing.deputy.post(f"/api/items/{item_id}/extensions", extension_body())
        assert other.json()["code"] == "extension_pending"
        taken = await ok(timing.liaison.post(f"/api/extensions/{body['id']}/withdraw"))
        assert taken["extensions"][0]["state"] == "WITHDRAWN"
        late = await timing.chief.post(f"/api/extensions/{body['id']}/grant", {})
        assert late.json()["code"] == "extension_decided"
        await timing.asked(item_id)

    async def test_is_asked_for_by_the_lead_unit_in_progress_only(self, timing: Timing) -> None:
        item_id = await timing.handed_over(signed=False)
        early = await timing.deputy.post(f"/api/items/{item_id}/extensions", extension_body())
        assert early.json()["code"] == "wrong_state"
        handler = await timing.office.caller("handler", Role.UH, unit=timing.office.handling_unit)
        item_id = await timing.handed_over()
        answer = await handler.post(f"/api/items/{item_id}/extensions", extension_body())
        assert answer.json()["code"] == "not_your_step"
        other_unit = new_id()
        await db.execute(
            "INSERT INTO units (id, org_id, name, kind) VALUES ($1, $2, '财政局', 'department')",
            other_unit,
            timing.office.org_id,
        )
        stranger = await timing.office.caller("stranger", Role.UDEP, unit=other_unit)
        for path in (f"/api/items/{item_id}/time", f"/api/items/{new_id()}/time"):
            assert (await stranger.get(path)).status_code == 404
        assert (await stranger.post(f"/api/items/{item_id}/extensions", extension_body())).status_code == 404
        one = (await timing.asked(item_id))["extensions"][0]
        assert (await stranger.post(f"/api/extensions/{one['id']}/withdraw")).status_code == 404

    async def test_refuses_secrets_and_old_versions(self, timing: Timing) -> None:
        item_id = await timing.handed_over()
        marked = await timing.deputy.post(f"/api/items/{item_id}/extensions", extension_body(reason="【机密】"))
        assert marked.json()["code"] == "state_secret_refused"
        old = (await timing.time(item_id))["version"]
        one = (await timing.asked(item_id))["extensions"][0]
        answer = await timing.chief.post(f"/api/extensions/{one['id']}/grant", {}, headers={"If-Match": f'"{old}"'})
        assert answer.json()["code"] == "changed_meanwhile"


class TestCounting:
    DUE_AT = datetime(2026, 6, 3, 16, 0, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("limit", "at"),
        [
            (Limit(5, LimitUnit.WORKING_DAYS), datetime(2026, 6, 10, 16, 0, tzinfo=UTC)),
            # 19 June is the Dragon Boat Festival.
            (Limit(12, LimitUnit.WORKING_DAYS), datetime(2026, 6, 22, 16, 0, tzinfo=UTC)),
            (Limit(5, LimitUnit.DAYS), datetime(2026, 6, 8, 16, 0, tzinfo=UTC)),
            (Limit(6, LimitUnit.HOURS), datetime(2026, 6, 3, 22, 0, tzinfo=UTC)),
        ],
    )
    def test_begins_on_the_day_after_the_present_last_day(self, limit: Limit, at: datetime) -> None:
        due = extended(shipped.national(), "x@1", self.DUE_AT, Wanted(None, limit), no=1, by="何静")
        assert due.at == at

    def test_keeps_close_of_business(self) -> None:
        closing = datetime(2026, 6, 3, 9, 30, tzinfo=UTC)
        due = extended(shipped.national(), "x@1", closing, Wanted(None, Limit(1, LimitUnit.DAYS)), no=1, by="何静")
        assert due.at == closing + timedelta(days=1)

    def test_never_leads_to_an_earlier_date(self) -> None:
        same = extended(shipped.national(), "", self.DUE_AT, Wanted(self.DUE_AT.date(), None), no=1, by="")
        assert same.at == self.DUE_AT
        with pytest.raises(NotLater):
            earlier = self.DUE_AT.date() - timedelta(days=1)
            extended(shipped.national(), "", self.DUE_AT, Wanted(earlier, None), no=1, by="")


class TestAWrittenReport:
    @pytest.mark.requirement("R37")
    async def test_in_time_makes_the_difference_between_reported_and_silent(self, timing: Timing) -> None:
        with hands(MONDAY) as clock:
            told, silent = await timing.handed_over(), await timing.handed_over()
            view = await timing.reported(told, expected_on="2026-06-20")
            assert view["written_reports"][0]["in_time"]
            assert view["reported"] and not view["overdue"]
            clock.now = datetime(2026, 6, 3, 16, 0, tzinfo=UTC)
            assert await timing.overdue() == []
            clock.pass_(seconds=1)
            assert {row["id"] for row in await timing.overdue()} == {told, silent}
            assert [row["id"] for row in await timing.overdue(kind="reported")] == [told]
            assert [row["id"] for row in await timing.overdue(kind="unreported")] == [silent]

    @pytest.mark.requirement("R37")
    async def test_that_comes_too_late_is_kept_and_changes_nothing(self, timing: Timing) -> None:
        with hands(MONDAY) as clock:
            item_id = await timing.handed_over()
            clock.pass_(days=20)
            view = await timing.reported(item_id)
            assert not view["written_reports"][0]["in_time"]
            assert view["overdue"] and not view["reported"]
            assert [row["id"] for row in await timing.overdue(kind="unreported")] == [item_id]

    @pytest.mark.requirement("R37")
    async def test_is_about_the_limit_in_force_when_it_came(self, timing: Timing) -> None:
        with hands(MONDAY) as clock:
            item_id = await timing.handed_over()
            await timing.reported(item_id)
            one = (await timing.asked(item_id))["extensions"][0]
            clock.pass_(hours=1)
            granted = await ok(timing.chief.post(f"/api/extensions/{one['id']}/grant", {}))
            assert not granted["reported"]
            clock.pass_(hours=1)
            assert (await timing.reported(item_id))["reported"]

    async def test_is_filed_once_and_never_changed(self, timing: Timing) -> None:
        item_id = await timing.handed_over()
        body = report_body()
        path = f"/api/items/{item_id}/written-reports"
        for _ in range(2):
            assert (await timing.liaison.post(path, body)).status_code == 201
        reused = await timing.liaison.post(path, {**body, "reason": "另一理由"})
        assert reused.json()["code"] == "id_reused"
        assert len((await timing.time(item_id))["written_reports"]) == 1
        with pytest.raises(Exception, match="append-only"):
            await db.execute("UPDATE item_written_reports SET reason = 'x'")

    async def test_and_the_lists_are_seen_by_their_own_unit_only(self, timing: Timing) -> None:
        with hands(MONDAY) as clock:
            item_id = await timing.handed_over()
            clock.pass_(days=20)
            assert [row["id"] for row in await timing.overdue(timing.liaison)] == [item_id]
            other_unit = new_id()
            await db.execute(
                "INSERT INTO units (id, org_id, name, kind) VALUES ($1, $2, '财政局', 'department')",
                other_unit,
                timing.office.org_id,
            )
            stranger = await timing.office.caller("stranger", Role.LIAISON, unit=other_unit)
            assert await timing.overdue(stranger) == []


@pytest.mark.requirement("R38")
async def test_what_the_office_handles_itself_is_extended_by_another_than_who_asks(timing: Timing) -> None:
    with hands(MONDAY):
        item_id = await timing.handed_over()
        await db.execute(
            "UPDATE items SET mode = 'SELF', mode_reason = '涉及督查室自身', handling_unit_id = $1",
            timing.office.office_unit,
        )
        assert "request_extension" in (await timing.time(item_id, timing.supervisor))["acts"]
        outside = await timing.deputy.post(f"/api/items/{item_id}/extensions", extension_body())
        assert outside.status_code == 404
        leader = await timing.leader.post(f"/api/items/{item_id}/extensions", extension_body())
        assert leader.json()["code"] == "not_your_step"
        asked = (await timing.asked(item_id, timing.chief))["extensions"][0]
        path = f"/api/extensions/{asked['id']}"
        assert (await timing.chief.post(f"{path}/grant", {})).json()["code"] == "not_your_own_request"
        assert (await ok(timing.leader.post(f"{path}/grant", {})))["extension_count"] == 1
        reported = await timing.reported(item_id, timing.supervisor)
        assert [one["unit"]["name"] for one in reported["written_reports"]] == ["督查室"]
