"""Recording the places (项目、工地) that visits go to."""

from __future__ import annotations

from server.access.actor import Actor
from server.items import queries
from server.items.commands.locking import must_know_unit
from server.items.events import SiteRecorded
from server.items.schemas import RecordSite
from server.items.secrecy import refuse_state_secrets
from server.journal.work import unit_of_work
from server.kit.errors import FieldProblem, IdReused, InvalidInput


async def record_site(actor: Actor, cmd: RecordSite) -> None:
    """Record a place under an item; the same id with the same content again changes nothing.

    Raises:
        NotFound: no such item in the actor's scope.
        InvalidInput: half a position.
        StateSecretRefused, UnknownUnit, IdReused: as ``register``.
    """
    refuse_state_secrets(name=cmd.name, address=cmd.address)
    if (cmd.lat_e7 is None) != (cmd.lon_e7 is None):
        problem = FieldProblem(field="lon_e7", code="half_a_position", detail="Give latitude and longitude together.")
        raise InvalidInput(errors=(problem,))
    async with unit_of_work(actor, command_id=cmd.id) as work:
        await queries.item_row(actor, cmd.item_id)
        await must_know_unit(work, actor, cmd.responsible_unit_id)
        made = await work.conn.fetchval(
            "INSERT INTO sites (id, org_id, item_id, name, address, kind, lat_e7, lon_e7, radius_m,"
            " responsible_unit_id, created_at, embargoed, recorded_by)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
            " ON CONFLICT (id) DO NOTHING RETURNING id",
            cmd.id,
            actor.org_id,
            cmd.item_id,
            cmd.name.strip(),
            cmd.address.strip(),
            cmd.kind,
            cmd.lat_e7,
            cmd.lon_e7,
            cmd.radius_m,
            cmd.responsible_unit_id,
            work.at,
            cmd.embargoed,
            actor.person_id,
        )
        if made is not None:
            work.record(SiteRecorded(subject_id=cmd.id, item_id=cmd.item_id))
            return
        row = await work.conn.fetchrow("SELECT org_id, item_id, name FROM sites WHERE id = $1", cmd.id)
        if tuple(row) != (actor.org_id, cmd.item_id, cmd.name.strip()):
            raise IdReused
