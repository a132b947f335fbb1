"""Acts on received matters: receive, register, return, decline (R2)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from server.access.actor import Actor
from server.access.steps import must_take
from server.attachments.queries import must_be_own
from server.intake.events import MatterDeclined, MatterReceived, MatterRegistered, MatterReturned
from server.intake.lifecycle import LIFECYCLE, MatterState
from server.intake.schemas import ReceiveMatter, RegisterMatter, SettleMatter
from server.items.commands.papers import attach_within
from server.items.commands.register import SKEW, must_be_in_time, register_within
from server.items.kinds import AttachmentKind
from server.items.numbers import normal_reference
from server.items.schemas import AttachFile
from server.items.secrecy import refuse_state_secrets
from server.journal.work import UnitOfWork, unit_of_work
from server.kit.errors import ChangedMeanwhile, FieldProblem, IdReused, InvalidInput, NotFound
from server.kit.ids import new_id
from server.kit.lifecycle import Step, next_step


async def receive(actor: Actor, cmd: ReceiveMatter) -> None:
    """Put a matter into the tray; the same id with the same content again changes nothing.

    Raises:
        StateSecretRefused, ForeignAttachment, IdReused: as named.
        InvalidInput: received in the future.
    """
    refuse_state_secrets(subject=cmd.subject, from_whom=cmd.from_whom, source_ref=cmd.source_ref)
    step = next_step(LIFECYCLE, None, "receive")
    must_take(step, actor.roles)
    async with unit_of_work(actor, command_id=cmd.id) as work:
        received_at = cmd.received_at or work.at
        if received_at > work.at + SKEW:
            raise _refusal("received_at", "received_in_future", "This time has not come yet.")
        for attachment_id in cmd.attachment_ids:
            await must_be_own(work, actor, attachment_id)
        made = await work.conn.fetchval(
            "INSERT INTO intake_matters (id, org_id, source_kind, from_whom, source_ref, subject, urgency, received_at,"
            " entered_by, entered_at, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
            " ON CONFLICT (id) DO NOTHING RETURNING id",
            cmd.id,
            actor.org_id,
            cmd.source_kind,
            cmd.from_whom.strip(),
            normal_reference(cmd.source_ref),
            cmd.subject.strip(),
            cmd.urgency,
            received_at,
            actor.person_id,
            work.at,
            step.target,
        )
        if made is None:
            row = await work.conn.fetchrow(
                "SELECT org_id, source_kind, from_whom, subject, entered_by FROM intake_matters WHERE id = $1", cmd.id
            )
            sent = (actor.org_id, cmd.source_kind, cmd.from_whom.strip(), cmd.subject.strip(), actor.person_id)
            if tuple(row) != sent:
                raise IdReused
            return
        await work.conn.executemany(
            "INSERT INTO intake_files (id, org_id, matter_id, attachment_id) VALUES ($1, $2, $3, $4)",
            [(new_id(), actor.org_id, cmd.id, one) for one in dict.fromkeys(cmd.attachment_ids)],
        )
        work.record(MatterReceived(subject_id=cmd.id, source_kind=cmd.source_kind))


async def register(actor: Actor, matter_id: UUID, cmd: RegisterMatter, *, expected: int | None = None) -> None:
    """Register a received matter: the item's time of receipt is the matter's, or the difference is explained.

    What makes a registration late is when the matter came, whatever the item says.

    Raises:
        NotFound, WrongState, NotYourStep, ChangedMeanwhile: as named, and all of an item's registration.
        InvalidInput: another time of receipt without its reason, or late without saying why.
    """
    refuse_state_secrets(difference_reason=cmd.difference_reason)
    async with unit_of_work(actor, command_id=cmd.item.id) as work:
        matter, step = await _begin(work, actor, matter_id, "register", expected, made=cmd.item.id)
        if step is None:  # this very registration arrived before
            return
        received_at = cmd.item.received_at or matter["received_at"]
        if received_at != matter["received_at"] and not cmd.difference_reason.strip():
            raise _refusal(
                "difference_reason", "difference_reason_missing", "Say why the time differs from that of receipt."
            )
        await must_be_in_time(work, actor, received_at, cmd.item.late_reason, by=matter["register_by"])
        late = work.at > matter["register_by"]
        item = msgspec.structs.replace(cmd.item, received_at=received_at)
        if not await register_within(work, actor, item):
            raise IdReused  # the item was there before and came from elsewhere
        files = await work.conn.fetch("SELECT attachment_id FROM intake_files WHERE matter_id = $1", matter_id)
        for one in files:
            attached = AttachFile(attachment_id=one["attachment_id"], kind=AttachmentKind.SOURCE)
            await attach_within(work, actor, cmd.item.id, attached, own=False)
        await work.conn.execute(
            "UPDATE intake_matters SET state = $2, item_id = $3, difference_reason = $4, settled_by = $5,"
            " settled_at = $6, late_reason = $7, version = version + 1 WHERE id = $1",
            matter_id,
            step.target,
            cmd.item.id,
            cmd.difference_reason.strip(),
            actor.person_id,
            work.at,
            cmd.item.late_reason.strip() if late else "",
        )
        work.record(MatterRegistered(subject_id=matter_id, item_id=cmd.item.id))


async def send_back(actor: Actor, matter_id: UUID, cmd: SettleMatter, *, expected: int | None = None) -> None:
    """Return a matter to whom it came from, with the reason.

    Raises:
        NotFound, WrongState, NotYourStep, ChangedMeanwhile, StateSecretRefused: as named.
        InvalidInput: late without saying why.
    """
    await _settle(actor, matter_id, "return", cmd, expected)


async def decline(actor: Actor, matter_id: UUID, cmd: SettleMatter, *, expected: int | None = None) -> None:
    """Do not take a matter into the register, with the reason; for the head of the office.

    Raises:
        NotFound, WrongState, NotYourStep, ChangedMeanwhile, StateSecretRefused: as named.
        InvalidInput: late without saying why.
    """
    await _settle(actor, matter_id, "decline", cmd, expected)


async def _settle(actor: Actor, matter_id: UUID, act: str, cmd: SettleMatter, expected: int | None) -> None:
    refuse_state_secrets(reason=cmd.reason, late_reason=cmd.late_reason)
    async with unit_of_work(actor) as work:
        matter, step = await _begin(work, actor, matter_id, act, expected)
        assert step is not None
        # Sent away late is late all the same: nobody empties the tray of what lay too long without a word.
        late = work.at > matter["register_by"]
        if late and not cmd.late_reason.strip():
            raise _refusal("late_reason", "late_reason_missing", "It lay past its limit; say why.")
        await work.conn.execute(
            "UPDATE intake_matters SET state = $2, reason = $3, settled_by = $4, settled_at = $5, late_reason = $6,"
            " version = version + 1 WHERE id = $1",
            matter_id,
            step.target,
            cmd.reason.strip(),
            actor.person_id,
            work.at,
            cmd.late_reason.strip() if late else "",
        )
        event = MatterReturned if act == "return" else MatterDeclined
        work.record(event(subject_id=matter_id))


async def _begin(
    work: UnitOfWork, actor: Actor, matter_id: UUID, act: str, expected: int | None, *, made: UUID | None = None
) -> tuple[Any, Step | None]:
    """The matter, locked, and the step; no step when the matter was registered as ``made`` already."""
    row = await work.conn.fetchrow(
        "SELECT * FROM intake_matters WHERE id = $1 AND org_id = $2 FOR UPDATE", matter_id, actor.org_id
    )
    if row is None:
        raise NotFound
    if made is not None and row["item_id"] == made and row["settled_by"] == actor.person_id:
        return row, None
    if expected is not None and row["version"] != expected:
        raise ChangedMeanwhile(params={"version": row["version"]})
    step = next_step(LIFECYCLE, MatterState(row["state"]), act)
    must_take(step, actor.roles)
    return row, step


def _refusal(field: str, code: str, detail: str) -> InvalidInput:
    return InvalidInput(errors=(FieldProblem(field=field, code=code, detail=detail),))
