"""Opening a chain of statements: the phone introduces the key that signs it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from server.access.actor import Actor
from server.access.errors import DeviceRevoked
from server.evidence.commands.forks import keep_second_chain
from server.evidence.commands.passkeys import Checked, check_passkey, keep_passkey
from server.evidence.commands.receipts import (
    SignedStatement,
    StatementReceipt,
    must_equal,
    must_hold,
    read,
    take,
)
from server.evidence.errors import DeviceUnknown, KeyReused, NotOnTeam, StatementUnreadable, TooManyChains
from server.evidence.events import SessionOpened
from server.evidence.statements import BadStatement, Session, Signed, session_key
from server.journal.commands_ledger import Delivery, claim
from server.journal.work import UnitOfWork, unit_of_work
from server.kit import clock
from server.kit.errors import NotFound
from server.tlog.keys import log_signer
from server.visits.scope import visible_to

# Of one person, whatever phones. Who was away for a month brings some hundreds; what is more comes the next day.
MOST_A_DAY: Final = 1000


async def open_session(actor: Actor, cmd: SignedStatement, delivery: Delivery) -> StatementReceipt:
    """Enrol the session's key under the account and the phone, and begin its chain.

    A chain that was begun before its phone's revocation was asked for may still arrive: what it signs is flagged. One
    that says itself that it was begun after that is stopped; nothing on the phone is lost by it.

    Raises:
        StatementUnreadable, SignatureInvalid, StatementMismatch: the statement is not what it should be.
        NotFound: no such visit for this person. NotOnTeam: the person sees it but does not take part.
        DeviceUnknown: the phone is not enrolled under this person. DeviceRevoked: its revocation was asked for before.
        KeyReused: the key opened another chain before. TooManyChains: as many as are taken in a day.
    """
    signed = read(Session, cmd)
    session = signed.body
    try:
        spki = session_key(session)
    except BadStatement as error:
        raise StatementUnreadable(str(error)) from error
    must_hold(signed, spki)
    must_equal("id", session.id, delivery.id)
    must_equal("who", session.who, actor.person_id)
    passkey = await check_passkey(actor, signed, cmd.passkey)
    try:
        return await _open(actor, signed, spki, passkey, delivery)
    except KeyReused:
        await keep_second_chain(actor, signed)
        raise


async def _open(
    actor: Actor, signed: Signed[Session], spki: bytes, passkey: Checked | None, delivery: Delivery
) -> StatementReceipt:
    session = signed.body
    signer = await log_signer()
    async with unit_of_work(actor, command_id=delivery.id) as work:
        (receipt,) = take(work, signer, [signed])
        await claim(work.conn, actor, [delivery], [receipt], work.at)
        await _must_take_part(work, actor, session)
        device = await work.conn.fetchrow(
            "SELECT revoked_at, revocation_asked_at FROM devices WHERE id = $1 AND org_id = $2 AND person_id = $3",
            session.device,
            actor.org_id,
            actor.person_id,
        )
        if device is None:
            raise DeviceUnknown
        await _must_not_flood(work, actor)
        asked_at = device["revocation_asked_at"]
        if asked_at is not None and session.from_ms > clock.to_ms(asked_at):
            raise DeviceRevoked
        made = await work.conn.fetchval(
            "INSERT INTO device_keys (id, org_id, kid, person_id, device_id, spki, enrolled_at, revoked_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING id",
            session.id,
            actor.org_id,
            session.dev,
            actor.person_id,
            session.device,
            spki,
            work.at,
            device["revoked_at"],
        )
        if made is None:
            raise KeyReused
        await work.conn.execute(
            "INSERT INTO capture_sessions (id, org_id, visit_id, person_id, device_id, kid, statement, signature,"
            " statement_sha256, env_sha256, received_at, head_seq, head_sha256)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $9)",
            session.id,
            actor.org_id,
            session.visit,
            actor.person_id,
            session.device,
            session.dev,
            signed.statement,
            signed.signature,
            signed.sha256,
            signed.env_sha256,
            work.at,
        )
        await keep_passkey(work, signed, passkey)
        work.record(
            SessionOpened(
                subject_id=session.id,
                visit_id=session.visit,
                device_id=session.device,
                kid=session.dev,
                statement_sha256=signed.sha256.hex(),
            )
        )
        return receipt


async def _must_take_part(work: UnitOfWork, actor: Actor, session: Session) -> None:
    visible, arguments = visible_to(actor, 3)
    member = await work.conn.fetchval(
        "SELECT EXISTS (SELECT 1 FROM visit_members m WHERE m.visit_id = v.id AND m.person_id = $2)"
        f" FROM visits v WHERE v.id = $1 AND {visible}",
        session.visit,
        actor.person_id,
        *arguments,
    )
    if member is None:
        raise NotFound
    if not member:
        raise NotOnTeam


async def _must_not_flood(work: UnitOfWork, actor: Actor) -> None:
    opened = await work.conn.fetchval(
        "SELECT count(*) FROM capture_sessions WHERE person_id = $1 AND received_at > $2",
        actor.person_id,
        work.at - timedelta(days=1),
    )
    if opened >= MOST_A_DAY:
        raise TooManyChains(params={"most": MOST_A_DAY, "retry": True})
