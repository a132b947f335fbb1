"""Registering what is to be put before leaders, and in which order."""

from __future__ import annotations

from uuid import UUID

from server.access.actor import Actor
from server.access.steps import must_take
from server.circulation.commands.rows import circulation_for_update, must_be_leader, put_on_list, touch
from server.circulation.errors import SerialTaken
from server.circulation.events import CirculationOpened, DeskAdded
from server.circulation.kinds import CirculationKind
from server.circulation.lifecycle import LIFECYCLE, CirculationState
from server.circulation.rules import check_kind, moment
from server.circulation.schemas import AddDesk, OpenCirculation
from server.items import queries as items
from server.items.numbers import normal_reference
from server.items.secrecy import refuse_state_secrets
from server.journal.work import UnitOfWork, unit_of_work
from server.kit.errors import FieldProblem, IdReused, InvalidInput, WrongState
from server.kit.lifecycle import next_step


async def open_circulation(actor: Actor, cmd: OpenCirculation) -> None:
    """Register a document with the leaders who are to see it; the same id with the same content changes nothing.

    Raises:
        NotFound: no such item in the actor's scope.
        StateSecretRefused, StubHasNoContent, ClassOfAnotherKind, SerialNotPlain, SerialTaken, NotALeader,
        TimeOutOfOrder, IdReused: as named.
    """
    refuse_state_secrets(title=cmd.title, reference=cmd.reference, serial=cmd.serial)
    title, serial = cmd.title.strip(), cmd.serial.strip()
    stub = cmd.kind is CirculationKind.CONFIDENTIAL
    check_kind(
        cmd.kind, cmd.desk_class, title=title, serial=serial, content=bool(cmd.reference.strip()) or bool(cmd.item_id)
    )
    if not stub and (not title or serial):
        problem = FieldProblem(field="title", code="reason_missing", detail="A document has a title and no serial.")
        raise InvalidInput(errors=(problem,))
    step = next_step(LIFECYCLE, None, "open")
    must_take(step, actor.roles)
    async with unit_of_work(actor, command_id=cmd.id) as work:
        if cmd.item_id is not None:
            await items.item_row(actor, cmd.item_id)
        for leader_id in set(cmd.leaders):
            await must_be_leader(work, actor, leader_id)
        if stub and await work.conn.fetchval(
            "SELECT 1 FROM circulations WHERE org_id = $1 AND serial = $2 AND id <> $3", actor.org_id, serial, cmd.id
        ):
            raise SerialTaken
        made = await work.conn.fetchval(
            "INSERT INTO circulations (id, org_id, kind, class, title, reference, serial, item_id, received_at, state,"
            " opened_by, opened_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
            " ON CONFLICT (id) DO NOTHING RETURNING id",
            cmd.id,
            actor.org_id,
            cmd.kind,
            cmd.desk_class,
            title,
            normal_reference(cmd.reference),
            serial,
            cmd.item_id,
            moment(cmd.received_at, after=None, now=work.at),
            step.target,
            actor.person_id,
            work.at,
        )
        if made is None:
            await _must_be_same(work, actor, cmd)
            return
        for position, leader_id in enumerate(cmd.leaders, start=1):
            await put_on_list(work, actor, cmd.id, position, leader_id)
        work.record(CirculationOpened(subject_id=cmd.id, kind=cmd.kind, desk_class=cmd.desk_class, leaders=cmd.leaders))


async def add_desk(actor: Actor, circulation_id: UUID, cmd: AddDesk, *, expected: int | None = None) -> None:
    """Put another leader at the end of the list.

    Raises:
        NotFound, ChangedMeanwhile, WrongState, NotALeader: as named.
    """
    async with unit_of_work(actor) as work:
        row = await circulation_for_update(work, actor, circulation_id, expected)
        if row["state"] == CirculationState.RETURNED:
            raise WrongState(params={"act": "add_desk", "state": row["state"], "allowed": []})
        await must_be_leader(work, actor, cmd.leader_id)
        last = await work.conn.fetchval(
            "SELECT max(position) FROM circulation_desks WHERE circulation_id = $1", circulation_id
        )
        await put_on_list(work, actor, circulation_id, last + 1, cmd.leader_id)
        await touch(work, circulation_id)
        work.record(DeskAdded(subject_id=circulation_id, leader_id=cmd.leader_id))


async def _must_be_same(work: UnitOfWork, actor: Actor, cmd: OpenCirculation) -> None:
    row = await work.conn.fetchrow(
        "SELECT org_id, kind, class, title, serial, opened_by FROM circulations WHERE id = $1", cmd.id
    )
    wanted = (actor.org_id, cmd.kind, cmd.desk_class, cmd.title.strip(), cmd.serial.strip(), actor.person_id)
    if tuple(row) != wanted:
        raise IdReused
