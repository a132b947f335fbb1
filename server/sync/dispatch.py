"""Which command an operation of a phone is: the same commands that routes and jobs call."""

from __future__ import annotations

from typing import Any, Final, assert_never, get_args

from server.access.actor import Actor
from server.access.roles import Permission
from server.evidence.commands import (
    add_note,
    close_chain,
    discard_capture,
    open_session,
    queries,
    record_captures,
)
from server.evidence.commands.receipts import SignedStatement, StatementReceipt
from server.findings import commands as findings
from server.findings.schemas import RecordFinding as FindingToRecord
from server.journal.commands_ledger import Delivery, delivering
from server.sync.schemas import (
    AddNote,
    AnswerQuery,
    Arrive,
    CosignSeal,
    Depart,
    DiscardCapture,
    Leave,
    OpenSession,
    Operation,
    RecordCapture,
    RecordFinding,
    SealSession,
    Sign,
    VisitStep,
)
from server.visits import commands as visits
from server.visits.schemas import AdvanceVisit, FieldStep

KINDS: Final[frozenset[str]] = frozenset(str(kind.__struct_config__.tag) for kind in get_args(Operation))


def kind_of(operation: Operation) -> str:
    """The operation's ``kind`` on the wire."""
    return str(type(operation).__struct_config__.tag)


def capture_of(operation: Any, delivery: Any) -> record_captures.RecordCapture:
    """The command of a capture."""
    return record_captures.RecordCapture(_signed(operation), delivery)


async def apply(actor: Actor, operation: Operation, delivery: Delivery) -> StatementReceipt | None:
    """Run the command; statements are answered with a receipt.

    Raises:
        AlreadyApplied: this very command was applied before. DomainError: it is refused.
    """
    match operation:
        case OpenSession():
            return await open_session.open_session(actor, _signed(operation), delivery)
        case RecordCapture():
            return (await record_captures.record_captures(actor, [capture_of(operation, delivery)]))[0]
        case DiscardCapture():
            return await discard_capture.discard_capture(actor, _signed(operation), delivery)
        case AddNote():
            return await add_note.add_note(actor, _signed(operation), delivery)
        case CosignSeal():
            return await close_chain.cosign_seal(actor, _signed(operation), delivery)
        case SealSession():
            return await close_chain.seal_session(actor, _signed(operation), delivery)
        case _:
            with delivering(delivery):
                await _apply_unsigned(actor, operation)
            return None


async def _apply_unsigned(actor: Actor, operation: RecordFinding | VisitStep | AnswerQuery) -> None:
    match operation:
        case RecordFinding():
            actor.must(Permission.FINDING_RECORD)
            await findings.record_finding(
                actor,
                FindingToRecord(
                    id=operation.id,
                    visit_id=operation.visit_id,
                    item_id=operation.item_id,
                    text=operation.text,
                    category=operation.category,
                    severity=operation.severity,
                    capture_ids=operation.capture_ids,
                    found_at=operation.found_at,
                ),
            )
        case Depart():
            await _advance(actor, operation, "depart")
        case Arrive():
            await _advance(actor, operation, "arrive")
        case Leave():
            await _advance(actor, operation, "leave")
        case Sign():
            await _advance(actor, operation, "sign")
        case AnswerQuery():
            await queries.answer_query(actor, operation.query_id, operation.text)
        case _:
            assert_never(operation)


async def _advance(actor: Actor, operation: VisitStep, step: FieldStep) -> None:
    actor.must(Permission.VISIT_CONDUCT)
    await visits.advance(
        actor,
        AdvanceVisit(
            id=operation.id,
            visit_id=operation.visit_id,
            step=step,
            at=operation.at,
            position=operation.position,
            clauses=operation.clauses if isinstance(operation, Sign) else None,
        ),
    )


def _signed(
    operation: OpenSession | RecordCapture | DiscardCapture | AddNote | SealSession | CosignSeal,
) -> SignedStatement:
    return SignedStatement(
        statement=operation.statement,
        signature=operation.signature,
        private=operation.private if isinstance(operation, RecordCapture | AddNote | CosignSeal) else None,
        passkey=operation.passkey if isinstance(operation, OpenSession | SealSession) else None,
    )
