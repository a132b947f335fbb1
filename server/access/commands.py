"""Enrolling and revoking devices."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from server.access import queries, signin
from server.access.actor import Actor
from server.access.schemas import DeviceView, EnrolDevice
from server.journal.events import Change, Event
from server.journal.work import unit_of_work
from server.kit.errors import IdReused, NotFound


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
