"""The unit of work: one command, one transaction, effects only through ``record``."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final
from uuid import UUID

import msgspec

from server.journal import commands_ledger, effects
from server.journal.author import Author
from server.journal.events import Change, Event
from server.journal.leaves import LONGEST_LEAF, entry_bytes, entry_leaf
from server.kit import canonical, clock, db, jobs
from server.kit.ids import new_id


class UnitOfWork:
    """An open transaction of one actor. Rows are changed through ``conn`` or Piccolo, events through ``record``."""

    def __init__(self, actor: Author, conn: db.Connection, command_id: UUID | None) -> None:
        self.actor = actor
        self.conn = conn
        self.command_id = command_id
        self.at = clock.now()
        self._events: list[tuple[UUID, UUID | None, Event]] = []
        self._changes: list[Change] = []
        self._leaves: list[bytes] = []

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

    def log(self, leaf: bytes) -> None:
        """Add a leaf for the transparency log (``leaves.statement_leaf``); entries have theirs without being asked.

        Raises:
            ValueError: the log could not hold it, and would stand still before it.
        """
        if not 1 <= len(leaf) <= LONGEST_LEAF:
            raise ValueError(f"a leaf has 1 to {LONGEST_LEAF} bytes, not {len(leaf)}")
        self._leaves.append(leaf)

    async def flush(self) -> None:
        """Write entries, jobs, what is to be logged and the feed in one statement.

        The organisation's counter, of the feed and of acts, is the last row to be locked. Whatever is to be logged
        takes the next number, in the order of commits and without a gap: what is removed before it is a leaf leaves a
        hole that the sequencer and the audit see.
        """
        if not self._events and not self._changes and not self._leaves:
            return
        changes = self._all_changes()
        await self.conn.execute(_FLUSH if changes else _FLUSH_UNTOLD, *self._parameters(changes))
        self._events.clear()
        self._changes.clear()
        self._leaves.clear()

    async def flush_with(self, statement: str, *causes: Any) -> None:
        """As ``flush``, in the one statement that ``with_causes`` made: its rows change in it too.

        ``causes`` are the parameters from ``FIRST_OF_CAUSES`` on. Something must be told.
        """
        await self.conn.execute(statement, *self._parameters(self._all_changes()), *causes)

    def _all_changes(self) -> list[Change]:
        return list(dict.fromkeys([c for _, _, event in self._events for c in event.changes()] + self._changes))

    def _parameters(self, changes: Sequence[Change]) -> tuple[Any, ...]:
        told = [_data(event) for _, _, event in self._events]
        tasks = [
            (job, jobs.Task(org_id=self.actor.org_id, entry_id=entry_id, subject_id=event.subject_id))
            for entry_id, _, event in self._events
            for job in effects.jobs_of(event)
        ]
        return (
            self.actor.org_id,
            self.command_id,
            self.at,
            [entry_id for entry_id, _, _ in self._events],
            [person_id for _, person_id, _ in self._events],
            [event.KIND for _, _, event in self._events],
            [event.SUBJECT for _, _, event in self._events],
            [event.subject_id for _, _, event in self._events],
            [data.decode() for data in told],
            *jobs.columns(tasks),
            new_id(),
            [*self._leaves, *self._entry_leaves(told)],
            *(_feed(changes) if changes else ()),
        )

    def _entry_leaves(self, told: list[bytes]) -> list[bytes]:
        return [
            entry_leaf(
                entry_bytes(
                    id=entry_id,
                    org_id=self.actor.org_id,
                    kind=event.KIND,
                    subject_kind=event.SUBJECT,
                    subject_id=event.subject_id,
                    actor_id=person_id,
                    command_id=self.command_id,
                    at=self.at,
                    data=data,
                )
            )
            for (entry_id, person_id, event), data in zip(self._events, told, strict=True)
        ]


_WRITE = (
    "WITH entries AS (INSERT INTO journal_entries"
    " (id, org_id, kind, subject_kind, subject_id, actor_id, command_id, at, data)"
    " SELECT i, $1, k, sk, si, p, $2, $3, d::jsonb"
    " FROM unnest($4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::uuid[], $9::text[])"
    f" AS t (i, p, k, sk, si, d) RETURNING id), queued AS ({jobs.enqueue_sql(10)} RETURNING 1),"
    " taken AS (UPDATE feed_counters SET acts = acts + (cardinality($14::bytea[]) > 0)::int{told} WHERE org_id = $1"
    " AND (SELECT count(*) FROM entries) + (SELECT count(*) FROM queued) >= 0 RETURNING acts, n),"
    # Without a counter there is no number, and the table refuses the row: nothing is recorded past the log.
    " logged AS (INSERT INTO log_pending (id, org_id, leaves, at, n)"
    " SELECT $13::uuid, $1, $14::bytea[], $3, (SELECT acts FROM taken) WHERE cardinality($14::bytea[]) > 0)"
)
_FLUSH_UNTOLD = _WRITE.replace("{told}", "") + " SELECT count(*) FROM entries"
# Only what changes screens wakes the sequencer of the log at once; of the rest it hears at its next tick, since a
# NOTIFY makes commits wait for each other.
# The counter waits for the other parts, so that everybody else can take it until then.
_FLUSH = (
    _WRITE.replace("{told}", ", n = n + cardinality($15::uuid[])")
    + ", told AS (SELECT pg_notify('zhicha_feed', $1::text), pg_notify('zhicha_log', ''))"
    " INSERT INTO feed_changes (id, org_id, n, kind, subject_id, person_id, op)"
    " SELECT i, $1, taken.n - cardinality($15::uuid[]) + o, k, s, p, op"
    " FROM taken, told, unnest($15::uuid[], $16::text[], $17::uuid[], $18::uuid[], $19::text[])"
    " WITH ORDINALITY AS t (i, k, s, p, op, o)"
)

FIRST_OF_CAUSES: Final = 20
"""Number of the first parameter that a statement of ``with_causes`` has for itself; $1 is the organisation, $3 now."""


def with_causes(causes: str) -> str:
    """The statement of ``flush`` with changes of rows before it: a whole unit of work in one round trip.

    ``causes`` are common table expressions, the last of them named ``causes``. All of them are done before the counter
    of the feed is taken; what must hold, they demand with ``zhicha_demand``, since nobody looks at their rows.
    """
    return _FLUSH.replace("WITH entries", f"WITH {causes}, entries", 1).replace(
        "(SELECT count(*) FROM queued)", "(SELECT count(*) FROM queued) + (SELECT count(*) FROM causes)", 1
    )


def _feed(changes: Sequence[Change]) -> tuple[list[Any], ...]:
    return (
        [new_id() for _ in changes],
        [change.kind for change in changes],
        [change.subject_id for change in changes],
        [change.person_id for change in changes],
        [change.op for change in changes],
    )


def _data(event: Event) -> bytes:
    fields: dict[str, Any] = msgspec.to_builtins(event)
    fields.pop("subject_id")
    return canonical.encode(fields)


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
