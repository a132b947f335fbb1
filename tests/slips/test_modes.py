"""Who handles what a task notice hands over: modes with their units and persons, channels with their records."""

from __future__ import annotations

import pytest

from server.access.roles import Role
from server.kit import db
from tests.factories.people import Office
from tests.factories.process import fields, ok
from tests.factories.slips import Slips, lacking

pytestmark = pytest.mark.anyio


@pytest.fixture
async def slips(office: Office) -> Slips:
    return await Slips.prepared(office)


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
