"""The working side of ``server.kit.jobs``: runs what is queued, tries again, and holds what cannot be done.

Three things PgQueuer leaves to its users are settled here. A job that kills its process comes back with its number of
attempts unchanged, so deliveries are counted and the fourth one too many is held. A cancelled job would be deleted, so
a stopping worker gives unfinished work back instead. And the queue's connections die with the database, so the queue
is built anew until the worker is told to stop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import asyncpg
import structlog
from pgqueuer import AsyncpgDriver, DatabaseRetryEntrypointExecutor, PgQueuer, RetryRequested
from pgqueuer import Job as QueuedJob
from pgqueuer.core.executors import EntrypointExecutorParameters
from pgqueuer.models import Context, Schedule

from server.kit import db
from server.kit.jobs import Handler, Job, TryAgain, decode_task

log = structlog.get_logger(__name__)

_LOST_DELIVERIES: Final = 3  # times a job may vanish with its process before it is held
_RECONNECT_SECONDS: Final = 1.0
_LOOK_AGAIN: Final = timedelta(seconds=2)  # a job given back for later announces itself to nobody

_COUNT_DELIVERY: Final = (
    "UPDATE pgqueuer SET headers = CASE WHEN jsonb_typeof(headers) = 'object' THEN headers ELSE '{}' END"
    " || jsonb_build_object('deliveries', coalesce((headers ->> 'deliveries')::int, 0) + 1)"
    " WHERE id = $1 RETURNING (headers ->> 'deliveries')::int"
)


class DeliveredTooOften(Exception):
    """The job was given out again and again and never came to an end: it probably kills its process."""


@dataclass(frozen=True, slots=True)
class Chore:
    """Housekeeping by the clock; ``cron`` is in UTC. Of many workers, one runs it."""

    name: str
    cron: str
    run: Callable[[], Awaitable[None]]


@dataclass
class _Executor(DatabaseRetryEntrypointExecutor):
    """Runs one job under its own retry policy; ``gate`` bounds what this worker does at a time."""

    job: Job = field(kw_only=True)
    handler: Handler = field(kw_only=True)
    gate: asyncio.Semaphore = field(kw_only=True)

    async def execute(self, job: QueuedJob, context: Context) -> None:
        async with self.gate:
            try:
                if await self._is_to_be_done(job):
                    await self.handler(decode_task(job.payload or b""))
            except asyncio.CancelledError as stopping:
                raise RetryRequested(reason="the worker stopped") from stopping
            except DeliveredTooOften:
                raise
            except Exception as error:
                retry = self._retry(job, error)
                if retry is None:
                    raise
                raise retry from error

    async def _is_to_be_done(self, job: QueuedJob) -> bool:
        deliveries = await db.fetch_value(_COUNT_DELIVERY, job.id)
        if deliveries is None:  # done meanwhile by a worker that was thought dead
            return False
        if deliveries - job.attempts > _LOST_DELIVERIES:
            raise DeliveredTooOften(f"{job.entrypoint}: {deliveries} deliveries, {job.attempts} attempts")
        return True

    def _retry(self, job: QueuedJob, error: Exception) -> RetryRequested | None:
        """The next attempt and when; ``None`` after the last."""
        if job.attempts + 1 >= self.job.attempts:
            log.error("job_held", job=self.job.name, id=job.id, attempts=job.attempts + 1)
            return None
        pause = min(self.job.first_pause * 2**job.attempts, self.job.longest_pause)
        if isinstance(error, TryAgain):
            pause = pause if error.after is None else error.after
        else:
            log.warning("job_failed", job=self.job.name, id=job.id, again_in=str(pause), exc_info=error)
        return RetryRequested(delay=pause, reason=type(error).__name__)


class Worker:
    """Runs handlers until told to stop. The pool of ``server.kit.db`` must be open."""

    def __init__(
        self,
        dsn: str,
        handlers: Mapping[Job, Handler],
        chores: tuple[Chore, ...] = (),
        *,
        concurrency: int = 4,
        heartbeat: timedelta = timedelta(seconds=20),
        on_ready: Callable[[], None] = lambda: None,
    ) -> None:
        self._dsn = dsn
        self._handlers = handlers
        self._chores = chores
        self._concurrency = concurrency
        self._heartbeat = heartbeat
        self._on_ready = on_ready
        self._stopping = asyncio.Event()
        self._queue: PgQueuer | None = None

    def stop(self) -> None:
        """Take no more jobs; ``run`` ends when those under way are done."""
        self._stopping.set()
        if self._queue:
            self._queue.shutdown.set()

    async def run(self) -> None:
        """Work until ``stop``; a lost database is waited for."""
        while not self._stopping.is_set():
            try:
                await self._work()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, RuntimeError) as error:
                log.warning("queue_lost", error=type(error).__name__, detail=str(error))
            except Exception as error:
                log.error("queue_failed", exc_info=error)
            if not self._stopping.is_set():
                await _wait(self._stopping, _RECONNECT_SECONDS)

    async def _work(self) -> None:
        # A connection of its own: heartbeats must get through while handlers hold all of the pool's.
        connection = await asyncpg.connect(self._dsn)
        try:
            queue = PgQueuer(AsyncpgDriver(connection))
            connection.add_termination_listener(lambda _: queue.shutdown.set())
            gate = asyncio.Semaphore(self._concurrency)
            for job, handler in self._handlers.items():
                _register(queue, job, handler, gate)
            for chore in self._chores:
                _schedule(queue, chore)
            self._queue = queue
            if self._stopping.is_set():
                return
            self._on_ready()
            batch = max(1, self._concurrency // 2)
            await queue.run(
                batch_size=batch,
                max_concurrent_tasks=max(2 * batch, self._concurrency),
                heartbeat_timeout=self._heartbeat,
                dequeue_timeout=_LOOK_AGAIN,
                shutdown_on_listener_failure=True,
            )
            if not self._stopping.is_set():
                raise ConnectionError("the queue's connection ended")
        finally:
            self._queue = None
            await connection.close(timeout=5)


def _register(queue: PgQueuer, job: Job, handler: Handler, gate: asyncio.Semaphore) -> None:
    """Make a queue run a job with its own retry policy; what fails for good is held and can be looked at."""

    def executor(parameters: EntrypointExecutorParameters) -> _Executor:
        return _Executor(parameters=parameters, job=job, handler=handler, gate=gate)

    async def named(_: QueuedJob) -> None:
        """PgQueuer wants a function to register; the executor calls the handler itself."""

    queue.entrypoint(
        job.name,
        concurrency_limit=job.concurrency,
        accepts_context=False,
        on_failure="hold",
        executor_factory=executor,
    )(named)


def _schedule(queue: PgQueuer, chore: Chore) -> None:
    async def run(_: Schedule) -> None:
        await chore.run()

    queue.schedule(chore.name, chore.cron, accepts_context=False)(run)


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
