"""Blocking work off the event loop, and streams poured into it in large pieces."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from media.store.protocol import Source

P = ParamSpec("P")
T = TypeVar("T")

PIECE = 1 << 20
"""Bytes handed to a thread at once: large enough that the hop costs nothing beside hashing and writing."""

_MOST_CHUNKS = 512
"""Half of the usual IOV_MAX, so that one `writev` takes a batch of small chunks."""


class Threads:
    """A small pool of its own, so that slow disks do not starve other users of the loop's default pool."""

    def __init__(self, workers: int, name: str) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix=name)

    async def run(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Result of `work` run in a thread.

        A cancelled caller still waits for the thread: otherwise a file descriptor could be
        closed, and its number reused, under a write that is still going on.
        """
        loop = asyncio.get_running_loop()
        job = loop.run_in_executor(self._pool, lambda: work(*args, **kwargs))
        cancelled: asyncio.CancelledError | None = None
        while not job.done():
            try:
                await asyncio.wait((job,))
            except asyncio.CancelledError as error:
                cancelled = error
        if cancelled is not None:
            job.exception()
            raise cancelled
        return job.result()

    def close(self) -> None:
        """Let running work end and stop the threads."""
        self._pool.shutdown(wait=True)


async def pour(source: Source, sink: Callable[[list[bytes]], Awaitable[None]]) -> None:
    """Give the whole source to `sink` in batches of about 1 MiB, receiving the next while the last
    is being written.

    Chunks are passed on as they came, without copying. An error of the source or the sink passes
    on, but only after the batch under way has ended.
    """
    if isinstance(source, bytes):
        await sink([source])
        return
    pending: asyncio.Future[None] | None = None
    batch: list[bytes] = []
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
