"""Wire shapes of push: what a phone recorded, and what became of each."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias
from uuid import UUID

import msgspec
from msgspec import Meta

from server.evidence.commands.receipts import PasskeySidecar, StatementReceipt
from server.kit.http.problems import Problem
from server.kit.structs import Input, View
from server.visits.schemas import Clauses, Position

MOST_OPERATIONS = 200

_Base64Url = Annotated[str, Meta(min_length=1, max_length=64 * 1024, pattern="^[A-Za-z0-9_-]+$")]
_Text = Annotated[str, Meta(min_length=1, max_length=5000)]


class _Operation(Input, tag_field="kind"):
    id: UUID


class _SignedOperation(_Operation):
    statement: _Base64Url
    signature: _Base64Url


# Defaults are left out, so that what was sent before there were passkeys still has the digest it had.
class OpenSession(_SignedOperation, tag="session.open", omit_defaults=True):
    """Open a chain with ``session/1``; the id is the session's."""

    passkey: PasskeySidecar | None = None


class RecordCapture(_SignedOperation, tag="capture.record"):
    """Record a ``capture/1``; the id is the capture's."""

    private: _Base64Url | None


class DiscardCapture(_SignedOperation, tag="capture.discard"):
    """Declare a capture void with ``discard/1``; always recorded, see the receipt's ``remark`` for its effect."""


class AddNote(_SignedOperation, tag="note.add"):
    """Write a remark with ``note/1``; its text is in the private part."""

    private: _Base64Url | None


class SealSession(_SignedOperation, tag="session.seal", omit_defaults=True):
    """Close a chain with ``seal/1``."""

    passkey: PasskeySidecar | None = None


class CosignSeal(_SignedOperation, tag="session.cosign"):
    """Have a seal signed, or its signature refused, with ``cosign/1``; who and why are in the private part."""

    private: _Base64Url | None


class RecordFinding(_Operation, tag="finding.record"):
    """Record what was found, and the captures that show it."""

    visit_id: UUID
    item_id: UUID
    text: _Text
    category: Annotated[str, Meta(min_length=1, max_length=100)]
    severity: Annotated[str, Meta(min_length=1, max_length=50)]
    capture_ids: Annotated[list[UUID], Meta(max_length=200)]
    found_at: Annotated[datetime, Meta(tz=True)]


class _VisitStep(_Operation):
    visit_id: UUID
    at: Annotated[datetime, Meta(tz=True)]
    position: Position | None = None


class Depart(_VisitStep, tag="visit.depart"):
    """The team leaves the office."""


class Arrive(_VisitStep, tag="visit.arrive"):
    """The team is on site."""


class Leave(_VisitStep, tag="visit.leave"):
    """The team leaves the site."""


class Sign(_VisitStep, tag="visit.sign", kw_only=True):
    """The leader signs the record, attesting the clauses of 四不两直."""

    clauses: Clauses


class AnswerQuery(_Operation, tag="query.answer"):
    """Answer a supervisor's question about a capture."""

    query_id: UUID
    text: _Text


VisitStep: TypeAlias = Depart | Arrive | Leave | Sign
Operation: TypeAlias = (
    OpenSession
    | RecordCapture
    | DiscardCapture
    | AddNote
    | SealSession
    | CosignSeal
    | RecordFinding
    | VisitStep
    | AnswerQuery
)


class Delivered(dict[str, Any]):
    """One operation as it came. Each is read on its own, so that a bad one does not spoil the batch."""


class PushBatch(Input):
    """Operations in the order in which they were made."""

    device_id: UUID
    operations: Annotated[list[Delivered], Meta(max_length=MOST_OPERATIONS)]


class PushResult(View):
    """What became of one operation: applied now, applied before (``duplicate``), or refused with its problem."""

    id: str
    status: Literal["applied", "duplicate", "refused"]
    problem: Problem | None
    receipt: StatementReceipt | None


class PushAnswer(View):
    """One result for each operation, in order."""

    results: list[PushResult]
    server_time: datetime


def read_operation(delivered: Delivered) -> Operation:
    """The operation, with every field checked.

    Raises:
        msgspec.ValidationError: an unknown kind, or a field missing, unknown or out of range.
    """
    operation: Operation = msgspec.convert(dict(delivered), Operation)
    return operation
