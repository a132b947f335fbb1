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
        assert stated["content"]["limit"]["words"].startswith("2 个工作日，任务通知单要求")
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
