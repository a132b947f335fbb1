"""The demo story loads through the real commands, once, and leaves a foreign installation alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server import demo
from server.access import device_queries, signin
from server.access.roles import Role
from server.access.schemas import SignIn
from server.access.throttle import Source
from server.demo import people
from server.items import queries as items
from server.items import timing_lists
from server.kit import clock, db
from server.kit.ids import new_id
from server.settings import Settings

pytestmark = pytest.mark.anyio

COUNTED = (
    "people",
    "units",
    "items",
    "sites",
    "visits",
    "captures",
    "findings",
    "reviews",
    "cases",
    "meetings",
    "milestones",
    "journal_entries",
)


async def counts(settings: Settings) -> dict[str, int]:
    await db.connect(settings.database_url)
    try:
        return {table: await db.fetch_value(f"SELECT count(*) FROM {table}") for table in COUNTED}
    finally:
        await db.disconnect()


async def test_tells_the_story_once_and_adds_the_visits_of_a_new_day(settings: Settings) -> None:
    await demo.load(settings)
    told = await counts(settings)
    assert told["people"] == 16
    assert told["items"] == 31
    assert (told["meetings"], told["milestones"]) == (3, 13)
    assert told["captures"] == 6
    await demo.load(settings)
    assert await counts(settings) == told
    tomorrow = clock.now() + timedelta(days=1)
    with clock.held_at(lambda: tomorrow):
        await demo.load(settings)
    assert (await counts(settings))["visits"] == told["visits"] + 2


async def test_everybody_printed_can_sign_in_and_the_inspectors_have_visits_today(settings: Settings) -> None:
    await demo.load(settings)
    await db.connect(settings.database_url)
    try:
        printed = [line for line in demo.accounts().splitlines() if line.startswith("  ")]
        assert len(printed) == len(people.PEOPLE)
        for line in printed:
            login = line.split()[0]
            _, actor, _ = await signin.sign_in(
                SignIn(login=login, password="zhicha-demo"), "", timedelta(hours=1), Source("")
            )
            assert actor.name in line
        today = clock.now().astimezone(clock.SHANGHAI).date()
        for login in ("linxia", "zhouheng"):
            ready = await db.fetch_value(
                "SELECT count(*) FROM visits v JOIN visit_members m ON m.visit_id = v.id JOIN people p"
                " ON p.id = m.person_id WHERE p.login = $1 AND v.planned_for = $2 AND v.state = 'TEAM_LOCKED'",
                login,
                today,
            )
            assert ready == 2
        waiting = await db.fetch_value(
            "SELECT count(*) FROM visits v JOIN people p ON p.id = v.approver_id"
            " WHERE p.login = 'guyuan' AND v.state = 'DRAFT'"
        )
        assert waiting == 1
        whole = await db.fetch("SELECT originals_received, originals_total FROM captures")
        assert all(tuple(row) == (1, 1) for row in whole)
        register = await db.fetch_value("SELECT max(register_seq) FROM items WHERE title LIKE '云溪县人民医院%'")
        assert register > 0
    finally:
        signin.forget_recent()
        await db.disconnect()


async def test_an_installation_in_use_is_left_alone(settings: Settings) -> None:
    await db.connect(settings.database_url)
    await db.execute(
        "INSERT INTO organisations (id, name, created_at) VALUES ($1, '某县人民政府', $2)", new_id(), clock.now()
    )
    await db.disconnect()
    await demo.load(settings)
    assert (await counts(settings))["people"] == 0


async def test_every_role_with_work_to_do_has_somebody_who_finds_some(settings: Settings) -> None:
    await demo.load(settings)
    idle = {Role.OBS, Role.JW, Role.KH}  # nothing is theirs before cases are handed over and points counted
    assert {role for one in people.PEOPLE for role in one.roles} == set(Role) - idle
    await db.connect(settings.database_url)
    try:
        origin = people.actor("shenyue")
        (asked,) = (await timing_lists.pending_extensions(origin, cursor=None)).extensions
        assert (asked.mine, asked.item.title) == (True, "沿街商铺消防通道占用整治")
        seen = await items.items(origin, state=None, words=None, cursor=None)
        assert [one.id for one in seen.items] == [asked.item.id]  # and nothing that does not rest on his word
        devices = await device_queries.register(people.actor("ningxin"), None, None, None, 50)
        assert "秦峰" in [one.person.name for one in devices.devices if one.state == "unconfirmed"]
        for login in ("unit", "zhuhan", "fangzhi", "luhai", "yanshu"):
            assert (await items.items(people.actor(login), state=None, words=None, cursor=None)).items
    finally:
        await db.disconnect()
