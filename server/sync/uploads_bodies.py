"""Bodies of uploads in pieces of up to 1 MiB, read into memory that is used again and again.

Fresh memory costs the kernel a fault for every 4 KiB, as much as copying the bytes does.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from typing import Final

from server.kit.http.bodies import BodyCutOff, DirectBody

PIECE: Final = 1 << 20
_MOST_KEPT: Final = 16
_kept: list[bytearray] = []


@contextmanager
def borrowed() -> Iterator[memoryview]:
    """A piece of memory; nobody may look at it afterwards."""
    memory = _kept.pop() if _kept else bytearray(PIECE)
    try:
        yield memoryview(memory)
    finally:
        if len(_kept) < _MOST_KEPT:
            _kept.append(memory)


async def pieces(body: DirectBody, one: memoryview, other: memoryview) -> AsyncIterator[memoryview]:
    """The whole body in two pieces of memory by turns: one can be written while the other is filled.

    The memory is the caller's, since the last two are still being written when the stream is at its end.

    Raises:
        BodyCutOff: the connection ended before the body did.
    """
    while body.left:
        piece = one[: body.left]
        await body.read_into(piece)
        yield piece
        one, other = other, one


async def drain(body: DirectBody) -> None:
    """Read what is left and forget it, so that the answer to a refused upload is not lost with the connection."""
    with borrowed() as memory, suppress(BodyCutOff):
        async for _ in pieces(body, memory, memory):
            pass
