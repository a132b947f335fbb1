"""The least server that does the work of a capture: bytes over HTTP, a file with a lasting name, ten rows.

Beside it the ceiling that the aim names takes no bytes from a socket, names no file for good and writes one row. This
is one process and one event loop of uvloop and httptools, with four threads for files and one transaction for all
arrivals that wait; there is no framework, no signature, no permission, no chain, nothing is looked up or checked.

``python -m tests.bench.bare PORT DSN FOLDER``
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httptools  # type: ignore[import-untyped]
import uvloop

ROWS = 10
ROW_BYTES = 500
_ANSWER = b"HTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n"


class Keeper:
    """Files by threads, rows by one transaction after the other."""

    def __init__(self, line: Any, folder: Path) -> None:
        self._line, self._folder = line, folder
        self._threads = ThreadPoolExecutor(4)
        self._row = os.urandom(ROW_BYTES)
        self._waiting: list[asyncio.Future[None]] = []
        self._task: asyncio.Task[None] | None = None

    async def keep(self, parts: list[bytes]) -> None:
        """Return when the body and its rows are durable."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._threads, self._file, parts)
        done: asyncio.Future[None] = loop.create_future()
        self._waiting.append(done)
        if self._task is None or self._task.done():
            self._task = loop.create_task(self._insert())
        await done

    def _file(self, parts: list[bytes]) -> None:
        hasher = hashlib.sha256()
        for part in parts:
            hasher.update(part)
        path = self._folder / uuid4().hex
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            if os.writev(handle, parts) != sum(map(len, parts)):
                raise OSError("a photo was not written at once")
            os.fsync(handle)
        finally:
            os.close(handle)
        folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    async def _insert(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            rows = [self._row] * (ROWS * len(batch))
            await self._line.execute("INSERT INTO bench_bare (body) SELECT * FROM unnest($1::bytea[])", rows)
            for done in batch:
                done.set_result(None)


class Http(asyncio.Protocol):
    """One connection of a phone that waits for each answer."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self._parser = httptools.HttpRequestParser(self)
        self._parts: list[bytes] = []
        self._work: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Answers go there."""
        self._transport: Any = transport

    def data_received(self, data: bytes) -> None:
        """The parser calls what follows."""
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        """Another part of the photo."""
        self._parts.append(body)

    def on_message_complete(self) -> None:
        """The photo is whole."""
        parts, self._parts = self._parts, []
        self._work = asyncio.get_running_loop().create_task(self._answer(parts))

    async def _answer(self, parts: list[bytes]) -> None:
        await self._keeper.keep(parts)
        self._transport.write(_ANSWER)


async def serve(port: int, dsn: str, folder: Path) -> None:
    """Serve until the process is ended."""
    line = await asyncpg.connect(dsn)
    await line.execute("DROP TABLE IF EXISTS bench_bare")
    await line.execute("CREATE TABLE bench_bare (id bigserial PRIMARY KEY, body bytea NOT NULL)")
    keeper = Keeper(line, folder)
    server = await asyncio.get_running_loop().create_server(lambda: Http(keeper), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3])))
