"""An office whose phones may subscribe at a push service on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from server.access.roles import Role
from server.settings import Settings
from tests.factories.fieldwork import Fieldwork, planned_visit
from tests.factories.people import Caller, Office
from tests.push.endpoint import Browser, PushEndpoint, push_endpoint
from tests.push.happenings import subscription


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, push_local_endpoints=True)


@pytest.fixture
def service() -> Iterator[PushEndpoint]:
    with push_endpoint() as running:
        yield running


@pytest.fixture
async def mine(office: Office) -> Caller:
    return await office.caller("linxia", Role.SUP, Role.TM)


@pytest.fixture
async def reviewer(office: Office) -> Caller:
    return await office.caller("hejing", Role.OFFICE)


@pytest.fixture
async def visit(office: Office, mine: Caller) -> Fieldwork:
    return await planned_visit(office, mine.person_id)


@pytest.fixture
async def pocket(mine: Caller, service: PushEndpoint) -> Browser:
    browser = Browser("phone")
    answer = await mine.post("/api/push/subscriptions", subscription(service, browser))
    assert answer.status_code == 201, answer.text
    return browser
