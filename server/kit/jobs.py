"""Background work, queued in the same transaction as its cause (PgQueuer).

A job is a declared constant with its retry policy beside it; it takes ids, reloads, and may run twice without harm.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import msgspec

from server.kit import db


@dataclass(frozen=True, slots=True)
class Job:
    """A kind of background work.

    ``attempts`` counts the first try; the pause before the n-th retry is ``first_pause * 2 ** (n - 1)``, at most
    ``longest_pause``. ``concurrency`` limits how many run at once in the installation.
    """

    name: str
    attempts: int = 8
    first_pause: timedelta = timedelta(seconds=2)
    longest_pause: timedelta = timedelta(minutes=15)
    concurrency: int = 2


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """What a job is told: where its cause is recorded, nothing more."""

    org_id: UUID
    entry_id: UUID
    subject_id: UUID


Handler = Callable[[Task], Awaitable[None]]


class TryAgain(Exception):
    """Raised by a handler whose work cannot be done now; ``after`` overrides the job's own pause.

    Counts as an attempt like any failure, but is expected and not logged as one.
    """

    def __init__(self, reason: str, *, after: timedelta | None = None) -> None:
        self.after = after
        super().__init__(reason)


_encode = msgspec.json.Encoder().encode
decode_task = msgspec.json.Decoder(Task).decode


# What PgQueuer's own enqueue does, without its log row and without loading PgQueuer into the web process.
_ENQUEUE = (
    "INSERT INTO pgqueuer (priority, entrypoint, payload, execute_after, dedupe_key, headers, status)"
    " SELECT 0, e, p, now() + {after}::interval, k, '{{}}', 'queued'"
    " FROM unnest({names}::text[], {payloads}::bytea[], {keys}::text[]) AS t (e, p, k)"
    " ON CONFLICT (dedupe_key) WHERE ((status = ANY (ARRAY['queued'::pgqueuer_status, 'picked'::pgqueuer_status]))"
    " AND (dedupe_key IS NOT NULL)) DO NOTHING"
)
_ENQUEUE_ALONE = _ENQUEUE.format(names="$1", payloads="$2", keys="$3", after="$4")


def enqueue_sql(first: int) -> str:
    """The statement that queues ``columns`` at once, as a part of a larger one; they are its parameters from ``first``.

    It takes no lock that another transaction could wait for: each key names an entry of the journal.
    """
    return _ENQUEUE.format(names=f"${first}", payloads=f"${first + 1}", keys=f"${first + 2}", after="'0'")


def columns(tasks: Sequence[tuple[Job, Task]]) -> tuple[list[str], list[bytes], list[str]]:
    """Names, payloads and keys of the tasks: the parameters of ``enqueue_sql``."""
    return (
        [job.name for job, _ in tasks],
        [_encode(task) for _, task in tasks],
        [f"{job.name}:{task.entry_id}:{task.subject_id}" for job, task in tasks],
    )


async def enqueue(conn: db.Connection, tasks: Sequence[tuple[Job, Task]], *, after: timedelta | None = None) -> None:
    """Queue on the connection of the caller's transaction, so that work exists exactly when its cause commits."""
    if tasks:
        await conn.execute(_ENQUEUE_ALONE, *columns(tasks), after or timedelta(0))
