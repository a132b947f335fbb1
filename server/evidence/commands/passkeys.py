"""What a passkey said beside a statement: kept as it came, with what is wrong with it. It never costs the statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from server.access.actor import Actor
from server.access.device_events import PasskeyCounterStood
from server.access.passkeys import bound_party
from server.access.webauthn import Assertion, assertion_problem, counter_grew, sign_count
from server.evidence.commands.receipts import PasskeySidecar
from server.evidence.errors import StatementUnreadable
from server.evidence.statements import Signed
from server.journal.work import UnitOfWork
from server.kit import b64u, db


@dataclass(frozen=True, slots=True)
class Checked:
    """An assertion, whose passkey it is if known, and why it proves nothing (empty when it holds)."""

    assertion: Assertion
    passkey_id: UUID | None
    problem: str


async def check_passkey(actor: Actor, signed: Signed[Any], sidecar: PasskeySidecar | None) -> Checked | None:
    """Whether the person's own passkey signed the statement's digest for this product's address.

    A passkey that was removed meanwhile still counts here: the statement may be older than its removal.

    Raises:
        StatementUnreadable: the sidecar is not base64url.
    """
    if sidecar is None:
        return None
    try:
        assertion = Assertion(
            b64u.decode(sidecar.credential_id),
            b64u.decode(sidecar.authenticator_data),
            b64u.decode(sidecar.client_data_json),
            b64u.decode(sidecar.signature),
        )
    except ValueError as error:
        raise StatementUnreadable(f"the passkey's answer: {error}") from error
    row = await db.fetch_one(
        "SELECT id, spki FROM passkeys WHERE credential_id = $1 AND person_id = $2",
        assertion.credential_id,
        actor.person_id,
    )
    if row is None:
        return Checked(assertion, None, "unknown_credential")
    rp = bound_party()
    problem = "wrong_rp" if rp is None else assertion_problem(rp, signed.sha256, bytes(row["spki"]), assertion)
    return Checked(assertion, row["id"], problem)


async def keep_passkey(work: UnitOfWork, signed: Signed[Any], checked: Checked | None) -> None:
    """Store what stood beside the statement, once and for ever; a counter that did not grow is an act of its own."""
    if checked is None:
        return
    stood = await _counter_stood(work, signed, checked)
    await work.conn.execute(
        "INSERT INTO passkey_assertions (id, org_id, statement_sha256, passkey_id, credential_id,"
        " authenticator_data, client_data_json, signature, user_verified, problem, at, counter_stood)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        signed.body.id,
        work.actor.org_id,
        signed.sha256,
        checked.passkey_id,
        checked.assertion.credential_id,
        checked.assertion.authenticator_data,
        checked.assertion.client_data_json,
        checked.assertion.signature,
        checked.assertion.user_verified,
        checked.problem,
        work.at,
        stood,
    )


async def _counter_stood(work: UnitOfWork, signed: Signed[Any], checked: Checked) -> bool:
    """Whether the passkey's counter speaks of a copy (WebAuthn L2, 7.2, step 21); the largest that was seen is kept.

    It is never a reason to refuse: of two honest signatures the older may arrive later. Of an assertion that proves
    nothing the counter says nothing either, since anybody could have written it.
    """
    if checked.passkey_id is None or checked.problem:
        return False
    told = sign_count(checked.assertion.authenticator_data)
    before: int = await work.conn.fetchval(
        "SELECT sign_count FROM passkeys WHERE id = $1 FOR UPDATE", checked.passkey_id
    )
    if told > before:
        await work.conn.execute("UPDATE passkeys SET sign_count = $2 WHERE id = $1", checked.passkey_id, told)
    grew = counter_grew(before, told)
    if not grew:
        work.record(
            PasskeyCounterStood(
                subject_id=checked.passkey_id, statement_sha256=signed.sha256.hex(), before=before, told=told
            )
        )
    return not grew
