"""Applying a batch from a phone: in order, each at most once, each with its own result."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
import structlog

from server.access.actor import Actor
from server.evidence.commands.receipts import BEFORE_THE_LOG, StatementReceipt
from server.evidence.commands.record_captures import record_captures
from server.evidence.errors import DeviceUnknown
from server.journal.commands_ledger import AlreadyApplied, Delivery, answered
from server.kit import clock, db
from server.kit.errors import BusyNow, DomainError, FieldProblem, IdReused, InvalidInput
from server.kit.http.problems import problem_of
from server.sync import dispatch
from server.sync.errors import OperationUnknown
from server.sync.schemas import Delivered, Operation, PushAnswer, PushBatch, PushResult, RecordCapture, read_operation

log = structlog.get_logger(__name__)

LONGEST_RUN = 50
# What the database cannot hold (a NUL in a text) spoils one operation, not the batch: it would come back for ever.
_UNFIT = asyncpg.DataError
_BUSY = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError, asyncpg.LockNotAvailableError)


@dataclass(slots=True)
class _Slot:
    """An operation of the batch on its way to its result."""

    id: str
    operation: Operation | None = None
    delivery: Delivery | None = None
    result: PushResult | None = None


async def push(actor: Actor, batch: PushBatch) -> PushAnswer:
    """Apply the operations in order.

    Raises:
        DeviceUnknown: the phone is not enrolled under this person. A revoked one may deliver: what it holds was
            recorded by the person who now signs in, and statements are flagged one by one.
    """
    await _greet(actor, batch.device_id)
    slots = [_slot(delivered) for delivered in batch.operations]
    if not all(isinstance(slot.operation, RecordCapture) for slot in slots):
        await _answer_known(actor, slots)  # a run of captures finds out for itself, and mostly there is nothing to find
    for run in _runs(slots):
        await _apply_run(actor, run)
    return PushAnswer(
        results=[slot.result or _refused(slot.id, BusyNow(params={"retry": True})) for slot in slots],
        server_time=clock.now(),
    )


_SEEN_SECONDS = 60.0
_seen: dict[tuple[UUID, UUID | None], float] = {}  # phones of which this process has noted lately that they came


async def _greet(actor: Actor, device_id: UUID) -> None:
    """Note that the phone came; whose it is never changes, so it is asked for once a minute only."""
    now = time.monotonic()
    if now - _seen.get((device_id, actor.person_id), -_SEEN_SECONDS) < _SEEN_SECONDS:
        return
    known = await db.fetch_value(
        "UPDATE devices SET last_seen_at = $3 WHERE id = $1 AND person_id = $2 RETURNING id",
        device_id,
        actor.person_id,
        clock.now(),
    )
    if known is None:
        raise DeviceUnknown
    if len(_seen) > 10_000:
        _seen.clear()
    _seen[device_id, actor.person_id] = now


def _slot(delivered: Delivered) -> _Slot:
    slot = _Slot(str(delivered.get("id", "")))
    try:
        slot.operation = read_operation(delivered)
    except msgspec.ValidationError as error:
        kind = delivered.get("kind")
        if isinstance(kind, str) and kind not in dispatch.KINDS:
            slot.result = _refused(slot.id, OperationUnknown(params={"kind": kind[:100]}))
        else:
            problem = FieldProblem(field=_field_of(str(error)), code="invalid", detail=str(error))
            slot.result = _refused(slot.id, InvalidInput(errors=(problem,)))
    else:
        slot.delivery = Delivery.of(slot.operation.id, dispatch.kind_of(slot.operation), slot.operation)
    return slot


async def _answer_known(actor: Actor, slots: Sequence[_Slot]) -> None:
    known = await answered(actor, [slot.delivery for slot in slots if slot.delivery])
    for slot in slots:
        if slot.delivery and slot.delivery.id in known:
            slot.result = _settled(slot.id, known[slot.delivery.id])


def _runs(slots: Sequence[_Slot]) -> list[list[_Slot]]:
    """Neighbouring captures together; everything else alone, in order. Repeated ids within a batch stay apart."""
    runs: list[list[_Slot]] = []
    captures: set[UUID] = set()  # of the last run; empty when nothing may join it
    for slot in slots:
        if slot.result is not None:
            continue
        capture = slot.operation.id if isinstance(slot.operation, RecordCapture) else None
        if capture and captures and capture not in captures and len(captures) < LONGEST_RUN:
            runs[-1].append(slot)
            captures.add(capture)
        else:
            runs.append([slot])
            captures = {capture} if capture else set()
    return runs


async def _apply_run(actor: Actor, run: list[_Slot]) -> None:
    if isinstance(run[0].operation, RecordCapture):
        try:
            receipts = await record_captures(
                actor, [dispatch.capture_of(slot.operation, slot.delivery) for slot in run]
            )
        except (DomainError, AlreadyApplied, _UNFIT, *_BUSY):
            log.debug("run_taken_apart", length=len(run))  # one by one below, so that each gets its own answer
        else:
            for slot, receipt in zip(run, receipts, strict=True):
                slot.result = _applied(slot.id, receipt)
            return
        await _answer_known(actor, run)
    for slot in run:
        if slot.result is None:
            slot.result = await _apply(actor, slot)


async def _apply(actor: Actor, slot: _Slot) -> PushResult:
    assert slot.operation is not None
    assert slot.delivery is not None
    try:
        return _applied(slot.id, await dispatch.apply(actor, slot.operation, slot.delivery))
    except (AlreadyApplied, IdReused) as known:
        return _settled(slot.id, known)
    except DomainError as error:
        return _refused(slot.id, error)
    except _UNFIT as error:
        log.warning("operation_unfit", kind=dispatch.kind_of(slot.operation), error=type(error).__name__)
        return _refused(slot.id, InvalidInput())
    except _BUSY:
        return _refused(slot.id, BusyNow(params={"retry": True}))


def _applied(operation_id: str, receipt: StatementReceipt | None) -> PushResult:
    return PushResult(id=operation_id, status="applied", problem=None, receipt=receipt)


def _settled(operation_id: str, known: AlreadyApplied | IdReused) -> PushResult:
    if isinstance(known, IdReused):
        return _refused(operation_id, known)
    receipt: Any = known.result and msgspec.convert({**BEFORE_THE_LOG, **known.result}, StatementReceipt)
    return PushResult(id=operation_id, status="duplicate", problem=None, receipt=receipt)


def _refused(operation_id: str, error: DomainError) -> PushResult:
    return PushResult(id=operation_id, status="refused", problem=problem_of(error), receipt=None)


def _field_of(message: str) -> str:
    _, _, path = message.partition("`$.")
    return path.rstrip("`") if path else ""
