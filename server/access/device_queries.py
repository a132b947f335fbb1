"""Reading phones: one's own, and for those who answer for them all of the organisation."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from server.access.actor import Actor
from server.access.roles import Permission
from server.access.schemas import DeviceList, DeviceState, DeviceView, NamedView, named
from server.kit import db
from server.kit.errors import NotFound
from server.kit.keyset import page, read_cursor
from server.kit.like import containing

_ROWS = (
    "SELECT d.*, p.name AS person_name, u.name AS unit_name, c.name AS confirmed_name, a.name AS asked_name,"
    " r.name AS revoked_name FROM devices d JOIN people p ON p.id = d.person_id JOIN units u ON u.id = p.unit_id"
    " LEFT JOIN people c ON c.id = d.confirmed_by LEFT JOIN people a ON a.id = d.revocation_asked_by"
    " LEFT JOIN people r ON r.id = d.revoked_by"
)

_STATES: dict[DeviceState, str] = {
    "unconfirmed": "d.confirmed_at IS NULL AND d.revocation_asked_at IS NULL",
    "confirmed": "d.confirmed_at IS NOT NULL AND d.revocation_asked_at IS NULL",
    "revocation_asked": "d.revocation_asked_at IS NOT NULL AND d.revoked_at IS NULL",
    "revoked": "d.revoked_at IS NOT NULL",
}


def in_scope(actor: Actor, first: int) -> tuple[str, list[Any]]:
    """The condition on ``devices d`` of what exists for the actor, with its parameters from ``first``."""
    everything = actor.may(Permission.DEVICE_READ)
    return f"d.org_id = ${first} AND (${first + 1} OR d.person_id = ${first + 2})", [
        actor.org_id,
        everything,
        actor.person_id,
    ]


async def own_devices(actor: Actor) -> tuple[DeviceView, ...]:
    """One's own phones, the newest first."""
    rows = await db.fetch(
        f"{_ROWS} WHERE d.org_id = $1 AND d.person_id = $2 ORDER BY d.enrolled_at DESC, d.id DESC",
        actor.org_id,
        actor.person_id,
    )
    return tuple(device_view(row) for row in rows)


async def register(
    actor: Actor, state: DeviceState | None, words: str | None, cursor: str | None, limit: int
) -> DeviceList:
    """The phones of the organisation, the newest first."""
    at, last = read_cursor(cursor, datetime)
    rows = await db.fetch(
        f"{_ROWS} WHERE d.org_id = $1 AND ($2::timestamptz IS NULL OR (d.enrolled_at, d.id) < ($2, $3::uuid))"
        f" AND ($4::text IS NULL OR p.name ILIKE $4 OR d.name ILIKE $4) AND {_STATES[state] if state else 'true'}"
        " ORDER BY d.enrolled_at DESC, d.id DESC LIMIT $5",
        actor.org_id,
        at,
        last,
        containing(words),
        limit + 1,
    )
    shown, after = page(list(rows), limit, "enrolled_at")
    return DeviceList(devices=[device_view(row) for row in shown], next_cursor=after)


async def device_of(actor: Actor, device_id: UUID) -> Any:
    """The row of one device in the actor's scope, or ``None``."""
    condition, args = in_scope(actor, 2)
    return await db.fetch_one(f"{_ROWS} WHERE d.id = $1 AND {condition}", device_id, *args)


async def shown(actor: Actor, device_id: UUID) -> DeviceView:
    """One device as it now is.

    Raises:
        NotFound: no such device in the actor's scope.
    """
    row = await device_of(actor, device_id)
    if row is None:
        raise NotFound
    return device_view(row)


def device_view(row: Any) -> DeviceView:
    """A device row with the names of its people, as a view."""
    return DeviceView(
        id=row["id"],
        name=row["name"],
        platform=row["platform"],
        person=NamedView(id=row["person_id"], name=row["person_name"]),
        unit_name=row["unit_name"],
        state=_state(row),
        enrolled_at=row["enrolled_at"],
        confirmed_by=_named(row, "confirmed_by", "confirmed_name"),
        confirmed_at=row["confirmed_at"],
        revocation_asked_by=_named(row, "revocation_asked_by", "asked_name"),
        revocation_asked_at=row["revocation_asked_at"],
        revocation_reason=row["revocation_reason"],
        revoked_by=_named(row, "revoked_by", "revoked_name"),
        revoked_at=row["revoked_at"],
        last_seen_at=row["last_seen_at"],
    )


def _state(row: Any) -> DeviceState:
    if row["revoked_at"] is not None:
        return "revoked"
    if row["revocation_asked_at"] is not None:
        return "revocation_asked"
    return "confirmed" if row["confirmed_at"] is not None else "unconfirmed"


def _named(row: Any, person: str, name: str) -> NamedView | None:
    return named(row[person], row[name])
