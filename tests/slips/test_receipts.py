"""Signing for slips, declining them, and what the leader decides."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from server.access.roles import Role
from server.kit import clock, db
from server.kit.ids import new_id
from tests.factories.people import Office
from tests.factories.process import ok
from tests.factories.slips import Slips

pytestmark = pytest.mark.anyio


@pytest.fixture
async def slips(office: Office) -> Slips:
    return await Slips.prepared(office)


class TestSign:
    @pytest.mark.requirement("R20")
    async def test_keeps_person_time_and_words_and_begins_the_work(self, slips: Slips) -> None:
        slip = await slips.issued()
        assert slip["receipts"][0]["state"] == "PENDING"
        signed = await ok(slips.sign(slips.road.deputy, slip, "同意，立即组织修复"))
        receipt = signed["receipts"][0]
        assert receipt["state"] == "RECEIVED"
        assert receipt["signed_by"]["name"] == "road-deputy"
        assert receipt["signed_words"] == "同意，立即组织修复"
        assert receipt["signed_at"] is not None and receipt["waited_since"] is None
        assert (await slips.item())["state"] == "IN_PROGRESS"
        with pytest.raises(Exception, match="stays"):
            await db.execute("UPDATE slip_recipients SET signed_words = 'x' WHERE slip_id = $1", slip["id"])

    @pytest.mark.requirement("R20")
    async def test_only_liaison_or_leader_in_charge_of_the_unit_signs(self, slips: Slips, office: Office) -> None:
        slip = await slips.issued()
        handler = await office.caller("handler", Role.UH, unit=slips.road.id)
        for who in (handler, slips.road.head):
            assert (await slips.sign(who, slip)).json()["code"] == "not_your_step"
        assert (await slips.sign(slips.water.liaison, slip)).status_code == 404
        assert (await slips.sign(slips.process.chief, slip)).json()["code"] == "not_permitted"

    async def test_of_two_who_sign_at_once_exactly_one_does_and_the_other_is_told(self, slips: Slips) -> None:
        slip = await slips.issued()
        answers = await asyncio.gather(
            *(slips.sign(who, slip) for who in (slips.road.liaison, slips.road.deputy, slips.road.liaison))
        )
        codes = sorted(answer.json().get("code", "signed") for answer in answers)
        assert codes == ["already_signed", "already_signed", "signed"]
        told = next(answer.json() for answer in answers if answer.status_code == 409)
        assert told["params"]["by"] in ("road-liaison", "road-deputy")
        assert await db.fetch_value("SELECT count(*) FROM journal_entries WHERE kind = 'item.received'") == 1

    async def test_every_unit_signs_its_own_task(self, slips: Slips) -> None:
        slip = await slips.issued(slips.joint_body())
        await ok(slips.sign(slips.water.liaison, slip))
        assert (await slips.item())["state"] == "ASSIGNED"
        await ok(slips.sign(slips.road.liaison, slip))
        assert (await slips.item())["state"] == "IN_PROGRESS"
        tasks = {one["unit"]["name"]: one["state"] for one in (await slips.assignment())["tasks"]}
        assert tasks == {"交通运输局": "ACCEPTED", "水利局": "ACCEPTED", "电力局": "ASSIGNED"}

    @pytest.mark.requirement("R20")
    async def test_what_is_not_signed_for_is_listed_oldest_first_with_how_long_it_waits(self, slips: Slips) -> None:
        first = await slips.issued(slips.joint_body())
        await ok(slips.sign(slips.road.liaison, first))
        second = await slips.issued(slips.body(series="NOTICE", mode=None, standard=""))
        later = clock.now() + timedelta(hours=30)
        with clock.held_at(lambda: later):
            waiting = (await slips.process.chief.get("/api/slips/unsigned")).json()["receipts"]
        assert [(one["slip_id"], one["receipt"]["unit"]["name"]) for one in waiting[:2]] == [
            (first["id"], waiting[0]["receipt"]["unit"]["name"]),
            (first["id"], waiting[1]["receipt"]["unit"]["name"]),
        ]
        assert waiting[2]["slip_id"] == second["id"]
        assert {one["waited_hours"] for one in waiting} <= {29, 30}
        own = (await slips.water.liaison.get("/api/slips/unsigned")).json()["receipts"]
        assert first["id"] in {one["slip_id"] for one in own}
        assert second["id"] not in {one["slip_id"] for one in own}


class TestRefuse:
    async def test_upheld_the_item_waits_for_a_new_assignment(self, slips: Slips) -> None:
        slip = await slips.issued(slips.joint_body())
        await ok(slips.sign(slips.water.liaison, slip))
        refused = await ok(slips.refuse(slips.road.liaison, slip))
        assert refused["receipts"][0]["refusal"] == "非本单位职责"
        assert (await slips.sign(slips.road.deputy, slip)).json()["code"] == "already_refused"
        assert (await slips.refuse(slips.road.deputy, slip)).json()["code"] == "already_refused"
        assert (await slips.decide(slips.process.chief, slip, slips.road, uphold=True)).json()[
            "code"
        ] == "not_permitted"
        decided = await ok(slips.decide(slips.process.leader, slip, slips.road, uphold=True))
        assert (decided["state"], decided["number"]) == ("WITHDRAWN", slip["number"])
        assert {one["unit"]["name"]: one["state"] for one in decided["receipts"]} == {
            "交通运输局": "RELEASED",
            "水利局": "RECEIVED",
            "电力局": "WITHDRAWN",
        }
        assert (await slips.item())["state"] == "METHOD_CONFIRMED"
        assert (await slips.assignment())["tasks"] == []
        # The units keep what they have read, and no longer see the item.
        assert (await slips.road.liaison.get(f"/api/items/{slips.item_id}")).status_code == 404
        kept = await ok(slips.road.liaison.get(f"/api/slips/{slip['id']}"))
        assert kept["receipts"][0]["decision"] == "按职责分工办理"
        anew = await slips.issued(slips.body(slips.water.recipient()))
        assert anew["number"].endswith("〕2号")
        assert (await slips.item())["handling_unit"]["name"] == "水利局"
        assert (await slips.sign(slips.road.liaison, slip)).json()["code"] == "slip_withdrawn"

    async def test_rejected_the_unit_must_sign(self, slips: Slips) -> None:
        slip = await slips.issued()
        await ok(slips.refuse(slips.road.liaison, slip))
        await ok(slips.decide(slips.process.leader, slip, slips.road, uphold=False))
        again = await slips.decide(slips.process.leader, slip, slips.road, uphold=True)
        assert again.json()["code"] == "already_decided"
        assert (await slips.refuse(slips.road.liaison, slip)).json()["code"] == "must_sign"
        signed = await ok(slips.sign(slips.road.liaison, slip))
        assert signed["receipts"][0]["state"] == "RECEIVED"
        assert signed["receipts"][0]["refusal"] == "非本单位职责"
        assert (await slips.item())["state"] == "IN_PROGRESS"

    async def test_is_not_decided_by_a_leader_of_the_unit_that_refused(self, slips: Slips) -> None:
        both = await slips.process.office.caller("both", Role.LEADER, Role.UDEP, unit=slips.road.id)
        slip = await slips.issued()
        await ok(slips.refuse(slips.road.liaison, slip))
        assert "decide" not in (await ok(both.get(f"/api/slips/{slip['id']}")))["acts"]
        assert (await slips.decide(both, slip, slips.road, uphold=True)).json()["code"] == "own_refusal"
        await ok(slips.decide(slips.process.leader, slip, slips.road, uphold=True))

    @pytest.mark.requirement("R17")
    async def test_when_the_last_assisting_unit_is_released_the_lead_goes_on_alone(self, slips: Slips) -> None:
        slip = await slips.issued(slips.joint_body())
        await ok(slips.sign(slips.road.liaison, slip))
        for unit, mode in ((slips.water, "JOINT"), (slips.power, "FORWARD")):
            await ok(slips.refuse(unit.liaison, slip))
            await ok(slips.decide(slips.process.leader, slip, unit, uphold=True))
            view = await slips.assignment()
            assert view["mode"] == mode
            assert (await unit.liaison.get(f"/api/items/{slips.item_id}")).status_code == 404
        assert [one["kind"] for one in view["tasks"]] == ["LEAD"]
        assert (await slips.item())["state"] == "IN_PROGRESS"

    async def test_signed_is_signed(self, slips: Slips) -> None:
        slip = await slips.issued()
        await ok(slips.sign(slips.road.liaison, slip))
        assert (await slips.refuse(slips.road.liaison, slip)).json()["code"] == "already_signed"
        body = {"reason": "内容有误"}
        leader = await slips.process.leader.post(f"/api/slips/{slip['id']}/withdraw", body)
        assert leader.json()["code"] == "task_in_force"

    async def test_a_signature_and_a_refusal_at_once_never_both_hold(self, slips: Slips) -> None:
        slip = await slips.issued()
        await asyncio.gather(slips.sign(slips.road.deputy, slip), slips.refuse(slips.road.liaison, slip))
        row = await db.fetch_one("SELECT signed_at, refused_at FROM slip_recipients WHERE slip_id = $1", slip["id"])
        assert (row["signed_at"] is None) != (row["refused_at"] is None)

    async def test_a_task_notice_is_taken_back_by_the_leader_alone(self, slips: Slips) -> None:
        slip = await slips.issued()
        body = {"reason": "完成时限有误"}
        path = f"/api/slips/{slip['id']}/withdraw"
        other = await slips.process.office.caller("other-chief", Role.OFFICE)
        assert (await other.post(path, body)).json()["code"] == "not_your_step"
        assert (await slips.process.chief.post(path, body)).json()["code"] == "own_signature"
        assert (await slips.process.chief.get(f"/api/slips/{slip['id']}")).json()["state"] == "ISSUED"
        withdrawn = await ok(slips.process.leader.post(path, body))
        assert withdrawn["state"] == "WITHDRAWN"
        assert (await slips.item())["state"] == "METHOD_CONFIRMED"


async def test_a_unit_that_was_released_learns_nothing_of_what_came_after(slips: Slips) -> None:
    slip = await slips.issued()
    await ok(slips.refuse(slips.road.deputy, slip))
    await ok(slips.decide(slips.process.leader, slip, slips.road, uphold=True))
    path = f"/api/slips/{slip['id']}"
    before = (await slips.road.deputy.get(path)).json(), (await slips.road.deputy.get("/api/slips")).json()
    again = await slips.issued(slips.body(slips.water.recipient(), limit={"n": 3, "unit": "DAYS"}))
    await ok(slips.sign(slips.water.liaison, again))
    assert (await slips.road.deputy.get(f"/api/items/{slips.item_id}")).status_code == 404
    after = (await slips.road.deputy.get(path)).json(), (await slips.road.deputy.get("/api/slips")).json()
    assert after == before
    assert (await slips.item(slips.process.chief))["state"] == "IN_PROGRESS"


async def test_the_next_unit_reads_nothing_of_the_one_before_it(slips: Slips) -> None:
    slip = await slips.issued()
    report = {"id": str(new_id()), "reason": "ROAD-SECRET 设备未到货", "progress": "ROAD-SECRET 未动工"}
    await ok(slips.road.deputy.post(f"/api/items/{slips.item_id}/written-reports", report))
    await ok(slips.refuse(slips.road.deputy, slip, "ROAD-SECRET 非本单位职责"))
    await ok(slips.decide(slips.process.leader, slip, slips.road, uphold=True))
    again = await slips.issued(slips.body(slips.water.recipient()))
    await ok(slips.sign(slips.water.liaison, again))
    for path in ("steps", "time", "assignment", "listings", "schedule", "family", ""):
        answer = await slips.water.liaison.get(f"/api/items/{slips.item_id}/{path}".rstrip("/"))
        assert answer.status_code == 200
        assert "ROAD-SECRET" not in answer.text, path
    time = (await slips.water.liaison.get(f"/api/items/{slips.item_id}/time")).json()
    assert not time["reported"]


@pytest.mark.requirement("R20")
async def test_why_a_unit_declined_is_between_it_and_the_office(slips: Slips) -> None:
    slip = await slips.issued(slips.joint_body())
    await ok(slips.refuse(slips.water.deputy, slip, "WATER-REASON 人员不足"))
    await ok(slips.sign(slips.power.deputy, slip, "POWER-WORDS 同意"))
    path = f"/api/slips/{slip['id']}"
    before = (await slips.road.liaison.get(path)).json()["receipts"][1]
    assert (before["state"], before["refusal"], before["refused_by"], before["refused_at"]) == (
        "REFUSED",
        "",
        None,
        None,
    )
    await ok(slips.decide(slips.process.leader, slip, slips.water, uphold=False))
    for who in (slips.road.liaison, slips.power.head):
        for read in (path, "/api/slips", "/api/slips/unsigned", f"/api/items/{slips.item_id}/assignment"):
            text = (await who.get(read)).text
            assert "WATER-REASON" not in text and "按职责分工办理" not in text, read
    assert "POWER-WORDS" not in (await slips.road.liaison.get(path)).text
    for who in (slips.water.liaison, slips.process.chief, slips.process.leader, slips.process.supervisor):
        text = (await who.get(path)).text
        assert "WATER-REASON" in text and "按职责分工办理" in text


@pytest.mark.requirement("R36")
async def test_the_limit_of_an_assignment_ends_with_it_and_the_new_one_counts(slips: Slips) -> None:
    slip = await slips.issued(slips.body(limit={"n": 3, "unit": "DAYS"}))
    first = (await slips.item())["due_at"]
    await ok(slips.refuse(slips.road.liaison, slip))
    await ok(slips.decide(slips.process.leader, slip, slips.road, uphold=True))
    row = await db.fetch_one("SELECT due_at, original_due_at, due_words, assigned_at FROM items")
    assert tuple(row) == (None, None, None, None)
    await slips.issued(slips.body(slips.water.recipient(), limit={"n": 30, "unit": "DAYS"}))
    time = await ok(slips.process.chief.get(f"/api/items/{slips.item_id}/time"))
    assert time["due_at"] == time["original_due_at"] > first
    said = await db.fetch(
        "SELECT act, data ->> 'due_at' AS at, data ->> 'due_before' AS before FROM item_steps"
        " WHERE act IN ('assign', 'decline') ORDER BY seq"
    )
    kept = [(row["act"], row["at"] is None, row["before"]) for row in said]
    assert kept == [("assign", False, None), ("decline", True, said[0]["at"]), ("assign", False, None)]
