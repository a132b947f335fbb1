"""Bodies of requests read from the socket straight into memory that the application names.

uvicorn gives a body in pieces, each copied four times on the way, and stops and starts reading after every 64 KiB. For
photos that was a third of the work of the whole upload. Here the kernel writes into the application's own buffer, and
neither a parser nor a task is woken in between. It serves bodies with a length over plain connections; all else is read
as ever, since an application that does not ask notices nothing.

Whichever way a request comes in, it has to come on (``Pace``): who sends a byte a minute would hold its connection,
its memory and its place among a person's uploads for ever.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, ClassVar, Final

import httptools  # type: ignore[import-untyped]
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

EXTENSION: Final = "zhicha.body"


class BodyCutOff(ConnectionError):
    """The connection ended before the body did."""


class Pace:
    """How long a request may take to come in: a minute for its head, then a minute and a second for each KiB.

    That is a fifth of what a phone has on 2G, and it may lose its network for a minute on the way.
    """

    grace: ClassVar[float] = 60.0
    slowest: ClassVar[float] = 1024.0

    def __init__(self, now: float) -> None:
        self._since = now
        self.came = 0
        """Bytes of the body so far."""

    def wait(self, seconds: float) -> None:
        """Count these seconds for the client: the server did not read."""
        self._since += seconds

    def is_too_slow(self, now: float) -> bool:
        """Whether it took longer by now than it may."""
        return now - self._since > self.grace + self.came / self.slowest


class Protocol(HttpToolsProtocol):
    """uvicorn's protocol; requests with a body of known length carry an extension that reads it directly."""

    look_every: ClassVar[float] = 15.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Expect the head of a request, and look now and then whether it comes."""
        super().connection_made(transport)
        self._pace: Pace | None = Pace(self.loop.time())
        self._direct: DirectBody | None = None
        self._looking = self.loop.call_later(self.look_every, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is expected any more."""
        self._looking.cancel()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self) -> None:
        """From here on it is no request."""
        self._looking.cancel()
        super().handle_websocket_upgrade()

    def _look(self) -> None:
        if self._pace is not None:
            if self._direct is not None:
                self._pace.came = max(self._pace.came, self._direct.came)
            if self.flow.read_paused:
                self._pace.wait(self.look_every)
            elif self._pace.is_too_slow(self.loop.time()):
                self.transport.abort()
                return
        self._looking = self.loop.call_later(self.look_every, self._look)

    def on_message_begin(self) -> None:
        """A head begins to come."""
        super().on_message_begin()
        self._pace, self._direct = Pace(self.loop.time()), None

    def on_body(self, body: bytes) -> None:
        """It comes on."""
        if self._pace is not None:
            self._pace.came += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """All of it is here."""
        self._pace = None
        super().on_message_complete()

    def on_headers_complete(self) -> None:
        """Begin the request, and offer its body."""
        super().on_headers_complete()
        if self.scope["method"] == "POST" and self.scheme == "http":
            length = next((value for name, value in self.headers if name == b"content-length"), b"")
            if length.isdigit():
                self._direct = DirectBody(self, self.cycle, int(length))
                self.scope["extensions"] = {EXTENSION: {"body": self._direct}}

    def go_on_after_body(self) -> None:
        """Take the connection back at the end of a body that the parser has not seen: it expects a request again."""
        self._pace = self._direct = None
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn does
        self.flow.pause_reading()
        self.transport.set_protocol(self)
        self.flow.resume_reading()


class DirectBody(asyncio.BufferedProtocol):
    """The body of one request. Whoever begins to read it reads it to its end, and does not use ``receive``."""

    def __init__(self, protocol: Protocol, cycle: RequestResponseCycle, length: int) -> None:
        self._protocol = protocol
        self._cycle = cycle
        self._length = length
        self.left = length
        """Bytes that were not read yet."""
        self._direct = False
        self._view = memoryview(b"")
        self._filled: asyncio.Future[None] | None = None

    @property
    def came(self) -> int:
        """Bytes that were read."""
        return self._length - self.left

    async def read_into(self, view: memoryview) -> None:
        """Fill the view with the next bytes of the body.

        Raises:
            BodyCutOff: the connection ended first. ValueError: the body has not as many bytes left.
        """
        if len(view) > self.left:
            raise ValueError("more than the rest of the body")
        if not self._direct:
            view = self._take_what_came(view)
        if not view:
            return
        if self._cycle.disconnected:
            raise BodyCutOff
        self._view, self._filled = view, self._protocol.loop.create_future()
        if not self._direct:
            self._direct = True
            self._protocol.flow.pause_reading()
            self._protocol.transport.set_protocol(self)
        self._protocol.flow.resume_reading()
        try:
            await self._filled
        except BaseException:  # the memory goes back to its owner: nothing may be written there any more
            self._protocol.flow.pause_reading()
            self._view = memoryview(b"")
            raise

    def _take_what_came(self, view: memoryview) -> memoryview:
        """Move what uvicorn has read into the view; returns the part that is still empty."""
        cycle = self._cycle
        if cycle.waiting_for_100_continue and not self._protocol.transport.is_closing():
            self._protocol.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            cycle.waiting_for_100_continue = False
        count = min(len(view), len(cycle.body))
        with memoryview(cycle.body) as came:
            view[:count] = came[:count]
        del cycle.body[:count]
        self.left -= count
        return view[count:]

    def get_buffer(self, sizehint: int) -> memoryview:
        """Where the next bytes belong."""
        del sizehint
        return self._view

    def buffer_updated(self, nbytes: int) -> None:
        """Bytes have come; nothing is read beyond the view, so that nothing of the next request is."""
        self._view = self._view[nbytes:]
        self.left -= nbytes
        if self._view:
            return
        if self.left:
            self._protocol.flow.pause_reading()
        else:
            self._cycle.more_body = False
            self._protocol.go_on_after_body()
        if self._filled is not None and not self._filled.done():
            self._filled.set_result(None)

    def eof_received(self) -> None:
        """The transport closes then, and says so."""

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell who waits, and the protocol."""
        self._protocol.connection_lost(exc)
        if self._filled is not None and not self._filled.done():
            self._filled.set_exception(BodyCutOff())

    def pause_writing(self) -> None:
        """Answers are written by the protocol."""
        self._protocol.pause_writing()

    def resume_writing(self) -> None:
        """Answers are written by the protocol."""
        self._protocol.resume_writing()


def direct_body(scope: Mapping[str, Any]) -> DirectBody | None:
    """The body of this request, if the server can read it directly."""
    offered = (scope.get("extensions") or {}).get(EXTENSION)
    return offered["body"] if offered else None
