"""Acts are numbered before they wait for the log; tallies are the leaves that say which numbers it took.

Each transaction that records anything takes the next number of its organisation and commits with it, so numbers have
no gap and follow the order of commits: whoever sees one sees all before it. An administrator who removes an act in the
moment before it is a leaf therefore leaves a hole, unless nothing was recorded after it and he also sets back the
counter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from uuid import UUID

from server.journal.leaves import leaf_hash, tally_leaf
from server.kit import db


@dataclass(frozen=True, slots=True)
class Tally:
    """A run of numbers of one organisation, and how many leaves before the one at ``idx`` are theirs."""

    idx: int
    org_id: UUID
    first: int
    last: int
    leaves: int


@dataclass(frozen=True, slots=True)
class Hole:
    """Numbers that were given and never got here."""

    org_id: UUID
    first: int
    last: int


@dataclass(slots=True)
class Batch:
    """What is to be appended, by hash and in order, each leaf once: what is delivered twice is the same leaf."""

    leaves: dict[bytes, bytes] = field(default_factory=dict)
    tallies: list[Tally] = field(default_factory=list)
    holes: list[Hole] = field(default_factory=list)


async def batch_of(conn: db.Connection, waiting: Sequence[Any], first: int) -> Batch:
    """The leaves of these rows (by organisation and number) from the index ``first`` on, and a tally after each run."""
    hashed = {row["id"]: {leaf_hash(leaf): leaf for leaf in row["leaves"]} for row in waiting}
    known = {
        row["leaf_hash"]
        for row in await conn.fetch(
            "SELECT leaf_hash FROM log_leaves WHERE leaf_hash = ANY($1::bytea[])",
            [digest for leaves in hashed.values() for digest in leaves],
        )
    }
    batch = Batch()
    for org_id, rows in groupby(waiting, key=lambda row: row["org_id"]):
        last = await last_number(conn, org_id)
        for run in _runs(list(rows)):
            own: dict[bytes, bytes] = {}
            for row in run:
                own |= hashed[row["id"]]
            own = {digest: leaf for digest, leaf in own.items() if digest not in known and digest not in batch.leaves}
            batch.leaves |= own
            if run[0]["n"] is None:
                continue
            begin, end = run[0]["n"], run[-1]["n"]
            if begin != last + 1:
                batch.holes.append(Hole(org_id, min(begin, last + 1), max(begin, last + 1) - 1))
            last = end
            tally = tally_leaf(org_id, begin, end, list(own))
            batch.tallies.append(Tally(first + len(batch.leaves), org_id, begin, end, len(own)))
            batch.leaves[leaf_hash(tally)] = tally
    return batch


async def keep(conn: db.Connection, batch: Batch) -> None:
    """Note where the tallies of an appended batch lie."""
    await conn.executemany(
        "INSERT INTO log_tallies (idx, org_id, first_n, last_n, m) VALUES ($1, $2, $3, $4, $5)",
        [(one.idx, one.org_id, one.first, one.last, one.leaves) for one in batch.tallies],
    )


async def last_number(conn: db.Connection, org_id: UUID) -> int:
    """The last number of an organisation's acts that the log took."""
    last: int = await conn.fetchval("SELECT coalesce(max(last_n), 0) FROM log_tallies WHERE org_id = $1", org_id)
    return last


def _runs(rows: Sequence[Any]) -> Iterator[list[Any]]:
    """Rows of one organisation in order, cut where a number is missing; what has no number is one run."""
    run: list[Any] = []
    for row in rows:
        if run and row["n"] is not None and (run[-1]["n"] is None or row["n"] != run[-1]["n"] + 1):
            yield run
            run = []
        run.append(row)
    if run:
        yield run
