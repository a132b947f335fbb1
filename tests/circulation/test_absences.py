"""Leaders away, and what then becomes of their desks."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from server.kit import db
from tests.factories.circulation import Desks, hands, stub_body
from tests.factories.people import Office

pytestmark = pytest.mark.anyio

# Monday, 10:00 in Shanghai.
MONDAY = datetime(2026, 5, 25, 2, 0, tzinfo=UTC)


@pytest.fixture
async def desks(office: Office) -> Desks:
    return await Desks.staffed(office)


class TestToReroute:
    @pytest.mark.requirement("R42")
    async def test_three_days_are_not_yet_too_long(self, desks: Desks) -> None:
        with hands(MONDAY):
            await desks.on_desk()
            board = await desks.away(desks.leader.person_id, "2026-05-25", "2026-05-27")
            assert board["absences"][0]["to_reroute"] == 0
            assert board["desks"][0]["away"]["reroute"] is False
            assert await desks.listed("reroute") == []

    @pytest.mark.requirement("R42")
    async def test_begins_with_the_absence_and_ends_with_it(self, desks: Desks) -> None:
        with hands(MONDAY) as clock:
            view = await desks.on_desk()
            board = await desks.away(desks.leader.person_id, "2026-05-26", "2026-05-29")
            assert await desks.listed("reroute") == []
            clock.pass_(days=1)
            assert [row["id"] for row in await desks.listed("reroute")] == [view["id"]]
            absence = board["absences"][0]
            path = f"/api/absences/{absence['id']}"
            sooner = await desks.secretary.post(f"{path}/change", {"to_on": "2026-05-27"})
            assert sooner.status_code == 200
            assert await desks.listed("reroute") == []
            await desks.secretary.post(f"{path}/change", {"to_on": "2026-06-05"})
            assert len(await desks.listed("reroute")) == 1
            await desks.secretary.post(f"{path}/cancel")
            assert await desks.listed("reroute") == []
            gone = await desks.secretary.post(f"{path}/change", {"to_on": "2026-06-09"})
            assert gone.json()["code"] == "wrong_state"

    @pytest.mark.requirement("R42")
    async def test_what_reached_him_by_another_way_is_not_listed_again(self, desks: Desks) -> None:
        with hands(MONDAY) as clock:
            view = await desks.on_desk(desk_class="URGENT")
            await desks.away(desks.leader.person_id, "2026-05-25", "2026-05-29")
            clock.pass_(days=1, minutes=5)
            view = await desks.act(
                view, "reroute", leader_id=str(desks.leader.person_id), way="FAX", note="已电告驻地值班室"
            )
            assert view["state"] == "ON_DESK"
            assert [(desk["outcome"], desk["way"], desk["breached"]) for desk in view["desks"]] == [
                ("REROUTED", "DESK", True),
                (None, "FAX", False),
            ]
            assert await desks.listed("reroute") == []
            view = await desks.act(view, "instruct", text="同意")
            assert view["desks"][1]["instruction"] == "同意"

    @pytest.mark.requirement("R42")
    async def test_goes_to_another_leader_who_then_sees_it(self, desks: Desks) -> None:
        with hands(MONDAY):
            view = await desks.on_desk()
            await desks.away(desks.leader.person_id, "2026-05-25", "2026-05-30")
            await desks.act(view, "reroute", leader_id=str(desks.other.person_id), way="DESK")
            assert [row["id"] for row in await desks.listed(by=desks.other)] == [view["id"]]
            assert await desks.listed(by=desks.leader) == []

    async def test_stubs_go_by_their_channel(self, desks: Desks) -> None:
        with hands(MONDAY):
            answer = await desks.secretary.post("/api/circulations", stub_body(desks.leader))
            view = await desks.act(answer.json(), "deliver")
            await desks.away(desks.leader.person_id, "2026-05-25", "2026-05-30")
            assert len(await desks.listed("reroute")) == 1
            to = str(desks.leader.person_id)
            await desks.act(view, "reroute", leader_id=to, way="CONFIDENTIAL_CHANNEL")
            assert await desks.listed("reroute") == []

    async def test_the_same_desk_is_no_other_way(self, desks: Desks) -> None:
        view = await desks.on_desk()
        to = str(desks.leader.person_id)
        for body in ({"leader_id": to, "way": "DESK"}, {"leader_id": to, "way": "OTHER"}):
            assert (await desks.secretary.post(f"/api/circulations/{view['id']}/reroute", body)).status_code == 422


class TestMarking:
    async def test_ends_not_before_it_begins_and_is_of_a_leader(self, desks: Desks) -> None:
        body = {"id": "0190b3c8-0000-7000-8000-000000000001", "person_id": str(desks.leader.person_id)}
        wrong = {**body, "from_on": "2026-05-26", "to_on": "2026-05-25"}
        assert (await desks.secretary.post("/api/absences", wrong)).status_code == 422
        own = {**body, "person_id": str(desks.secretary.person_id), "from_on": "2026-05-25", "to_on": "2026-05-26"}
        assert (await desks.secretary.post("/api/absences", own)).json()["code"] == "not_a_leader"
        right = {**body, "from_on": "2099-05-25", "to_on": "2099-05-26"}
        for _ in range(2):
            assert (await desks.secretary.post("/api/absences", right)).status_code == 201
        assert await db.fetch_value("SELECT count(*) FROM absences") == 1
        assert (await desks.leader.post("/api/absences", right)).status_code == 403

    async def test_a_leader_sees_his_own_absence_only(self, desks: Desks) -> None:
        await desks.away(desks.leader.person_id, "2099-05-25", "2099-05-26")
        assert len((await desks.leader.get("/api/desks")).json()["absences"]) == 1
        assert (await desks.other.get("/api/desks")).json()["absences"] == []
