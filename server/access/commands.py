"""Enrolling and revoking devices; one's own password and sign-ins."""

from __future__ import annotations

import asyncio
from typing import ClassVar, Final
from uuid import UUID

from server.access import queries, signin, throttle
from server.access.actor import Actor
from server.access.errors import PasswordUnfit, WrongOldPassword
from server.access.passwords import hash_password, password_matches
from server.access.schemas import ChangePassword, DeviceView, EnrolDevice
from server.journal.events import Change, Event
from server.journal.work import unit_of_work
from server.kit import db
from server.kit.errors import IdReused, NotFound

SHORTEST_PASSWORD: Final = 10


class DeviceEnrolled(Event):
    """A phone was enrolled under its owner's account."""

    KIND: ClassVar[str] = "device.enrolled"
    SUBJECT: ClassVar[str] = "device"

    def changes(self) -> tuple[Change, ...]:
        """Devices are not part of the feed."""
        return ()


class DeviceRevoked(Event):
    """A phone was revoked; statements that arrive later are flagged, not refused."""

    KIND: ClassVar[str] = "device.revoked"
    SUBJECT: ClassVar[str] = "device"

    def changes(self) -> tuple[Change, ...]:
        """Devices are not part of the feed."""
        return ()


class PasswordChanged(Event):
    """A person chose another password; all other sign-ins of that person ended with it."""

    KIND: ClassVar[str] = "person.password_changed"
    SUBJECT: ClassVar[str] = "person"

    def changes(self) -> tuple[Change, ...]:
        """People are not part of the feed."""
        return ()


class SignInsEnded(Event):
    """A person ended all other sign-ins of their own."""

    KIND: ClassVar[str] = "person.sign_ins_ended"
    SUBJECT: ClassVar[str] = "person"

    ended: int

    def changes(self) -> tuple[Change, ...]:
        """People are not part of the feed."""
        return ()


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
    if len(new) < SHORTEST_PASSWORD or new == cmd.old_password or new.strip().lower() == person["login"].lower():
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


async def enrol_device(actor: Actor, cmd: EnrolDevice) -> DeviceView:
    """Enrol a phone; the same id again by the same person answers as the first time.

    Raises:
        IdReused: another person enrolled this id.
    """
    async with unit_of_work(actor, command_id=cmd.id) as work:
        made = await work.conn.fetchval(
            "INSERT INTO devices (id, org_id, person_id, name, platform, enrolled_at, last_seen_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT (id) DO NOTHING RETURNING id",
            cmd.id,
            actor.org_id,
            actor.person_id,
            cmd.name,
            cmd.platform,
            work.at,
        )
        if made:
            work.record(DeviceEnrolled(subject_id=cmd.id))
        row = await queries.device_of(actor, cmd.id)
        if row is None or row["person_id"] != actor.person_id:
            raise IdReused
        return queries.device_view(row)


async def revoke_device(actor: Actor, device_id: UUID) -> DeviceView:
    """Revoke a phone and its session keys, and sign its owner out everywhere else; the owner or the administrator may.

    Whoever found the phone must not go on reading with it. Which sign-in is that phone's is not known, so all end but
    the one that asks; what other phones hold waits for the next sign-in.

    Raises:
        NotFound: no such device in the actor's scope.
    """
    async with unit_of_work(actor) as work:
        row = await queries.device_of(actor, device_id)
        if row is None:
            raise NotFound
        if row["revoked_at"] is None:
            await work.conn.execute("UPDATE devices SET revoked_at = $2 WHERE id = $1", device_id, work.at)
            await work.conn.execute(
                "UPDATE device_keys SET revoked_at = $2 WHERE device_id = $1 AND revoked_at IS NULL",
                device_id,
                work.at,
            )
            await signin.end_others(work.conn, actor, row["person_id"], work.at)
            work.record(DeviceRevoked(subject_id=device_id))
    signin.forget_recent()
    return queries.device_view(await queries.device_of(actor, device_id))
