"""Tasks of a coordination slip, from the signature to done (闭合圈)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from server.access.roles import Role
from server.kit import db
from tests.factories.people import Caller, Office
from tests.factories.process import ok
from tests.factories.slips import Slips

pytestmark = pytest.mark.anyio


@pytest.fixture
async def slips(office: Office) -> Slips:
    return await Slips.prepared(office)


async def split(slips: Slips) -> dict[str, Any]:
    """An item of the road unit with an obstacle that water and power clear away."""
    await ok(slips.sign(slips.road.liaison, await slips.issued()))
    parts = [
        slips.water.recipient(task="迁移给水管", limit={"n": 5, "unit": "WORKING_DAYS"}),
        slips.power.recipient(task="迁移电杆", limit={"n": 3, "unit": "DAYS"}),
    ]
    body = slips.body(*parts, series="COORDINATION", mode=None, standard="", obstacle="管线与电杆占道")
    return await slips.issued(body)


async def task_of(slips: Slips, name: str, who: Caller | None = None) -> dict[str, Any]:
    tasks = (await slips.assignment(who))["tasks"]
    return next(one for one in tasks if one["unit"]["name"] == name)


async def finish(who: Caller, task: dict[str, Any], result: str = "已全部迁移") -> Any:
    return await who.post(f"/api/tasks/{task['id']}/finish", {"result": result})


@pytest.mark.requirement("R55")
async def test_each_unit_reports_its_own_task_done_and_the_trail_says_how_many_are_left(slips: Slips) -> None:
    slip = await split(slips)
    water, power = await task_of(slips, "水利局"), await task_of(slips, "电力局")
    assert (await finish(slips.water.liaison, water)).json()["code"] == "not_a_coordination_task"  # not signed for
    for unit in (slips.water, slips.power):
        await ok(slips.sign(unit.liaison, slip))
    assert (await task_of(slips, "水利局", slips.water.liaison))["acts"] == ["finish"]
    assert (await task_of(slips, "水利局"))["acts"] == []
    assert (await finish(slips.power.deputy, water)).status_code == 404
    assert (await finish(slips.process.chief, water)).json()["code"] == "not_permitted"
    assert (await finish(slips.water.deputy, water, "  ")).json()["code"] == "invalid_input"
    assert (await finish(slips.water.deputy, water, "机密★ 已迁移")).json()["code"] == "state_secret_refused"
    done = await ok(finish(slips.water.deputy, water))
    view = next(one for one in done["tasks"] if one["id"] == water["id"])
    assert (view["state"], view["result"], view["done_by"]["name"]) == ("DONE", "已全部迁移", "water-deputy")
    assert (await finish(slips.water.head, water)).json()["code"] == "task_done"
    await ok(finish(slips.power.head, power, "电杆已移位"))
    rows = await db.fetch("SELECT data ->> 'left' AS left FROM item_steps WHERE act = 'finish_task' ORDER BY seq")
    assert [row["left"] for row in rows] == ["1", "0"]
    # Still theirs to read; the other unit of the slip reads that it is done, not how.
    assert (await slips.item(slips.water.liaison))["id"] == slips.item_id
    assert (await task_of(slips, "水利局", slips.power.liaison))["result"] == ""
    assert (await task_of(slips, "水利局", slips.road.liaison))["result"] == "已全部迁移"


async def test_done_is_done_once_and_only_by_who_answers_for_the_unit(slips: Slips, office: Office) -> None:
    slip = await split(slips)
    await ok(slips.sign(slips.water.liaison, slip))
    water = await task_of(slips, "水利局")
    handler = await office.caller("handler", Role.UH, unit=slips.water.id)
    assert (await finish(handler, water)).json()["code"] == "not_your_step"
    people = (slips.water.liaison, slips.water.deputy, slips.water.head)
    answers = await asyncio.gather(*(finish(who, water) for who in people))
    assert sorted(answer.json().get("code", "done") for answer in answers) == ["done", "task_done", "task_done"]
    for sql in (
        "UPDATE item_tasks SET result = 'x' WHERE done_at IS NOT NULL",
        "UPDATE item_tasks SET state = 'ACCEPTED', done_at = NULL, done_by = NULL WHERE done_at IS NOT NULL",
    ):
        with pytest.raises(Exception, match="append-only"):
            await db.execute(sql)


async def test_a_lead_task_is_not_finished_this_way(slips: Slips) -> None:
    await split(slips)
    answer = await finish(slips.road.deputy, await task_of(slips, "交通运输局"))
    assert answer.json()["code"] == "not_a_coordination_task"
