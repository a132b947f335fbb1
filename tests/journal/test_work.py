"""State, journal, jobs and feed commit together or not at all; the feed has no gaps."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

import asyncpg
import pytest

from server.journal import effects
from server.journal.events import Change, Event
from server.journal.work import unit_of_work
from server.kit import clock, db
from server.kit.ids import new_id
from server.kit.jobs import Job, decode_task

pytestmark = pytest.mark.anyio


@dataclass(frozen=True)
class Somebody:
    org_id: UUID
    person_id: UUID | None


class ThingHappened(Event):
    KIND: ClassVar[str] = "thing.happened"
    SUBJECT: ClassVar[str] = "thing"

    reason: str


class ThingWasSeen(Event):
    """Nobody's screen changes by it."""

    KIND: ClassVar[str] = "thing.was_seen"
    SUBJECT: ClassVar[str] = "thing"

    def changes(self) -> tuple[Change, ...]:
        return ()


FOLLOW_UP = Job("test_follow_up")


@pytest.fixture
async def author(dsn: str) -> AsyncIterator[Somebody]:
    await db.connect(dsn, min_size=1, max_size=8)
    org_id = new_id()
    await db.execute("INSERT INTO organisations (id, name, created_at) VALUES ($1, 'x', $2)", org_id, clock.now())
    await db.execute("INSERT INTO feed_counters (org_id, n) VALUES ($1, 0)", org_id)
    effects.bind([{ThingHappened: (FOLLOW_UP,), ThingWasSeen: (FOLLOW_UP,)}])
    yield Somebody(org_id, new_id())
    effects.bind([])
    await db.disconnect()


async def test_entry_job_and_feed_change_commit_with_the_cause(author: Somebody) -> None:
    subject, command = new_id(), new_id()
    async with unit_of_work(author, command_id=command) as work:
        entry_id = work.record(ThingHappened(subject_id=subject, reason="开工"))
    entry = await db.fetch_one("SELECT * FROM journal_entries WHERE id = $1", entry_id)
    assert entry is not None
    assert (entry["kind"], entry["subject_id"], entry["command_id"]) == ("thing.happened", subject, command)
    assert entry["actor_id"] == author.person_id
    assert entry["data"] == '{"reason": "开工"}'
    payload = await db.fetch_value("SELECT payload FROM pgqueuer WHERE entrypoint = 'test_follow_up'")
    assert decode_task(payload).entry_id == entry_id
    change = await db.fetch_one("SELECT n, kind, subject_id FROM feed_changes")
    assert change is not None
    assert (change["n"], change["kind"], change["subject_id"]) == (1, "thing", subject)


async def test_what_nobody_is_told_leaves_the_feed_alone_but_has_its_number(author: Somebody) -> None:
    async with unit_of_work(author) as work:
        work.record(ThingWasSeen(subject_id=new_id()))
    assert await db.fetch_value("SELECT count(*) FROM journal_entries WHERE kind = 'thing.was_seen'") == 1
    assert await db.fetch_value("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'test_follow_up'") == 1
    counters = await db.fetch_one("SELECT n, acts FROM feed_counters")
    assert counters is not None
    assert (counters["n"], counters["acts"]) == (0, 1)
    assert await db.fetch_value("SELECT n FROM log_pending") == 1


async def test_nothing_is_recorded_past_the_log(author: Somebody) -> None:
    await db.execute("DELETE FROM feed_counters")
    with pytest.raises(Exception, match="log_pending_check"):
        async with unit_of_work(author) as work:
            work.record(ThingWasSeen(subject_id=new_id()))
    assert await db.fetch_value("SELECT count(*) FROM journal_entries") == 0


async def test_nothing_remains_of_a_command_that_failed(author: Somebody) -> None:
    with pytest.raises(ZeroDivisionError):
        async with unit_of_work(author) as work:
            work.record(ThingHappened(subject_id=new_id(), reason=""))
            raise ZeroDivisionError
    for table in ("journal_entries", "feed_changes", "pgqueuer"):
        assert await db.fetch_value(f"SELECT count(*) FROM {table}") == 0


async def test_the_feed_has_no_gap_under_concurrent_writers_and_rollbacks(author: Somebody) -> None:
    chance = random.Random(7)

    async def writer() -> None:
        for _ in range(25):
            try:
                async with unit_of_work(author) as work:
                    for _ in range(chance.randint(1, 3)):
                        work.record(ThingHappened(subject_id=new_id(), reason=""))
                    await asyncio.sleep(chance.random() / 200)
                    if chance.random() < 0.2:
                        raise ZeroDivisionError
            except ZeroDivisionError:
                pass

    seen: list[int] = []

    async def reader(done: asyncio.Event) -> None:
        while True:
            last = done.is_set()
            rows = await db.fetch("SELECT n FROM feed_changes WHERE n > $1 ORDER BY n", seen[-1] if seen else 0)
            seen.extend(row["n"] for row in rows)
            if last and not rows:
                return
            await asyncio.sleep(0.002)

    done = asyncio.Event()
    reading = asyncio.create_task(reader(done))
    await asyncio.gather(*(writer() for _ in range(6)))
    done.set()
    await reading
    total = await db.fetch_value("SELECT count(*) FROM feed_changes")
    assert seen == list(range(1, total + 1))
    assert await db.fetch_value("SELECT n FROM feed_counters") == total


@pytest.mark.parametrize("statement", ["UPDATE journal_entries SET kind = 'x'", "DELETE FROM journal_entries"])
async def test_even_sql_cannot_rewrite_the_journal(author: Somebody, statement: str) -> None:
    async with unit_of_work(author) as work:
        work.record(ThingHappened(subject_id=new_id(), reason=""))
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await db.execute(statement)
