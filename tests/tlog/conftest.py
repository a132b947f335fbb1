"""An organisation on a database of its own, and acts and statements that go into its log."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

import pytest

from server.journal.events import Change, Event
from server.journal.work import unit_of_work
from server.kit import clock, db
from server.kit.ids import new_id
from server.tlog import keys
from server.tlog.queries import statement_leaf


class ThingSeen(Event):
    """An act that changes nobody's screen."""

    KIND: ClassVar[str] = "thing.seen"
    SUBJECT: ClassVar[str] = "thing"

    reason: str = "巡查"

    def changes(self) -> tuple[Change, ...]:
        return ()


@dataclass(frozen=True)
class Author:
    """Who acts in these tests."""

    org_id: UUID
    person_id: UUID | None

    async def act(self, entries: int = 1, statements: int = 0) -> list[bytes]:
        """One unit of work with entries and statements; returns the statements' leaves."""
        leaves = [statement_leaf(os.urandom(32), os.urandom(32), clock.now_ms()) for _ in range(statements)]
        async with unit_of_work(self) as work:
            for leaf in leaves:
                work.log(leaf)
            for _ in range(entries):
                work.record(ThingSeen(subject_id=new_id()))
        return leaves


@pytest.fixture
async def author(dsn: str) -> AsyncIterator[Author]:
    await db.connect(dsn, min_size=1, max_size=8)
    org_id = new_id()
    await db.execute("INSERT INTO organisations (id, name, created_at) VALUES ($1, '云溪县', $2)", org_id, clock.now())
    await db.execute("INSERT INTO feed_counters (org_id, n) VALUES ($1, 0)", org_id)
    keys.hold("yunxi.example/log")
    yield Author(org_id, new_id())
    keys.hold("")
    await db.disconnect()
