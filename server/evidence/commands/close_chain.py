"""Signed acts that follow captures in their chain: discarding one, sealing the session."""

from __future__ import annotations

import asyncpg

from server.access.actor import Actor
from server.evidence.commands.chain import chain_of, extend, must_belong
from server.evidence.commands.receipts import (
    SignedStatement,
    StatementReceipt,
    must_equal,
    read,
    receipt_of,
)
from server.evidence.errors import CaptureCited
from server.evidence.events import CaptureDiscarded, ChainSealed
from server.evidence.statements import Discard, Seal
from server.journal.commands_ledger import Delivery, claim
from server.journal.work import unit_of_work
from server.kit.errors import NotFound


async def discard_capture(actor: Actor, cmd: SignedStatement, delivery: Delivery) -> StatementReceipt:
    """Take note that the inspector declares a capture void; statement and original stay for ever.

    Raises:
        NotFound: no such capture of this person. CaptureCited: a case rests on it. Otherwise as ``record_captures``.
    """
    signed = read(Discard, cmd)
    must_equal("id", signed.body.id, delivery.id)
    chain = await chain_of(actor, signed.body.ses)
    must_belong(signed, chain)
    async with unit_of_work(actor, command_id=delivery.id) as work:
        receipt = receipt_of(signed, work.at)
        await claim(work.conn, actor, [delivery], [receipt], work.at)
        await extend(work, chain, [signed], [None])
        try:
            found = await work.conn.fetchval(
                "UPDATE captures SET discarded_at = coalesce(discarded_at, $4)"
                " WHERE id = $1 AND person_id = $2 AND visit_id = $3 RETURNING id",
                signed.body.capture,
                actor.person_id,
                chain.visit_id,
                work.at,
            )
        except asyncpg.RestrictViolationError as error:
            raise CaptureCited from error
        if found is None:
            raise NotFound
        work.record(
            CaptureDiscarded(
                subject_id=signed.body.capture, visit_id=chain.visit_id, statement_sha256=signed.sha256.hex()
            )
        )
        return receipt


async def seal_session(actor: Actor, cmd: SignedStatement, delivery: Delivery) -> StatementReceipt:
    """Close the chain. From now on nothing can be added, and a missing tail shows.

    Raises:
        StatementMismatch: the count differs from the number of statements before the seal. Otherwise as
        ``record_captures``.
    """
    signed = read(Seal, cmd)
    must_equal("id", signed.body.id, delivery.id)
    must_equal("count", signed.body.count, signed.body.seq - 1)
    chain = await chain_of(actor, signed.body.ses)
    must_belong(signed, chain)
    async with unit_of_work(actor, command_id=delivery.id) as work:
        receipt = receipt_of(signed, work.at)
        await claim(work.conn, actor, [delivery], [receipt], work.at)
        await extend(work, chain, [signed], [None])
        await work.conn.execute("UPDATE capture_sessions SET sealed_at = $2 WHERE id = $1", chain.id, work.at)
        work.record(
            ChainSealed(
                subject_id=chain.id,
                visit_id=chain.visit_id,
                count=signed.body.count,
                statement_sha256=signed.sha256.hex(),
            )
        )
        return receipt
