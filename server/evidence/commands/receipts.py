"""The server's answer to a signed statement."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from server.evidence.errors import SignatureInvalid, StatementMismatch, StatementUnreadable
from server.evidence.signatures import signature_holds
from server.evidence.statements import BadStatement, Kind, Signed, read_signed
from server.kit import clock
from server.kit.structs import Input, View


class SignedStatement(Input):
    """A statement as it came: base64url of the exact bytes, of the signature, and of the private part if any."""

    statement: str
    signature: str
    private: str | None = None


class StatementReceipt(View):
    """Which statement was received when; digests in lower-case hex."""

    statement_sha256: str
    env_sha256: str
    received_at: datetime
    recv_ms: int


def receipt_of(signed: Signed[Any], at: datetime) -> StatementReceipt:
    """The receipt of a statement."""
    return StatementReceipt(
        statement_sha256=signed.sha256.hex(),
        env_sha256=signed.env_sha256.hex(),
        received_at=at,
        recv_ms=clock.to_ms(at),
    )


def read(kind: type[Kind], cmd: SignedStatement) -> Signed[Kind]:
    """The statement, with its form checked but not its signature.

    Raises:
        StatementUnreadable: it has not the agreed form.
    """
    try:
        return read_signed(kind, cmd.statement, cmd.signature)
    except BadStatement as error:
        raise StatementUnreadable(str(error)) from error


def must_hold(signed: Signed[Any], spki: bytes) -> None:
    """Refuse unless the signature was made with this key.

    Raises:
        SignatureInvalid: it was not.
    """
    if not signature_holds(spki, signed.statement, signed.signature):
        raise SignatureInvalid


def must_equal(field: str, said: object, known: object) -> None:
    """Refuse a statement that contradicts what is known.

    Raises:
        StatementMismatch: ``params`` name the field.
    """
    if said != known:
        raise StatementMismatch(f"“{field}” of the statement is another than expected", params={"field": field})
