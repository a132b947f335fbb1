"""Reading people and units within the actor's organisation."""

from __future__ import annotations

from server.access.actor import Actor
from server.access.roles import Role
from server.access.schemas import NamedView, PersonSelfView, PersonView, UnitView
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
