"""挂牌督办: on the public board by a leader's decision, off only by another."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from server.access.roles import Role
from server.kit import clock, db
from server.kit.ids import new_id
from tests.factories.items import registered_item
from tests.factories.people import Caller, Office
from tests.factories.trail import moved

pytestmark = pytest.mark.anyio


@dataclass
class Board:
    """An established item, the office that records and the leader who decides."""

    office: Office
    chief: Caller
    leader: str
    item: str
    today: date

    def decision(self, **changed: Any) -> dict[str, Any]:
        return {
            "id": str(new_id()),
            "decided_by": self.leader,
            "decided_on": self.today.isoformat(),
            "document": "云府督办〔2026〕3号",
            "reason": "工期滞后，群众反映强烈",
            **changed,
        }

    async def list(self, **changed: Any) -> Any:
        return await self.chief.post(f"/api/items/{self.item}/list", self.decision(**changed))

    async def delist(self, **changed: Any) -> Any:
        return await self.chief.post(f"/api/items/{self.item}/delist", self.decision(**changed))

    async def shown(self, caller: Caller | None = None) -> list[str]:
        view = (await (caller or self.chief).get("/api/items/board")).json()
        return [one["id"] for one in view["items"]]


@pytest.fixture
async def board(office: Office) -> Board:
    chief = await office.caller("hejing", Role.OFFICE)
    leader = await office.person("luming", Role.LEADER, name="陆明")
    item = await registered_item(chief, office.handling_unit)
    await moved("IN_PROGRESS")
    return Board(office, chief, str(leader), item["id"], clock.now().astimezone(clock.SHANGHAI).date())


@pytest.mark.requirement("R28")
async def test_goes_on_and_off_by_decision_and_keeps_both(board: Board) -> None:
    listed = await board.list()
    assert listed.status_code == 201, listed.text
    assert listed.json()["listed_at"] is not None
    assert await board.shown() == [board.item]
    decision = (await board.chief.get("/api/items/board")).json()["items"][0]["decision"]
    assert (decision["decided_by"]["name"], decision["document"]) == ("陆明", "云府督办〔2026〕3号")
    await board.delist(document="云府督办〔2026〕9号", reason="已整改到位")
    assert await board.shown() == []
    view = (await board.chief.get(f"/api/items/{board.item}/listings")).json()
    assert [one["listed"] for one in view["decisions"]] == [False, True]
    steps = await db.fetch("SELECT act FROM item_steps WHERE item_id = $1 ORDER BY at, id", board.item)
    assert [row["act"] for row in steps][-2:] == ["list", "delist"]


@pytest.mark.requirement("R28")
async def test_nothing_but_a_decision_moves_the_mark(board: Board) -> None:
    for value in ("now()", "NULL"):
        if value == "NULL":
            await board.list()
        with pytest.raises(Exception, match="by decision only"):
            await db.execute(f"UPDATE items SET listed_at = {value}")
    for sql in ("UPDATE item_listings SET reason = 'x'", "DELETE FROM item_listings"):
        with pytest.raises(Exception, match="append-only"):
            await db.execute(sql)


@pytest.mark.requirement("R28")
async def test_a_leader_decides_and_another_records(board: Board) -> None:
    assert (await board.list(decided_by=str(board.chief.person_id))).json()["code"] == "decision_by_a_leader"
    supervisor = await board.office.person("sup", Role.SUP)
    assert (await board.list(decided_by=str(supervisor))).json()["code"] == "decision_by_a_leader"
    leader = await board.office.caller("luming")
    answer = await leader.post(f"/api/items/{board.item}/list", board.decision())
    assert answer.json()["code"] == "not_permitted"
    assert await board.shown() == []


async def test_once_on_once_off_however_often_it_is_sent(board: Board) -> None:
    body = board.decision()
    answers = await asyncio.gather(*(board.chief.post(f"/api/items/{board.item}/list", body) for _ in range(3)))
    assert [one.status_code for one in answers] == [201] * 3
    assert len(answers[0].json()["decisions"]) == 1
    assert (await board.list()).json()["code"] == "listed_already"
    await board.delist()
    assert (await board.delist()).json()["code"] == "not_listed"
    assert (await board.chief.post(f"/api/items/{board.item}/list", {**body, "document": "另"})).json()[
        "code"
    ] == "id_reused"


async def test_neither_early_nor_done_nor_decided_tomorrow(board: Board) -> None:
    for state in ("REGISTERED", "CLOSED", "MERGED"):
        await moved(state)
        assert (await board.list()).json()["code"] == "not_to_list"
    await moved("ASSIGNED")
    tomorrow = (board.today + timedelta(days=1)).isoformat()
    assert (await board.list(decided_on=tomorrow)).json()["code"] == "invalid_input"
    assert (await board.list(reason="绝密★")).json()["code"] == "state_secret_refused"
    assert (await board.list()).status_code == 201


async def test_a_unit_sees_its_own_on_the_board(board: Board) -> None:
    await board.list()
    own = await board.office.caller("unit", Role.LIAISON, unit=board.office.handling_unit)
    foreign = await board.office.caller("foreign", Role.LIAISON, unit=board.office.office_unit)
    assert await board.shown(own) == [board.item]
    assert await board.shown(foreign) == []
    assert (await foreign.get(f"/api/items/{board.item}/listings")).status_code == 404
