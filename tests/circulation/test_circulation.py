"""Documents on their way over the desks, through the public face."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from server.access.roles import Role
from server.kit import db
from server.kit.ids import new_id
from tests.factories.circulation import Desks, circulation_body, hands, stub_body
from tests.factories.items import registered_item
from tests.factories.people import Office

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desks(office: Office) -> Desks:
    return await Desks.staffed(office)


class TestTheWay:
    @pytest.mark.requirement("R40")
    async def test_goes_from_desk_to_desk_and_back_to_the_office(self, desks: Desks) -> None:
        view = await desks.opened(desks.leader, desks.head)
        assert view["state"] == "PREPARED"
        assert [desk["delivered_at"] for desk in view["desks"]] == [None, None]
        view = await desks.act(view, "deliver")
        assert view["state"] == "ON_DESK"
        assert view["desk"]["leader"]["id"] == str(desks.leader.person_id)
        view = await desks.act(view, "instruct", desks.leader, text="请住建局牵头，七日内报方案。")
        assert view["state"] == "INSTRUCTED"
        view = await desks.act(view, "deliver")
        view = await desks.act(view, "read", desks.head)
        assert "deliver" not in (await desks.secretary.get(f"/api/circulations/{view['id']}")).json()["acts"]
        answer = await desks.secretary.post(f"/api/circulations/{view['id']}/deliver", {})
        assert answer.json()["code"] == "no_desk_left"
        view = await desks.act(view, "return")
        assert view["state"] == "RETURNED"
        assert [(desk["outcome"], desk["instruction"]) for desk in view["desks"]] == [
            ("INSTRUCTED", "请住建局牵头，七日内报方案。"),
            ("READ", ""),
        ]
        assert view["acts"] == []
        assert await desks.listed("returned") and not await desks.listed("on_desk")

    async def test_registering_it_twice_is_one(self, desks: Desks) -> None:
        body = circulation_body(desks.leader)
        first = await desks.secretary.post("/api/circulations", body)
        assert (await desks.secretary.post("/api/circulations", body)).json() == first.json()
        other = await desks.secretary.post("/api/circulations", {**body, "title": "另一件"})
        assert other.json()["code"] == "id_reused"

    async def test_the_secretary_enters_the_minute_that_stands_on_the_paper(self, desks: Desks) -> None:
        with hands() as clock:
            came = clock.now - timedelta(hours=3)
            view = await desks.opened(received_at=came.isoformat())
            view = await desks.act(view, "deliver", at=(came + timedelta(minutes=10)).isoformat())
            assert view["desk"]["delivered_at"] == (came + timedelta(minutes=10)).isoformat().replace("+00:00", "Z")
            path = f"/api/circulations/{view['id']}/read"
            for wrong in (came, clock.now + timedelta(minutes=1)):
                answer = await desks.secretary.post(path, {"at": wrong.isoformat()})
                assert answer.json()["code"] == "time_out_of_order"
            # A leader acts when he acts.
            view = await desks.act(view, "read", desks.leader, at=(came + timedelta(minutes=20)).isoformat())
            assert view["desks"][0]["left_at"] == clock.now.isoformat().replace("+00:00", "Z")

    async def test_what_lies_unread_is_taken_back_with_a_reason_only(self, desks: Desks) -> None:
        view = await desks.on_desk()
        assert (await desks.secretary.post(f"/api/circulations/{view['id']}/return", {})).status_code == 422
        view = await desks.act(view, "return", note="领导嘱先由分管同志阅")
        assert view["desks"][0]["outcome"] == "RETURNED"

    async def test_another_leader_can_be_put_on_the_list(self, desks: Desks) -> None:
        view = await desks.act(await desks.on_desk(), "read")
        view = await desks.act(view, "desks", leader_id=str(desks.head.person_id))
        view = await desks.act(view, "deliver")
        assert view["desk"]["leader"]["id"] == str(desks.head.person_id)

    async def test_only_leaders_get_documents(self, desks: Desks) -> None:
        body = circulation_body(desks.leader, leaders=[str(desks.secretary.person_id)])
        assert (await desks.secretary.post("/api/circulations", body)).json()["code"] == "not_a_leader"

    async def test_two_who_carry_it_at_once_lay_it_on_one_desk(self, desks: Desks) -> None:
        view = await desks.opened(desks.leader, desks.head)
        path = f"/api/circulations/{view['id']}/deliver"
        answers = await asyncio.gather(desks.secretary.post(path, {}), desks.chief.post(path, {}))
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        lying = "SELECT count(*) FROM circulation_desks WHERE delivered_at IS NOT NULL"
        assert await db.fetch_value(lying) == 1

    async def test_an_old_version_is_refused(self, desks: Desks) -> None:
        view = await desks.opened()
        await desks.act(view, "deliver")
        answer = await desks.secretary.post(
            f"/api/circulations/{view['id']}/read", {}, headers={"If-Match": f'"{view["version"]}"'}
        )
        assert answer.json()["code"] == "changed_meanwhile"

    async def test_a_marking_of_state_secrets_is_refused_everywhere(self, desks: Desks) -> None:
        for field in ("title", "reference"):
            answer = await desks.secretary.post(
                "/api/circulations", circulation_body(desks.leader, **{field: "机密★20年"})
            )
            assert answer.json()["code"] == "state_secret_refused"
        view = await desks.on_desk()
        for act, body in (
            ("instruct", {"text": "绝密★"}),
            ("return", {"note": "【机密】"}),
            ("reroute", {"leader_id": str(desks.head.person_id), "way": "FAX", "note": "密级：秘密"}),
        ):
            answer = await desks.secretary.post(f"/api/circulations/{view['id']}/{act}", body)
            assert answer.json()["code"] == "state_secret_refused"


class TestBreach:
    @pytest.mark.requirement("R40")
    async def test_is_computed_and_marks_the_stay_for_ever(self, desks: Desks) -> None:
        with hands() as clock:
            view = await desks.on_desk(desk_class="URGENT")
            due = view["desk"]["due_at"]
            clock.pass_(days=1)
            assert [row["desk"]["breached"] for row in await desks.listed()] == [False]
            clock.pass_(minutes=1)
            assert [row["desk"]["breached"] for row in await desks.listed()] == [True]
            view = await desks.act(view, "read", desks.leader)
            clock.pass_(days=30)
            view = (await desks.secretary.get(f"/api/circulations/{view['id']}")).json()
            assert view["desks"][0]["breached"]
            assert view["desks"][0]["due_at"] == due
            assert view["state"] == "READ"

    async def test_the_limit_is_frozen_with_its_rule_in_words(self, desks: Desks) -> None:
        view = await desks.on_desk(desk_class="EMERGENCY")
        desk = view["desk"]
        assert "1 小时" in desk["due_words"]
        assert "hour" in desk["due_words_en"]
        assert desk["due_rule"] and "@" in desk["due_pack"]
        with pytest.raises(Exception, match="append-only"):
            await db.execute("UPDATE circulation_desks SET due_at = due_at + interval '1 day'")

    async def test_the_worst_lies_on_top(self, desks: Desks) -> None:
        with hands() as clock:
            normal = await desks.on_desk(desk_class="NORMAL")
            urgent = await desks.on_desk(desks.head, desk_class="URGENT")
            clock.pass_(days=2)
            emergency = await desks.on_desk(desks.head, desk_class="EMERGENCY")
            rows = await desks.listed()
            assert [row["id"] for row in rows] == [urgent["id"], emergency["id"], normal["id"]]
            assert [row["id"] for row in await desks.listed(leader_id=str(desks.leader.person_id))] == [normal["id"]]
            board = (await desks.chief.get("/api/desks")).json()["desks"]
            assert [(desk["leader"]["id"], desk["lying"], desk["breached"]) for desk in board] == [
                (str(desks.head.person_id), 2, 1),
                (str(desks.leader.person_id), 1, 0),
            ]

    async def test_pages_follow_on_each_other(self, desks: Desks) -> None:
        opened = [await desks.on_desk(title=f"第{n}件") for n in range(53)]
        first = (await desks.secretary.get("/api/circulations")).json()
        assert first["next_cursor"]
        second = (await desks.secretary.get("/api/circulations", params={"cursor": first["next_cursor"]})).json()
        shown = [row["id"] for row in (*first["circulations"], *second["circulations"])]
        assert sorted(shown) == sorted(view["id"] for view in opened)


class TestAStub:
    @pytest.mark.requirement("R41")
    async def test_has_a_timer_and_no_content(self, desks: Desks) -> None:
        with hands() as clock:
            answer = await desks.secretary.post("/api/circulations", stub_body(desks.leader))
            assert answer.status_code == 201, answer.text
            view = await desks.act(answer.json(), "deliver")
            assert (view["title"], view["serial"], view["item"]) == ("", "机〔2026〕12号", None)
            clock.pass_(days=7, minutes=1)
            assert [row["desk"]["breached"] for row in await desks.listed()] == [True]
            path = f"/api/circulations/{view['id']}"
            said = await desks.leader.post(f"{path}/instruct", {"text": "同意"})
            assert said.json()["code"] == "stub_has_no_content"
            back = await desks.secretary.post(f"{path}/return", {"note": "已阅"})
            assert back.json()["code"] == "stub_has_no_content"
            view = await desks.act(view, "instruct", desks.leader)
            assert view["desks"][0]["instruction"] == ""

    @pytest.mark.requirement("R41")
    async def test_for_immediate_reading_is_late_as_soon_as_it_lies(self, desks: Desks) -> None:
        with hands() as clock:
            body = stub_body(desks.leader, desk_class="CONFIDENTIAL_URGENT")
            view = await desks.act((await desks.secretary.post("/api/circulations", body)).json(), "deliver")
            assert not view["desk"]["breached"]
            clock.pass_(minutes=1)
            assert [row["desk"]["breached"] for row in await desks.listed()] == [True]

    @pytest.mark.requirement("R41")
    async def test_is_refused_a_title_an_item_and_an_open_way(self, desks: Desks) -> None:
        item = await registered_item(desks.secretary)
        for more, code in (
            ({"title": "关于某事的报告"}, "stub_has_no_content"),
            ({"reference": "云府〔2026〕1号"}, "stub_has_no_content"),
            ({"item_id": item["id"]}, "stub_has_no_content"),
            ({"serial": "关于水库的第1号"}, "serial_not_plain"),
            ({"desk_class": "NORMAL"}, "class_of_another_kind"),
        ):
            answer = await desks.secretary.post("/api/circulations", stub_body(desks.leader, **more))
            assert answer.json()["code"] == code
        assert await db.fetch_value("SELECT count(*) FROM circulations") == 0
        view = (await desks.secretary.post("/api/circulations", stub_body(desks.leader))).json()
        again = await desks.secretary.post("/api/circulations", stub_body(desks.leader))
        assert again.json()["code"] == "serial_taken"
        await desks.act(view, "deliver")
        by_fax = {"leader_id": str(desks.leader.person_id), "way": "FAX"}
        refused = await desks.secretary.post(f"/api/circulations/{view['id']}/reroute", by_fax)
        assert refused.json()["code"] == "way_not_allowed"
        with pytest.raises(Exception, match="no content"):
            await db.execute("UPDATE circulation_desks SET instruction = '同意'")


class TestWhoSees:
    async def test_a_leader_sees_his_own_desk_and_not_what_comes_after(self, desks: Desks) -> None:
        view = await desks.on_desk(desks.leader, desks.head)
        path = f"/api/circulations/{view['id']}"
        assert [row["id"] for row in await desks.listed(by=desks.leader)] == [view["id"]]
        shown = (await desks.leader.get(path)).json()
        assert [desk["leader"]["id"] for desk in shown["desks"]] == [str(desks.leader.person_id)]
        assert shown["acts"] == ["read", "instruct"]
        for nobody in (desks.other, desks.head):
            assert (await nobody.get(path)).status_code == 404
            assert await desks.listed(by=nobody) == []
            assert (await nobody.post(f"{path}/read", {})).status_code == 404
            assert (await nobody.get("/api/desks")).json()["desks"] == []
        await desks.act(view, "instruct", desks.leader, text="请顾县长阅示。")
        await desks.act(view, "deliver")
        assert await desks.listed(by=desks.leader) == []
        mine = (await desks.leader.get(path)).json()
        assert mine["desk"]["leader"]["id"] == str(desks.leader.person_id)
        assert mine["acts"] == []
        his = (await desks.head.get(path)).json()
        assert his["desks"][0]["instruction"] == "请顾县长阅示。"
        late = await desks.leader.post(f"{path}/read", {})
        assert late.json()["code"] == "not_your_desk"

    async def test_a_supervisor_sees_what_belongs_to_an_item_and_no_stub(self, desks: Desks) -> None:
        supervisor = await desks.office.caller("supervisor", Role.SUP)
        item = await registered_item(desks.secretary)
        with_item = await desks.on_desk(item_id=item["id"])
        await desks.on_desk()
        await desks.act((await desks.secretary.post("/api/circulations", stub_body(desks.leader))).json(), "deliver")
        assert [row["id"] for row in await desks.listed(by=supervisor)] == [with_item["id"]]
        assert (await supervisor.post("/api/circulations", circulation_body(desks.leader))).status_code == 403

    async def test_units_and_strangers_see_nothing(self, desks: Desks) -> None:
        view = await desks.on_desk()
        unit = await desks.office.caller("unit", Role.LIAISON, unit=desks.office.handling_unit)
        for path in ("/api/circulations", f"/api/circulations/{view['id']}", "/api/desks"):
            assert (await unit.get(path)).status_code == 403
        stranger = await Office.founded(desks.office.http)
        elsewhere = await stranger.caller("elsewhere", Role.OFFICE)
        assert (await elsewhere.get(f"/api/circulations/{view['id']}")).status_code == 404
        assert (await elsewhere.get("/api/circulations")).json()["circulations"] == []
        unknown = await desks.secretary.get(f"/api/circulations/{new_id()}")
        assert unknown.status_code == 404

    async def test_the_journal_holds_no_wording(self, desks: Desks) -> None:
        view = await desks.on_desk()
        await desks.act(view, "instruct", desks.leader, text="七日内报方案")
        told = await db.fetch_value("SELECT string_agg(data::text, ' ') FROM journal_entries")
        assert "方案" not in told
        assert "云溪二桥" not in told
