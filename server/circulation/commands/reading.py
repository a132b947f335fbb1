"""What a leader does with what lies on his desk: read it, or instruct (批示)."""

from __future__ import annotations

from uuid import UUID

from server.access.actor import Actor
from server.access.roles import Permission
from server.access.steps import must_take
from server.circulation.commands.rows import circulation_for_update, move, open_desk, take_off
from server.circulation.errors import NotYourDesk, StubHasNoContent
from server.circulation.events import TakenFromDesk
from server.circulation.kinds import CirculationKind
from server.circulation.lifecycle import LIFECYCLE, CirculationState
from server.circulation.rules import moment
from server.circulation.schemas import AtTime, Instruct
from server.items.secrecy import refuse_state_secrets
from server.journal.work import unit_of_work
from server.kit.errors import FieldProblem, InvalidInput
from server.kit.lifecycle import next_step


async def read(actor: Actor, circulation_id: UUID, cmd: AtTime, *, expected: int | None = None) -> None:
    """The leader has read it and gives no instruction.

    Raises:
        NotFound, ChangedMeanwhile, WrongState, NotYourStep, NotYourDesk, TimeOutOfOrder: as named.
    """
    await _leave(actor, circulation_id, "read", cmd, "", expected)


async def instruct(actor: Actor, circulation_id: UUID, cmd: Instruct, *, expected: int | None = None) -> None:
    """Keep the leader's instruction (批示) word for word; of a confidential item only that there is one.

    Raises:
        NotFound, ChangedMeanwhile, WrongState, NotYourStep, NotYourDesk, TimeOutOfOrder: as named.
        StubHasNoContent: a wording for a confidential item.
        StateSecretRefused: the wording carries a marking.
        InvalidInput: no wording for a document.
    """
    refuse_state_secrets(text=cmd.text)
    await _leave(actor, circulation_id, "instruct", AtTime(at=cmd.at), cmd.text.strip(), expected)


async def _leave(actor: Actor, circulation_id: UUID, act: str, cmd: AtTime, text: str, expected: int | None) -> None:
    async with unit_of_work(actor) as work:
        row = await circulation_for_update(work, actor, circulation_id, expected)
        step = next_step(LIFECYCLE, CirculationState(row["state"]), act)
        must_take(step, actor.roles)
        stub = row["kind"] == CirculationKind.CONFIDENTIAL
        if text and stub:
            raise StubHasNoContent
        if act == "instruct" and not text and not stub:
            problem = FieldProblem(field="text", code="reason_missing", detail="Write the instruction.")
            raise InvalidInput(errors=(problem,))
        desk = await open_desk(work, circulation_id)
        keeps = actor.may(Permission.CIRCULATION_KEEP)
        if not keeps and desk["leader_id"] != actor.person_id:
            raise NotYourDesk
        # A leader acts now; only the secretary enters what stands on the paper.
        at = moment(cmd.at if keeps else None, after=desk["delivered_at"], now=work.at)
        await take_off(work, actor, desk["id"], step.target, at, text)
        await move(work, circulation_id, step.target)
        work.record(TakenFromDesk(subject_id=circulation_id, leader_id=desk["leader_id"], outcome=step.target, at=at))
