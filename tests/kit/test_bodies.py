"""Bodies read from the socket straight into the application's memory, by a real server on a real connection."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn

from server.kit.http.bodies import BodyCutOff, Pace, Protocol, direct_body
from server.sync import uploads_bodies
from server.sync.uploads_bodies import PIECE, borrowed, drain, pieces

pytestmark = pytest.mark.anyio


@pytest.fixture(params=[False, True], ids=["asyncio", "uvloop"])
def anyio_backend(request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    """Both loops: the product runs on uvloop, and on asyncio where that cannot be had."""
    return "asyncio", {"use_uvloop": request.param}


@pytest.fixture(autouse=True)
def looking_all_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a request comes on is looked at between any two pieces of it: nothing honest is disturbed by that."""
    monkeypatch.setattr(Protocol, "look_every", 0.001)


class Echo:
    """Answers with the number of bytes that came, how they came, and keeps them."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.lost: asyncio.Queue[None] = asyncio.Queue()
        self.leave = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "http"
        body, status = direct_body(scope), b"direct"
        if scope["path"] == "/plain" or body is None:
            status = b"plain"
            try:
                self.bodies.append(await plainly(receive))
            except BodyCutOff:
                self.lost.put_nowait(None)
                return
        elif scope["path"] == "/late":
            await self.leave.wait()
            self.bodies.append(await plainly(receive))
        elif scope["path"] == "/refused":
            status = b"refused"
            await drain(body)
        else:
            whole = bytearray()
            try:
                with borrowed() as one, borrowed() as other:
                    async for piece in pieces(body, one, other):
                        whole += piece
            except BodyCutOff:
                self.lost.put_nowait(None)
                return
            self.bodies.append(bytes(whole))
        headers = [(b"content-length", str(len(status)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": status})


async def plainly(receive: Any) -> bytes:
    """A body as the framework reads it."""
    whole = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise BodyCutOff
        whole += message["body"]
        if not message["more_body"]:
            return bytes(whole)


@asynccontextmanager
async def served(app: Echo) -> AsyncIterator[int]:
    """The port on which the application answers, with the event loop that the test runs in."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, http=Protocol, lifespan="off", log_level="error"))
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    await server.startup()
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        await server.shutdown()


def request(body: bytes, path: str = "/", **headers: str) -> bytes:
    told = {"Host": "test", "Content-Length": str(len(body)), **headers}
    lines = [f"POST {path} HTTP/1.1", *(f"{name.replace('_', '-')}: {value}" for name, value in told.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def answer(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    assert b" 200 " in head, head
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    return await reader.readexactly(length)


@pytest.mark.parametrize("size", [0, 1, 300_000, PIECE, PIECE + 1, 3_000_000])
async def test_every_byte_arrives_and_the_connection_goes_on(size: int) -> None:
    app, body = Echo(), os.urandom(size)
    async with served(app) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(3):
            writer.write(request(body))
            assert await answer(reader) == b"direct"
        writer.write(request(b"short", "/plain"))
        assert await answer(reader) == b"plain"
        writer.close()
    assert app.bodies == [body, body, body, b"short"]


async def test_requests_that_come_in_one_stream_stay_apart() -> None:
    app, bodies = Echo(), [os.urandom(size) for size in (10, 400_000, 70_000, 2_000_000)]
    async with served(app) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"".join(request(body) for body in bodies))
        for _ in bodies:
            assert await answer(reader) == b"direct"
        writer.close()
    assert app.bodies == bodies


async def test_head_and_body_may_come_byte_by_byte() -> None:
    app, body = Echo(), os.urandom(50)
    async with served(app) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for byte in request(body):
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0)
        assert await answer(reader) == b"direct"
        writer.close()
    assert app.bodies == [body]


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_pieces_it_comes_in(seed: int) -> None:
    chance, app = random.Random(seed), Echo()
    bodies = [chance.randbytes(chance.choice((0, 1, 900, 66_000, PIECE, PIECE + 7, 2_500_000))) for _ in range(8)]
    paths = [chance.choice(("/", "/plain", "/late")) for _ in bodies]
    stream = b"".join(request(body, path) for body, path in zip(bodies, paths, strict=True))
    app.leave.set()
    async with served(app) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)

        async def send() -> None:
            at = 0
            while at < len(stream):
                size = chance.choice((1, 50, 1_400, 65_536, 700_000))
                writer.write(stream[at : at + size])
                await writer.drain()
                await asyncio.sleep(chance.choice((0, 0, 0, 0.002)))
                at += size

        sending = asyncio.create_task(send())
        for _ in bodies:
            assert await answer(reader) in (b"direct", b"plain")
        await sending
        writer.close()
    assert app.bodies == bodies


async def test_many_connections_do_not_mix_their_memory() -> None:
    app = Echo()
    bodies = [bytes([number]) * (PIECE * 2 + number) for number in range(12)]

    async def send(port: int, body: bytes) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(2):
            writer.write(request(body))
            assert await answer(reader) == b"direct"
        writer.close()

    async with served(app) as port:
        await asyncio.gather(*(send(port, body) for body in bodies))
    assert sorted(app.bodies) == sorted(bodies * 2)


