"""A visit from plan to release, over the same doors that people use."""

from __future__ import annotations

from datetime import UTC, datetime

import anyio
import pytest

from server.access.errors import NotYourStep
from server.access.roles import Role
from server.kit import db
from server.kit.errors import IdReused, NotFound, WrongState
from server.kit.ids import new_id
from server.visits.errors import ClausesIncomplete
from tests.factories.items import recorded_site, registered_item
from tests.factories.people import Office
from tests.factories.visits import Inspection, kept_clauses

pytestmark = pytest.mark.anyio


@pytest.fixture
async def inspection(office: Office) -> Inspection:
    return await Inspection.prepared(office)


class TestPlan:
    async def test_waits_for_its_approver(self, inspection: Inspection) -> None:
        view = (await inspection.plan()).json()
        assert view["state"] == "DRAFT"
        assert view["object_unit"]["name"] == "住房和城乡建设局"
        assert [(one["name"], one["role"]) for one in view["team"]] == [("zhouheng", "TL"), ("linxia", "TM")]
        assert view["acts"] == []
        seen = (await inspection.head.get(f"/api/visits/{inspection.visit_id}")).json()
        assert seen["acts"] == ["approve"]

    async def test_sending_it_twice_is_one_plan(self, inspection: Inspection) -> None:
        body = inspection.plan_body()
        first = await inspection.planner.post("/api/visits", body)
        again = await inspection.planner.post("/api/visits", body)
        assert (first.status_code, again.status_code) == (201, 201)
        assert first.json() == again.json()
        changed = await inspection.planner.post("/api/visits", {**body, "title": "另一次"})
        assert changed.json()["code"] == "id_reused"

    async def test_needs_its_leader_on_the_team(self, inspection: Inspection) -> None:
        answer = await inspection.plan(leader_id=str(inspection.head.person_id))
        assert answer.json()["code"] == "leader_missing"

    async def test_takes_only_field_staff(self, inspection: Inspection, office: Office) -> None:
        outsider = await office.person("unit", Role.LIAISON, unit=office.handling_unit)
        answer = await inspection.plan(team=[str(inspection.leader.person_id), str(outsider)])
        assert answer.json()["code"] == "not_field_staff"

    async def test_is_approved_by_head_or_leader_in_charge_only(self, inspection: Inspection) -> None:
        answer = await inspection.plan(approver_id=str(inspection.chief.person_id))
        assert answer.json()["code"] == "approver_cannot_approve"

    async def test_has_a_department_as_its_object(self, inspection: Inspection) -> None:
        # 733 art. 5: the company that runs a site is no object of supervision.
        item = await registered_item(inspection.chief)
        site = await recorded_site(inspection.chief, item["id"])
        answer = await inspection.plan(item_id=item["id"], site_id=site["id"])
        assert answer.json()["code"] == "object_missing"

    async def test_goes_to_a_site_of_its_item(self, inspection: Inspection) -> None:
        item = await registered_item(inspection.chief)
        site = await recorded_site(inspection.chief, item["id"])
        assert (await inspection.plan(site_id=site["id"])).json()["code"] == "site_of_another_item"

    async def test_refuses_a_marked_brief(self, inspection: Inspection) -> None:
        assert (await inspection.plan(brief="机密★ 路线")).json()["code"] == "state_secret_refused"

    @pytest.mark.requirement("R86")
    async def test_may_be_at_night_and_on_a_holiday(self, inspection: Inspection) -> None:
        answer = await inspection.plan(
            planned_for="2026-10-01", starts_at="2026-10-01T15:00:00Z", ends_at="2026-10-01T19:00:00Z"
        )
        assert answer.json()["starts_at"] == "2026-10-01T15:00:00Z"


