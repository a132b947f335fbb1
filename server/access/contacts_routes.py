"""HTTP of units' contacts."""

from __future__ import annotations

from uuid import UUID

from litestar import Router, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from server.access import contacts_commands, contacts_queries
from server.access.actor import Actor
from server.access.contacts_schemas import NameContact, UnitContactsDetail, UnitContactsView
from server.access.roles import Permission


@get("/contacts", opt={"permission": Permission.SLIP_READ})
async def list_contacts(actor: NamedDependency[Actor]) -> tuple[UnitContactsView, ...]:
    """Whom to call in each unit; units without a contact come first."""
    return await contacts_queries.contacts(actor)


@get("/contacts/{unit_id:uuid}", opt={"permission": Permission.SLIP_READ})
async def read_contacts(unit_id: FromPath[UUID], actor: NamedDependency[Actor]) -> UnitContactsDetail:
    """Whom to call in one unit."""
    return await contacts_queries.unit_contacts(actor, unit_id)


@put("/contacts/{unit_id:uuid}", opt={"permission": Permission.CONTACT_MANAGE})
async def name_contact(
    unit_id: FromPath[UUID], data: JSONBody[NameContact], actor: NamedDependency[Actor]
) -> UnitContactsDetail:
    """Name a unit's leader in charge or its liaison."""
    await contacts_commands.name_contact(actor, unit_id, data)
    return await contacts_queries.unit_contacts(actor, unit_id)


router = Router("/", route_handlers=[list_contacts, read_contacts, name_contact])
