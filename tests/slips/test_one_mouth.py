"""一口进、一口出: what enters the ledger and what leaves it passes through the supervision office."""

from __future__ import annotations

import pytest

from server.access.roles import ROLE_PERMISSIONS, Permission, Role
from tests.factories.people import Office
from tests.factories.slips import Slips

pytestmark = pytest.mark.anyio

OF_UNITS = (Role.LIAISON, Role.UHEAD, Role.UDEP, Role.UH)
OF_THE_OFFICE = {
    Permission.ITEM_REGISTER,
    Permission.MEETING_RECORD,
    Permission.SLIP_DRAFT,
    Permission.SLIP_ISSUE,
}


@pytest.mark.requirement("R6")
@pytest.mark.parametrize("role", OF_UNITS)
async def test_a_unit_neither_registers_nor_drafts_nor_issues(role: Role, office: Office) -> None:
    slips = await Slips.prepared(office)
    unit = await office.caller(f"of-{role.lower()}", role, unit=office.handling_unit)
    draft = await slips.drafted()
    for path in (f"/api/slips/{draft['id']}/issue", f"/api/slips/{draft['id']}/discard"):
        assert (await unit.post(path)).json()["code"] == "not_permitted"
    for path, body in (("/api/slips", slips.body()), ("/api/items", {}), ("/api/meetings", {})):
        assert (await unit.post(path, body)).json()["code"] == "not_permitted"
    withdrawn = await unit.post(f"/api/slips/{draft['id']}/withdraw", {"reason": "不属本单位"})
    assert withdrawn.json()["code"] == "not_found"


@pytest.mark.requirement("R6")
def test_nobody_outside_the_office_holds_its_permissions() -> None:
    inside = {Role.REG, Role.SUP, Role.OFFICE}
    holders = {role for role, held in ROLE_PERMISSIONS.items() if held & OF_THE_OFFICE}
    assert holders <= inside