class TestApprove:
    async def test_only_the_named_approver(self, inspection: Inspection, office: Office) -> None:
        await inspection.plan()
        other = await office.caller("luming", Role.LEADER)
        # For a leader who is not the approver the visit does not exist.
        assert (await inspection.act(other, "approve")).status_code == 404
        assert (await inspection.act(inspection.planner, "approve")).json()["code"] == "not_permitted"
        assert (await inspection.act(inspection.head, "approve")).json()["state"] == "PLAN_APPROVED"

    async def test_nobody_approves_his_own_plan(self, inspection: Inspection, office: Office) -> None:
        both = await office.caller("both", Role.SUP, Role.HEAD)
        body = inspection.plan_body(approver_id=str(both.person_id))
        assert (await both.post("/api/visits", body)).json()["code"] == "own_proposal"
        with pytest.raises(Exception, match="check constraint"):
            await inspection.plan()
            await db.execute("UPDATE visits SET created_by = approver_id")

    async def test_of_two_at_once_exactly_one_wins(self, inspection: Inspection) -> None:
        await inspection.plan()
        answers = []

        async def one() -> None:
            answers.append(await inspection.act(inspection.head, "approve"))

        async with anyio.create_task_group() as group:
            for _ in range(2):
                group.start_soon(one)
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        assert await db.fetch_value("SELECT count(*) FROM visit_steps") == 1
        assert await db.fetch_value("SELECT count(*) FROM journal_entries WHERE kind = 'visit.approved'") == 1

    async def test_the_same_key_twice_is_one_approval(self, inspection: Inspection) -> None:
        await inspection.plan()
        key = {"Idempotency-Key": str(new_id())}
        first = await inspection.act(inspection.head, "approve", **key)
        again = await inspection.act(inspection.head, "approve", **key)
        assert first.json() == again.json()
        assert again.status_code == 200

    async def test_a_stale_look_is_refused(self, inspection: Inspection) -> None:
        await inspection.plan()
        stale = await inspection.act(inspection.head, "approve", **{"If-Match": '"7"'})
        assert stale.json()["code"] == "changed_meanwhile"
        fresh = await inspection.head.get(f"/api/visits/{inspection.visit_id}")
        answer = await inspection.act(inspection.head, "approve", **{"If-Match": fresh.headers["etag"]})
        assert answer.status_code == 200


class TestLock:
    async def test_needs_two_members(self, inspection: Inspection) -> None:
        await inspection.plan(team=[str(inspection.leader.person_id)])
        await inspection.act(inspection.head, "approve")
        assert (await inspection.act(inspection.chief, "lock-team")).json()["code"] == "team_too_small"
        team = [str(inspection.leader.person_id), str(inspection.member.person_id)]
        locked = await inspection.act(inspection.chief, "lock-team", {"team": team})
        assert locked.json()["state"] == "TEAM_LOCKED"
        assert len(locked.json()["team"]) == 2

    async def test_who_leaves_the_team_no_longer_knows_of_the_visit(
        self, inspection: Inspection, office: Office
    ) -> None:
        await inspection.until("PLAN_APPROVED")
        substitute = await office.caller("substitute", Role.SUP, Role.TM)
        team = [str(inspection.leader.person_id), str(substitute.person_id)]
        await inspection.act(inspection.chief, "lock-team", {"team": team})
        assert (await inspection.member.get(f"/api/visits/{inspection.visit_id}")).status_code == 404
        gone = await db.fetch_one(
            "SELECT kind, op FROM feed_changes WHERE person_id = $1 AND op = 'gone'", inspection.member.person_id
        )
        assert tuple(gone) == ("visit", "gone")

    async def test_comes_after_approval(self, inspection: Inspection) -> None:
        await inspection.plan()
        answer = await inspection.act(inspection.chief, "lock-team")
        assert answer.json()["code"] == "wrong_state"
        assert answer.json()["params"]["allowed"] == ["approve", "abort", "compromise"]


