"""One's own passkeys: asking for one, taking it, removing it.

The challenge is sealed, not stored: it names the person and ends after ten minutes. A second use of it brings nothing,
because a credential is registered once.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from server.access import webauthn
from server.access.actor import Actor
from server.access.device_events import PasskeyMade, PasskeyRemoved
from server.access.errors import PasskeyRefused, PasskeysUnavailable
from server.access.passkey_schemas import (
    MakePasskey,
    PasskeyOptionsView,
    PasskeyParameterView,
    PasskeyRpView,
    PasskeyUserView,
    PasskeyView,
)
from server.access.webauthn import RelyingParty
from server.journal.work import unit_of_work
from server.kit import b64u, clock, db
from server.kit.errors import IdReused, NotFound
from server.kit.secrets import installation_secret

_LIFETIME: Final = timedelta(minutes=10)
_RANDOM, _TIME, _TAG = 16, 8, 32

_rp: RelyingParty | None = None


def bind(rp: RelyingParty | None) -> None:
    """Set who asks for passkeys (called by the composition root)."""
    global _rp
    _rp = rp


def relying_party() -> RelyingParty:
    """Who asks for passkeys on this installation.

    Raises:
        PasskeysUnavailable: browsers make none for this address.
    """
    if _rp is None or not _rp.usable:
        raise PasskeysUnavailable
    return _rp


def bound_party() -> RelyingParty | None:
    """Who checks what passkeys signed; ``None`` in processes that were told no address."""
    return _rp


async def options(actor: Actor) -> PasskeyOptionsView:
    """What the browser needs to make a passkey for this person.

    Raises:
        PasskeysUnavailable.
    """
    rp = relying_party()
    assert actor.person_id is not None, "only people have passkeys"
    login = await db.fetch_value("SELECT login FROM people WHERE id = $1", actor.person_id)
    known = await db.fetch(
        "SELECT credential_id FROM passkeys WHERE person_id = $1 AND removed_at IS NULL", actor.person_id
    )
    return PasskeyOptionsView(
        rp=PasskeyRpView(id=rp.id, name="直查 Zhicha"),
        user=PasskeyUserView(id=b64u.encode(actor.person_id.bytes), name=login, display_name=actor.name),
        challenge=b64u.encode(await _challenge(actor)),
        pub_key_cred_params=[PasskeyParameterView(type="public-key", alg=webauthn.ES256)],
        exclude_credentials=[b64u.encode(bytes(row["credential_id"])) for row in known],
        timeout_ms=int(_LIFETIME.total_seconds() * 1000),
        attestation="none",
        resident_key="preferred",
        user_verification="required",
    )


async def make(actor: Actor, cmd: MakePasskey) -> None:
    """Take a passkey that the browser made; the same delivery again changes nothing.

    Raises:
        PasskeysUnavailable; PasskeyRefused: ``params.problem`` says which check failed; IdReused.
    """
    rp = relying_party()
    try:
        credential_id, spki = b64u.decode(cmd.credential_id), b64u.decode(cmd.public_key)
        data, client = b64u.decode(cmd.authenticator_data), b64u.decode(cmd.client_data_json)
        challenge = b64u.decode(cmd.challenge)
    except ValueError as error:
        raise PasskeyRefused(params={"problem": "malformed"}) from error
    if not await _is_ours(actor, challenge):
        raise PasskeyRefused(params={"problem": "wrong_challenge"})
    problem = webauthn.registration_problem(rp, challenge, credential_id, spki, data, client)
    if problem:
        raise PasskeyRefused(params={"problem": problem})
    async with unit_of_work(actor, command_id=cmd.id) as work:
        made = await work.conn.fetchval(
            "INSERT INTO passkeys (id, org_id, person_id, credential_id, spki, name, transports, synced, made_at,"
            " sign_count) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING RETURNING id",
            cmd.id,
            actor.org_id,
            actor.person_id,
            credential_id,
            spki,
            cmd.name.strip() or "通行密钥",
            ",".join(cmd.transports),
            webauthn.is_synced(data),
            work.at,
            webauthn.sign_count(data),
        )
        if made is not None:
            work.record(
                PasskeyMade(
                    subject_id=cmd.id,
                    credential_id=cmd.credential_id,
                    spki=cmd.public_key,
                    synced=webauthn.is_synced(data),
                )
            )
            return
        same = await work.conn.fetchval(
            "SELECT true FROM passkeys WHERE id = $1 AND person_id = $2 AND credential_id = $3",
            cmd.id,
            actor.person_id,
            credential_id,
        )
        if same is None:
            raise IdReused


async def remove(actor: Actor, passkey_id: UUID) -> None:
    """Use a passkey of one's own no longer. The row stays: what it confirmed must remain checkable.

    Raises:
        NotFound: no such passkey of this person.
    """
    async with unit_of_work(actor) as work:
        row = await work.conn.fetchrow(
            "SELECT removed_at FROM passkeys WHERE id = $1 AND person_id = $2 FOR UPDATE", passkey_id, actor.person_id
        )
        if row is None:
            raise NotFound
        if row["removed_at"] is None:
            await work.conn.execute("UPDATE passkeys SET removed_at = $2 WHERE id = $1", passkey_id, work.at)
            work.record(PasskeyRemoved(subject_id=passkey_id))


async def own_passkeys(actor: Actor) -> tuple[PasskeyView, ...]:
    """One's own passkeys in use, the newest first."""
    rows = await db.fetch(
        "SELECT * FROM passkeys WHERE person_id = $1 AND removed_at IS NULL ORDER BY made_at DESC, id DESC",
        actor.person_id,
    )
    return tuple(_view(row) for row in rows)


async def passkey(actor: Actor, passkey_id: UUID) -> PasskeyView:
    """One's own passkey.

    Raises:
        NotFound.
    """
    row = await db.fetch_one("SELECT * FROM passkeys WHERE id = $1 AND person_id = $2", passkey_id, actor.person_id)
    if row is None:
        raise NotFound
    return _view(row)


def _view(row: Any) -> PasskeyView:
    return PasskeyView(
        id=row["id"],
        name=row["name"],
        credential_id=b64u.encode(bytes(row["credential_id"])),
        transports=[one for one in row["transports"].split(",") if one],
        synced=row["synced"],
        made_at=row["made_at"],
        removed_at=row["removed_at"],
    )


async def _challenge(actor: Actor) -> bytes:
    head = os.urandom(_RANDOM) + clock.to_ms(clock.now() + _LIFETIME).to_bytes(_TIME, "big")
    return head + await _tag(actor, head)


async def _is_ours(actor: Actor, challenge: bytes) -> bool:
    head, tag = challenge[: _RANDOM + _TIME], challenge[_RANDOM + _TIME :]
    if len(tag) != _TAG or not hmac.compare_digest(tag, await _tag(actor, head)):
        return False
    return int.from_bytes(head[_RANDOM:], "big") >= clock.now_ms()


async def _tag(actor: Actor, head: bytes) -> bytes:
    assert actor.person_id is not None, "only people have passkeys"
    secret = await installation_secret("passkey_challenge", lambda: os.urandom(32))
    return hmac.digest(secret, b"zhicha passkey 1" + actor.person_id.bytes + head, hashlib.sha256)
