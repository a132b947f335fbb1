"""The unit of work: one command, one transaction, effects only through ``record``."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import msgspec

from server.journal import commands_ledger, effects
from server.journal.author import Author
from server.journal.events import Change, Event
from server.kit import clock, db, jobs
from server.kit.ids import new_id

_encode = msgspec.json.encode


class UnitOfWork:
    """An open transaction of one actor. Rows are changed through ``conn`` or Piccolo, events through ``record``."""

    def __init__(self, actor: Author, conn: db.Connection, command_id: UUID | None) -> None:
        self.actor = actor
        self.conn = conn
        self.command_id = command_id
        self.at = clock.now()
        self._events: list[tuple[UUID, UUID | None, Event]] = []
        self._changes: list[Change] = []

    def record(self, event: Event, *, by: Author | None = None) -> UUID:
        """Append an event to the journal; its jobs and feed changes commit with it. Returns the entry's id.

        ``by`` names another author of the same organisation, where one transaction carries the acts of several.
        """
        entry_id = new_id()
        self._events.append((entry_id, (by or self.actor).person_id, event))
        return entry_id

    def announce(self, change: Change) -> None:
        """Add a feed change beyond those of the events (a person left a scope)."""
        self._changes.append(change)

    async def flush(self) -> None:
        """Write entries, jobs and the feed in one statement; the counter of the feed is the last row to be locked."""
        if not self._events and not self._changes:
            return
        changes = list(dict.fromkeys([c for _, _, event in self._events for c in event.changes()] + self._changes))
        tasks = [
            (job, jobs.Task(org_id=self.actor.org_id, entry_id=entry_id, subject_id=event.subject_id))
            for entry_id, _, event in self._events
            for job in effects.jobs_of(event)
        ]
        await self.conn.execute(
            _FLUSH if changes else _FLUSH_UNTOLD,  # nobody queues for the counter to be told nothing
            self.actor.org_id,
            self.command_id,
            self.at,
            [entry_id for entry_id, _, _ in self._events],
            [person_id for _, person_id, _ in self._events],
            [event.KIND for _, _, event in self._events],
            [event.SUBJECT for _, _, event in self._events],
            [event.subject_id for _, _, event in self._events],
            [_data(event) for _, _, event in self._events],
            *jobs.columns(tasks),
            *(_feed(changes) if changes else ()),
        )
        self._events.clear()
        self._changes.clear()


_WRITE = (
    "WITH entries AS (INSERT INTO journal_entries"
    " (id, org_id, kind, subject_kind, subject_id, actor_id, command_id, at, data)"
    " SELECT i, $1, k, sk, si, p, $2, $3, d::jsonb"
    " FROM unnest($4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::uuid[], $9::text[])"
    f" AS t (i, p, k, sk, si, d) RETURNING id), queued AS ({jobs.enqueue_sql(10)} RETURNING 1)"
)
_FLUSH_UNTOLD = f"{_WRITE} SELECT count(*) FROM entries"
# The counter waits for the other parts, so that everybody else can take it until then.
_FLUSH = (
    f"{_WRITE}, taken AS (UPDATE feed_counters SET n = n + cardinality($13::uuid[]) WHERE org_id = $1"
    " AND (SELECT count(*) FROM entries) + (SELECT count(*) FROM queued) >= 0"
    " RETURNING n - cardinality($13::uuid[]) AS base),"
    " told AS (SELECT pg_notify('zhicha_feed', $1::text))"
    " INSERT INTO feed_changes (id, org_id, n, kind, subject_id, person_id, op)"
    " SELECT i, $1, taken.base + o, k, s, p, op"
    " FROM taken, told, unnest($13::uuid[], $14::text[], $15::uuid[], $16::uuid[], $17::text[])"
    " WITH ORDINALITY AS t (i, k, s, p, op, o)"
)


def _feed(changes: list[Change]) -> tuple[list[Any], ...]:
    return (
        [new_id() for _ in changes],
        [change.kind for change in changes],
        [change.subject_id for change in changes],
        [change.person_id for change in changes],
        [change.op for change in changes],
    )


def _data(event: Event) -> str:
    fields: dict[str, Any] = msgspec.to_builtins(event)
    fields.pop("subject_id")
    return _encode(fields).decode()


@asynccontextmanager
async def unit_of_work(actor: Author, *, command_id: UUID | None = None) -> AsyncIterator[UnitOfWork]:
    """Open the one transaction of a command; state and journal commit together or not at all.

    Raises:
        commands_ledger.AlreadyApplied, IdReused: the delivery under way (``commands_ledger.delivering``) is no new one.
    """
    async with db.transaction() as conn:
        delivery = commands_ledger.pending()
        work = UnitOfWork(actor, conn, command_id or (delivery.id if delivery else None))
        if delivery is not None:
            await commands_ledger.claim(conn, actor, [delivery], [None], work.at)
        yield work
        await work.flush()
