"""Ten thousand children from one table: looked at with every error of every row, then imported whole.

Beside them the machine's own ceiling in the same run: the bare parser over the same file, and COPY of the same rows
into a table with the same columns. Nothing is asserted about time; CPU seconds are those of this process, in which the
server runs, so that neighbours on the machine count little.
"""

from __future__ import annotations

import asyncio
import io
import os
import tempfile
import time
from collections.abc import Awaitable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from server.access.roles import Role
from server.app import create_app
from server.kit import clock, db
from server.kit.ids import new_id
from server.kit.migrate import migrate
from server.kit.supervisor.postgres import EmbeddedPostgres
from server.settings import Settings
from tests.bench.report import figure
from tests.factories.items import registered_item
from tests.factories.people import Caller, Office
from tests.factories.sheets import goals, imported, previewed, text_table, workbook

ROWS = 10_000


@dataclass
class Spent:
    """Wall and CPU seconds of one piece of work."""

    wall: float
    cpu: float


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


@asynccontextmanager
async def running(dsn: str, folder: Path) -> Any:
    """The product's HTTP face within this process, and an office of it."""
    app = create_app(Settings(database_url=dsn, data_dir=folder, web_pool_size=5))
    async with app.lifespan():
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://zhicha.test", timeout=600) as http:
            yield await Office.founded(http)


async def spent(work: Awaitable[Any]) -> tuple[Any, Spent]:
    """What came of the work, and what it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    done = await work
    return done, Spent(time.perf_counter() - wall, time.process_time() - cpu)


def parse(content: bytes) -> int:
    """The ceiling of reading: the parser alone, over every cell."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    return sum(1 for _ in book.worksheets[0].iter_rows(values_only=True))


async def copy(dsn: str, rows: list[tuple[Any, ...]]) -> int:
    """The ceiling of writing: COPY of rows like those of items, steps, journal and feed, in one transaction."""
    conn = await asyncpg.connect(dsn)
    try:
        await conn.execute(
            "CREATE TABLE bench_items (LIKE items INCLUDING ALL);"
            "CREATE TABLE bench_steps (LIKE item_steps INCLUDING ALL);"
            "CREATE TABLE bench_entries (LIKE journal_entries INCLUDING ALL);"
            "CREATE TABLE bench_feed (LIKE feed_changes INCLUDING ALL)"
        )
        org, person, now = new_id(), new_id(), clock.now()
        ids = [new_id() for _ in rows]
        async with conn.transaction():
            await conn.copy_records_to_table(
                "bench_items",
                columns=[
                    *("id", "org_id", "register_year", "register_seq", "title", "task", "requirement", "source_kind"),
                    *("category", "state", "received_at", "registered_by", "created_at", "version", "child_no"),
                    *("parent_id", "stated_due_at"),
                ],
                records=[
                    (
                        *(ids[n], org, 2026, n + 1, row[0], row[0], row[1], "WORK_REPORT"),
                        *("DECISION", "REGISTERED", now, person, now, 1, n + 1, org, now),
                    )
                    for n, row in enumerate(rows)
                ],
            )
            await conn.copy_records_to_table(
                "bench_steps",
                columns=["id", "org_id", "item_id", "act", "to_state", "actor_id", "at"],
                records=[(new_id(), org, item, "register", "REGISTERED", person, now) for item in ids],
            )
            await conn.copy_records_to_table(
                "bench_entries",
                columns=["id", "org_id", "kind", "subject_kind", "subject_id", "actor_id", "at", "data"],
                records=[(new_id(), org, "item.registered", "item", item, person, now, "{}") for item in ids],
            )
            await conn.copy_records_to_table(
                "bench_feed",
                columns=["id", "org_id", "n", "kind", "subject_id", "op"],
                records=[(new_id(), org, n, "item", item, "put") for n, item in enumerate(ids)],
            )
        await conn.execute("DROP TABLE bench_items, bench_steps, bench_entries, bench_feed")
    finally:
        await conn.close()
    return len(rows)


async def measure(dsn: str, folder: Path) -> None:
    async with running(dsn, folder) as office:
        chief: Caller = await office.caller("hejing", Role.OFFICE)
        await office.person("xunuo", Role.LIAISON, unit=office.handling_unit, name="许诺")
        await office.person("zhouheng", Role.SUP, name="周衡")
        due = clock.now().astimezone(clock.SHANGHAI).date() + timedelta(days=200)
        rows = goals(ROWS, [("住房和城乡建设局", "许诺"), ("督查室", "周衡")], due)
        content = workbook(rows)
        wrong = workbook([_spoilt(n, row, due) for n, row in enumerate(rows)])
        figure("table of 10,000 rows", len(content) / 1000, "KB", ".xlsx")

        parsed, parsing = await spent(asyncio.to_thread(parse, content))
        assert parsed == ROWS + 1
        _, copying = await spent(copy(dsn, rows))
        figure("ceiling: openpyxl alone over the same file", parsing.wall, "s", f"CPU {parsing.cpu:.2f} s")
        figure("ceiling: COPY of the same rows", copying.wall, "s", f"CPU {copying.cpu:.2f} s; journal and feed too")

        parent = (await registered_item(chief))["id"]
        seen, looking = await spent(previewed(chief, parent, wrong))
        assert seen.json()["wrong_rows"] == ROWS
        figure("preview, every row with an error of its own", looking.wall, "s", f"CPU {looking.cpu:.2f} s; aim: 10 s")
        made, importing = await spent(imported(chief, parent, content))
        assert made.json()["row_count"] == ROWS, made.text
        figure("import of 10,000 children", importing.wall, "s", f"CPU {importing.cpu:.2f} s; aim: 10 s")
        ceiling = Spent(parsing.wall + copying.wall, parsing.cpu + copying.cpu)
        figure("import: times the ceiling, wall", importing.wall / ceiling.wall, "×")
        figure("import: times the ceiling, CPU of the process", importing.cpu / ceiling.cpu, "×")
        other = (await registered_item(chief))["id"]
        made, plain = await spent(imported(chief, other, text_table(rows, "gb18030"), "a.csv"))
        assert made.json()["row_count"] == ROWS, made.text
        figure("import of 10,000 children from .csv", plain.wall, "s", f"CPU {plain.cpu:.2f} s")
        assert await db.fetch_value("SELECT count(*) FROM items") == 2 * ROWS + 2
        assert await db.fetch_value("SELECT max(register_seq) FROM items") == 2 * ROWS + 2


def _spoilt(n: int, row: tuple[Any, ...], due: date) -> tuple[Any, ...]:
    """The row with one error, of five kinds by turns; the wrong names are no two alike."""
    task, requirement, unit, person, _ = row
    return (
        ("", requirement, unit, person, due),
        (task, "", unit, person, due),
        (task, requirement, f"住建局{n}科", person, due),
        (task, requirement, unit, f"许{n}", due),
        (task, requirement, unit, person, "年底前"),
    )[n % 5]


def test_ten_thousand_rows(dsn: str, tmp_path: Path) -> None:
    print()
    asyncio.run(measure(dsn, tmp_path))
