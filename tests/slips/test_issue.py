"""Drafting and signing off: what bars the issue, who signs, numbers without gaps, a text that stays."""

from __future__ import annotations

import asyncio

import pytest

from server.access.roles import Role
from server.kit import db
from server.kit.ids import new_id
from tests.factories.people import Office
from tests.factories.process import fields, ok
from tests.factories.slips import Slips, lacking

pytestmark = pytest.mark.anyio


@pytest.fixture
async def slips(office: Office) -> Slips:
    return await Slips.prepared(office)


class TestDraft:
    @pytest.mark.requirement("S24")
    @pytest.mark.requirement("R104")
    async def test_has_no_number_and_names_what_it_lacks(self, slips: Slips) -> None:
        draft = await slips.drafted(slips.body(task="", standard="", recipients=[]))
        assert (draft["state"], draft["number"]) == ("DRAFT", None)
        assert draft["content"]["number"] is None
        assert lacking(draft) == {
            ("task", "task_missing"),
            ("standard", "standard_missing"),
            ("recipients", "one_handling_unit"),
        }
        refused = await slips.issue(draft)
        assert refused.json()["code"] == "slip_incomplete"
        assert fields(refused) == lacking(draft)
        assert await db.fetch_value("SELECT seq FROM slips WHERE id = $1", draft["id"]) is None

    async def test_is_one_however_often_it_is_sent_and_is_revised_by_version(self, slips: Slips) -> None:
        body = slips.body()
        first, again = await slips.drafted(body), await slips.drafted(body)
        assert first == again
        changed = {key: body[key] for key in ("mode", "standard", "recipients")} | {"task": "另行明确"}
        put = slips.process.supervisor.request
        path = f"/api/slips/{first['id']}"
        revised = await ok(put("PUT", path, json=changed, headers={"If-Match": f'"{first["version"]}"'}))
        assert revised["content"]["task"] == "另行明确"
        late = await put("PUT", path, json=changed, headers={"If-Match": f'"{first["version"]}"'})
        assert late.json()["code"] == "changed_meanwhile"

    async def test_is_unknown_outside_the_office_and_can_be_discarded(self, slips: Slips) -> None:
        draft = await slips.drafted()
        for stranger in (slips.road.liaison, slips.process.leader):
            hidden = await stranger.get(f"/api/slips/{draft['id']}")
            absent = await stranger.get(f"/api/slips/{new_id()}")
            assert (hidden.status_code, hidden.content) == (404, absent.content)
            assert (await stranger.get("/api/slips")).json()["slips"] == []
        gone = await ok(slips.process.supervisor.post(f"/api/slips/{draft['id']}/discard"))
        assert (gone["state"], gone["number"]) == ("DISCARDED", None)
        assert (await slips.issue(draft)).json()["code"] == "wrong_state"

    async def test_refuses_secrets_strangers_and_contradictions(self, slips: Slips) -> None:
        post = slips.process.supervisor.post
        secret = await post("/api/slips", slips.body(standard="机密★一年 内容"))
        assert secret.json()["code"] == "state_secret_refused"
        stranger = {"unit_id": str(new_id())}
        assert (await post("/api/slips", slips.body(stranger))).json()["code"] == "unknown_unit"
        unknown = slips.road.recipient(person_id=str(new_id()))
        assert (await post("/api/slips", slips.body(unknown))).json()["code"] == "unknown_person"
        twice = await post("/api/slips", slips.body(slips.road.recipient(), slips.road.recipient()))
        assert fields(twice) == {("recipients", "unit_twice")}
        both = await post(
            "/api/slips", slips.body(limit={"n": 3, "unit": "DAYS"}, limit_at="2030-01-01T00:00:00+08:00")
        )
        assert fields(both) == {("limit", "two_limits")}
        assert (await slips.road.liaison.post("/api/slips", slips.body())).json()["code"] == "not_permitted"


