"""Hints to open screens: this changed, read it again. Only a kind and an id, and only in the actor's scope."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final
from uuid import UUID

import structlog

from server.access.actor import Actor
from server.kit import db
from server.kit.errors import DomainError
from server.kit.listen import Listener
from server.sync.live_scope import in_scope

log = structlog.get_logger(__name__)

CHANNEL: Final = "zhicha_feed"
PING_SECONDS: Final = 20.0
STREAMS_PER_PERSON: Final = 8

_GATHER_SECONDS: Final = 0.15  # one command makes several changes; they go out together
_FAILED_SECONDS: Final = 0.5
_MOST_PENDING: Final = 5000
_BATCH: Final = 2000

Recheck = Callable[[], Awaitable[Actor | None]]


class TooManyStreams(DomainError):
    """Too many windows of this account listen for changes already; close one."""

    code, status = "too_many_streams", 429
    zh = "该账号打开的实时窗口过多，请关闭其中一个。"


class Stream:
    """One open screen: what it has yet to be told."""

    def __init__(self, hub: LiveHub, actor: Actor, recheck: Recheck) -> None:
        self._hub = hub
        self._recheck = recheck
        self.org_id = actor.org_id
        self.person_id = actor.person_id
        self._pending: dict[tuple[str, UUID], bool] = {}
        self._wake = asyncio.Event()
        self._over = False

    def offer(self, row: Any) -> None:
        """Take note of a change of the feed; whether it may be told is decided when it is."""
        if row["person_id"] not in (None, self.person_id):
            return
        left = row["op"] == "gone" and row["person_id"] is not None
        self._pending[row["kind"], row["subject_id"]] = left
        if len(self._pending) > _MOST_PENDING:
            self.end()  # nobody reads at the other end; whoever does will connect again and read everything
        self._wake.set()

    def end(self) -> None:
        """Let the stream come to its end."""
        self._over = True
        self._wake.set()

    async def events(self) -> AsyncIterator[str]:
        """The stream as server-sent events, until it ends, the session does, or the reader goes away."""
        try:
            # Here and not before: a response that is never sent never gets to the end of this block either.
            await self._hub.enter(self)
            yield "retry: 3000\nevent: ping\ndata: {}\n\n"
            # Pings keep their own time: one that waited for a quiet spell would tell outsiders when others are busy.
            loop = asyncio.get_running_loop()
            due = loop.time() + PING_SECONDS
            while not self._over:
                try:
                    async with asyncio.timeout_at(due):
                        await self._wake.wait()
                        if not self._over:
                            await asyncio.sleep(_GATHER_SECONDS)
                except TimeoutError:
                    due += PING_SECONDS
                    if await self._recheck() is None:
                        return
                    yield "event: ping\ndata: {}\n\n"
                    continue
                self._wake.clear()
                text = await self._hints()
                if text is None:
                    return
                if text:
                    yield text
        finally:
            self._hub.leave(self)

    async def _hints(self) -> str | None:
        """What may be told of what is pending; ``None`` when the session has ended."""
        pending, self._pending = self._pending, {}
        if not pending:
            return ""
        actor = await self._recheck()
        if actor is None:
            return None
        wanted: dict[str, list[UUID]] = defaultdict(list)
        for kind, subject_id in pending:
            wanted[kind].append(subject_id)
        visible = {kind: await in_scope(actor, kind, ids) for kind, ids in wanted.items()}
        return "".join(
            f"event: hint\ndata: {json.dumps({'kind': kind, 'id': str(subject_id)})}\n\n"
            for (kind, subject_id), left in pending.items()
            if left or subject_id in visible[kind]
        )


class LiveHub:
    """The open screens of this process, and one look into the feed for all screens of an organisation."""

    def __init__(self, dsn: str) -> None:
        self._streams: dict[UUID, set[Stream]] = defaultdict(set)
        self._position: dict[UUID, int] = {}
        self._stirred: set[UUID] = set()
        self._stir = asyncio.Event()
        self._listener = Listener(dsn, CHANNEL, self._on_notice, self._on_gap)
        self._tasks: list[asyncio.Task[None]] = []
        self._closing = False

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[LiveHub]:
        """Listen and distribute while inside; on leaving, all streams end."""
        self._tasks = [asyncio.create_task(self._listener.run()), asyncio.create_task(self._distribute())]
        try:
            yield self
        finally:
            self.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def close(self) -> None:
        """End all streams and accept no new ones: an open stream must not keep the process from stopping."""
        self._closing = True
        for streams in self._streams.values():
            for stream in streams:
                stream.end()

    def stream(self, actor: Actor, recheck: Recheck) -> Stream:
        """A stream of everything that commits from its first event on.

        Raises:
            TooManyStreams: the person has as many open as allowed.
        """
        mine = [one for one in self._streams.get(actor.org_id, ()) if one.person_id == actor.person_id]
        if len(mine) >= STREAMS_PER_PERSON:
            raise TooManyStreams(headers={"Retry-After": "10"})
        return Stream(self, actor, recheck)

    async def enter(self, stream: Stream) -> None:
        """Follow the feed for this stream too."""
        self._streams[stream.org_id].add(stream)
        if self._closing:
            stream.end()
        elif stream.org_id not in self._position:
            n = await db.fetch_value("SELECT n FROM feed_counters WHERE org_id = $1", stream.org_id)
            self._position.setdefault(stream.org_id, n or 0)

    def leave(self, stream: Stream) -> None:
        """Forget a stream; the organisation's feed is followed only while somebody looks."""
        streams = self._streams.get(stream.org_id, set())
        streams.discard(stream)
        if not streams:
            self._streams.pop(stream.org_id, None)
            self._position.pop(stream.org_id, None)

    def _on_notice(self, payload: str) -> None:
        with contextlib.suppress(ValueError):
            org_id = UUID(payload)
            if org_id in self._position:
                self._stirred.add(org_id)
                self._stir.set()

    def _on_gap(self) -> None:
        self._stirred.update(self._position)
        self._stir.set()

    async def _distribute(self) -> None:
        while True:
            try:
                async with asyncio.timeout(PING_SECONDS):
                    await self._stir.wait()
            except TimeoutError:
                self._on_gap()  # a notification may have been lost; the counter never is
            self._stir.clear()
            stirred, self._stirred = self._stirred, set()
            for org_id in stirred:
                try:
                    await self._read(org_id)
                except Exception as error:  # whatever it is, the next look may succeed, and nobody else would look
                    log.warning("feed_unread", error=type(error).__name__)
                    self._stirred.add(org_id)
            if self._stirred:
                await asyncio.sleep(_FAILED_SECONDS)
                self._stir.set()

    async def _read(self, org_id: UUID) -> None:
        while (position := self._position.get(org_id)) is not None:
            rows = await db.fetch(
                "SELECT n, kind, subject_id, person_id, op FROM feed_changes"
                " WHERE org_id = $1 AND n > $2 ORDER BY n LIMIT $3",
                org_id,
                position,
                _BATCH,
            )
            for stream in tuple(self._streams.get(org_id, ())):
                for row in rows:
                    stream.offer(row)
            if rows and org_id in self._position:
                self._position[org_id] = rows[-1]["n"]
            if len(rows) < _BATCH:
                return
