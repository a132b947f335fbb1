"""Notices of slips: to the liaison that the unit named, with nothing in them but a number."""

from __future__ import annotations

from typing import Any

import pytest

from server.access.roles import Role
from server.settings import Settings
from tests.factories.people import Caller, Office
from tests.factories.process import ok
from tests.factories.slips import Slips
from tests.factories.worker import run_jobs_once

pytestmark = pytest.mark.anyio


async def notices(caller: Caller) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await caller.get("/api/inbox")).json()["notices"]
    return found


@pytest.mark.requirement("R24")
async def test_the_named_liaison_is_told_of_slips_and_the_leader_of_refusals(
    office: Office, settings: Settings
) -> None:
    slips = await Slips.prepared(office)
    named = await office.caller("named", Role.UDEP, unit=slips.road.id)
    body = {"kind": "LIAISON", "person_id": str(named.person_id)}
    await ok(named.request("PUT", f"/api/contacts/{slips.road.id}", json=body))
    slip = await slips.issued(slips.joint_body())
    await run_jobs_once(settings)
    (notice,) = await notices(named)
    assert (notice["title_key"], notice["subject_kind"], notice["subject_id"]) == ("slip_issued", "slip", slip["id"])
    assert notice["params"] == {"slip": slip["number"]}
    # Who merely holds the role is told only where nobody is named.
    assert await notices(slips.road.liaison) == []
    assert len(await notices(slips.water.liaison)) == 1
    assert await notices(slips.process.liaison) == []
    await ok(slips.refuse(named, slip))
    await run_jobs_once(settings)
    assert [one["title_key"] for one in await notices(slips.process.leader)] == ["slip_refused"]
    await ok(slips.decide(slips.process.leader, slip, slips.road, uphold=False))
    await run_jobs_once(settings)
    assert [one["title_key"] for one in await notices(named)] == ["slip_decided", "slip_issued"]
