"""Listening to one PostgreSQL channel for as long as the process lives, across restarts of the database.

A notification is only ever a hint: those sent while the connection was down are lost for good. So the listener says
when it may have missed some (``on_gap``), also after the first connect, and its owner looks into the tables.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

import asyncpg
import structlog

log = structlog.get_logger(__name__)

_LOST: Final = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)

_PULSE_SECONDS: Final = 20.0  # a connection that a firewall dropped without a word is noticed after this
_FIRST_PAUSE: Final = 0.2
_LONGEST_PAUSE: Final = 5.0


class Listener:
    """One connection of its own with LISTEN, made again whenever it is lost."""

    def __init__(self, dsn: str, channel: str, on_notice: Callable[[str], None], on_gap: Callable[[], None]) -> None:
        self._dsn = dsn
        self._channel = channel
        self._on_notice = on_notice
        self._on_gap = on_gap

    async def run(self) -> None:
        """Listen until cancelled."""
        pause = _FIRST_PAUSE
        while True:
            try:
                connection = await asyncpg.connect(self._dsn, timeout=10)
            except _LOST as error:
                log.warning("listener_waits", channel=self._channel, error=type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
                continue
            pause = _FIRST_PAUSE
            try:
                await self._listen(connection)
            except _LOST as error:
                log.warning("listener_lost", channel=self._channel, error=type(error).__name__)
                await asyncio.sleep(pause)
            finally:
                connection.terminate()

    async def _listen(self, connection: asyncpg.Connection) -> None:
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _: lost.set())
        await connection.add_listener(self._channel, lambda _c, _p, _n, payload: self._on_notice(str(payload)))
        self._on_gap()
        while not lost.is_set():
            try:
                async with asyncio.timeout(_PULSE_SECONDS):
                    await lost.wait()
            except TimeoutError:
                async with asyncio.timeout(10):
                    await connection.execute("SELECT 1")
        raise ConnectionError("the listening connection ended")
