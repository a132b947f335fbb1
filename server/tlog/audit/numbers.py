"""The numbers of acts: every one that was given is in the log or still waits, and every leaf belongs to one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from server.journal.leaves import leaf_hash, tally_leaf
from server.kit import db
from server.tlog.audit.findings import Report


async def check_numbers(conn: db.Connection, report: Report, size: int, keys: set[bytes]) -> set[bytes]:
    """Make each tally again from the leaves before it, and look for holes in the numbers.

    Args:
        keys: hashes of leaves by which the log itself introduced keys; before a rotation they have no number.

    Returns the hashes of the tallies that are as they must be.
    """
    counters = {row["org_id"]: row["acts"] for row in await conn.fetch("SELECT org_id, acts FROM feed_counters")}
    waiting: dict[UUID, list[int]] = {}
    for row in await conn.fetch("SELECT org_id, n FROM log_pending WHERE n IS NOT NULL ORDER BY org_id, n"):
        waiting.setdefault(row["org_id"], []).append(row["n"])
    rows = await conn.fetch("SELECT idx, org_id, first_n, last_n, m FROM log_tallies ORDER BY org_id, idx")
    counted, good = bytearray(size), set()
    for row in rows:
        begin, end = min(row["idx"] - row["m"], size), min(row["idx"] + 1, size)
        counted[begin:end] = b"\1" * (end - begin)  # where it is wrong, that is said once and not of each leaf
        if row["idx"] < size and (digest := await _tally(conn, row)):
            good.add(digest)
        else:
            report.say(
                "tally_altered",
                f"日志第 {row['idx']} 条清点与其前的内容或编号不符。",
                f"Leaf {row['idx']}, a tally, does not agree with the leaves before it or with its numbers.",
            )
    told = {org_id: list(runs) for org_id, runs in groupby(rows, key=lambda row: row["org_id"])}
    for org_id in sorted({*counters, *told, *waiting}):  # who removes a counter hides nothing by it
        _check_gaps(report, org_id, told.get(org_id, []), waiting.get(org_id, []), counters.get(org_id, 0))
    await _check_counted(conn, report, counted, min((row["idx"] - row["m"] for row in rows), default=size), keys)
    return good


async def _tally(conn: db.Connection, row: Any) -> bytes | None:
    found = await conn.fetch(
        "SELECT leaf_hash FROM log_leaves WHERE idx BETWEEN $1 AND $2 ORDER BY idx", row["idx"] - row["m"], row["idx"]
    )
    hashes = [bytes(one["leaf_hash"]) for one in found]
    made = leaf_hash(tally_leaf(row["org_id"], row["first_n"], row["last_n"], hashes[:-1]))
    return made if len(hashes) == row["m"] + 1 and hashes[-1] == made else None


def _check_gaps(report: Report, org_id: UUID, runs: Sequence[Any], waiting: Sequence[int], given: int) -> None:
    """Numbers in the log, then those that wait, then none: each follows the one before."""
    expected = 1
    for first, last in [*((row["first_n"], row["last_n"]) for row in runs), *((n, n) for n in waiting)]:
        if first != expected:
            _tell_missing(report, org_id, expected, first)
        expected = last + 1
    if expected != given + 1:
        _tell_missing(report, org_id, expected, given + 1)


def _tell_missing(report: Report, org_id: UUID, expected: int, found: int) -> None:
    if found > expected:
        report.say(
            "acts_missing",
            f"机构 {org_id} 的第 {expected} 至 {found - 1} 号操作在写入日志之前被删除。",
            f"Acts {expected} to {found - 1} of the organisation {org_id} were removed before they were logged.",
        )
    else:
        report.say(
            "acts_renumbered",
            f"机构 {org_id} 的操作编号被改回：{found} 号出现在 {expected - 1} 号之后。",
            f"The numbers of acts of the organisation {org_id} were set back: {found} follows {expected - 1}.",
        )


async def _check_counted(conn: db.Connection, report: Report, counted: bytearray, since: int, keys: set[bytes]) -> None:
    place = counted.find(0, since)
    while place >= 0:
        if await conn.fetchval("SELECT leaf_hash FROM log_leaves WHERE idx = $1", place) not in keys:
            report.say(
                "not_counted",
                f"日志第 {place} 条不属于任何编号的操作。",
                f"Leaf {place} belongs to no numbered act.",
            )
        place = counted.find(0, place + 1)
