"""HTTP of live hints, and their end when the process is told to stop."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from types import FrameType
from typing import Any

from litestar import Request, Router, get
from litestar.di import NamedDependency
from litestar.response import Stream as StreamResponse

from server.access import signin
from server.access.actor import Actor
from server.access.guard import token_of
from server.access.roles import Permission
from server.sync.live import LiveHub


@get("/live", opt={"permission": Permission.SELF}, media_type="text/event-stream")
async def live(request: Request[Any, Any, Any], actor: NamedDependency[Actor]) -> StreamResponse:
    """Hints of what changed in one's scope, as server-sent events: ``hint`` (kind, id) and ``ping``."""
    hub: LiveHub = request.app.state["live"]
    token, _ = token_of(request)

    async def recheck() -> Actor | None:
        return await signin.actor_of(token) if token else None

    return StreamResponse(
        hub.stream(actor, recheck).events(),
        media_type="text/event-stream",
        # A proxy that collected the stream before passing it on would make it useless.
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


router = Router("/", route_handlers=[live])


@asynccontextmanager
async def live_hub(dsn: str) -> AsyncIterator[LiveHub]:
    """The hub of a web process. The server waits for open streams before it shuts down: SIGTERM ends them first."""
    hub = LiveHub(dsn)
    async with hub.running():
        with _before_stopping(hub.close):
            yield hub


@contextmanager
def _before_stopping(act: Callable[[], None]) -> Iterator[None]:
    """Run ``act`` when the process is told to stop, then whatever the server itself does on the signal."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may set signal handlers; the server is stopped in another way
        return
    loop = asyncio.get_running_loop()
    earlier = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def handle(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(act)
        before = earlier[signal.Signals(number)]
        if callable(before):
            before(number, frame)

    chained = {number: before for number, before in earlier.items() if callable(before)}
    for number in chained:
        signal.signal(number, handle)
    try:
        yield
    finally:
        for number, before in chained.items():
            if signal.getsignal(number) is handle:
                signal.signal(number, before)
