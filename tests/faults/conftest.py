"""One product for all faults: it has to survive them anyway."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from uuid import UUID

import httpx
import pytest
from playwright.sync_api import Playwright

from server.access.roles import Role
from server.kit import db
from tests.factories import browser
from tests.factories.device import Phone
from tests.factories.fieldwork import Fieldwork, planned_visit
from tests.factories.line import Line
from tests.factories.people import Caller, Office
from tests.factories.product import Product


@pytest.fixture(scope="package")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """``zhicha up`` in a new folder, with durable PostgreSQL and the demo story."""
    with Product(tmp_path_factory.mktemp("product")) as running:
        yield running


@pytest.fixture(scope="module")
def playwright_driver() -> Iterator[Playwright]:
    """Only for modules without asynchronous tests."""
    with browser.driver() as started:
        yield started


@pytest.fixture
def line(product: Product) -> Iterator[Line]:
    """The network between this test's phones and the product."""
    with Line(product.port) as line:
        yield line


class _GuestOffice(Office):
    """One of several offices on one installation, in which logins are unique: each carries the office's own mark."""

    def _marked(self, login: str) -> str:
        mark = f"-{str(self.org_id)[-6:]}"
        return login if login.endswith(mark) else login + mark

    async def person(self, login: str, *roles: Role, unit: UUID | None = None, name: str | None = None) -> UUID:
        person_id = await super().person(self._marked(login), *roles, unit=unit, name=name)
        self.people[login] = person_id
        return person_id

    async def caller(self, login: str, *roles: Role, unit: UUID | None = None) -> Caller:
        return await super().caller(self._marked(login), *roles, unit=unit)


@dataclass
class Site:
    """An office of its own with a visit, on the running product."""

    product: Product
    office: Office
    visit: Fieldwork
    head: Caller
    leader: Phone
    member: Phone


@pytest.fixture
async def site(product: Product, line: Line, anyio_backend: str) -> AsyncIterator[Site]:
    """Two inspectors with a phone each; what they send goes over the line."""
    async with httpx.AsyncClient(base_url=line.url, timeout=20) as http:
        # Rows are made directly; what is under test goes over the line.
        await db.connect(product.dsn, max_size=4)
        try:
            office = await _GuestOffice.founded(http)
            leader = await office.caller("leader", Role.SUP, Role.TL)
            member = await office.caller("member", Role.SUP, Role.TM)
            head = await office.caller("head", Role.OFFICE)
            visit = await planned_visit(office, leader.person_id, member.person_id)
        finally:
            await db.disconnect()
        yield Site(product, office, visit, head, await Phone.enrolled(leader), await Phone.enrolled(member))
