"""One's own password and sign-ins."""

from __future__ import annotations

import asyncio
from typing import ClassVar
from uuid import UUID

from server.access import signin, throttle
from server.access.account_events import PasswordChanged
from server.access.actor import Actor
from server.access.errors import PasswordUnfit, WrongOldPassword
from server.access.passwords import fit, hash_password, password_matches
from server.access.schemas import ChangePassword
from server.journal.events import Untold
from server.journal.work import unit_of_work
from server.kit import db
from server.kit.errors import NotFound


class SignInsEnded(Untold):
    """A person ended all other sign-ins of their own."""

    KIND: ClassVar[str] = "person.sign_ins_ended"
    SUBJECT: ClassVar[str] = "person"

    ended: int


async def change_password(actor: Actor, cmd: ChangePassword) -> int:
    """Take another password and end all other sign-ins; returns how many ended.

    Raises:
        WrongOldPassword: the present password is not what was said. PasswordUnfit: as named.
        TooManyAttempts: too many wrong ones from this very sign-in.
    """
    person = await db.fetch_one("SELECT login, password_hash FROM people WHERE id = $1", actor.person_id)
    if person is None:
        raise NotFound
    # Counted by this sign-in alone: whoever found it open may guess eight times, and locks nobody out.
    async with throttle.attempt(f"{person['login']}\npassword", throttle.Source(str(actor.session_id))) as attempt:
        if not await password_matches(person["password_hash"], cmd.old_password):
            await attempt.failed()
            raise WrongOldPassword
    new = cmd.new_password
    if not fit(new, person["login"], cmd.old_password):
        raise PasswordUnfit
    hashed = await asyncio.to_thread(hash_password, new)
    async with unit_of_work(actor) as work:
        await work.conn.execute("UPDATE people SET password_hash = $2 WHERE id = $1", actor.person_id, hashed)
        ended = await signin.end_others(work.conn, actor, _self(actor), work.at)
        work.record(PasswordChanged(subject_id=_self(actor)))
    signin.forget_recent()
    return ended


async def end_other_sign_ins(actor: Actor) -> int:
    """End every sign-in of this person but the one that asks; returns how many ended."""
    async with unit_of_work(actor) as work:
        ended = await signin.end_others(work.conn, actor, _self(actor), work.at)
        if ended:
            work.record(SignInsEnded(subject_id=_self(actor), ended=ended))
    signin.forget_recent()
    return ended


def _self(actor: Actor) -> UUID:
    assert actor.person_id is not None, "only people have sign-ins"
    return actor.person_id
