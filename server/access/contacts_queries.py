"""Whom to call in a unit: its leader in charge and its liaison."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server.access.actor import Actor
from server.access.contacts_schemas import ContactKind, ContactView, UnitContactsDetail, UnitContactsView
from server.access.roles import Permission, Role
from server.access.schemas import NamedView, PersonView
from server.kit import db
from server.kit.errors import NotFound

_INSIDE = (Role.REG, Role.SUP, Role.OFFICE, Role.LEADER, Role.HEAD)
# Whoever was named and has left no longer is a contact: the unit is flagged until it names somebody else.
_CONTACTS = (
    "SELECT u.id, u.name, c.kind, c.person_id, c.phone, p.name AS person_name FROM units u"
    " LEFT JOIN (unit_contacts c JOIN people p ON p.id = c.person_id AND p.active) ON c.unit_id = u.id"
    " AND c.ended_at IS NULL AND p.unit_id = u.id"
)


def sees(actor: Actor, unit_id: UUID) -> bool:
    """Whether a unit's contacts exist for the actor: its own, or any for the office and its leaders."""
    return actor.has(*_INSIDE) or actor.unit_id == unit_id


async def contacts(actor: Actor) -> tuple[UnitContactsView, ...]:
    """The units below the government with their contacts, those that lack one first; a unit sees its own."""
    rows = await db.fetch(
        f"{_CONTACTS} WHERE u.org_id = $1 AND u.kind NOT IN ('government', 'office') AND ($2 OR u.id = $3)"
        " ORDER BY u.name, u.id, c.kind",
        actor.org_id,
        actor.has(*_INSIDE),
        actor.unit_id,
    )
    units: dict[UUID, list[Any]] = {}
    for row in rows:
        units.setdefault(row["id"], []).append(row)
    views = [UnitContactsView(**_fields(actor, of_unit)) for of_unit in units.values()]
    return tuple(sorted(views, key=lambda view: -len(view.missing)))


async def unit_contacts(actor: Actor, unit_id: UUID) -> UnitContactsDetail:
    """One unit's contacts, with the people to choose from.

    Raises:
        NotFound: no such unit for the actor.
    """
    rows = await db.fetch(f"{_CONTACTS} WHERE u.org_id = $1 AND u.id = $2 ORDER BY c.kind", actor.org_id, unit_id)
    if not rows or not sees(actor, unit_id):
        raise NotFound
    fields = _fields(actor, list(rows))
    return UnitContactsDetail(**fields, people=await _people(actor, unit_id) if fields["may_name"] else ())


async def liaisons(conn: Any, unit_ids: list[UUID]) -> tuple[UUID, ...]:
    """Who is told of what concerns these units: the liaison named, else those who hold the role in the unit."""
    rows = await conn.fetch(
        "SELECT DISTINCT p.id FROM people p WHERE p.unit_id = ANY($1::uuid[]) AND p.active AND ("
        " EXISTS (SELECT 1 FROM unit_contacts c WHERE c.person_id = p.id AND c.unit_id = p.unit_id"
        " AND c.kind = 'LIAISON' AND c.ended_at IS NULL)"
        " OR (EXISTS (SELECT 1 FROM role_grants g WHERE g.person_id = p.id AND g.role = 'LIAISON'"
        " AND g.revoked_at IS NULL)"
        " AND NOT EXISTS (SELECT 1 FROM unit_contacts c JOIN people q ON q.id = c.person_id AND q.active"
        " AND q.unit_id = c.unit_id WHERE c.unit_id = p.unit_id AND c.kind = 'LIAISON' AND c.ended_at IS NULL)))"
        " ORDER BY p.id",
        unit_ids,
    )
    return tuple(row["id"] for row in rows)


async def _people(actor: Actor, unit_id: UUID) -> tuple[PersonView, ...]:
    rows = await db.fetch(
        "SELECT p.id, p.name, u.id AS unit_id, u.name AS unit_name, coalesce((SELECT array_agg(g.role ORDER BY g.role)"
        " FROM role_grants g WHERE g.person_id = p.id AND g.revoked_at IS NULL), '{}') AS roles"
        " FROM people p JOIN units u ON u.id = p.unit_id"
        " WHERE p.org_id = $1 AND p.unit_id = $2 AND p.active ORDER BY p.name, p.id",
        actor.org_id,
        unit_id,
    )
    return tuple(
        PersonView(
            id=row["id"],
            name=row["name"],
            unit=NamedView(id=row["unit_id"], name=row["unit_name"]),
            roles=tuple(Role(held) for held in row["roles"]),
        )
        for row in rows
    )


def _fields(actor: Actor, rows: list[Any]) -> dict[str, Any]:
    """The fields of a unit's view from its rows, one for each contact or a single empty one."""
    named = tuple(
        ContactView(
            kind=ContactKind(row["kind"]),
            person=NamedView(id=row["person_id"], name=row["person_name"]),
            phone=row["phone"],
        )
        for row in rows
        if row["kind"] is not None
    )
    have = {contact.kind for contact in named}
    unit_id = rows[0]["id"]
    return {
        "unit": NamedView(id=unit_id, name=rows[0]["name"]),
        "contacts": named,
        "missing": tuple(kind for kind in ContactKind if kind not in have),
        "may_name": actor.may(Permission.CONTACT_MANAGE) and (actor.has(Role.OFFICE) or actor.unit_id == unit_id),
    }
