"""What was planned beside what was done: as of a day, drilled down, and silent about hidden visits (R106, B15.6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from asyncpg import IntegrityConstraintViolationError

from server.kit import clock, db
from server.kit.ids import new_id
from tests.factories.items import registered_item
from tests.factories.people import Office
from tests.factories.process import Process, ok
from tests.factories.programmes import approved, entry
from tests.factories.visits import Inspection

pytestmark = [pytest.mark.anyio, pytest.mark.requirement("R106")]


@pytest.fixture
async def process(office: Office) -> Process:
    return await Process.prepared(office)


async def compared(who: Any, made: dict[str, Any], as_of: str = "") -> dict[str, Any]:
    query = f"?as_of={as_of}" if as_of else ""
    return await ok(who.get(f"/api/programmes/{made['id']}/comparison{query}"))


class TestItems:
    async def test_are_suggested_by_object_and_period_and_count_once_confirmed(self, process: Process) -> None:
        later = (clock.today() + timedelta(days=1)).isoformat()
        unit = process.office.handling_unit
        await registered_item(process.registrar, unit)
        await registered_item(process.registrar)
        made = await approved(
            process.chief,
            process.leader,
            entry(process.office, process.supervisor, category="DECISION"),
            entry(process.office, process.supervisor, category="SPECIAL"),
        )
        seen = await compared(process.supervisor, made)
        assert [one["items"] for one in seen["entries"]] == [0, 0]
        assert [one["items_suggested"] for one in seen["entries"]] == [0, 1]
        assert (seen["items_outside"], seen["items_suggested"]) == (2, 1)
        key = seen["entries"][1]["entry"]["key"]
        path = f"/api/programmes/{made['id']}/entries/{key}/records?as_of={later}"
        (suggested,) = (await ok(process.supervisor.get(path)))["items"]
        assert suggested["counted"] is False
        body = {"item_id": suggested["id"], "entry_key": key}
        await ok(process.supervisor.post(f"/api/programmes/{made['id']}/items", body))
        (confirmed,) = (await ok(process.supervisor.get(path)))["items"]
        assert confirmed == suggested | {"counted": True}
        seen = await compared(process.supervisor, made)
        assert [(one["items"], one["items_suggested"]) for one in seen["entries"]] == [(0, 0), (1, 0)]
        assert (seen["items_outside"], seen["items_suggested"]) == (1, 0)

    async def test_that_meet_several_entries_cover_none_until_a_person_says_which(self, process: Process) -> None:
        item = await registered_item(process.registrar, process.office.handling_unit)
        made = await approved(
            process.chief,
            process.leader,
            entry(process.office, process.supervisor, subject="在建工地安全生产督查"),
            entry(process.office, process.supervisor, subject="保障性住房分配督查"),
            entry(process.office, process.supervisor, unit_kind="department", subject="作风督查"),
            entry(process.office, process.supervisor, unit_kind="lower_government", subject="镇街督查"),
        )
        seen = await compared(process.chief, made)
        assert [(one["items"], one["items_suggested"]) for one in seen["entries"]] == [(0, 1)] * 3 + [(0, 0)]
        assert (seen["items_outside"], seen["items_suggested"]) == (1, 1)
        body = {"item_id": item["id"], "entry_key": made["shown_entries"][1]["key"]}
        await ok(process.supervisor.post(f"/api/programmes/{made['id']}/items", body))
        seen = await compared(process.chief, made)
        assert [(one["items"], one["items_suggested"]) for one in seen["entries"]] == [(0, 0), (1, 0), (0, 0), (0, 0)]

    async def test_said_to_lie_outside_are_suggested_no_more(self, process: Process) -> None:
        item = await registered_item(process.registrar, process.office.handling_unit)
        made = await approved(process.chief, process.leader, entry(process.office, process.supervisor))
        path = f"/api/programmes/{made['id']}/items"
        for _ in range(2):
            await ok(process.supervisor.post(path, {"item_id": item["id"], "entry_key": None}))
        seen = await compared(process.chief, made)
        assert (seen["items_outside"], seen["items_suggested"]) == (1, 0)
        await ok(process.supervisor.request("DELETE", f"{path}/{item['id']}"))
        seen = await compared(process.chief, made)
        assert (seen["items_outside"], seen["items_suggested"]) == (1, 1)
        assert await db.fetch_value("SELECT count(*) FROM programme_links") == 1

    async def test_under_an_entry_that_a_later_version_dropped_are_asked_about_again(self, process: Process) -> None:
        item = await registered_item(process.registrar, process.office.handling_unit)
        kept, dropped = (entry(process.office, process.supervisor) for _ in range(2))
        made = await approved(process.chief, process.leader, kept, dropped)
        path = f"/api/programmes/{made['id']}"
        await ok(process.chief.post(f"{path}/items", {"item_id": item["id"], "entry_key": dropped["key"]}))
        await ok(process.chief.post(f"{path}/amend", {"id": str(new_id()), "reason": "合并任务"}))
        body = {"entries": [kept], "most_visits": 2}
        await ok(process.chief.request("PUT", f"{path}/draft", json=body))
        await ok(process.chief.post(f"{path}/submit"))
        await ok(process.leader.post(f"{path}/approve", {"opinion": "同意"}))
        seen = await compared(process.chief, made)
        assert [(one["items"], one["items_suggested"]) for one in seen["entries"]] == [(0, 1)]
        assert (seen["items_outside"], seen["items_suggested"]) == (1, 1)

    async def test_put_under_an_entry_count_there_and_nowhere_else(self, process: Process) -> None:
        item = await registered_item(process.registrar, process.office.handling_unit)
        made = await approved(
            process.chief,
            process.leader,
            entry(process.office, process.supervisor),
            entry(process.office, process.supervisor, category="DECISION"),
        )
        path = f"/api/programmes/{made['id']}/items"
        key = made["shown_entries"][1]["key"]
        await ok(process.supervisor.post(path, {"item_id": item["id"], "entry_key": key}))
        assert [one["items"] for one in (await compared(process.chief, made))["entries"]] == [0, 1]
        await ok(process.supervisor.request("DELETE", f"{path}/{item['id']}"))
        seen = await compared(process.chief, made)
        assert [(one["items"], one["items_suggested"]) for one in seen["entries"]] == [(0, 1), (0, 0)]

    async def test_refused_do_not_count(self, process: Process) -> None:
        item = await registered_item(process.registrar, process.office.handling_unit)
        made = await approved(process.chief, process.leader, entry(process.office, process.supervisor))
        await ok(process.leader.post(f"/api/items/{item['id']}/refuse", {"reason": "不属督查范围"}))
        seen = await compared(process.chief, made)
        assert (seen["entries"][0]["items_suggested"], seen["items_outside"]) == (0, 0)

    async def test_are_those_of_the_day_asked_for(self, process: Process) -> None:
        made = await approved(process.chief, process.leader, entry(process.office, process.supervisor))
        await registered_item(process.registrar, process.office.handling_unit)
        yesterday = (clock.today() - timedelta(days=1)).isoformat()
        before = await compared(process.chief, made, yesterday)
        assert (before["no"], before["entries"]) == (None, [])  # nothing was in force then
        assert (await compared(process.chief, made))["entries"][0]["items_suggested"] == 1

    async def test_are_compared_as_of_the_last_day_there_is(self, process: Process) -> None:
        made = await approved(process.chief, process.leader, entry(process.office, process.supervisor))
        assert (await compared(process.chief, made, "9999-12-31"))["no"] == 1


class TestVisits:
    async def test_count_once_the_team_has_left_the_site(self, office: Office, process: Process) -> None:
        made = await approved(process.chief, process.leader, entry(office, process.supervisor))
        walk = await Inspection.prepared(office)
        await walk.plan(planned_for=clock.today().isoformat())
        seen = await compared(process.chief, made)
        assert seen["entries"][0]["visits_done"] == 0
        assert [(one["done"], one["arranged"], one["reached"]) for one in seen["objects"]] == [(0, 1, False)]
        await walk.until("LEFT")
        seen = (await compared(process.chief, made))["entries"][0]
        assert (seen["visits_planned"], seen["visits_done"], seen["visits_suggested"]) == (2, 0, 1)
        key = made["shown_entries"][0]["key"]
        (visit,) = (await ok(process.chief.get(f"/api/programmes/{made['id']}/entries/{key}/records")))["visits"]
        assert (visit["item"]["id"], visit["counted"]) == (walk.item["id"], False)
        # A visit goes with its item.
        body = {"item_id": walk.item["id"], "entry_key": key}
        await ok(process.chief.post(f"/api/programmes/{made['id']}/items", body))
        seen = (await compared(process.chief, made))["entries"][0]
        assert (seen["visits_done"], seen["visits_suggested"]) == (1, 0)

    async def test_not_released_are_not_there_for_others(self, office: Office, process: Process) -> None:
        made = await approved(process.chief, process.leader, entry(office, process.supervisor))
        walk = await Inspection.prepared(office)
        others = (process.supervisor, process.leader)
        path = f"/api/programmes/frequency?item_id={walk.item['id']}&on={clock.today()}"

        async def told() -> list[bytes]:
            answers = [await who.get(f"/api/programmes/{made['id']}/comparison") for who in others]
            answers += [await who.get(path) for who in others]
            return [one.content for one in answers]

        key = made["shown_entries"][0]["key"]
        body = {"item_id": walk.item["id"], "entry_key": key}
        await ok(process.chief.post(f"/api/programmes/{made['id']}/items", body))
        before = await told()
        await walk.plan(planned_for=clock.today().isoformat())
        for state in ("TEAM_LOCKED", "LEFT", "RECORD_SIGNED"):
            await walk.until(state)
            assert await told() == before
        assert (await compared(process.chief, made))["entries"][0]["visits_done"] == 1
        await walk.until("RELEASED")
        assert (await compared(process.supervisor, made))["entries"][0]["visits_done"] == 1

    async def test_are_warned_of_at_the_maximum_and_never_barred(self, office: Office, process: Process) -> None:
        walk = await Inspection.prepared(office)
        today = clock.today().isoformat()
        made = await approved(process.chief, process.leader, entry(office, process.supervisor), most_visits=1)
        path = f"/api/programmes/frequency?item_id={walk.item['id']}&site_id={walk.site['id']}&on={today}"
        told = await ok(walk.planner.get(path))
        assert (told["unit"]["id"], told["most"], told["warning"]) == (str(office.handling_unit), 1, False)
        assert (await walk.plan(planned_for=today)).status_code == 201
        told = await ok(walk.planner.get(path))
        assert (told["done"], told["arranged"], told["warning"]) == (0, 1, True)
        assert (await compared(walk.chief, made))["objects"][0]["reached"]
        assert (await walk.plan(planned_for=today)).status_code == 201

    async def test_are_counted_without_a_programme_and_nobody_is_warned(self, office: Office) -> None:
        walk = await Inspection.prepared(office)
        told = await ok(walk.planner.get(f"/api/programmes/frequency?item_id={walk.item['id']}&on=2026-05-25"))
        assert (told["programme"], told["most"], told["warning"]) == (None, None, False)
        assert told["from_on"] == "2026-01-01"


async def test_the_links_are_never_removed(process: Process) -> None:
    item = await registered_item(process.registrar, process.office.handling_unit)
    made = await approved(process.chief, process.leader, entry(process.office, process.supervisor))
    key = made["shown_entries"][0]["key"]
    await ok(process.chief.post(f"/api/programmes/{made['id']}/items", {"item_id": item["id"], "entry_key": key}))
    with pytest.raises(IntegrityConstraintViolationError):
        await db.execute("DELETE FROM programme_links")
