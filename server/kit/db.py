"""The one way to a connection and to a transaction.

Piccolo's own ``DB.transaction()`` leaks pooled connections when a commit fails, on double cancellation and under
``anyio.fail_after``. ``transaction()`` below always gives the connection back and forbids nesting: one command is
one transaction.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Generic, TypeAlias, TypeVar

import asyncpg
from piccolo.engine.postgres import PostgresTransaction

os.environ.setdefault("PICCOLO_CONF", "server.piccolo_conf")

from server.piccolo_conf import DB

__all__ = [
    "DB",
    "Connection",
    "PerDatabase",
    "Record",
    "connect",
    "connection",
    "disconnect",
    "execute",
    "fetch",
    "fetch_one",
    "fetch_value",
    "is_gone",
    "transaction",
]

# asyncpg carries no types of its own.
Connection: TypeAlias = Any
Record: TypeAlias = Any

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class PerDatabase(Generic[_Key, _Value]):
    """What this process remembers of the database that it is connected to.

    Where a process opens another pool (tests, the demo), all is forgotten. When full it begins anew: entries are
    cheap to read again.

    Args:
        most: how many entries are kept.
        seconds: how long an entry counts; for ever by default, which suits what never changes.
    """

    def __init__(self, most: int, seconds: float = float("inf")) -> None:
        self._most, self._seconds = most, seconds
        self._pool: object = None
        self._known: dict[_Key, tuple[float, _Value]] = {}

    def get(self, key: _Key) -> _Value | None:
        """What is remembered under the key, or ``None``."""
        until, value = self._of_this_pool().get(key, (0.0, None))
        return value if time.monotonic() < until else None

    def put(self, key: _Key, value: _Value) -> None:
        """Remember it from now on."""
        known = self._of_this_pool()
        if len(known) >= self._most:
            known.clear()
        known[key] = (time.monotonic() + self._seconds, value)

    def take(self, key: _Key) -> _Value | None:
        """What was remembered under the key, which is forgotten now, or ``None``."""
        until, value = self._of_this_pool().pop(key, (0.0, None))
        return value if time.monotonic() < until else None

    def clear(self) -> None:
        """Forget all."""
        self._known.clear()

    def _of_this_pool(self) -> dict[_Key, tuple[float, _Value]]:
        if self._pool is not DB.pool:
            self._known.clear()
            self._pool = DB.pool
        return self._known


class _Connection(asyncpg.Connection):  # type: ignore[misc]
    """A pooled connection that is given back without a round trip.

    asyncpg would first send RESET ALL, UNLISTEN and more. Nothing here leaves state on a session: settings and locks
    are local to transactions, LISTEN has connections of its own. An open transaction is rolled back all the same.
    """

    def get_reset_query(self) -> str:
        return ""


class _Transaction(PostgresTransaction):
    """Piccolo's transaction with a release that cannot be skipped."""

    async def __aenter__(self) -> _Transaction:
        pool = _pool()
        self.connection = await pool.acquire()
        try:
            self.transaction = self.connection.transaction()
            await self.begin()  # type: ignore[no-untyped-call]
        except BaseException:
            await asyncio.shield(pool.release(self.connection))
            raise
        self.context = self.engine.current_transaction.set(self)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: object, trace: object) -> bool:
        try:
            if kind is None:
                await self.commit()  # type: ignore[no-untyped-call]
            else:
                await self.rollback()  # type: ignore[no-untyped-call]
        finally:
            self.engine.current_transaction.reset(self.context)
            await _pool().release(self.connection)  # asyncpg shields this and rolls back what is left
        return False


def _pool() -> Any:
    if DB.pool is None:
        raise RuntimeError("the database is not connected; call server.kit.db.connect first")
    return DB.pool


_GONE = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InternalClientError,
    ConnectionError,
)
_PATIENCE_SECONDS = 20.0


def is_gone(error: BaseException) -> bool:
    """Whether the server went away, is starting or is shutting down, so that another try will find it back."""
    if isinstance(error, FileNotFoundError):
        return error.filename is None  # the local socket of a server that is not there; files carry their names
    if type(error) is asyncpg.InterfaceError:
        return "closed" in str(error) or "closing" in str(error)
    return isinstance(error, _GONE)


async def connect(dsn: str, *, min_size: int = 2, max_size: int = 10) -> None:
    """Open the pool of this process; waits while PostgreSQL is starting or recovering."""
    DB.config = {"dsn": dsn, "server_settings": {"timezone": "UTC", "application_name": "zhicha"}}
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            await DB.start_connection_pool(min_size=min_size, max_size=max_size, connection_class=_Connection)
            break
        except Exception as error:
            if not is_gone(error) or time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.2)
    version = await fetch_value("SELECT current_setting('server_version_num')::int")
    if version < 150_000:
        await disconnect()
        raise RuntimeError(f"PostgreSQL 15 or newer is needed, this one is {version // 10_000}")


async def disconnect() -> None:
    """Close the pool; waits at most five seconds for connections in use."""
    if DB.pool is None:
        return
    pool, DB.pool = DB.pool, None
    try:
        async with asyncio.timeout(5):
            await pool.close()
    except TimeoutError:
        pool.terminate()


@asynccontextmanager
async def transaction() -> AsyncIterator[Connection]:
    """One transaction on one pooled connection; Piccolo queries inside run on it too.

    Raises:
        piccolo.engine.exceptions.TransactionError: a transaction is already open in this task.
    """
    async with _Transaction(DB, allow_nested=False) as opened:
        yield opened.connection


@asynccontextmanager
async def connection() -> AsyncIterator[Connection]:
    """The connection of the open transaction, or one from the pool for reading."""
    opened = DB.current_transaction.get()
    if opened is not None:
        yield opened.connection
        return
    async with _pool().acquire() as pooled:
        yield pooled


async def fetch(sql: str, *args: Any) -> Sequence[Record]:
    """All rows of a query, inside the open transaction if there is one."""
    async with connection() as conn:
        rows: Sequence[Record] = await conn.fetch(sql, *args)
        return rows


async def fetch_one(sql: str, *args: Any) -> Record | None:
    """The first row of a query, or ``None``."""
    async with connection() as conn:
        return await conn.fetchrow(sql, *args)


async def fetch_value(sql: str, *args: Any) -> Any:
    """The first column of the first row, or ``None``."""
    async with connection() as conn:
        return await conn.fetchval(sql, *args)


async def execute(sql: str, *args: Any) -> str:
    """Run one statement; the answer is PostgreSQL's command tag."""
    async with connection() as conn:
        tag: str = await conn.execute(sql, *args)
        return tag
