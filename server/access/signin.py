"""Signing in and out, and finding who sent a request."""

from __future__ import annotations

import asyncio
import hashlib
import time
from datetime import datetime, timedelta
from uuid import UUID

from server.access import throttle
from server.access.account_events import PasswordChanged
from server.access.actor import Actor
from server.access.errors import PasswordChangeDue, PasswordUnfit, WrongCredentials
from server.access.passwords import fit, hash_password, password_matches
from server.access.roles import Role
from server.access.schemas import SignIn
from server.journal.work import unit_of_work
from server.kit import clock, db
from server.kit.errors import WrongState
from server.kit.ids import new_id, new_secret

_REMEMBER_SECONDS = 3.0  # how long this process trusts a session it has just read; sign-out here is immediate

_recent: dict[bytes, tuple[float, Actor]] = {}


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


async def sign_in(
    cmd: SignIn, user_agent: str, lifetime: timedelta, source: throttle.Source
) -> tuple[str, Actor, datetime]:
    """Check the password and open a session; returns the token, the actor and when the session ends.

    Raises:
        TooManyAttempts: too many failures for this account from this source (``throttle``).
        WrongCredentials: no such account, wrong password, or the account is closed; the same answer in each case.
        PasswordChangeDue, PasswordUnfit: somebody else set the password, and one's own is not chosen with it.
        WrongState: another password is chosen although one's own is in force.
    """
    async with throttle.attempt(cmd.login, source) as attempt:
        person = await _who(cmd, attempt)
    if person["must_change_password"]:
        await _choose_own(cmd, person)
    elif cmd.new_password is not None:
        raise WrongState
    now = clock.now()
    token = new_secret()
    await db.execute(
        "INSERT INTO sessions"
        " (id, org_id, person_id, token_sha256, csrf_token, transport, user_agent, created_at, expires_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        new_id(),
        person["org_id"],
        person["id"],
        _digest(token),
        new_secret(),
        cmd.transport,
        user_agent[:300],
        now,
        now + lifetime,
    )
    actor = await actor_of(token)
    if actor is None:
        raise WrongCredentials
    return token, actor, now + lifetime


async def _who(cmd: SignIn, attempt: throttle.Attempt) -> db.Record:
    person = await db.fetch_one(
        # Folded as the throttle folds it: where both differ (İ), a second spelling would have guesses of its own.
        "SELECT id, org_id, unit_id, name, login, password_hash, must_change_password, recovered_at"
        " FROM people WHERE lower(login) = $1 AND active",
        cmd.login.strip().lower(),
    )
    if not await password_matches(person["password_hash"] if person else None, cmd.password) or person is None:
        await attempt.failed()
        raise WrongCredentials
    return person


async def _choose_own(cmd: SignIn, person: db.Record) -> None:
    """Put one's own password in the place of the first one; no session ever rests on that."""
    if cmd.new_password is None:
        recovered = person["recovered_at"]
        # Who set it must not be hidden from whoever knows it: the password was right.
        raise PasswordChangeDue(params={"recovered_at": recovered.isoformat()} if recovered else None)
    if not fit(cmd.new_password, person["login"], cmd.password):
        raise PasswordUnfit
    hashed = await asyncio.to_thread(hash_password, cmd.new_password)
    actor = Actor(person["id"], person["org_id"], person["unit_id"], person["name"], frozenset())
    async with unit_of_work(actor) as work:
        changed = await work.conn.fetchval(
            "UPDATE people SET password_hash = $2, must_change_password = false"
            " WHERE id = $1 AND password_hash = $3 AND must_change_password AND active RETURNING id",
            person["id"],
            hashed,
            person["password_hash"],
        )
        if changed is None:  # somebody was faster with the same first password
            raise WrongCredentials
        work.record(PasswordChanged(subject_id=person["id"]))


async def actor_of(token: str) -> Actor | None:
    """Who holds this token, or ``None`` when it is unknown, ended or expired."""
    digest = _digest(token)
    known = _recent.get(digest)
    if known and time.monotonic() - known[0] < _REMEMBER_SECONDS:
        return known[1]
    row = await db.fetch_one(
        "SELECT s.id, s.org_id, s.person_id, s.csrf_token, s.transport, p.name, p.unit_id,"
        " array(SELECT role FROM role_grants g WHERE g.person_id = p.id AND g.revoked_at IS NULL) AS roles"
        " FROM sessions s JOIN people p ON p.id = s.person_id"
        " WHERE s.token_sha256 = $1 AND s.ended_at IS NULL AND s.expires_at > $2 AND p.active",
        digest,
        clock.now(),
    )
    if row is None:
        _recent.pop(digest, None)
        return None
    actor = Actor(
        person_id=row["person_id"],
        org_id=row["org_id"],
        unit_id=row["unit_id"],
        name=row["name"],
        roles=frozenset(Role(role) for role in row["roles"]),
        session_id=row["id"],
        csrf_token=row["csrf_token"],
        by_cookie=row["transport"] == "cookie",
    )
    if len(_recent) > 10_000:
        _recent.clear()
    _recent[digest] = (time.monotonic(), actor)
    return actor


async def end_others(conn: db.Connection, actor: Actor, person_id: UUID, at: datetime) -> int:
    """End all sessions of a person but the one that asks, and say how many; ``forget_recent`` once it has committed."""
    tag: str = await conn.execute(
        "UPDATE sessions SET ended_at = $3 WHERE person_id = $1 AND ended_at IS NULL AND id IS DISTINCT FROM $2",
        person_id,
        actor.session_id,
        at,
    )
    return int(tag.split()[-1])


async def sign_out(actor: Actor) -> None:
    """End the session of this actor."""
    await db.execute("UPDATE sessions SET ended_at = $2 WHERE id = $1", actor.session_id, clock.now())
    forget_recent()


def forget_recent() -> None:
    """Trust no remembered session (after sign-out, a change of roles, a new database)."""
    _recent.clear()
