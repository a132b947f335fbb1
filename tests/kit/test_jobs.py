"""Jobs as their owners rely on them: once in effect, tried again, held at the end, and never lost."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import ClassVar
from uuid import UUID

import asyncpg
import pytest

from server.kit import db, jobs
from server.kit.ids import new_id
from server.kit.jobs import Handler, Job, Task, TryAgain
from server.kit.queue import Worker
from server.settings import Settings
from tests.factories.people import Office
from tests.factories.worker import held_jobs, run_jobs_once

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[2]


class Ledger:
    """A job that writes a line each time it runs, after doing what the test asks for."""

    job: ClassVar[Job] = Job("note_down", attempts=3, first_pause=timedelta(milliseconds=1))

    def __init__(self, *outcomes: Exception | None) -> None:
        self.outcomes = list(outcomes)
        self.done: list[UUID] = []
        self.tries = 0

    async def __call__(self, task: Task) -> None:
        self.tries += 1
        if self.outcomes and (fault := self.outcomes.pop(0)):
            raise fault
        self.done.append(task.subject_id)

    @property
    def handlers(self) -> dict[Job, Handler]:
        return {self.job: self}


async def queue(subject: UUID, *, roll_back: bool = False, job: Job = Ledger.job) -> None:
    """Queue the job in a transaction, which may come to nothing."""
    task = Task(org_id=new_id(), entry_id=new_id(), subject_id=subject)
    try:
        async with db.transaction() as conn:
            await jobs.enqueue(conn, [(job, task)])
            if roll_back:
                raise InterruptedError
    except InterruptedError:
        assert roll_back


async def wait_for(condition: object, seconds: float = 20) -> None:
    """Poll an async condition until it holds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if await condition():  # type: ignore[operator]
            return
        await asyncio.sleep(0.05)
    raise TimeoutError


class TestTrying:
    async def test_work_exists_exactly_when_its_cause_committed(self, office: Office, settings: Settings) -> None:
        ledger, kept = Ledger(), new_id()
        await queue(kept)
        await queue(new_id(), roll_back=True)
        await run_jobs_once(settings, ledger.handlers)
        assert ledger.done == [kept]

    async def test_what_fails_is_tried_again_and_then_done_once(self, office: Office, settings: Settings) -> None:
        ledger, subject = Ledger(OSError("the network"), TryAgain("not yet", after=timedelta(0))), new_id()
        await queue(subject)
        for _ in range(3):
            await run_jobs_once(settings, ledger.handlers)
            await asyncio.sleep(0.01)
        assert ledger.done == [subject]
        assert ledger.tries == 3
        assert await held_jobs() == []

    async def test_what_cannot_be_done_is_held_and_not_lost(self, office: Office, settings: Settings) -> None:
        ledger = Ledger(*[ValueError("never")] * 9)
        await queue(new_id())
        for _ in range(5):
            await run_jobs_once(settings, ledger.handlers)
            await asyncio.sleep(0.01)
        assert ledger.tries == Ledger.job.attempts
        assert await held_jobs() == ["note_down"]

    async def test_a_retry_that_waits_for_later_does_not_keep_a_test_waiting(
        self, office: Office, settings: Settings
    ) -> None:
        ledger = Ledger(TryAgain("the push service asked for a minute", after=timedelta(minutes=1)))
        await queue(new_id())
        await run_jobs_once(settings, ledger.handlers, seconds=50)  # less than the minute that was asked for
        due = await db.fetch_value("SELECT execute_after - now() FROM pgqueuer")
        assert timedelta(seconds=50) < due <= timedelta(seconds=60)


class TestStopping:
    async def test_a_stopping_worker_finishes_what_it_began(self, office: Office, settings: Settings) -> None:
        began, finished = asyncio.Event(), []

        async def slow(task: Task) -> None:
            began.set()
            await asyncio.sleep(0.5)
            finished.append(task.subject_id)

        await queue(new_id())
        worker = Worker(settings.database_url, {Ledger.job: slow})
        running = asyncio.create_task(worker.run())
        await asyncio.wait_for(began.wait(), 10)
        worker.stop()
        await asyncio.wait_for(running, 10)
        assert len(finished) == 1
        assert await db.fetch_value("SELECT count(*) FROM pgqueuer") == 0

    async def test_a_lost_database_connection_is_found_again(self, office: Office, settings: Settings) -> None:
        ledger = Ledger()
        worker = Worker(settings.database_url, ledger.handlers)
        running = asyncio.create_task(worker.run())
        try:
            await queue(new_id())
            await wait_for(lambda: _is(len(ledger.done) == 1))
            # As a restart of PostgreSQL does it to everybody.
            conn = await asyncpg.connect(settings.database_url)
            await conn.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            await conn.close()
            await wait_for(lambda: _queued(new_id()))
            await wait_for(lambda: _is(len(ledger.done) == 2), 60)
        finally:
            worker.stop()
            await running