class TestIssue:
    @pytest.mark.requirement("R19")
    @pytest.mark.parametrize(("field", "code"), [("standard", "standard_missing"), ("task", "task_missing")])
    async def test_needs_task_and_standard(self, slips: Slips, field: str, code: str) -> None:
        refused = await slips.issue(await slips.drafted(slips.body(**{field: "  "})))
        assert refused.status_code == 422
        assert fields(refused) == {(field, code)}

    @pytest.mark.requirement("R19")
    async def test_takes_the_limit_from_the_rules_or_from_the_slip(self, slips: Slips) -> None:
        preview = await slips.drafted()
        assert preview["content"]["limit"]["words"].startswith("7 个工作日")
        stated = await slips.issued(slips.body(limit={"n": 2, "unit": "WORKING_DAYS"}))
        assert stated["content"]["limit"]["words"].startswith("2 个工作日,任务通知单要求")
        item = await slips.item()
        assert item["due_at"] == stated["due_at"] == stated["content"]["limit"]["at"]
        assert stated["item"]["due_words"] == stated["content"]["limit"]["words"]

    @pytest.mark.requirement("R19")
    async def test_refuses_a_limit_that_has_passed(self, slips: Slips) -> None:
        refused = await slips.issue(await slips.drafted(slips.body(limit_at="2020-01-01T00:00:00+08:00")))
        assert fields(refused) == {("limit_at", "limit_in_the_past")}

    @pytest.mark.requirement("R19")
    async def test_the_database_refuses_a_task_notice_without_standard(self, slips: Slips) -> None:
        draft = await slips.drafted(slips.body(standard=""))
        with pytest.raises(Exception, match="check constraint"):
            await db.execute(
                "UPDATE slips SET state = 'ISSUED', year = 2026, seq = 1, issued_by = $2, issued_at = now(),"
                " due_at = now(), content = '{}' WHERE id = $1",
                draft["id"],
                slips.process.chief.person_id,
            )

    async def test_hands_the_item_over_and_freezes_what_was_signed(self, slips: Slips) -> None:
        hidden = await slips.road.liaison.get(f"/api/items/{slips.item_id}")
        assert hidden.status_code == 404
        slip = await slips.issued()
        content = slip["content"]
        assert slip["number"].startswith("任务通知单〔2") and slip["number"].endswith("〕1号")
        assert content["number"] == slip["number"]
        assert content["issued_by"]["name"] == "he"
        assert content["drafted_by"]["name"] == "lin"
        assert content["follow_up"]["name"] == "lin"
        assert [(one["unit"]["name"], one["person"]["name"]) for one in content["units"]] == [
            ("交通运输局", "road-deputy")
        ]
        item = await slips.item(slips.road.liaison)
        assert item["state"] == "ASSIGNED"
        assert item["handling_unit"]["name"] == "交通运输局"
        # Whatever is renamed later, the slip says what was signed.
        await db.execute("UPDATE units SET name = '交通局' WHERE id = $1", slips.road.id)
        again = await ok(slips.process.chief.get(f"/api/slips/{slip['id']}"))
        assert again["content"] == content
        for change in ("task = 'x'", "seq = 9", "content = '{}'", "issued_at = now()", "state = 'DRAFT'"):
            with pytest.raises(Exception, match=r"issued slip|check constraint"):
                await db.execute(f"UPDATE slips SET {change} WHERE id = $1", slip["id"])
        with pytest.raises(Exception, match="never deleted"):
            await db.execute("DELETE FROM slips WHERE id = $1", slip["id"])
        with pytest.raises(Exception, match="never deleted"):
            await db.execute("DELETE FROM slip_recipients WHERE slip_id = $1", slip["id"])

    async def test_who_drafts_does_not_sign_and_a_unit_issues_nothing(self, slips: Slips, office: Office) -> None:
        own = await ok(slips.process.chief.post("/api/slips", slips.body(follow_up_id=str(office.people["lin"]))))
        assert own["acts"].count("issue") == 0
        assert (await slips.issue(own)).json()["code"] == "own_draft"
        for stranger in (slips.process.supervisor, slips.road.head, slips.process.leader):
            assert (await slips.issue(own, stranger)).json()["code"] == "not_permitted"
        second = await office.caller("he2", Role.OFFICE)
        assert (await slips.issue(own, second)).status_code == 200

    async def test_of_two_who_issue_at_once_exactly_one_does(self, slips: Slips, office: Office) -> None:
        draft = await slips.drafted()
        second = await office.caller("he2", Role.OFFICE)
        answers = await asyncio.gather(*(slips.issue(draft, who) for who in (slips.process.chief, second) * 2))
        codes = sorted(answer.json().get("code", "issued") for answer in answers)
        assert codes == ["already_issued"] * 3 + ["issued"]
        assert await db.fetch_value("SELECT count(*) FROM journal_entries WHERE kind = 'slip.issued'") == 1
        assert await db.fetch_value("SELECT count(*) FROM item_tasks") == 1

    @pytest.mark.requirement("R104")
    async def test_numbers_of_a_series_have_no_gaps_whoever_fails_or_hurries(self, slips: Slips) -> None:
        await slips.issued()
        notice = {"series": "NOTICE", "mode": None, "standard": ""}
        bad = [await slips.drafted(slips.body(**notice | {"task": ""})) for _ in range(3)]
        good = [await slips.drafted(slips.body(**notice)) for _ in range(5)]
        mixed = [one for pair in zip(good, bad, strict=False) for one in pair] + good[3:]
        await asyncio.gather(*(slips.issue(one) for one in mixed))
        rows = await db.fetch("SELECT seq FROM slips WHERE series = 'NOTICE' AND seq IS NOT NULL ORDER BY seq")
        assert [row["seq"] for row in rows] == [1, 2, 3, 4, 5]
        with pytest.raises(Exception, match="no gaps"):
            await db.execute(
                "UPDATE slips SET state = 'ISSUED', year = 2026, seq = 99, issued_by = $2, issued_at = now(),"
                " content = '{}' WHERE id = $1",
                bad[0]["id"],
                slips.process.chief.person_id,
            )

    async def test_a_task_notice_is_issued_only_once_the_method_is_confirmed(self, slips: Slips) -> None:
        early = slips.body(item_id=await slips.process.established())
        refused = await slips.issue(await slips.drafted(early))
        assert refused.json()["code"] == "not_for_item_state"
        first, second = await slips.drafted(), await slips.drafted()
        await ok(slips.issue(first))
        assert (await slips.issue(second)).json()["code"] == "not_for_item_state"

    @pytest.mark.requirement("R103")
    async def test_an_urgent_matter_does_not_go_by_mail(self, office: Office) -> None:
        slips = await Slips.prepared(office, urgency="URGENT")
        draft = await slips.drafted(slips.body(delivery="MAIL"))
        assert lacking(draft) == {("delivery", "mail_not_permitted")}
        assert (await slips.assignment())["mail_permitted"] is False
        assert (await slips.issued(slips.body(delivery="COURIER", copies=30)))["content"]["copies"] == 30

    async def test_an_office_elsewhere_sees_and_issues_nothing_of_it(self, slips: Slips, office: Office) -> None:
        draft = await slips.drafted()
        other = await Office.founded(office.http)
        chief = await other.caller("elsewhere", Role.OFFICE)
        assert (await chief.get(f"/api/slips/{draft['id']}")).status_code == 404
        assert (await slips.issue(draft, chief)).status_code == 404


