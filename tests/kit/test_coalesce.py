"""Calls made together: each gets its own answer, nobody waits alone, one bad call spoils no other."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from server.kit.coalesce import Coalescer

pytestmark = pytest.mark.anyio


class Doubling:
    """Answers twice the number; refuses 13; breaks on a batch with 99 in it."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    async def __call__(self, batch: Sequence[int]) -> Sequence[int | Exception]:
        self.batches.append(len(batch))
        await asyncio.sleep(0.002)
        if 99 in batch:
            raise RuntimeError("broken")
        return [ValueError("unlucky") if number == 13 else 2 * number for number in batch]


async def test_one_call_starts_at_once() -> None:
    work = Doubling()
    assert await Coalescer(work, most=8, pause=60)(4) == 8


async def test_calls_at_the_same_time_share_batches_and_get_their_own_answers() -> None:
    work = Doubling()
    doubled = Coalescer(work, most=8, pause=0.001)
    assert await asyncio.gather(*(doubled(number) for number in range(12))) == [2 * number for number in range(12)]
    assert sum(work.batches) == 12
    assert len(work.batches) <= 3
    assert max(work.batches) <= 8


async def test_a_refused_call_and_a_broken_batch_hurt_only_their_own_callers() -> None:
    doubled = Coalescer(Doubling(), most=8)
    answers = await asyncio.gather(*(doubled(number) for number in (1, 13, 99, 2)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [int, ValueError, RuntimeError, int]


async def test_a_caller_that_went_away_disturbs_nobody() -> None:
    doubled = Coalescer(Doubling(), most=8)
    gone = asyncio.create_task(doubled(1))
    stays = asyncio.create_task(doubled(2))
    await asyncio.sleep(0)
    gone.cancel()
    assert await stays == 4
    assert await doubled(3) == 6
