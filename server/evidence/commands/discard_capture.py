"""Declaring a capture void. The declaration always stands in the chain; whether it has its effect is another matter."""

from __future__ import annotations

from uuid import UUID

from server.access.actor import Actor
from server.evidence.commands.chain import chain_of, extend, must_belong
from server.evidence.commands.forks import forks_kept
from server.evidence.commands.receipts import SignedStatement, StatementReceipt, must_equal, read, take
from server.evidence.errors import CaptureCited, CaptureUnknown
from server.evidence.events import CaptureDiscarded, DiscardWithoutEffect
from server.evidence.statements import Discard
from server.journal.commands_ledger import Delivery, claim
from server.journal.work import UnitOfWork, unit_of_work
from server.tlog.keys import log_signer

_REMARKS = {"VOID": None, "CITED": CaptureCited.code, "UNKNOWN": CaptureUnknown.code}


async def discard_capture(actor: Actor, cmd: SignedStatement, delivery: Delivery) -> StatementReceipt:
    """Take note that the inspector declares a capture void; statement and original stay for ever.

    A refusal would leave a hole in the chain that nothing can follow. So the statement is always appended: a capture
    that a case rests on stays valid and says so, and the receipt's ``remark`` tells the phone.

    Raises:
        As ``record_captures``.
    """
    signed = read(Discard, cmd)
    body = signed.body
    must_equal("id", body.id, delivery.id)
    chain = await chain_of(actor, body.ses)
    must_belong(signed, chain)
    signer = await log_signer()
    async with forks_kept(actor, chain, [signed]), unit_of_work(actor, command_id=delivery.id) as work:
        outcome = await _outcome(work, actor, chain.visit_id, body.capture)
        (receipt,) = take(work, signer, [signed], _REMARKS[outcome])
        await claim(work.conn, actor, [delivery], [receipt], work.at)
        await extend(work, chain, [signed], [None])
        await work.conn.execute(
            "INSERT INTO discards (id, org_id, session_id, capture_id, person_id, outcome, reason, wall_ms,"
            " received_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            body.id,
            actor.org_id,
            chain.id,
            body.capture,
            actor.person_id,
            outcome,
            body.reason.replace("\0", ""),  # no text of PostgreSQL's
            body.clock.wall_ms,
            work.at,
        )
        digest = signed.sha256.hex()
        if outcome == "VOID":
            await work.conn.execute(
                "UPDATE captures SET discarded_at = $2 WHERE id = $1 AND discarded_at IS NULL", body.capture, work.at
            )
            work.record(CaptureDiscarded(subject_id=body.capture, visit_id=chain.visit_id, statement_sha256=digest))
        else:
            work.record(
                DiscardWithoutEffect(
                    subject_id=body.capture, visit_id=chain.visit_id, outcome=outcome, statement_sha256=digest
                )
            )
        return receipt


async def _outcome(work: UnitOfWork, actor: Actor, visit_id: UUID, capture_id: UUID) -> str:
    """VOID, CITED or UNKNOWN. Citing locks the capture's row too, so this answer holds until the commit."""
    found = await work.conn.fetchval(
        "SELECT true FROM captures WHERE id = $1 AND person_id = $2 AND visit_id = $3 FOR UPDATE",
        capture_id,
        actor.person_id,
        visit_id,
    )
    if found is None:
        return "UNKNOWN"
    cited = await work.conn.fetchval(
        "SELECT EXISTS (SELECT 1 FROM case_evidence WHERE capture_id = $1 AND withdrawn_at IS NULL)", capture_id
    )
    return "CITED" if cited else "VOID"