async def test_a_body_cut_off_is_told_and_its_memory_is_used_again() -> None:
    app = Echo()
    uploads_bodies._kept.clear()
    async with served(app) as port:
        for sent in (0, 100, 200_000, 1_500_000):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request(bytes(2_000_000))[: sent - 2_000_000])
            await writer.drain()
            writer.close()
            await writer.wait_closed()
        for _ in range(4):
            await app.lost.get()
    assert app.bodies == []
    assert 2 <= len(uploads_bodies._kept) <= 8


async def test_what_is_left_of_a_refused_body_is_read_before_the_answer() -> None:
    app = Echo()
    async with served(app) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request(bytes(5_000_000), "/refused") + request(b"next"))
        assert [await answer(reader), await answer(reader)] == [b"refused", b"direct"]
        writer.close()
    assert app.bodies == [b"next"]


async def test_a_client_that_waits_for_leave_gets_it() -> None:
    app = Echo()
    async with served(app) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head, body = request(b"x" * 1000, Expect="100-continue").split(b"\r\n\r\n")
        writer.write(head + b"\r\n\r\n")
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 100 ")
        writer.write(body)
        assert await answer(reader) == b"direct"
        writer.close()
    assert app.bodies == [b"x" * 1000]


async def test_a_body_without_a_length_comes_the_usual_way() -> None:
    app = Echo()
    async with served(app) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
        assert await answer(reader) == b"plain"
        writer.close()
    assert app.bodies == [b"abc"]


def slowest(bytes_a_second: float, size: int, *gaps: tuple[float, float]) -> bool:
    """Whether a request with such a body is ever too slow, looked at each second; gaps are (begin, length)."""
    pace, now, came = Pace(0), 0, 0.0
    while came < size:
        now += 1
        if not any(begin < now <= begin + length for begin, length in gaps):
            came += bytes_a_second
        pace.came = int(came)
        if pace.is_too_slow(now):
            return True
    return False


async def test_a_phone_on_a_bad_network_is_never_too_slow() -> None:
    assert not slowest(5_000, 3_000_000)
    assert not slowest(1_500, 3_000_000)
    assert not slowest(5_000, 3_000_000, (0, 55), (100, 90), (300, 120), (500, 150))


async def test_who_sends_a_byte_now_and_then_is() -> None:
    assert slowest(1 / 60, 1_000)
    assert slowest(1, 1_000)
    assert slowest(500, 3_000_000)
    assert slowest(5_000, 3_000_000, (100, 700))


async def test_what_the_server_does_not_read_is_not_the_clients_delay() -> None:
    pace = Pace(0)
    assert pace.is_too_slow(100)
    pace.wait(45)
    assert not pace.is_too_slow(100)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pace, "grace", 0.2)
    monkeypatch.setattr(Pace, "slowest", 1_000_000.0)
    monkeypatch.setattr(Protocol, "look_every", 0.02)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("path", ["/", "/plain"])
@pytest.mark.parametrize("sent", [0, 1, 70_000, 1_999_999])
async def test_a_body_that_does_not_come_on_is_cut_off(path: str, sent: int) -> None:
    app = Echo()
    async with served(app) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request(bytes(2_000_000), path)[: sent - 2_000_000])
        await app.lost.get()
        assert await ended(reader)
        writer.close()
    assert app.bodies == []


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("path", ["/", "/plain"])
async def test_a_byte_now_and_then_does_not_keep_the_place(path: str) -> None:
    app = Echo()
    async with served(app) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = request(bytes(2_000_000), path)[:-2_000_000]
        writer.write(head)
        trickling = asyncio.create_task(trickle(writer))
        await app.lost.get()
        assert await ended(reader)
        trickling.cancel()
        writer.close()


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("head", [b"", b"P", b"POST / HTTP/1.1\r\nHost: t\r\nX-A: "])
async def test_a_head_that_does_not_come_on_is_cut_off(head: bytes) -> None:
    app = Echo()
    async with served(app) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head)
        assert await ended(reader)
        writer.close()


@pytest.mark.usefixtures("impatient")
async def test_an_application_that_reads_late_loses_nothing() -> None:
    app, body = Echo(), os.urandom(3_000_000)
    async with served(app) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request(body, "/late"))
        await asyncio.sleep(0.6)  # three times as long as a client may take
        app.leave.set()
        assert await answer(reader) == b"direct"
        writer.write(request(body))
        assert await answer(reader) == b"direct"
        writer.close()
    assert app.bodies == [body, body]


async def ended(reader: asyncio.StreamReader) -> bool:
    """Wait for the end of the connection."""
    try:
        return await reader.read() == b""
    except ConnectionError:
        return True


async def trickle(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"x")
        await asyncio.sleep(0.01)
