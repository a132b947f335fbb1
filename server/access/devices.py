"""Phones: enrolled by their owner and confirmed by another; revoked when one asks for it and another confirms.

Every step is an entry of the journal and thereby a leaf of the log, so that nobody can pretend later that a phone was
known, or was not, when it signed. What it signs is never refused for that: it is flagged.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server.access import device_queries as queries
from server.access import signin
from server.access.actor import Actor
from server.access.device_events import (
    DeviceConfirmed,
    DeviceEnrolled,
    DeviceRevoked,
    RevocationAsked,
    RevocationRefused,
)
from server.access.errors import SecondPersonNeeded
from server.access.schemas import DeviceView, EnrolDevice
from server.journal.work import UnitOfWork, unit_of_work
from server.kit.errors import IdReused, NotFound, WrongState
from server.kit.secrecy import refuse_state_secrets


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


async def confirm_device(actor: Actor, device_id: UUID) -> None:
    """Confirm as a second person that this phone belongs to the colleague who enrolled it.

    Raises:
        NotFound; SecondPersonNeeded: it is one's own; WrongState: confirmed before, or revoked.
    """
    async with unit_of_work(actor) as work:
        device = await _locked(work, actor, device_id)
        if device["person_id"] == actor.person_id:
            raise SecondPersonNeeded
        if device["confirmed_at"] is not None or device["revoked_at"] is not None:
            raise WrongState
        await work.conn.execute(
            "UPDATE devices SET confirmed_by = $2, confirmed_at = $3 WHERE id = $1",
            device_id,
            actor.person_id,
            work.at,
        )
        work.record(DeviceConfirmed(subject_id=device_id, owner_id=device["person_id"]))


async def ask_revocation(actor: Actor, device_id: UUID, reason: str) -> DeviceView:
    """Ask that a phone be revoked: at once it opens no new chain, and its owner is signed out everywhere else.

    Whoever found the phone must not go on reading with it. Which sign-in is that phone's is not known, so all end but
    the one that asks; what other phones hold waits for the next sign-in. Asking again changes nothing.

    Raises:
        NotFound: no such device in the actor's scope.
    """
    refuse_state_secrets(reason=reason)
    async with unit_of_work(actor) as work:
        device = await _locked(work, actor, device_id)
        if device["revocation_asked_at"] is None:
            await work.conn.execute(
                "UPDATE devices SET revocation_asked_by = $2, revocation_asked_at = $3, revocation_reason = $4"
                " WHERE id = $1",
                device_id,
                actor.person_id,
                work.at,
                reason.strip(),
            )
            await signin.end_others(work.conn, actor, device["person_id"], work.at)
            work.record(RevocationAsked(subject_id=device_id, owner_id=device["person_id"]))
    signin.forget_recent()
    return await queries.shown(actor, device_id)


async def confirm_revocation(actor: Actor, device_id: UUID) -> None:
    """Confirm as a second person what another asked for: the phone and the keys of its chains are revoked for good.

    Raises:
        NotFound; SecondPersonNeeded: one asked for it oneself; WrongState: nobody asked, or it is done.
    """
    async with unit_of_work(actor) as work:
        device = await _asked(work, actor, device_id)
        await work.conn.execute(
            "UPDATE devices SET revoked_by = $2, revoked_at = $3 WHERE id = $1", device_id, actor.person_id, work.at
        )
        await work.conn.execute(
            "UPDATE device_keys SET revoked_at = $2 WHERE device_id = $1 AND revoked_at IS NULL", device_id, work.at
        )
        work.record(
            DeviceRevoked(subject_id=device_id, owner_id=device["person_id"], asked_by_id=device["revocation_asked_by"])
        )


async def refuse_revocation(actor: Actor, device_id: UUID) -> None:
    """Say as a second person that the phone stays; it may open chains again.

    Raises:
        As ``confirm_revocation``; also SecondPersonNeeded: the phone is one's own, so one judges in one's own matter.
    """
    async with unit_of_work(actor) as work:
        device = await _asked(work, actor, device_id)
        if device["person_id"] == actor.person_id:
            raise SecondPersonNeeded
        await work.conn.execute(
            "UPDATE devices SET revocation_asked_by = NULL, revocation_asked_at = NULL, revocation_reason = ''"
            " WHERE id = $1",
            device_id,
        )
        work.record(
            RevocationRefused(
                subject_id=device_id, owner_id=device["person_id"], asked_by_id=device["revocation_asked_by"]
            )
        )


async def _asked(work: UnitOfWork, actor: Actor, device_id: UUID) -> Any:
    device = await _locked(work, actor, device_id)
    if device["revocation_asked_at"] is None or device["revoked_at"] is not None:
        raise WrongState
    if device["revocation_asked_by"] == actor.person_id:
        raise SecondPersonNeeded
    return device


async def _locked(work: UnitOfWork, actor: Actor, device_id: UUID) -> Any:
    condition, args = queries.in_scope(actor, 2)
    row = await work.conn.fetchrow(
        f"SELECT d.* FROM devices d WHERE d.id = $1 AND {condition} FOR UPDATE", device_id, *args
    )
    if row is None:
        raise NotFound
    return row
