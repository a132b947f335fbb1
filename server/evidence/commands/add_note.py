"""A remark made on site, signed like a capture; what it says can be withheld, that it was made cannot."""

from __future__ import annotations

from server.access.actor import Actor
from server.evidence.commands.chain import chain_of, extend, must_belong
from server.evidence.commands.forks import forks_kept
from server.evidence.commands.receipts import (
    SignedStatement,
    StatementReceipt,
    must_equal,
    private_of,
    read,
    take,
)
from server.evidence.events import NoteAdded
from server.evidence.statements import Note, NotePrivate
from server.journal.commands_ledger import Delivery, claim
from server.journal.work import unit_of_work
from server.tlog.keys import log_signer


async def add_note(actor: Actor, cmd: SignedStatement, delivery: Delivery) -> StatementReceipt:
    """Append a note to its chain.

    Raises:
        As ``record_captures``.
    """
    signed = read(Note, cmd)
    body = signed.body
    must_equal("id", body.id, delivery.id)
    private_bytes, private = private_of(NotePrivate, cmd, body.priv_h)
    if private is not None:
        must_equal("who", private.who, actor.person_id)
    chain = await chain_of(actor, body.ses)
    must_belong(signed, chain)
    signer = await log_signer()
    async with forks_kept(actor, chain, [signed]), unit_of_work(actor, command_id=delivery.id) as work:
        (receipt,) = take(work, signer, [signed])
        await claim(work.conn, actor, [delivery], [receipt], work.at)
        await extend(work, chain, [signed], [private_bytes])
        await work.conn.execute(
            "INSERT INTO field_notes (id, org_id, session_id, visit_id, capture_id, person_id, text, wall_ms,"
            " received_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            body.id,
            actor.org_id,
            chain.id,
            chain.visit_id,
            body.about,
            actor.person_id,
            private.text.replace("\0", "") if private else None,  # no text of PostgreSQL's
            body.clock.wall_ms,
            work.at,
        )
        work.record(
            NoteAdded(
                subject_id=chain.id,
                visit_id=chain.visit_id,
                note_id=body.id,
                capture_id=body.about,
                statement_sha256=signed.sha256.hex(),
            )
        )
        return receipt
