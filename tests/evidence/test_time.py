"""The time of evidence is that of the shutter, by night and on holidays too, however late it is handed in (R86)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from server.access.roles import Role
from server.kit import clock
from tests.factories.chain import gps
from tests.factories.device import Phone
from tests.factories.fieldwork import SITE, planned_visit
from tests.factories.people import Office

pytestmark = [pytest.mark.anyio, pytest.mark.requirement("R86")]

NIGHT_OF_A_HOLIDAY = datetime(2026, 10, 1, 2, 15, tzinfo=clock.SHANGHAI)


@pytest.mark.parametrize(
    ("after", "late"),
    [(timedelta(minutes=1), False), (timedelta(hours=20), False), (timedelta(days=4), True)],
)
async def test_taken_at_night_and_handed_in_later(office: Office, after: timedelta, late: bool) -> None:
    head = await office.caller("hejing", Role.OFFICE)
    with clock.held_at(lambda: NIGHT_OF_A_HOLIDAY - timedelta(hours=1)):
        phone = await Phone.enrolled(await office.caller("linxia", Role.SUP, Role.TM))
        await phone.confirmed_by(head)
        visit = await planned_visit(office, phone.caller.person_id)
        chain = await phone.chain(visit)
    taken_ms = clock.to_ms(NIGHT_OF_A_HOLIDAY)
    taken = chain.capture(gps=gps(*SITE, at_ms=taken_ms), wall_ms=taken_ms)
    with clock.held_at(lambda: NIGHT_OF_A_HOLIDAY + after):
        (result,) = await phone.push(taken.operation)
        assert result["status"] == "applied"
        view = (await head.get(f"/api/evidence/{taken.id}")).json()
    assert datetime.fromisoformat(view["captured_at"]) == NIGHT_OF_A_HOLIDAY
    assert datetime.fromisoformat(view["received_at"]) == NIGHT_OF_A_HOLIDAY + after
    told = {reason["code"]: reason for reason in view["plausibility"]}
    assert ("late" in told) is late
    if late:
        assert told["late"]["level"] == "note"
        assert told["late"]["params"]["seconds"] == after.total_seconds()
