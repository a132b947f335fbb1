"""Reading people, units and devices within the actor's organisation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server.access.actor import Actor
from server.access.roles import Role
from server.access.schemas import DeviceView, NamedView, PersonSelfView, PersonView, UnitView
from server.kit import db
from server.kit.errors import NotSignedIn


async def named_org(actor: Actor) -> NamedView:
    """The actor's organisation."""
    name = await db.fetch_value("SELECT name FROM organisations WHERE id = $1", actor.org_id)
    return NamedView(id=actor.org_id, name=name)


async def self_view(actor: Actor) -> PersonSelfView:
    """The signed-in person with unit, roles and permissions."""
    unit = await db.fetch_one("SELECT id, name FROM units WHERE id = $1", actor.unit_id)
    if actor.person_id is None or unit is None:
        raise NotSignedIn
    return PersonSelfView(
        id=actor.person_id,
        name=actor.name,
        unit=NamedView(id=unit["id"], name=unit["name"]),
        roles=tuple(sorted(actor.roles)),
        permissions=tuple(sorted(actor.permissions)),
    )


async def units(actor: Actor) -> tuple[UnitView, ...]:
    """All units of the organisation, parents before children by name."""
    rows = await db.fetch(
        "SELECT id, parent_id, name, kind FROM units WHERE org_id = $1 ORDER BY parent_id NULLS FIRST, name",
        actor.org_id,
    )
    return tuple(UnitView(**dict(row)) for row in rows)


async def people(actor: Actor, role: Role | None) -> tuple[PersonView, ...]:
    """Active people of the organisation, all or those who hold a role."""
    rows = await db.fetch(
        "SELECT p.id, p.name, u.id AS unit_id, u.name AS unit_name,"
        " array_agg(g.role ORDER BY g.role) FILTER (WHERE g.role IS NOT NULL) AS roles"
        " FROM people p JOIN units u ON u.id = p.unit_id"
        " LEFT JOIN role_grants g ON g.person_id = p.id AND g.revoked_at IS NULL"
        " WHERE p.org_id = $1 AND p.active GROUP BY p.id, u.id"
        " HAVING $2::text IS NULL OR bool_or(g.role = $2) ORDER BY p.name",
        actor.org_id,
        role.value if role else None,
    )
    return tuple(
        PersonView(
            id=row["id"],
            name=row["name"],
            unit=NamedView(id=row["unit_id"], name=row["unit_name"]),
            roles=tuple(Role(held) for held in row["roles"] or ()),
        )
        for row in rows
    )


async def devices(actor: Actor) -> tuple[DeviceView, ...]:
    """The actor's own phones; the administrator sees all of the organisation."""
    rows = await db.fetch(
        "SELECT d.*, p.name AS person_name FROM devices d JOIN people p ON p.id = d.person_id"
        " WHERE d.org_id = $1 AND ($2 OR d.person_id = $3) ORDER BY d.enrolled_at DESC",
        actor.org_id,
        actor.has(Role.ADM),
        actor.person_id,
    )
    return tuple(device_view(row) for row in rows)


def device_view(row: Any) -> DeviceView:
    """A device row with its person's name, as a view."""
    return DeviceView(
        id=row["id"],
        name=row["name"],
        platform=row["platform"],
        person=NamedView(id=row["person_id"], name=row["person_name"]),
        enrolled_at=row["enrolled_at"],
        revoked_at=row["revoked_at"],
        last_seen_at=row["last_seen_at"],
    )


async def device_of(actor: Actor, device_id: UUID) -> Any:
    """The row of one device in the actor's scope, or ``None``."""
    return await db.fetch_one(
        "SELECT d.*, p.name AS person_name FROM devices d JOIN people p ON p.id = d.person_id"
        " WHERE d.id = $1 AND d.org_id = $2 AND ($3 OR d.person_id = $4)",
        device_id,
        actor.org_id,
        actor.has(Role.ADM),
        actor.person_id,
    )
