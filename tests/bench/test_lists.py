"""Every list of the ledger with twenty thousand rows behind it: milliseconds from the request to the whole answer.

The server runs in this process over a durable PostgreSQL, without a network between; the figure is the median of
fifteen requests after one that is not counted. Nothing is asserted about time; what a list may read is asserted in
``tests/items/test_long_lists.py``.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from server.access.roles import Role
from server.app import create_app
from server.kit import clock
from server.kit.migrate import migrate
from server.kit.supervisor.postgres import EmbeddedPostgres
from server.settings import Settings
from tests.bench.report import figure
from tests.factories import many
from tests.factories.people import Caller, Office

_REQUESTS = 15


@pytest.fixture(scope="module")
def dsn() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="zhicha-bench-", dir=os.environ.get("ZHICHA_BENCH_DIR")) as name:
        folder = Path(name)
        folder.chmod(0o755)
        cluster = EmbeddedPostgres(folder, durable=True)
        address = cluster.start()
        try:
            asyncio.run(migrate(address))
            yield address
        finally:
            cluster.stop()


async def took(who: Caller, path: str) -> tuple[float, int]:
    """The median in milliseconds, and the bytes of the answer."""
    spent = []
    for _ in range(_REQUESTS + 1):
        began = time.perf_counter()
        answer = await who.get(path)
        spent.append(1000 * (time.perf_counter() - began))
        assert answer.status_code == 200, answer.text
    return statistics.median(spent[1:]), len(answer.content)


async def measure(dsn: str, folder: Path) -> None:
    app = create_app(Settings(database_url=dsn, data_dir=folder, web_pool_size=5))
    async with app.lifespan():
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://zhicha.test", timeout=600) as http:
            office = await Office.founded(http)
            worker, chief = await office.caller("lin", Role.SUP), await office.caller("he", Role.OFFICE)
            leader, head = await office.caller("lu", Role.LEADER), await office.caller("gu", Role.HEAD)
            ledger = await many.seed(office.org_id, worker.person_id, leader.person_id)
            liaison = await office.caller("xu", Role.LIAISON, unit=ledger.unit)
            year = clock.today().year
            for name, who, path in (
                ("items", chief, "/api/items"),
                ("items of one state", chief, "/api/items?state=UNDER_APPROVAL"),
                ("items of a unit", liaison, "/api/items"),
                ("items by words", chief, "/api/items?q=第19999号"),
                ("tray, waiting", chief, "/api/intake"),
                ("tray, settled", chief, "/api/intake?where=SETTLED"),
                ("overdue", chief, "/api/overdue-items"),
                ("extensions", chief, "/api/extensions"),
                ("suspensions", chief, "/api/suspensions"),
                ("registered late", chief, "/api/items/late"),
                ("slips", chief, "/api/slips"),
                ("slips of a unit", liaison, "/api/slips"),
                ("slips not signed for", chief, "/api/slips/unsigned"),
                ("leader's desk: what waits", leader, "/api/items/waiting"),
                ("head's desk: what waits", head, "/api/items/waiting"),
                ("supervisor's desk: what waits", worker, "/api/items/waiting"),
                ("papers on desks", chief, "/api/circulations?where=on_desk"),
                ("papers returned", chief, "/api/circulations?where=returned"),
                ("public board", chief, "/api/items/board"),
                ("meetings", chief, "/api/meetings"),
                ("programmes", chief, "/api/programmes"),
                ("wall chart, 1,000 items at most", chief, "/api/items/wall"),
                ("control of instructions, a year", chief, "/api/slips/control"),
                ("meetings in numbers, a year", chief, f"/api/meetings/counts?from={year}-01-01&to={year}-12-31"),
                ("programme beside what was done", chief, f"/api/programmes/{ledger.programme}/comparison"),
            ):
                milliseconds, size = await took(who, path)
                figure(f"list: {name}", milliseconds, "ms", f"p50 of {_REQUESTS}, {size / 1000:.0f} KB; aim: 300 ms")


def test_lists_with_twenty_thousand_rows_behind_them(dsn: str, tmp_path: Path) -> None:
    asyncio.run(measure(dsn, tmp_path))
