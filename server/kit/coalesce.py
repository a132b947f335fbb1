"""Calls that arrive while one is under way are made together by the next: one transaction instead of many.

A call that finds nothing under way starts at once. Only while calls keep coming together does the next batch wait a
moment for company, as PostgreSQL does with ``commit_delay``; that is what lets one process finish hundreds of uploads
a second with one durable commit for each batch.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from typing import Generic, TypeVar

_CROWDED_SECONDS = 0.1

A = TypeVar("A")
R = TypeVar("R")


class Coalescer(Generic[A, R]):
    """``work`` takes a batch and answers it in order; an exception in the answer is raised for that one caller.

    ``pause`` is how many seconds a batch waits for company when calls came together just before. When ``work`` itself
    fails on several calls, each is tried again alone, so that one bad call spoils no other.
    """

    def __init__(
        self, work: Callable[[Sequence[A]], Awaitable[Sequence[R | Exception]]], *, most: int, pause: float = 0
    ) -> None:
        self._work = work
        self._most = most
        self._pause = pause
        self._crowded_until = 0.0
        self._waiting: list[tuple[A, asyncio.Future[R]]] = []
        self._task: asyncio.Task[None] | None = None

    async def __call__(self, call: A) -> R:
        """The answer to one call."""
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((call, answer))
        if self._task is None or self._task.done():
            # A context of its own: the batch is nobody's request and inside nobody's transaction.
            self._task = asyncio.get_running_loop().create_task(self._drain(), context=Context())
        return await answer

    async def _drain(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            if self._pause and loop.time() < self._crowded_until and len(self._waiting) < self._most:
                await asyncio.sleep(self._pause)
            if len(self._waiting) > 1:
                self._crowded_until = loop.time() + _CROWDED_SECONDS
            batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            await self._run([one for one in batch if not one[1].done()])

    async def _run(self, batch: list[tuple[A, asyncio.Future[R]]]) -> None:
        if not batch:
            return
        try:
            answers = await self._work([call for call, _ in batch])
        except Exception as error:
            if len(batch) > 1:
                for one in batch:
                    await self._run([one])
                return
            answers = [error]
        for (_, future), answer in zip(batch, answers, strict=True):
            if future.done():
                continue
            if isinstance(answer, Exception):
                future.set_exception(answer)
            else:
                future.set_result(answer)
