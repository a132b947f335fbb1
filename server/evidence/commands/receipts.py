"""The server's answer to a signed statement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final

from msgspec import Meta

from server.evidence.errors import SignatureInvalid, StatementMismatch, StatementUnreadable
from server.evidence.signatures import signature_holds
from server.evidence.statements import BadStatement, Kind, PrivateKind, Signed, read_private, read_signed
from server.journal.leaves import statement_leaf
from server.journal.work import UnitOfWork
from server.kit import b64u, clock
from server.kit.structs import Input, View
from server.tlog.keys import LogSigner

_Base64Url = Annotated[str, Meta(min_length=1, max_length=8192, pattern="^[A-Za-z0-9_-]+$")]


class PasskeySidecar(Input):
    """What a passkey answered to the challenge SHA-256(statement): base64url of what WebAuthn gave."""

    credential_id: _Base64Url
    authenticator_data: _Base64Url
    client_data_json: _Base64Url
    signature: _Base64Url


class SignedStatement(Input):
    """A statement as it came: base64url of the exact bytes, of the signature, and of the private part if any."""

    statement: str
    signature: str
    private: str | None = None
    passkey: PasskeySidecar | None = None


class StatementReceipt(View):
    """Which statement was received when; digests in lower-case hex.

    ``leaf`` is what the log will hold of it, byte for byte, and ``promise`` the log's word for that: base64url of its
    Ed25519 signature over ``zhicha/promise/1``, a line feed and the leaf. Both are empty in receipts from before the
    log. ``remark`` is the code of what kept an act from having its effect, though it stands in the chain.
    """

    statement_sha256: str
    env_sha256: str
    received_at: datetime
    recv_ms: int
    leaf: str | None
    promise: str | None
    remark: str | None


BEFORE_THE_LOG: Final = {"leaf": None, "promise": None, "remark": None}


def take(
    work: UnitOfWork, signer: LogSigner, run: Sequence[Signed[Any]], remark: str | None = None
) -> list[StatementReceipt]:
    """Log the statements in this transaction, and write their receipts.

    The signer is fetched before the transaction begins: a key first made inside could be undone with it.
    """
    received_ms = clock.to_ms(work.at)
    receipts: list[StatementReceipt] = []
    for signed in run:
        leaf = statement_leaf(signed.env_sha256, signed.sha256, received_ms)
        work.log(leaf)
        receipts.append(
            StatementReceipt(
                statement_sha256=signed.sha256.hex(),
                env_sha256=signed.env_sha256.hex(),
                received_at=work.at,
                recv_ms=received_ms,
                leaf=leaf.decode(),
                promise=b64u.encode(signer.promise(leaf)),
                remark=remark,
            )
        )
    return receipts


def read(kind: type[Kind], cmd: SignedStatement) -> Signed[Kind]:
    """The statement, with its form checked but not its signature.

    Raises:
        StatementUnreadable: it has not the agreed form.
    """
    try:
        return read_signed(kind, cmd.statement, cmd.signature)
    except BadStatement as error:
        raise StatementUnreadable(str(error)) from error


def private_of(
    kind: type[PrivateKind], cmd: SignedStatement, expected_sha256: str
) -> tuple[bytes | None, PrivateKind | None]:
    """The private part that came with a statement; both ``None`` when it was withheld.

    Raises:
        StatementUnreadable: it is not the one that was signed, or has not the agreed form.
    """
    if cmd.private is None:
        return None, None
    try:
        return read_private(kind, cmd.private, expected_sha256)
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
