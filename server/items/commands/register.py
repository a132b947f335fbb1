"""Registering incoming matters (收件登记)."""

from __future__ import annotations

from server.access.actor import Actor
from server.items import steps
from server.items.commands.locking import must_know_unit
from server.items.events import ItemRegistered, ItemTakenOver
from server.items.lifecycle import LIFECYCLE, ItemState
from server.items.numbers import normal_reference
from server.items.schemas import RegisterItem, TakeOverItem
from server.items.secrecy import refuse_state_secrets
from server.journal.work import UnitOfWork, unit_of_work
from server.kit import clock
from server.kit.errors import IdReused
from server.kit.lifecycle import next_step


async def register(actor: Actor, cmd: RegisterItem) -> None:
    """Give an incoming matter its number in the ledger (R1); the same id with the same content again changes nothing.

    Raises:
        StateSecretRefused: a text carries a marking of state secrets.
        UnknownUnit: no such handling unit.
        IdReused: the id belongs to something else.
    """
    _refuse_secrets(cmd)
    async with unit_of_work(actor, command_id=cmd.id) as work:
        await _register(work, actor, cmd)


async def take_over(actor: Actor, cmd: TakeOverItem) -> None:
    """Register an item of the paper ledger and give it the state that it had reached there.

    Raises:
        StateSecretRefused, UnknownUnit, IdReused: as ``register``.
    """
    _refuse_secrets(cmd.item)
    async with unit_of_work(actor, command_id=cmd.item.id) as work:
        if await _register(work, actor, cmd.item) and cmd.state != ItemState.REGISTERED:
            await work.conn.execute(
                "UPDATE items SET state = $3 WHERE id = $1 AND org_id = $2", cmd.item.id, actor.org_id, cmd.state
            )
            await steps.add(work, cmd.item.id, "take_over", ItemState.REGISTERED, cmd.state)
            work.record(ItemTakenOver(subject_id=cmd.item.id, state=cmd.state))


def _refuse_secrets(cmd: RegisterItem) -> None:
    refuse_state_secrets(title=cmd.title, source_ref=cmd.source_ref)


async def _register(work: UnitOfWork, actor: Actor, cmd: RegisterItem) -> bool:
    """Insert the item under its number; ``False`` when this very matter is registered already."""
    state = next_step(LIFECYCLE, None, "register").target
    await must_know_unit(work, actor, cmd.handling_unit_id)
    received_at = cmd.received_at or work.at
    # The year of the register is the office's year, not that of UTC.
    year = work.at.astimezone(clock.SHANGHAI).year
    # Registrations of one organisation and year wait for each other here; one that fails takes no number.
    await work.conn.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"register:{actor.org_id}:{year}")
    earlier = await work.conn.fetchrow(
        "SELECT org_id, title, source_kind, registered_by FROM items WHERE id = $1", cmd.id
    )
    if earlier is not None:
        if tuple(earlier) != (actor.org_id, cmd.title.strip(), cmd.source_kind, actor.person_id):
            raise IdReused
        return False
    seq = await work.conn.fetchval(
        "SELECT coalesce(max(register_seq), 0) + 1 FROM items WHERE org_id = $1 AND register_year = $2",
        actor.org_id,
        year,
    )
    await work.conn.execute(
        "INSERT INTO items (id, org_id, register_year, register_seq, title, source_kind, source_ref, category, state,"
        " urgency, immediate, handling_unit_id, follow_up_id, due_at, received_at, registered_by, created_at, version)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 1)",
        cmd.id,
        actor.org_id,
        year,
        seq,
        cmd.title.strip(),
        cmd.source_kind,
        normal_reference(cmd.source_ref),
        cmd.category,
        state,
        cmd.urgency,
        cmd.immediate,
        cmd.handling_unit_id,
        cmd.follow_up_id,
        cmd.due_at,
        received_at,
        actor.person_id,
        work.at,
    )
    await steps.add(work, cmd.id, "register", None, state)
    work.record(ItemRegistered(subject_id=cmd.id, register_year=year, register_seq=seq, source_kind=cmd.source_kind))
    return True
