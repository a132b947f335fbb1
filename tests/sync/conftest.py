"""A phone and its people, as most tests of the sync protocol need them."""

from __future__ import annotations

import pytest

from server.access.roles import Role
from tests.factories.chain import Captured, photo
from tests.factories.device import Phone
from tests.factories.fieldwork import planned_visit
from tests.factories.people import Caller, Office


@pytest.fixture
async def phone(office: Office) -> Phone:
    return await Phone.enrolled(await office.caller("linxia", Role.SUP, Role.TM))


@pytest.fixture
async def taken(office: Office, phone: Phone) -> Captured:
    visit = await planned_visit(office, phone.caller.person_id)
    return (await phone.record(await phone.chain(visit), data=photo(9000)))[0]


@pytest.fixture
async def mine(office: Office) -> Caller:
    return await office.caller("linxia", Role.SUP, Role.TM)


@pytest.fixture
async def other(office: Office) -> Caller:
    return await office.caller("zhouheng", Role.SUP, Role.TM)
