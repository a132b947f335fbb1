"""A real PostgreSQL for all tests: one cluster, one migrated template, one database for each test."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import psutil
import pytest

from server.access import signin
from server.kit import db
from server.kit.migrate import migrate
from server.kit.supervisor.postgres import EmbeddedPostgres
from server.settings import Settings
from tests.factories.application import application
from tests.factories.people import Office
from tests.media.minio_server import NoS3Server, S3Endpoint, running_minio

_numbers = itertools.count()
_MEMORY = Path("/dev/shm")
_ROOM = 3 * 1024**3

_TESTS = Path(__file__).parent
_SHARING = ("e2e", "faults")  # each of these folders shares one running product
_LONGEST = ("e2e", "bundles/tamper", "faults")


@pytest.hookimpl(wrapper=True, tryfirst=True)  # the groups must be there when they are read; the order is ours at last
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Where tests run side by side, what shares a product or a module stays together, and the longest begin first."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))
    yield
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    module = item.path.relative_to(_TESTS).as_posix()
    return next((turn for turn, folder in enumerate(_LONGEST) if module.startswith(f"{folder}/")), len(_LONGEST))


def _group(item: pytest.Item) -> str:
    """The folder where its product is shared; else the module, in parts where that has several products of its own."""
    module = item.path.relative_to(_TESTS)
    assert isinstance(item, pytest.Function)
    own = "product" in vars(item.module)
    if module.parts[0] in _SHARING and not own:
        return module.parts[0]
    product = item.callspec.params.get("product", "") if own and hasattr(item, "callspec") else ""
    return f"{module.as_posix()} {product}".strip()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


def database_dsn(dsn: str, name: str) -> str:
    """The same server, another database."""
    return dsn.replace("/zhicha?", f"/{name}?")


async def _admin(dsn: str, sql: str) -> None:
    conn = await asyncpg.connect(database_dsn(dsn, "postgres"))
    try:
        await conn.execute(sql)
    finally:
        await conn.close()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a migrated, empty template database on a throw-away cluster."""
    with _in_memory() as memory:
        cluster = EmbeddedPostgres(memory or tmp_path_factory.mktemp("pg"), durable=False)
        dsn = cluster.start()
        try:
            asyncio.run(migrate(dsn))
            yield dsn
        finally:
            cluster.stop()


@contextlib.contextmanager
def _in_memory() -> Iterator[Path | None]:
    """A folder in memory, where the system has one with room: a new database is 850 files, copied for every test.

    What a killed run left there is removed first.
    """
    if not _MEMORY.is_dir() or shutil.disk_usage(_MEMORY).free < _ROOM:
        yield None
        return
    for left in _MEMORY.glob("zhicha-tests-*"):
        if not psutil.pid_exists(int(left.name.rpartition("-")[2])):
            shutil.rmtree(left, ignore_errors=True)
    folder = _MEMORY / f"zhicha-tests-{os.getpid()}"
    folder.mkdir(mode=0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def dsn(postgres: str) -> Iterator[str]:
    """A fresh database for this test."""
    name = f"t{os.getpid()}_{next(_numbers)}"
    # Copying files is half the work of writing every page to the log, which PostgreSQL does unless told otherwise.
    asyncio.run(_admin(postgres, f"CREATE DATABASE {name} TEMPLATE zhicha STRATEGY file_copy"))
    yield database_dsn(postgres, name)
    asyncio.run(_admin(postgres, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(scope="session")
def s3() -> Iterator[S3Endpoint]:
    """A running S3 server; without one the test skips, but fails in CI."""
    try:
        with running_minio() as endpoint:
            yield endpoint
    except NoS3Server as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.fixture
def settings(dsn: str, tmp_path: Path) -> Settings:
    """Settings of the product on this test's database and folder."""
    return Settings(database_url=dsn, data_dir=tmp_path, web_pool_size=5)


@pytest.fixture
async def client(settings: Settings, anyio_backend: Any) -> AsyncIterator[httpx.AsyncClient]:
    """The product's HTTP face, its lifespan running."""
    signin.forget_recent()
    app = application(settings)
    async with app.lifespan():
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://zhicha.test") as http:
            yield http


@pytest.fixture
async def office(client: httpx.AsyncClient) -> Office:
    """An organisation with its people, and signed-in clients for each."""
    assert db.DB.pool is not None
    return await Office.founded(client)
