"""The papers of an item: leaders' instructions (批示) and files."""

from __future__ import annotations

from uuid import UUID

from server.access.actor import Actor
from server.access.errors import NotYourStep
from server.access.roles import Role
from server.attachments.queries import must_be_own
from server.items import steps
from server.items.commands.locking import item_for_update, must_know_person
from server.items.events import ItemPaperRecorded
from server.items.kinds import AttachmentKind
from server.items.lifecycle import OPEN, ItemState
from server.items.numbers import normal_name
from server.items.same_source import wording_key
from server.items.schemas import AttachFile, RecordInstruction
from server.items.secrecy import refuse_state_secrets
from server.journal.work import UnitOfWork, unit_of_work
from server.kit import clock
from server.kit.errors import FieldProblem, IdReused, InvalidInput, NotFound, WrongState
from server.kit.ids import new_id

# What a leader has before him does not change under his pen, nor afterwards.
_BEFORE_APPROVAL = (ItemState.REGISTERED, ItemState.PROPOSED)
_CLERKS = (Role.REG, Role.SUP, Role.OFFICE)


async def record_instruction(
    actor: Actor, item_id: UUID, cmd: RecordInstruction, *, expected: int | None = None
) -> None:
    """Record a leader's instruction of an item not yet sent up, or correct one (``replaces_id``).

    Raises:
        NotFound, WrongState, NotYourStep, StateSecretRefused, ForeignAttachment, UnknownPerson, InvalidInput, IdReused,
        ChangedMeanwhile: as named.
    """
    refuse_state_secrets(wording=cmd.wording, leader_name=cmd.leader_name)
    async with unit_of_work(actor, command_id=cmd.id) as work:
        row = await item_for_update(work, actor, item_id, expected)
        _must_be_clerk(actor)
        _must_be_in(row["state"], _BEFORE_APPROVAL, "record_instruction")
        if await record_instruction_within(work, actor, item_id, cmd):
            await _touch(work, item_id)
            await steps.add(work, item_id, "record_instruction", row["state"], row["state"], cmd.wording)


async def attach(actor: Actor, item_id: UUID, cmd: AttachFile, *, expected: int | None = None) -> None:
    """Attach a file to an open item that is not before a leader; attaching it twice changes nothing.

    Raises:
        NotFound, WrongState, NotYourStep, ForeignAttachment, ChangedMeanwhile: as named.
    """
    async with unit_of_work(actor) as work:
        row = await item_for_update(work, actor, item_id, expected)
        _must_be_clerk(actor)
        allowed = tuple(state for state in OPEN if state is not ItemState.UNDER_APPROVAL)
        fixed = cmd.kind in (AttachmentKind.INSTRUCTION, AttachmentKind.SOURCE)
        _must_be_in(row["state"], _BEFORE_APPROVAL if fixed else allowed, "attach")
        if await attach_within(work, actor, item_id, cmd):
            await _touch(work, item_id)
            await steps.add(
                work, item_id, "attach", row["state"], row["state"], attachment_id=cmd.attachment_id,
                data={"kind": cmd.kind.value},
            )  # fmt: skip


async def record_instruction_within(work: UnitOfWork, actor: Actor, item_id: UUID, cmd: RecordInstruction) -> bool:
    """Insert the record in an open unit of work; ``False`` when this very one is there already."""
    if cmd.instructed_on > clock.day_of(work.at):
        problem = FieldProblem(field="instructed_on", code="in_future", detail="This day has not come yet.")
        raise InvalidInput(errors=(problem,))
    await must_know_person(work, actor, cmd.leader_person_id)
    kept: UUID | None = None
    if cmd.replaces_id is not None:
        replaced = await work.conn.fetchrow(
            "SELECT n.attachment_id FROM item_instructions n WHERE n.id = $1 AND n.item_id = $2 AND NOT EXISTS"
            " (SELECT 1 FROM item_instructions r WHERE r.replaces_id = n.id AND r.id IS DISTINCT FROM $3)",
            cmd.replaces_id,
            item_id,
            cmd.id,
        )
        if replaced is None:
            raise NotFound
        kept = replaced["attachment_id"]
    if cmd.attachment_id != kept:  # a correction of the words keeps the document, whoever handed it in
        await must_be_own(work, actor, cmd.attachment_id)
    made = await work.conn.fetchval(
        "INSERT INTO item_instructions (id, org_id, item_id, replaces_id, leader_name, leader_level,"
        " leader_person_id, instructed_on, wording, wording_key, attachment_id, recorded_by, recorded_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (id) DO NOTHING RETURNING id",
        cmd.id or new_id(),
        actor.org_id,
        item_id,
        cmd.replaces_id,
        normal_name(cmd.leader_name),
        cmd.leader_level,
        cmd.leader_person_id,
        cmd.instructed_on,
        cmd.wording.strip(),
        wording_key(cmd.wording),
        cmd.attachment_id,
        actor.person_id,
        work.at,
    )
    if made is None:
        row = await work.conn.fetchrow(
            "SELECT item_id, recorded_by, wording FROM item_instructions WHERE id = $1", cmd.id
        )
        if tuple(row) != (item_id, actor.person_id, cmd.wording.strip()):
            raise IdReused
        return False
    work.record(ItemPaperRecorded(subject_id=item_id, what="instruction", paper_id=made))
    return True


async def attach_within(work: UnitOfWork, actor: Actor, item_id: UUID, cmd: AttachFile, *, own: bool = True) -> bool:
    """Attach a file in an open unit of work; ``False`` when it is attached as such already.

    ``own=False``: the file came with the matter itself, so that a colleague may have handed it in.

    Raises:
        ForeignAttachment: not a file of the actor's.
    """
    if own:
        await must_be_own(work, actor, cmd.attachment_id)
    made = await work.conn.fetchval(
        "INSERT INTO item_attachments (id, org_id, item_id, attachment_id, kind, added_by, added_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (item_id, attachment_id, kind) DO NOTHING RETURNING id",
        new_id(),
        actor.org_id,
        item_id,
        cmd.attachment_id,
        cmd.kind,
        actor.person_id,
        work.at,
    )
    if made is None:
        return False
    work.record(ItemPaperRecorded(subject_id=item_id, what=cmd.kind.value, paper_id=cmd.attachment_id))
    return True


def _must_be_clerk(actor: Actor) -> None:
    if not actor.has(*_CLERKS):
        raise NotYourStep(params={"by": [role.value for role in _CLERKS]})


def _must_be_in(state: str, allowed: tuple[ItemState, ...], act: str) -> None:
    if state not in allowed:
        raise WrongState(params={"act": act, "state": state, "allowed": []})


async def _touch(work: UnitOfWork, item_id: UUID) -> None:
    await work.conn.execute("UPDATE items SET version = version + 1 WHERE id = $1", item_id)