async def _is(truth: bool) -> bool:
    return truth


async def _queued(subject: UUID) -> bool:
    """Queue as soon as the pool has replaced the connections that were killed."""
    try:
        await queue(subject)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError):
        return False
    return True


VICTIM = """
import asyncio, os, sys
from datetime import timedelta
from server.kit import db
from server.kit.ids import new_id
from server.kit.jobs import Job
from server.kit.queue import Worker

async def handler(task):
    # The effect is idempotent, as every job's must be: one row per cause.
    await db.execute("INSERT INTO effects (entry_id) VALUES ($1) ON CONFLICT DO NOTHING", task.entry_id)
    await db.execute("INSERT INTO runs (pid) VALUES ($1)", os.getpid())
    if sys.argv[2] == "stay":
        await asyncio.sleep(60)
    if sys.argv[2] == "die":
        os.kill(os.getpid(), 9)

async def main():
    await db.connect(sys.argv[1], max_size=3)
    await Worker(sys.argv[1], {Job("note_down"): handler}, heartbeat=timedelta(seconds=1)).run()

asyncio.run(main())
"""


@pytest.fixture
async def effects(office: Office) -> None:
    await db.execute("CREATE TABLE effects (entry_id uuid PRIMARY KEY)")
    await db.execute("CREATE TABLE runs (pid int)")


def start_worker(settings: Settings, manner: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", VICTIM, settings.database_url, manner], cwd=ROOT)


async def count(sql: str) -> int:
    number: int = await db.fetch_value(sql)
    return number


@pytest.mark.usefixtures("effects")
class TestDying:
    async def test_a_job_whose_worker_is_killed_is_done_once_in_effect(self, settings: Settings) -> None:
        await queue(new_id())
        first = start_worker(settings, "stay")
        try:
            await wait_for(lambda: _reached("SELECT count(*) FROM runs", 1))
        finally:
            first.kill()
            first.wait()
        assert await count("SELECT count(*) FROM pgqueuer WHERE status = 'picked'") == 1
        second = start_worker(settings, "work")
        try:
            await wait_for(lambda: _emptied())
        finally:
            second.kill()
            second.wait()
        assert await count("SELECT count(*) FROM runs") == 2
        assert await count("SELECT count(*) FROM effects") == 1

    async def test_a_job_that_kills_every_worker_is_held(self, settings: Settings) -> None:
        await queue(new_id())
        for _ in range(6):
            worker = start_worker(settings, "die")
            try:
                await wait_for(lambda worker=worker: _over(worker))
            finally:
                worker.kill()
                worker.wait()
            if await held_jobs():
                break
        assert await held_jobs() == ["note_down"]
        assert await count("SELECT count(*) FROM runs") == 3

    async def test_the_worker_process_says_that_it_is_ready_and_stops_when_asked(self, settings: Settings) -> None:
        env = {
            **os.environ,
            "ZHICHA_DATABASE_URL": settings.database_url,
            "ZHICHA_DATA_DIR": str(settings.data_dir),
        }
        worker = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "server.worker", cwd=ROOT, env=env, stderr=asyncio.subprocess.PIPE
        )
        assert worker.stderr is not None
        try:
            line = await asyncio.wait_for(worker.stderr.readline(), 20)
            assert b'"event": "worker ready"' in line
            worker.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(worker.wait(), 10) == 0
        finally:
            if worker.returncode is None:
                worker.kill()


async def _reached(sql: str, at_least: int) -> bool:
    return await count(sql) >= at_least


async def _emptied() -> bool:
    return await count("SELECT count(*) FROM pgqueuer") == 0


async def _over(worker: subprocess.Popen[bytes]) -> bool:
    return worker.poll() is not None or bool(await held_jobs())
