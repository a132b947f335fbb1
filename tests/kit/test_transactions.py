"""The transaction gives its connection back however it ends; Piccolo's own does not."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import anyio
import asyncpg
import httpx
import pytest
from piccolo.engine.exceptions import TransactionError

from server.access import signin
from server.access.roles import Role
from server.kit import db
from tests.conftest import database_dsn
from tests.factories.people import Office

pytestmark = pytest.mark.anyio

MIGRATIONS = len(list((Path(__file__).parents[2] / "migrations").glob("server_*.py")))


@pytest.fixture
async def small_pool(dsn: str) -> AsyncIterator[None]:
    await db.connect(dsn, min_size=1, max_size=2)
    await db.execute("CREATE TABLE late (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)")
    yield
    await db.disconnect()


async def commit_fails() -> None:
    async with db.transaction() as conn:
        await conn.execute("INSERT INTO late VALUES (1), (1)")


async def cancelled_twice() -> None:
    async def slow() -> None:
        async with db.transaction() as conn:
            await conn.execute("SELECT pg_sleep(5)")

    task = asyncio.create_task(slow())
    await asyncio.sleep(0.05)
    task.cancel()
    await asyncio.sleep(0.001)
    task.cancel()
    await task


async def timed_out() -> None:
    with anyio.fail_after(0.05):
        async with db.transaction() as conn:
            await conn.execute("SELECT pg_sleep(5)")


async def backend_killed() -> None:
    async with db.transaction() as conn:
        await conn.execute("SELECT pg_terminate_backend(pg_backend_pid())")


@pytest.mark.parametrize("accident", [commit_fails, cancelled_twice, timed_out, backend_killed])
async def test_no_accident_costs_a_connection(small_pool: None, accident: Callable[[], Awaitable[None]]) -> None:
    for _ in range(5):  # more often than the pool has connections
        with pytest.raises((Exception, asyncio.CancelledError)):
            await asyncio.create_task(accident())  # type: ignore[arg-type]
    async with asyncio.timeout(5):
        assert await asyncio.create_task(_count()) == 0


async def _count() -> int:
    value: int = await db.fetch_value("SELECT count(*) FROM late")
    return value


async def test_a_transaction_inside_a_transaction_is_refused(small_pool: None) -> None:
    async with db.transaction():
        with pytest.raises(TransactionError):
            async with db.transaction():
                pass


async def test_reads_inside_see_what_the_transaction_wrote(small_pool: None) -> None:
    async with db.transaction() as conn:
        await conn.execute("INSERT INTO late VALUES (7)")
        assert await db.fetch_value("SELECT id FROM late") == 7


async def test_two_nodes_starting_together_migrate_once(postgres: str) -> None:
    name = f"migrating_{os.getpid()}"
    admin = await asyncpg.connect(database_dsn(postgres, "postgres"))
    await admin.execute(f"CREATE DATABASE {name}")
    try:
        dsn = database_dsn(postgres, name)
        node = "import asyncio, sys; from server.kit.migrate import migrate; asyncio.run(migrate(sys.argv[1]))"
        nodes = [await asyncio.create_subprocess_exec(sys.executable, "-c", node, dsn) for _ in range(3)]
        assert [await one.wait() for one in nodes] == [0, 0, 0]
        conn = await asyncpg.connect(dsn)
        names = [row["name"] for row in await conn.fetch("SELECT name FROM migration")]
        await conn.close()
        assert len(names) == len(set(names)) == MIGRATIONS
    finally:
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await admin.close()


async def test_a_database_that_is_gone_is_told_from_a_fault_of_ours(client: httpx.AsyncClient, office: Office) -> None:
    caller = await office.caller("linxia", Role.SUP)
    assert (await caller.get("/api/items")).status_code == 200
    assert db.DB.pool is not None
    db.DB.pool.terminate()
    signin.forget_recent()
    answer = await caller.get("/api/items")
    assert answer.status_code == 503
    assert answer.json()["code"] == "unavailable"
    assert answer.json()["params"] == {"retry": True}
    assert int(answer.headers["retry-after"]) > 0
