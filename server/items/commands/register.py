"""Registering incoming matters (收件登记): number, receipt, source, the leader's words."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from server.access.actor import Actor
from server.items import steps
from server.items.commands.locking import must_know_person, must_know_unit
from server.items.commands.papers import attach_within, record_instruction_within
from server.items.errors import SameSourceRegistered
from server.items.events import IntakeLimitSet, ItemRegistered, ItemTakenOver
from server.items.lifecycle import LIFECYCLE, ItemState
from server.items.numbers import normal_reference
from server.items.process_schemas import SetIntakeLimit
from server.items.same_source import Source, same_source
from server.items.schemas import RegisterItem, TakeOverItem
from server.items.secrecy import refuse_state_secrets
from server.journal.work import UnitOfWork, unit_of_work
from server.kit import clock
from server.kit.errors import FieldProblem, IdReused, InvalidInput
from server.kit.ids import new_id
from server.kit.lifecycle import next_step

SKEW = timedelta(minutes=5)
_SAME_MATTER = timedelta(days=30)
_INSTRUCTION = ("wording", "leader_name")


async def register(actor: Actor, cmd: RegisterItem) -> None:
    """Give an incoming matter its number in the ledger (R1); the same id with the same content again changes nothing.

    Raises:
        StateSecretRefused: a text carries a marking of state secrets.
        UnknownUnit, UnknownPerson, ForeignAttachment: as named.
        SameSourceRegistered: the same source is in the ledger and no reason is given (R5).
        InvalidInput: received in the future, or registered late without saying why (R2).
        IdReused: the id belongs to something else.
    """
    async with unit_of_work(actor, command_id=cmd.id) as work:
        await register_within(work, actor, cmd)


async def take_over(actor: Actor, cmd: TakeOverItem) -> None:
    """Register an item of the paper ledger and give it the state that it had reached there.

    What paper did, late or twice, needs no reason now.

    Raises:
        StateSecretRefused, UnknownUnit, UnknownPerson, ForeignAttachment, IdReused: as ``register``.
    """
    async with unit_of_work(actor, command_id=cmd.item.id) as work:
        made = await register_within(work, actor, cmd.item, checked=False)
        if made and cmd.state != ItemState.REGISTERED:
            await work.conn.execute(
                "UPDATE items SET state = $3 WHERE id = $1 AND org_id = $2", cmd.item.id, actor.org_id, cmd.state
            )
            await steps.add(work, cmd.item.id, "take_over", ItemState.REGISTERED, cmd.state)
            work.record(ItemTakenOver(subject_id=cmd.item.id, state=cmd.state))


async def register_within(
    work: UnitOfWork,
    actor: Actor,
    cmd: RegisterItem,
    *,
    parent_id: UUID | None = None,
    child_no: int | None = None,
    checked: bool = True,
) -> bool:
    """Insert the item under its number in an open unit of work; ``False`` when this very matter is there already.

    Args:
        work: the open transaction.
        actor: who registers.
        cmd: the matter.
        parent_id: the item that this one is a part of (分解); parts of one item share its source.
        child_no: the part's number under the parent.
        checked: whether registering late, or the same source twice, needs its reason.

    Raises:
        As ``register``.
    """
    refuse_state_secrets(
        title=cmd.title,
        source_ref=cmd.source_ref,
        same_source_reason=cmd.same_source_reason,
        late_reason=cmd.late_reason,
        **({f"instruction.{name}": getattr(cmd.instruction, name) for name in _INSTRUCTION} if cmd.instruction else {}),
    )
    state = next_step(LIFECYCLE, None, "register").target
    await must_know_unit(work, actor, cmd.handling_unit_id)
    await must_know_person(work, actor, cmd.follow_up_id)
    await _must_know_decision(work, actor, cmd.decision_id)
    received_at = cmd.received_at or work.at
    # The year of the register is the office's year, not that of UTC.
    year = work.at.astimezone(clock.SHANGHAI).year
    # Registrations of one organisation and year wait for each other here; one that fails takes no number, and of two
    # with the same source the second sees the first.
    await work.conn.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"register:{actor.org_id}:{year}")
    earlier = await work.conn.fetchrow(
        "SELECT org_id, title, source_kind, registered_by FROM items WHERE id = $1", cmd.id
    )
    if earlier is not None:
        if tuple(earlier) != (actor.org_id, cmd.title.strip(), cmd.source_kind, actor.person_id):
            raise IdReused
        return False
    if checked:
        by = await _by_the_tray(work, actor, cmd) if parent_id is None else None
        await must_be_in_time(work, actor, received_at, cmd.late_reason, by=by)
        if parent_id is None:
            await _must_be_new(actor, cmd)
    seq = await work.conn.fetchval(
        "SELECT coalesce(max(register_seq), 0) + 1 FROM items WHERE org_id = $1 AND register_year = $2",
        actor.org_id,
        year,
    )
    await work.conn.execute(
        "INSERT INTO items (id, org_id, register_year, register_seq, title, source_kind, source_ref, category, state,"
        " urgency, immediate, handling_unit_id, follow_up_id, due_at, received_at, registered_by, created_at, version,"
        " decision_id, parent_id, child_no, same_source_reason, late_reason)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 1, $18, $19, $20, $21,"
        " $22)",
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
        cmd.decision_id,
        parent_id,
        child_no,
        cmd.same_source_reason.strip(),
        cmd.late_reason.strip(),
    )
    reasons = [reason.strip() for reason in (cmd.late_reason, cmd.same_source_reason) if reason.strip()]
    await steps.add(work, cmd.id, "register", None, state, "\n".join(reasons))
    work.record(ItemRegistered(subject_id=cmd.id, register_year=year, register_seq=seq, source_kind=cmd.source_kind))
    if cmd.instruction is not None:
        await record_instruction_within(work, actor, cmd.id, cmd.instruction)
    for one in cmd.attachments:
        await attach_within(work, actor, cmd.id, one)
    return True


async def set_intake_limit(actor: Actor, cmd: SetIntakeLimit) -> None:
    """Set within how many hours of its receipt a matter is to be registered, of those that come from now on (R2)."""
    async with unit_of_work(actor) as work:
        await work.conn.execute(
            "UPDATE organisations SET register_within_hours = $2 WHERE id = $1", actor.org_id, cmd.hours
        )
        await work.conn.execute(
            "INSERT INTO intake_limits (id, org_id, hours, set_by, set_at) VALUES ($1, $2, $3, $4, $5)",
            new_id(),
            actor.org_id,
            cmd.hours,
            actor.person_id,
            work.at,
        )
        work.record(IntakeLimitSet(subject_id=actor.org_id, hours=cmd.hours))


async def _must_know_decision(work: UnitOfWork, actor: Actor, decision_id: UUID | None) -> None:
    # Meetings lie one layer up; only the existence of the decision is asked for here.
    if decision_id is not None and not await work.conn.fetchval(
        "SELECT 1 FROM meeting_decisions WHERE id = $1 AND org_id = $2", decision_id, actor.org_id
    ):
        problem = FieldProblem(field="decision_id", code="unknown_decision", detail="There is no such decision.")
        raise InvalidInput(errors=(problem,))


async def _by_the_tray(work: UnitOfWork, actor: Actor, cmd: RegisterItem) -> datetime | None:
    """Until when the matter was to be registered that lies in the tray, one layer up, unregistered (R2).

    Known by its number, or by the words of its subject where it has none, or is given another. To send it back and
    register it beside the tray makes nobody quicker.
    """
    by: datetime | None = await work.conn.fetchval(
        "SELECT min(s.at) FROM (SELECT min(register_by) AS at FROM intake_matters WHERE org_id = $1"
        " AND source_ref = $2 AND source_ref <> '' AND state <> 'REGISTERED' UNION ALL"
        " SELECT min(register_by) FROM intake_matters WHERE org_id = $1"
        " AND zhicha_same_words(subject) = zhicha_same_words($3) AND zhicha_same_words(subject) <> ''"
        # Words may come again of themselves; what was settled long ago is another matter.
        " AND state <> 'REGISTERED' AND (settled_at IS NULL OR settled_at > $4)) s",
        actor.org_id,
        normal_reference(cmd.source_ref),
        cmd.title,
        work.at - _SAME_MATTER,
    )
    return by


async def must_be_in_time(
    work: UnitOfWork, actor: Actor, received_at: datetime, reason: str, *, by: datetime | None
) -> None:
    """Refuse a matter of the future, and one that is late without saying why (R2).

    Args:
        work: the open transaction.
        actor: who registers.
        received_at: when the item says that it came.
        reason: why it is late.
        by: until when the tray wants it registered, where it lies there; no time of receipt extends that.

    Raises:
        InvalidInput: as said.
    """
    if received_at > work.at + SKEW:
        problem = FieldProblem(field="received_at", code="received_in_future", detail="This time has not come yet.")
        raise InvalidInput(errors=(problem,))
    # The limit that was in force when it came: one set since makes nothing timely, and nothing late.
    limit = await work.conn.fetchval("SELECT zhicha_register_by($1, $2)", actor.org_id, received_at)
    if work.at > min(limit, by or limit) and not reason.strip():
        detail = "Its time for registration is over; say why it is registered only now."
        raise InvalidInput(errors=(FieldProblem(field="late_reason", code="late_reason_missing", detail=detail),))


async def _must_be_new(actor: Actor, cmd: RegisterItem) -> None:
    if cmd.same_source_reason.strip():
        return
    told = cmd.instruction
    source = Source(
        reference=cmd.source_ref,
        decision_id=cmd.decision_id,
        leader=told.leader_name if told else "",
        instructed_on=told.instructed_on if told else None,
        wording=told.wording if told else "",
    )
    found = await same_source(actor, source)
    if found:
        raise SameSourceRegistered(params={"items": [one.register_no for one in found], "id": str(found[0].id)})
