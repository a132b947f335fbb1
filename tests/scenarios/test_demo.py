"""The demo story loads through the real commands, once, and leaves a foreign installation alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server import demo
from server.access import signin
from server.access.schemas import SignIn
from server.access.throttle import Source
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
    assert told["people"] == 10
    assert told["items"] == 30
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
        for line in demo.accounts().splitlines()[1:-1]:
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
