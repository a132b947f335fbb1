"""The end of a chain: the inspector seals it, and others sign the seal or refuse to."""

from __future__ import annotations

from server.access.actor import Actor
from server.evidence.commands.chain import chain_of, extend, must_belong
from server.evidence.commands.forks import forks_kept
from server.evidence.commands.passkeys import check_passkey, keep_passkey
from server.evidence.commands.receipts import (
    SignedStatement,
    StatementReceipt,
    must_equal,
    private_of,
    read,
    take,
)
from server.evidence.events import ChainCosigned, ChainSealed
from server.evidence.statements import Cosign, CosignPrivate, Seal, digest_bytes
from server.journal.commands_ledger import Delivery, claim
from server.journal.work import unit_of_work
from server.tlog.keys import log_signer


async def seal_session(actor: Actor, cmd: SignedStatement, delivery: Delivery) -> StatementReceipt:
    """Close the chain. From now on only signatures of the seal can be added, and a missing tail shows.

    Raises:
        StatementMismatch: the count differs from the number of statements before the seal. Otherwise as
        ``record_captures``.
    """
    signed = read(Seal, cmd)
    must_equal("id", signed.body.id, delivery.id)
    must_equal("count", signed.body.count, signed.body.seq - 1)
    chain = await chain_of(actor, signed.body.ses)
    must_belong(signed, chain)
    passkey = await check_passkey(actor, signed, cmd.passkey)
    signer = await log_signer()
    async with forks_kept(actor, chain, [signed]), unit_of_work(actor, command_id=delivery.id) as work:
        (receipt,) = take(work, signer, [signed])
        await claim(work.conn, actor, [delivery], [receipt], work.at)
        await extend(work, chain, [signed], [None])
        await work.conn.execute("UPDATE capture_sessions SET sealed_at = $2 WHERE id = $1", chain.id, work.at)
        await keep_passkey(work, signed, passkey)
        work.record(
            ChainSealed(
                subject_id=chain.id,
                visit_id=chain.visit_id,
                count=signed.body.count,
                statement_sha256=signed.sha256.hex(),
            )
        )
        return receipt


async def cosign_seal(actor: Actor, cmd: SignedStatement, delivery: Delivery) -> StatementReceipt:
    """Take note that a second officer or the inspected unit signed a seal, or refused to and why (R53).

    Which seal it is must not be known yet: the other phone's chain may arrive later.

    Raises:
        As ``record_captures``.
    """
    signed = read(Cosign, cmd)
    body = signed.body
    must_equal("id", body.id, delivery.id)
    private_bytes, private = private_of(CosignPrivate, cmd, body.priv_h)
    chain = await chain_of(actor, body.ses)
    must_belong(signed, chain)
    signer = await log_signer()
    async with forks_kept(actor, chain, [signed]), unit_of_work(actor, command_id=delivery.id) as work:
        (receipt,) = take(work, signer, [signed])
        await claim(work.conn, actor, [delivery], [receipt], work.at)
        await extend(work, chain, [signed], [private_bytes])
        await work.conn.execute(
            "INSERT INTO cosignatures (id, org_id, session_id, visit_id, seal_sha256, party, outcome, name, post,"
            " reason, cosigner_id, wall_ms, received_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            body.id,
            actor.org_id,
            chain.id,
            chain.visit_id,
            digest_bytes(body.seal),
            body.party.upper(),
            body.outcome.upper(),
            private.name if private else None,
            private.post if private else None,
            private.reason if private else None,
            private.person if private else None,
            body.clock.wall_ms,
            work.at,
        )
        work.record(
            ChainCosigned(
                subject_id=chain.id,
                visit_id=chain.visit_id,
                seal_sha256=digest_bytes(body.seal).hex(),
                party=body.party.upper(),
                outcome=body.outcome.upper(),
                statement_sha256=signed.sha256.hex(),
            )
        )
        return receipt
