"""A new key for the log: an act of two persons, recorded, and itself a leaf of the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from server.access.actor import Actor
from server.access.roles import Role
from server.access.schemas import SignIn
from server.access.signin import sign_in, sign_out
from server.access.throttle import Source
from server.journal.events import Untold
from server.journal.leaves import key_leaf, leaf_hash
from server.journal.work import unit_of_work
from server.kit import db
from server.kit.ids import new_id
from server.kit.secrets import installation_secret
from server.tlog import keys, notes, store
from server.tlog.errors import KeyNotRotated, RotationUnderWay

_SECOND: Final = (Role.AUD, Role.SEC)
_SOURCE: Final = Source("console")


class LogKeyRotated(Untold):
    """Two persons gave the log a new key; ids of keys in hex, as verifier keys name them.

    Phones learn of it with their next proofs.
    """

    KIND: ClassVar[str] = "log.key_rotated"
    SUBJECT: ClassVar[str] = "log_key"

    n: int
    old_key_id: str
    new_key_id: str
    asked_by: UUID
    confirmed_by: UUID


@dataclass(frozen=True, slots=True)
class Credentials:
    """Login and password as a person typed them."""

    login: str
    password: str


async def rotate_key(asking: Credentials, confirming: Credentials) -> str:
    """Make the log's next key; returns its verifier key. It signs from the checkpoint on that contains its leaf.

    Raises:
        KeyNotRotated: not two different persons in service, one administrator and one auditor or secrecy officer.
        RotationUnderWay: the key before it is not in the log yet.
        WrongCredentials, TooManyAttempts: one of them did not sign in.
    """
    asked = await _who(asking)
    confirmed = await _who(confirming)
    if (
        asked.person_id == confirmed.person_id
        or asked.org_id != confirmed.org_id
        or not asked.has(Role.ADM)
        or not confirmed.has(*_SECOND)
    ):
        raise KeyNotRotated
    before = await keys.log_signer()
    async with unit_of_work(asked) as work:
        await store.lock(work.conn)
        known = await keys.vkeys(work.conn)
        if len(known) > 1 and not await _is_in_log(work.conn, known[-1]):
            raise RotationUnderWay
        n = len(known) + 1
        secret = await installation_secret(keys.secret_name(n), keys.make_secret)
        public = Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()
        verifier = notes.Verifier(before.origin, notes.ED25519, public)
        await work.conn.execute(
            "INSERT INTO log_keys (n, origin, vkey, made_at, asked_by, confirmed_by) VALUES ($1, $2, $3, $4, $5, $6)",
            n,
            before.origin,
            verifier.vkey,
            work.at,
            asked.person_id,
            confirmed.person_id,
        )
        work.log(key_leaf(verifier.vkey))
        assert asked.person_id and confirmed.person_id  # who signs in is a person
        work.record(
            LogKeyRotated(
                subject_id=new_id(),
                n=n,
                old_key_id=notes.read_vkey(known[-1]).key_id.hex(),
                new_key_id=verifier.key_id.hex(),
                asked_by=asked.person_id,
                confirmed_by=confirmed.person_id,
            )
        )
    return verifier.vkey


async def _is_in_log(conn: db.Connection, vkey: str) -> bool:
    found = await conn.fetchval("SELECT idx FROM log_leaves WHERE leaf_hash = $1", leaf_hash(key_leaf(vkey)))
    return found is not None


async def _who(given: Credentials) -> Actor:
    """The person, by the same check as any sign-in; the session ends at once."""
    cmd = SignIn(login=given.login, password=given.password, transport="bearer")
    _, actor, _ = await sign_in(cmd, "zhicha log rotate-key", timedelta(minutes=1), _SOURCE)
    await sign_out(actor)
    return actor