class TestModes:
    @pytest.mark.requirement("R17")
    async def test_forward_has_exactly_one_unit(self, slips: Slips) -> None:
        body = slips.body(slips.road.recipient(), slips.water.recipient(assists=True))
        assert lacking(await slips.drafted(body)) == {("recipients", "assisting_unit_not_here")}
        two = await slips.process.supervisor.post(
            "/api/slips", slips.body(slips.road.recipient(), slips.water.recipient())
        )
        assert fields(two) == {("recipients", "one_handling_unit")}

    @pytest.mark.requirement("R17")
    async def test_joint_has_one_lead_and_at_least_one_assisting_unit(self, slips: Slips) -> None:
        alone = await slips.drafted(slips.body(mode="JOINT"))
        assert lacking(alone) == {("recipients", "assisting_unit_missing")}
        headless = await slips.drafted(slips.body(slips.water.recipient(assists=True), mode="JOINT"))
        assert lacking(headless) == {("recipients", "one_handling_unit")}
        await slips.issued(slips.joint_body())
        view = await slips.assignment()
        assert view["mode"] == "JOINT"
        assert [(one["kind"], one["state"]) for one in view["tasks"]] == [
            ("LEAD", "ASSIGNED"),
            ("ASSIST", "ASSIGNED"),
            ("ASSIST", "ASSIGNED"),
        ]

    @pytest.mark.requirement("R17")
    async def test_the_office_itself_only_where_the_rules_allow_and_with_a_reason(
        self, slips: Slips, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        process = slips.process
        office = {"unit_id": str(process.office.office_unit), "person_id": str(process.supervisor.person_id)}
        allowed = (await slips.assignment())["self_allowed"]
        draft = await slips.drafted(slips.body(office, mode="SELF"))
        expected = {("mode_reason", "mode_reason_missing")}
        assert lacking(draft) == (expected if allowed else expected | {("mode", "self_handling_not_allowed")})
        assert lacking(await slips.drafted(slips.body(office))) == {("recipients", "not_a_unit")}
        elsewhere = await slips.drafted(slips.body(mode="SELF", mode_reason="领导要求直接办理"))
        assert ("recipients", "not_the_office") in lacking(elsewhere)
        if allowed:
            issued = await slips.issued(slips.body(office, mode="SELF", mode_reason="领导明确要求直接办理"))
            assert issued["receipts"][0]["state"] == "RECEIVED"
            assert (await slips.item())["state"] == "IN_PROGRESS"

    @pytest.mark.requirement("R22")
    async def test_names_a_natural_person_of_the_unit(self, slips: Slips) -> None:
        nobody = await slips.drafted(slips.body(slips.road.recipient(person_id=None)))
        assert lacking(nobody) == {("recipients.0.person_id", "person_missing")}
        other = slips.road.recipient(person_id=str(slips.water.deputy.person_id))
        assert lacking(await slips.drafted(slips.body(other))) == {("recipients.0.person_id", "person_of_another_unit")}
        await db.execute("UPDATE people SET active = false WHERE id = $1", slips.road.deputy.person_id)
        assert lacking(await slips.drafted()) == {("recipients.0.person_id", "person_of_another_unit")}

    @pytest.mark.requirement("R23")
    async def test_for_an_important_instruction_a_leader_of_the_unit_answers(self, slips: Slips) -> None:
        await db.execute(
            "UPDATE items SET importance = 'IMPORTANT', source_kind = 'LEADER_INSTRUCTION' WHERE id = $1",
            slips.item_id,
        )
        liaison = slips.road.recipient(person_id=str(slips.road.liaison.person_id))
        assert lacking(await slips.drafted(slips.body(liaison))) == {("recipients.0.person_id", "unit_leader_demanded")}
        for leader in (slips.road.head, slips.road.deputy):
            body = slips.body(slips.road.recipient(person_id=str(leader.person_id)))
            assert lacking(await slips.drafted(body)) == set()

    @pytest.mark.requirement("R25")
    async def test_somebody_of_the_office_follows_it_up(self, slips: Slips, office: Office) -> None:
        outsider = await slips.drafted(slips.body(follow_up_id=str(slips.road.head.person_id)))
        assert lacking(outsider) == {("follow_up_id", "follow_up_missing")}
        named = await office.person("qin", Role.SUP)
        await slips.issued(slips.body(follow_up_id=str(named)))
        assert (await slips.item())["follow_up"]["name"] == "qin"


class TestChannels:
    @pytest.mark.requirement("R18")
    async def test_a_meeting_is_named(self, slips: Slips) -> None:
        assert lacking(await slips.drafted(slips.body(channel="MEETING"))) == {("meeting", "meeting_missing")}
        issued = await slips.issued(slips.body(channel="MEETING", meeting="县政府第12次常务会议"))
        assert issued["content"]["meeting"] == "县政府第12次常务会议"

    @pytest.mark.requirement("R18")
    async def test_a_telephone_notice_keeps_caller_receiver_time_and_content(self, slips: Slips) -> None:
        bare = await slips.drafted(slips.body(channel="TELEPHONE"))
        assert {field for field, code in lacking(bare) if code == "phone_record_missing"} == {
            "phone.caller_id",
            "phone.receiver",
            "phone.at",
            "phone.content",
        }
        phone = {
            "caller_id": str(slips.process.supervisor.person_id),
            "receiver": "交通运输局办公室 王主任",
            "at": "2026-03-02T09:30:00+08:00",
            "content": "请七个工作日内完成修复并反馈",
            "confirm_in_writing": True,
        }
        issued = await slips.issued(slips.body(channel="TELEPHONE", phone=phone, limit={"n": 3650, "unit": "DAYS"}))
        kept = issued["content"]["phone"]
        assert (kept["caller"]["name"], kept["receiver"]) == ("lin", "交通运输局办公室 王主任")
        assert kept["at"] == "2026-03-02T01:30:00Z"
        assert kept["confirm_in_writing"] is True
        # The unit's signature later is the confirmation in writing; until then it is listed as missing.
        (waiting,) = (await slips.process.chief.get("/api/slips/unsigned")).json()["receipts"]
        assert waiting["slip_id"] == issued["id"]
        await ok(slips.sign(slips.road.liaison, issued))
        assert (await slips.process.chief.get("/api/slips/unsigned")).json()["receipts"] == []


class TestOtherSlips:
    async def test_a_tracking_slip_names_a_milestone_and_goes_to_who_has_a_task(self, slips: Slips) -> None:
        await slips.issued()
        body = slips.body(slips.water.recipient(), series="TRACKING", mode=None, standard="")
        assert lacking(await slips.drafted(body)) == {
            ("milestone", "milestone_missing"),
            ("recipients.0", "unit_without_task"),
        }
        good = slips.body(series="TRACKING", mode=None, milestone="4月10日前完成路基", limit={"n": 3, "unit": "DAYS"})
        issued = await slips.issued(good)
        assert issued["number"].startswith("跟踪督查单〔")
        assert issued["content"]["limit"]["words"].startswith("3 日")
        refused = await slips.refuse(slips.road.liaison, issued)
        assert refused.json()["code"] == "wrong_state"

    async def test_a_coordination_slip_gives_each_unit_its_task_and_limit(self, slips: Slips) -> None:
        await slips.issued()
        base = {"series": "COORDINATION", "mode": None, "standard": ""}
        alone = await slips.drafted(slips.body(slips.water.recipient(), **base))
        assert lacking(alone) == {
            ("obstacle", "obstacle_missing"),
            ("recipients", "several_units_needed"),
            ("recipients.0.task", "task_missing"),
            ("recipients.0.limit", "limit_missing"),
        }
        parts = [
            slips.water.recipient(task="迁移给水管", limit={"n": 5, "unit": "WORKING_DAYS"}),
            slips.power.recipient(task="迁移电杆", limit={"n": 3, "unit": "DAYS"}),
        ]
        issued = await slips.issued(slips.body(*parts, **base, obstacle="管线与电杆占道"))
        assert [one["due_words"] for one in issued["content"]["units"]] == ["5 个工作日", "3 日"]
        tasks = (await slips.assignment())["tasks"]
        assert [one["kind"] for one in tasks] == ["LEAD", "COORDINATE", "COORDINATE"]
        assert all(one["due_at"] for one in tasks)
        # Who has to act knows what it is about.
        assert (await slips.item(slips.power.liaison))["id"] == slips.item_id

    async def test_a_cancellation_slip_waits_for_its_time_and_for_somebody_else_to_verify(self, slips: Slips) -> None:
        await slips.issued()
        process = slips.process
        body = slips.body(
            series="CANCELLATION", mode=None, standard="", task="", result="", verifier_id=str(process.responsible)
        )
        assert lacking(await slips.drafted(body)) == {
            ("result", "result_missing"),
            ("verifier_id", "verifier_missing"),
            ("verified_on", "verified_on_missing"),
        }
        whole = body | {
            "id": str(new_id()),
            "result": "路面修复完成",
            "verifier_id": str(process.supervisor.person_id),
            "verified_on": "2026-03-02",
        }
        draft = await slips.drafted(whole)
        assert lacking(draft) == set()
        assert (await slips.issue(draft)).json()["code"] == "cancellation_not_yet"

    async def test_a_withdrawn_number_stays_used(self, slips: Slips) -> None:
        await slips.issued()
        notice = {"series": "NOTICE", "mode": None, "standard": ""}
        first = await slips.issued(slips.body(**notice))
        body = {"reason": "内容有误"}
        unit = await slips.road.liaison.post(f"/api/slips/{first['id']}/withdraw", body)
        assert unit.json()["code"] == "not_your_step"
        withdrawn = await ok(slips.process.leader.post(f"/api/slips/{first['id']}/withdraw", body))
        assert (withdrawn["state"], withdrawn["number"]) == ("WITHDRAWN", first["number"])
        assert withdrawn["receipts"][0]["state"] == "WITHDRAWN"
        second = await slips.issued(slips.body(**notice))
        assert second["number"].endswith("〕2号")
        assert (await slips.sign(slips.road.liaison, first)).json()["code"] == "slip_withdrawn"
        again = await slips.process.chief.post(f"/api/slips/{first['id']}/withdraw", body)
        assert again.json()["code"] == "slip_withdrawn"


@pytest.mark.requirement("R36")
async def test_frozen_limits_are_not_moved_by_sql_either(slips: Slips) -> None:
    await slips.issued(slips.body(slips.road.recipient(limit={"n": 3, "unit": "DAYS"})))
    for sql in (
        "UPDATE items SET original_due_at = original_due_at + interval '1 year'",
        "UPDATE items SET original_due_at = NULL",
        "UPDATE slip_recipients SET due_at = due_at + interval '1 year'",
    ):
        with pytest.raises(Exception, match="append-only"):
            await db.execute(sql)
