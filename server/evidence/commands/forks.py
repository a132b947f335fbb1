"""What a known key signed beside what stands: refused as before, but kept with its proof, as an act and an alarm.

Two statements in one place of a chain, or two chains of one key, cannot come from one honest phone: somebody copied
it, or its memory was set back. Which of the two is the owner's nobody can tell from here, so the first to arrive
stands, and the other is kept exactly as it was signed. The private part stays on the phone, which is told to keep it.

Only what a known key really signed is kept, each statement once, no more of one chain than is needed to prove it, and
of all that a person delivers in a day no more than can be looked at, save that the first of each chain is always kept:
nobody fills the disk with it, and no chain forks unseen.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Final, Literal
from uuid import UUID

from server.access.actor import Actor
from server.evidence.commands.chain import OpenChain
from server.evidence.errors import ChainConflict
from server.evidence.events import ChainForked
from server.evidence.statements import Session, Signed
from server.journal.work import UnitOfWork, unit_of_work
from server.kit.ids import new_id
from server.tlog.alarms import Alarm, sound

MOST: Final = 16  # of one chain; the first proves that it forked, the others how
MOST_A_DAY: Final = 64  # of one person, beside the first of each chain

Kind = Literal["PLACE", "LINK", "KEY"]


@asynccontextmanager
async def forks_kept(actor: Actor, chain: OpenChain, run: Sequence[Signed[Any]]) -> AsyncIterator[None]:
    """Around the unit of work of statements whose signatures hold: what is refused for a fork is kept after all."""
    try:
        yield
    except ChainConflict as conflict:
        signed = next(one for one in run if one.body.seq == conflict.params["got"])
        await _keep(actor, chain.id, signed, signed.body.seq)
        raise


async def keep_second_chain(actor: Actor, signed: Signed[Session]) -> None:
    """Keep the opening of another chain by a key that opened one before, if that one is of this organisation."""
    async with unit_of_work(actor) as work:
        known = await work.conn.fetchval(
            "SELECT s.id FROM capture_sessions s WHERE s.kid = $1 AND s.org_id = $2", signed.body.dev, actor.org_id
        )
    if known is not None:
        await _keep(actor, known, signed, 0)


async def _keep(actor: Actor, session_id: UUID, signed: Signed[Any], seq: int) -> None:
    async with unit_of_work(actor) as work:
        row = await work.conn.fetchrow(
            "SELECT device_id, person_id, head_seq, head_sha256, statement_sha256 FROM capture_sessions"
            " WHERE id = $1 FOR UPDATE",
            session_id,
        )
        if seq > row["head_seq"] + 1:
            return  # one of a run of which nothing stands: what it follows is not here, so it contradicts nothing yet
        kept = await work.conn.fetch("SELECT statement_sha256 FROM chain_forks WHERE session_id = $1", session_id)
        if len(kept) >= MOST or signed.sha256 in {bytes(one["statement_sha256"]) for one in kept}:
            return
        if kept and await _kept_today(work) >= MOST_A_DAY:
            return
        kind, stands = await _stands(work, row, session_id, seq)
        fork_id = new_id()
        await work.conn.execute(
            "INSERT INTO chain_forks (id, org_id, device_id, session_id, person_id, kind, seq, stands_sha256,"
            " statement, signature, statement_sha256, received_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            fork_id,
            actor.org_id,
            row["device_id"],
            session_id,
            actor.person_id,
            kind,
            seq,
            stands,
            signed.statement,
            signed.signature,
            signed.sha256,
            work.at,
        )
        fork = ChainForked(
            subject_id=row["device_id"],
            fork_id=fork_id,
            session_id=session_id,
            fork=kind,
            seq=seq,
            stands_sha256=stands.hex(),
            statement_sha256=signed.sha256.hex(),
            env_sha256=signed.env_sha256.hex(),
        )
        work.record(fork)
        proof = {"session": str(session_id), "seq": seq, "stands": stands.hex(), "refused": signed.sha256.hex()}
        alarm = Alarm("CHAIN_FORK", json.dumps(proof), row["person_id"], row["device_id"], id=fork_id)
        await sound(work, alarm, found_here=True)


async def _kept_today(work: UnitOfWork) -> int:
    count: int = await work.conn.fetchval(
        "SELECT count(*) FROM chain_forks WHERE person_id = $1 AND received_at > $2",
        work.actor.person_id,
        work.at - timedelta(days=1),
    )
    return count


async def _stands(work: UnitOfWork, row: Any, session_id: UUID, seq: int) -> tuple[Kind, bytes]:
    """How the statement contradicts the chain, and the digest of what it contradicts."""
    if seq == 0:
        return "KEY", bytes(row["statement_sha256"])
    if seq > row["head_seq"]:
        return "LINK", bytes(row["head_sha256"])
    there = await work.conn.fetchval(
        "SELECT statement_sha256 FROM statements WHERE session_id = $1 AND seq = $2", session_id, seq
    )
    return "PLACE", bytes(there)
