"""Blocking work off the event loop, and streams poured into it in large pieces."""

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable
from functools import partial
from queue import SimpleQueue
from typing import Any, ParamSpec, TypeVar

from media.store.protocol import Bytes, Source

P = ParamSpec("P")
T = TypeVar("T")

PIECE = 1 << 20
"""Bytes handed to a thread at once: large enough that the hop costs nothing beside hashing and writing."""

_MOST_CHUNKS = 512
"""Half of the usual IOV_MAX, so that one `writev` takes a batch of small chunks."""


class Threads:
    """A small pool of its own, so that slow disks do not starve other users of the loop's default pool.

    Leaner than an executor under the event loop, which costs a request more than it gains where each upload is one
    call: one queue, one future, one wake-up. The threads are started by the first call.
    """

    def __init__(self, workers: int, name: str) -> None:
        self._workers, self._name = workers, name
        self._calls: SimpleQueue[_Call | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._closed = False

    async def run(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Result of `work` run in a thread.

        A cancelled caller still waits for the thread: otherwise a file descriptor could be
        closed, and its number reused, under a write that is still going on.
        """
        if self._closed:
            raise RuntimeError("the threads were closed")
        if not self._threads:
            self._start()
        loop = asyncio.get_running_loop()
        call = _Call(loop, partial(work, *args, **kwargs), loop.create_future())
        self._calls.put(call)
        try:
            result: T = await call.answer
        except asyncio.CancelledError:
            while not call.over:
                call.last_wait = loop.create_future()
                with contextlib.suppress(asyncio.CancelledError):
                    await call.last_wait
            raise
        return result

    def close(self) -> None:
        """Let running work end and stop the threads."""
        self._closed = True
        for _ in self._threads:
            self._calls.put(None)
        for thread in self._threads:
            thread.join()

    def _start(self) -> None:
        # Daemons: a process that ends without `close` dies as in a crash, which is safe at every instant.
        self._threads = [
            threading.Thread(target=self._serve, name=f"{self._name}_{number}", daemon=True)
            for number in range(self._workers)
        ]
        for thread in self._threads:
            thread.start()

    def _serve(self) -> None:
        while (call := self._calls.get()) is not None:
            call.make()
            del call  # with the body it carries


class _Call:
    """One call on its way through a thread."""

    __slots__ = ("_loop", "_work", "answer", "last_wait", "over")

    def __init__(self, loop: asyncio.AbstractEventLoop, work: Callable[[], Any], answer: "asyncio.Future[Any]") -> None:
        self._loop, self._work, self.answer = loop, work, answer
        self.last_wait: asyncio.Future[None] | None = None
        self.over = False

    def make(self) -> None:
        """Do the work, in a thread, and tell the loop how it ended."""
        result: Any = None
        failed: BaseException | None = None
        try:
            result = self._work()
        except BaseException as error:
            failed = error
        with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile: nobody waits
            self._loop.call_soon_threadsafe(self._settle, result, failed)

    def _settle(self, result: Any, failed: BaseException | None) -> None:
        self.over = True
        if self.answer.done():  # the caller was cancelled
            if self.last_wait is not None and not self.last_wait.done():
                self.last_wait.set_result(None)
        elif failed is not None:
            self.answer.set_exception(failed)
        else:
            self.answer.set_result(result)


async def pour(source: Source, sink: Callable[[list[Bytes]], Awaitable[None]]) -> None:
    """Give the whole source to `sink` in batches of about 1 MiB, receiving the next while the last
    is being written.

    Chunks are passed on as they came, without copying. An error of the source or the sink passes
    on, but only after the batch under way has ended.
    """
    if isinstance(source, bytes | memoryview):
        await sink([source])
        return
    pending: asyncio.Future[None] | None = None
    batch: list[Bytes] = []
    size = 0
    try:
        async for chunk in source:
            if not chunk:
                continue
            batch.append(chunk)
            size += len(chunk)
            if size >= PIECE or len(batch) >= _MOST_CHUNKS:
                if pending is not None:
                    await pending
                pending = asyncio.ensure_future(sink(batch))
                batch, size = [], 0
        if batch:
            if pending is not None:
                await pending
            pending = asyncio.ensure_future(sink(batch))
    finally:
        if pending is not None:
            await pending
