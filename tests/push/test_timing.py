"""Notices about time: one reminder for a paper past its limit, and what becomes of a request for a later date."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from server.access.roles import Role
from server.circulation.reminders import remind_of_desks
from server.kit import db
from server.settings import Settings
from tests.factories.circulation import Desks, hands
from tests.factories.people import Caller, Office
from tests.factories.timing import Timing, ok
from tests.factories.worker import run_jobs_once

pytestmark = pytest.mark.anyio


async def notices(caller: Caller) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await caller.get("/api/inbox")).json()["notices"]
    return found


@pytest.mark.requirement("R40")
async def test_a_paper_past_its_limit_is_brought_to_mind_once(office: Office, settings: Settings) -> None:
    desks = await Desks.staffed(office)
    with hands() as clock:
        view = await desks.on_desk(desk_class="EMERGENCY")
        clock.pass_(hours=1)
        await remind_of_desks()
        assert await db.fetch_value("SELECT count(*) FROM circulation_desks WHERE reminded_at IS NOT NULL") == 0
        clock.pass_(minutes=1)
        # Two workers at once, and again later: one reminder.
        await asyncio.gather(remind_of_desks(), remind_of_desks())
        clock.pass_(hours=5)
        await remind_of_desks()
    await run_jobs_once(settings)
    for keeper in (desks.secretary, desks.chief):
        (told,) = await notices(keeper)
        assert (told["title_key"], told["subject_kind"], told["subject_id"]) == ("desk_late", "circulation", view["id"])
    assert await notices(desks.leader) == []
    assert await db.fetch_value("SELECT count(*) FROM journal_entries WHERE kind = 'circulation.reminded'") == 1


@pytest.mark.requirement("R38")
async def test_those_who_decide_on_an_extension_are_told_and_then_who_asked(office: Office, settings: Settings) -> None:
    timing = await Timing.prepared(office)
    item_id = await timing.handed_over()
    one = (await timing.asked(item_id))["extensions"][0]
    await run_jobs_once(settings)
    assert [told["title_key"] for told in await notices(timing.chief)] == ["extension_requested"]
    assert await notices(timing.leader) == []
    await ok(timing.chief.post(f"/api/extensions/{one['id']}/grant", {}))
    await run_jobs_once(settings)
    (told,) = await notices(timing.deputy)
    assert (told["title_key"], told["subject_id"]) == ("extension_decided", item_id)
    assert "item" in told["params"]
    stated = await timing.handed_over(stated_by="县长顾远")
    await timing.asked(stated)
    await run_jobs_once(settings)
    assert [told["subject_id"] for told in await notices(timing.leader)] == [stated]
    assert await notices(await office.caller("nobody", Role.SUP)) == []
