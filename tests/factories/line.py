"""The network between a phone and the product: it can be cut, die in the middle of an upload, or deliver all twice."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self, TypeVar

from tests.factories.product import free_port

_T = TypeVar("_T")
_PIECE = 64 * 1024


@dataclass
class Exchange:
    """One request as it passed, and the status of what the phone was told; 0 when it was told nothing."""

    method: str
    path: str
    headers: dict[str, str]
    passed: int = 0
    status: int = 0
    answer: bytes = field(default=b"", repr=False)

    @property
    def is_upload(self) -> bool:
        """Whether bytes of a file travel in it."""
        return self.path.startswith("/api/uploads") and self.method in {"POST", "PATCH"}


class _Torn(Exception):
    """The line broke in the middle of a request."""


class Line:
    """A TCP line with a fixed address of its own.

    Attributes:
        twice: every request but a stream is delivered two times, alternately one after the other and both at once;
            the phone sees only the later answer, as if the first had been lost.
        lose_answers: requests arrive and are carried out, but this test of their path keeps the answer from the phone.
        stand_ins: paths that the line answers itself, with these bytes.
        log: all exchanges so far, in the order of their beginning.
    """

    def __init__(self, upstream_port: int) -> None:
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.twice = False
        self.lose_answers: Callable[[Exchange], bool] = lambda _exchange: False
        self.stand_ins: dict[str, bytes] = {}
        self.log: list[Exchange] = []
        self._upstream_port = upstream_port
        self._moment: Callable[[Exchange], bool] | None = None
        self._server: asyncio.Server | None = None
        self._falling: asyncio.Task[None] | None = None
        self._dead = threading.Event()
        self._open: set[asyncio.Task[Any]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self.up()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.down()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def up(self) -> None:
        """Accept connections (again)."""
        self._run(self._listen())

    def down(self) -> None:
        """Refuse connections and tear those that stand: a browser still believes that it is online."""
        self._run(self._close())

    def die_when(self, moment: Callable[[Exchange], bool]) -> None:
        """Go down by itself, once, in the middle of the first exchange of which this is true."""
        self._dead.clear()
        self._moment = moment

    def wait_until_dead(self, seconds: float) -> None:
        """Wait until ``die_when`` has come true."""
        assert self._dead.wait(seconds), "the moment to die did not come"

    def uploads(self) -> list[Exchange]:
        """The exchanges in which bytes of files travelled."""
        return [exchange for exchange in self.log if exchange.is_upload]

    def _run(self, act: Coroutine[Any, Any, _T]) -> _T:
        return asyncio.run_coroutine_threadsafe(act, self._loop).result(20)

    async def _listen(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(self._serve, "localhost", self.port, reuse_address=True)

    async def _close(self) -> None:
        server, self._server = self._server, None
        if server is None:
            return
        server.close()
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
        self._dead.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            await self._pass(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError, _Torn):
            writer.transport.abort()  # a reset, not an orderly end: that is how networks die
        finally:
            self._open.discard(task)
            writer.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return
        exchange = _read_head(head)
        self.log.append(exchange)
        length = int(exchange.headers.get("content-length", "0"))
        streams = exchange.headers.get("accept") == "text/event-stream"
        if exchange.path in self.stand_ins:
            await reader.readexactly(length)
            exchange.answer = self.stand_ins[exchange.path]
            writer.write(exchange.answer)
        elif self.twice and not streams:
            body = await reader.readexactly(length)
            exchange.passed = length
            exchange.answer = await self._deliver_twice(_closing(head), body)
            writer.write(exchange.answer)
        else:
            await self._deliver(exchange, _closing(head), length, reader, writer)
        exchange.status = _status(exchange.answer)
        await writer.drain()

    async def _deliver(
        self,
        exchange: Exchange,
        head: bytes,
        length: int,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        above, below = await self._dial()
        try:
            below.write(head)
            while exchange.passed < length:
                piece = await reader.read(min(_PIECE, length - exchange.passed))
                if not piece:
                    raise _Torn
                exchange.passed += len(piece)
                below.write(piece)
                await below.drain()
                if self._moment and self._moment(exchange):
                    self._moment = None
                    await asyncio.sleep(0.2)  # what was sent so far arrives; then nothing more does
                    self._falling = self._loop.create_task(self._close())
                    raise _Torn
            lost = self.lose_answers(exchange)
            while piece := await above.read(_PIECE):
                exchange.answer = exchange.answer or piece
                exchange.status = _status(exchange.answer)
                if not lost:
                    writer.write(piece)
                    await writer.drain()
            if lost:
                raise _Torn
        finally:
            below.close()

    async def _deliver_twice(self, head: bytes, body: bytes) -> bytes:
        if len(self.log) % 2:
            answers = await asyncio.gather(self._ask(head, body), self._ask(head, body))
            return answers[1]
        await self._ask(head, body)
        return await self._ask(head, body)

    async def _ask(self, head: bytes, body: bytes) -> bytes:
        above, below = await self._dial()
        try:
            below.write(head + body)
            await below.drain()
            return await above.read()
        finally:
            below.close()

    async def _dial(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self._upstream_port)


def answer(status: str, body: bytes = b"", media_type: str = "application/json") -> bytes:
    """A whole HTTP answer, for ``Line.stand_ins``."""
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body


def _read_head(head: bytes) -> Exchange:
    first, *rest = head.decode("latin-1").split("\r\n")
    method, path, _version = first.split(" ", 2)
    pairs = (line.split(":", 1) for line in rest if ":" in line)
    return Exchange(method, path, {name.strip().lower(): value.strip() for name, value in pairs})


def _closing(head: bytes) -> bytes:
    """The same request for one connection of its own, so that the end of the answer is the end of the connection."""
    first, *rest = head.split(b"\r\n")
    kept = [line for line in rest if line and not line.lower().startswith(b"connection:")]
    return b"\r\n".join([first, *kept, b"Connection: close", b"", b""])


def _status(answer: bytes) -> int:
    with contextlib.suppress(IndexError, ValueError):
        return int(answer.split(b" ", 2)[1])
    return 0
