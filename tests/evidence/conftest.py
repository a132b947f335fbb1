"""An inspector with a phone, on a visit, and the head of the office."""

from __future__ import annotations

import pytest

from server.access.roles import Role
from tests.factories.device import Phone
from tests.factories.fieldwork import Fieldwork, planned_visit
from tests.factories.people import Caller, Office


@pytest.fixture
async def phone(office: Office) -> Phone:
    return await Phone.enrolled(await office.caller("linxia", Role.SUP, Role.TM))


@pytest.fixture
async def visit(office: Office, phone: Phone) -> Fieldwork:
    return await planned_visit(office, phone.caller.person_id)


@pytest.fixture
async def head(office: Office) -> Caller:
    return await office.caller("hejing", Role.OFFICE)
