"""A load that costs little itself: requests made beforehand, plain sockets, one thread for each phone."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Request:
    """A request as bytes, and the status that it must be answered with."""

    head: bytes
    body: bytes
    status: int


@dataclass
class Outcome:
    """What a run took: seconds from the first byte to the last answer, and the latency of every request."""

    seconds: float
    latencies: list[float] = field(default_factory=list)


def request(method: str, path: str, token: str, body: bytes, status: int, **headers: str) -> Request:
    """Build a keep-alive HTTP/1.1 request."""
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: bench",
        f"Authorization: Bearer {token}",
        f"Content-Length: {len(body)}",
        *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
    ]
    return Request("\r\n".join([*lines, "", ""]).encode(), body, status)


def run(port: int, phones: Sequence[Sequence[Request]]) -> Outcome:
    """Let every phone send its requests in order, all phones at once.

    Raises:
        AssertionError: an answer has another status than foreseen; the answer's body is in the message.
    """
    failures: list[BaseException] = []
    latencies: list[list[float]] = [[] for _ in phones]
    begin = threading.Barrier(len(phones) + 1)

    def phone(number: int) -> None:
        try:
            with socket.create_connection(("127.0.0.1", port)) as line:
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                begin.wait()
                for one in phones[number]:
                    started = time.perf_counter()
                    _exchange(line, one)
                    latencies[number].append(time.perf_counter() - started)
        except BaseException as error:
            failures.append(error)
            begin.abort()

    threads = [threading.Thread(target=phone, args=(number,)) for number in range(len(phones))]
    for thread in threads:
        thread.start()
    begin.wait()
    started = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - started
    if failures:
        raise failures[0]
    return Outcome(seconds, [one for phone_latencies in latencies for one in phone_latencies])


def _exchange(line: socket.socket, one: Request) -> None:
    line.sendall(one.head)
    if one.body:
        line.sendall(one.body)
    answer = b""
    while b"\r\n\r\n" not in answer:
        piece = line.recv(65536)
        assert piece, "the server closed the connection"
        answer += piece
    head, _, body = answer.partition(b"\r\n\r\n")
    length = 0
    for row in head.split(b"\r\n")[1:]:
        name, _, value = row.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        body += line.recv(65536)
    status = int(head.split(b" ", 2)[1])
    assert status == one.status, f"{status}: {body[:500]!r}"
    assert b'"refused"' not in body, body[:500]