class TestInTheField:
    async def test_step_by_step_to_the_release(self, inspection: Inspection) -> None:
        view = await inspection.until("RELEASED")
        assert [one["act"] for one in view["steps"]] == [
            "approve",
            "lock_team",
            "depart",
            "arrive",
            "leave",
            "sign",
            "release",
        ]
        assert view["released"] is True
        assert all(clause["kept"] for clause in view["clauses"].values())
        assert len(view["clauses"]) == 6

    async def test_keeps_the_phones_time_beside_the_servers(self, inspection: Inspection) -> None:
        await inspection.until("TEAM_LOCKED")
        reported = datetime(2026, 5, 25, 1, 30, tzinfo=UTC)
        await inspection.advance(inspection.leader, "depart", at=reported)
        step = (await inspection.view())["steps"][-1]
        assert step["reported_at"] == "2026-05-25T01:30:00Z"
        assert step["received_at"] != step["reported_at"]
        assert step["acc_cm"] == 800

    async def test_out_of_order_is_refused_with_what_is_possible(self, inspection: Inspection) -> None:
        await inspection.until("TEAM_LOCKED")
        with pytest.raises(WrongState) as refused:
            await inspection.advance(inspection.leader, "arrive")
        assert refused.value.params["allowed"] == ["depart", "abort", "compromise"]

    async def test_the_same_command_twice_is_one_step(self, inspection: Inspection) -> None:
        await inspection.until("TEAM_LOCKED")
        command = new_id()
        await inspection.advance(inspection.leader, "depart", id=command)
        await inspection.advance(inspection.leader, "depart", id=command)
        assert await db.fetch_value("SELECT count(*) FROM visit_steps WHERE act = 'depart'") == 1
        with pytest.raises(IdReused):
            await inspection.advance(inspection.leader, "arrive", id=command)

    async def test_the_leader_departs_arrives_and_signs_any_member_leaves(self, inspection: Inspection) -> None:
        await inspection.until("TEAM_LOCKED")
        with pytest.raises(NotYourStep):
            await inspection.advance(inspection.member, "depart")
        await inspection.advance(inspection.leader, "depart")
        await inspection.advance(inspection.leader, "arrive")
        await inspection.advance(inspection.member, "leave")
        with pytest.raises(NotYourStep):
            await inspection.advance(inspection.member, "sign")

    async def test_a_stranger_finds_no_visit_to_advance(self, inspection: Inspection, office: Office) -> None:
        await inspection.until("TEAM_LOCKED")
        stranger = await office.caller("stranger", Role.SUP, Role.TL)
        with pytest.raises(NotFound):
            await inspection.advance(stranger, "depart")

    async def test_signing_attests_all_six_clauses(self, inspection: Inspection) -> None:
        await inspection.until("LEFT")
        with pytest.raises(ClausesIncomplete):
            await inspection.advance(inspection.leader, "sign", clauses=None)
        with pytest.raises(ClausesIncomplete):
            await inspection.advance(inspection.leader, "sign", clauses=kept_clauses(no_escort=None))
        await inspection.advance(inspection.leader, "sign", clauses=kept_clauses(no_escort="社区书记同行引路"))
        view = await inspection.view()
        assert view["clauses"]["no_escort"] == {"kept": False, "reason": "社区书记同行引路"}

    async def test_an_aborted_visit_stays_hidden_and_keeps_its_reason(self, inspection: Inspection) -> None:
        await inspection.until("DEPARTED")
        assert (await inspection.act(inspection.member, "abort", {"reason": "x"})).json()["code"] == "not_your_step"
        aborted = await inspection.act(inspection.leader, "abort", {"reason": "道路塌方，无法到达"})
        assert aborted.json()["state"] == "ABORTED"
        assert aborted.json()["steps"][-1]["reason"] == "道路塌方，无法到达"
        assert (await inspection.act(inspection.chief, "release")).json()["code"] == "wrong_state"

    async def test_what_was_done_cannot_be_rewritten(self, inspection: Inspection) -> None:
        await inspection.until("DEPARTED")
        with pytest.raises(Exception, match="append-only"):
            await db.execute("UPDATE visit_steps SET reported_at = now()")


@pytest.mark.requirement("R80")
async def test_visits_are_counted_for_their_item(inspection: Inspection) -> None:
    await inspection.until("RELEASED")
    await inspection.plan()
    of_item = (await inspection.chief.get("/api/visits", params={"item_id": inspection.item["id"]})).json()["visits"]
    assert [one["state"] for one in of_item] == ["DRAFT", "RELEASED"]
    other = await registered_item(inspection.chief)
    assert (await inspection.chief.get("/api/visits", params={"item_id": other["id"]})).json()["visits"] == []


async def test_the_journal_holds_no_content(inspection: Inspection) -> None:
    await inspection.until("RELEASED")
    told = await db.fetch_value("SELECT string_agg(data::text, ' ') FROM journal_entries")
    for content in ("看脚手架", "暗访", "302500000"):
        assert content not in told
