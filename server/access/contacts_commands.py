"""Naming a unit's leader in charge and its liaison (R24)."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from server.access import contacts_queries
from server.access.actor import Actor
from server.access.contacts_schemas import NameContact
from server.access.errors import PersonOfAnotherUnit
from server.access.roles import Role
from server.journal.events import Event
from server.journal.work import unit_of_work
from server.kit.errors import NotFound, NotPermitted
from server.kit.ids import new_id


class ContactNamed(Event):
    """A unit's leader in charge or liaison was named."""

    KIND: ClassVar[str] = "unit.contact_named"
    SUBJECT: ClassVar[str] = "unit"

    kind: str
    person_id: UUID


async def name_contact(actor: Actor, unit_id: UUID, cmd: NameContact) -> None:
    """Name a contact of one's own unit, or as the head of the office of any; naming the same again changes nothing.

    Raises:
        NotFound: no such unit for the actor.
        NotPermitted: the unit of somebody else.
        PersonOfAnotherUnit: the person does not belong to the unit, or is no longer active.
    """
    async with unit_of_work(actor) as work:
        # Two who name at once wait for each other here.
        unit = await work.conn.fetchval(
            "SELECT id FROM units WHERE id = $1 AND org_id = $2 FOR NO KEY UPDATE", unit_id, actor.org_id
        )
        if unit is None or not contacts_queries.sees(actor, unit_id):
            raise NotFound
        if not actor.has(Role.OFFICE) and actor.unit_id != unit_id:
            raise NotPermitted
        if not await work.conn.fetchval(
            "SELECT 1 FROM people WHERE id = $1 AND org_id = $2 AND unit_id = $3 AND active",
            cmd.person_id,
            actor.org_id,
            unit_id,
        ):
            raise PersonOfAnotherUnit
        phone = " ".join(cmd.phone.split())
        before = await work.conn.fetchrow(
            "SELECT id, person_id, phone FROM unit_contacts WHERE unit_id = $1 AND kind = $2 AND ended_at IS NULL",
            unit_id,
            cmd.kind,
        )
        if before is not None and (before["person_id"], before["phone"]) == (cmd.person_id, phone):
            return
        if before is not None:
            await work.conn.execute("UPDATE unit_contacts SET ended_at = $2 WHERE id = $1", before["id"], work.at)
        await work.conn.execute(
            "INSERT INTO unit_contacts (id, org_id, unit_id, kind, person_id, phone, named_by, named_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            new_id(),
            actor.org_id,
            unit_id,
            cmd.kind,
            cmd.person_id,
            phone,
            actor.person_id,
            work.at,
        )
        work.record(ContactNamed(subject_id=unit_id, kind=cmd.kind, person_id=cmd.person_id))
