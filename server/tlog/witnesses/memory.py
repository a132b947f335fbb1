"""What witnesses remember of the log, against what it is now: an older backup agrees with itself, not with them."""

from __future__ import annotations

import asyncio
import hashlib

from server.kit import db
from server.tlog import notes, store
from server.tlog.anchors import http
from server.tlog.anchors.outside import WitnessBody, outside
from server.tlog.audit.findings import Report
from server.tlog.queries import latest_checkpoint
from server.tlog.tree import Frontier
from server.tlog.witnesses.cosignatures import cosignature_of


async def check_memories(report: Report) -> None:
    """Ask each witness for the last checkpoint that it signed (c2sp.org/tlog-witness, ``GET …/checkpoint``)."""
    known = await _latest()
    if known is None:
        return
    origin, _ = known
    for witness in outside().witnesses:
        try:
            seen = await asyncio.to_thread(_seen, witness, origin)
        except (http.OutOfReach, ValueError) as error:
            report.remark(
                "witness_not_asked",
                f"见证人 {witness.name} 未能答复，没有与其所见核对：{error}",
                f"witness {witness.name} gave no usable answer, so nothing was compared with what it saw: {error}",
            )
            continue
        if seen is None:
            continue
        seen_size, root = seen
        # Read after the answer: the log goes on while it is audited, and what was signed before is in it by now.
        _, size = await _latest() or known
        if seen_size > size:
            report.say(
                "behind_witness",
                f"见证人 {witness.name} 见过 {seen_size} 条，本日志只有 {size} 条：恢复过较早的备份，或有记录被删去",
                f"witness {witness.name} saw {seen_size} leaves, this log has {size}:"
                " an older backup was put back, or records were removed",
            )
        elif root != await _root(seen_size):
            report.say(
                "other_than_witness",
                f"见证人 {witness.name} 在第 {seen_size} 条处见过的是另一本日志",
                f"witness {witness.name} saw another log at {seen_size} leaves",
            )


async def _latest() -> tuple[str, int] | None:
    """Origin and size of the newest checkpoint."""
    async with db.connection() as conn:
        latest = await latest_checkpoint(conn)
    return None if latest is None else notes.read_checkpoint(latest.body)[:2]


def _seen(witness: WitnessBody, origin: str) -> tuple[int, bytes] | None:
    """Size and root that the witness vouches for; ``None`` where it has seen nothing, or does not tell monitors."""
    answer = http.get(f"{witness.url}/{hashlib.sha256(origin.encode()).hexdigest()}/checkpoint")
    if answer.status == 404:
        return None
    if answer.status != 200:
        raise ValueError(f"HTTP {answer.status}")
    body, signatures = notes.read_note(answer.body.decode())
    told, size, root = notes.read_checkpoint(body)
    if told != origin or not any(cosignature_of(one, body, witness.key) for one in signatures):
        raise ValueError("not signed by this witness")
    return size, root


async def _root(size: int) -> bytes:
    async with db.connection() as conn:
        return Frontier(size, await store.hashes(conn, Frontier.needed(size))).root()
