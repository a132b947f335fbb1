"""Statements signed on the phone: session/1, capture/1, discard/1, seal/1 and the private part. Pure, no I/O.

The exact bytes are the proof and are stored as they came; what is parsed here serves lists and checks.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import Annotated, Any, Generic, Literal, TypeVar
from uuid import UUID

import msgspec
from msgspec import Meta

from server.evidence import signatures
from server.kit import canonical

LARGEST_STATEMENT = 16 * 1024
LARGEST_PRIVATE = 32 * 1024

_DIGEST = re.compile(r"[A-Za-z0-9_-]{43}")


class BadStatement(ValueError):
    """The bytes are not a statement of the expected kind; the message says why."""


Digest = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{43}$")]
# To the last day of the year 9999, so that the instant can be told in every time zone.
Milliseconds = Annotated[int, Meta(ge=0, le=253_402_214_400_000)]
Count = Annotated[int, Meta(ge=0)]
Pixels = Annotated[int, Meta(ge=0, le=2**31 - 1)]


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Statements say everything they say in fields that a verifier knows."""


class Clock(_Part, frozen=True):
    """The phone's wall clock, its monotonic clock and its zone at the shutter."""

    wall_ms: Milliseconds
    mono_ms: Count
    tz_min: Annotated[int, Meta(ge=-900, le=900)]


class Anchor(_Part, frozen=True):
    """The last log checkpoint and server time that the phone saw, and its monotonic clock then."""

    cp: Digest | None
    size: Count
    srv_ms: Milliseconds
    mono_ms: Count


class Medium(_Part, frozen=True):
    """One file of a capture."""

    role: Literal["original"]
    sha256: Digest
    bytes: Annotated[int, Meta(ge=1)]
    type: Annotated[str, Meta(min_length=1, max_length=100)]
    w: Pixels
    h: Pixels
    src: Literal["camera", "file", "import"]


class Session(_Part, frozen=True, tag_field="t", tag="session/1"):
    """Opens a chain on one phone in one visit and introduces its key."""

    id: UUID
    dev: Digest
    spki: Annotated[str, Meta(max_length=400)]
    device: UUID
    who: UUID
    visit: UUID
    co: Annotated[list[str], Meta(max_length=20)]
    from_ms: Milliseconds
    to_ms: Milliseconds
    app: Annotated[str, Meta(max_length=100)]
    prev_seal: Digest | None


class Capture(_Part, frozen=True, tag_field="t", tag="capture/1"):
    """One act of the shutter (or one file picked) with its media, time and place of the chain."""

    id: UUID
    dev: Digest
    ses: UUID
    seq: Annotated[int, Meta(ge=1, le=2_000_000_000)]
    prev: Digest
    visit: UUID
    item: UUID
    site: UUID | None
    media: Annotated[list[Medium], Meta(min_length=1, max_length=20)]
    clock: Clock
    anchor: Anchor | None
    priv_h: Digest
    net: Literal["online", "offline"]


class Discard(_Part, frozen=True, tag_field="t", tag="discard/1"):
    """Deleting a capture is itself a signed act."""

    id: UUID
    dev: Digest
    ses: UUID
    seq: Annotated[int, Meta(ge=1, le=2_000_000_000)]
    prev: Digest
    capture: UUID
    reason: Annotated[str, Meta(min_length=1, max_length=2000)]
    clock: Clock


class Seal(_Part, frozen=True, tag_field="t", tag="seal/1"):
    """Closes a chain; ``count`` is the number of statements before it, the opening one not counted."""

    id: UUID
    dev: Digest
    ses: UUID
    seq: Annotated[int, Meta(ge=1, le=2_000_000_000)]
    prev: Digest
    count: Count
    clock: Clock


class Gps(_Part, frozen=True):
    """The phone's own position fix: degrees × 10⁷, centimetres, centimetres per second, degrees × 100."""

    lat_e7: Annotated[int, Meta(ge=-900_000_000, le=900_000_000)]
    lon_e7: Annotated[int, Meta(ge=-1_800_000_000, le=1_800_000_000)]
    acc_cm: Count
    alt_cm: int | None
    spd_cms: int | None
    hdg_cdeg: int | None
    ts_ms: Milliseconds
    datum: Literal["WGS84"]


class Private(_Part, frozen=True):
    """Who and where: salted and apart, so that it can be withheld or lawfully deleted."""

    salt: Annotated[str, Meta(min_length=22, max_length=22)]
    who: UUID
    gps: Gps | None
    gps_error: Literal["denied", "timeout", "unavailable"] | None
    note: Annotated[str, Meta(max_length=4000)] | None


Statement = Session | Capture | Discard | Seal
Chained = Capture | Discard | Seal
Kind = TypeVar("Kind", Session, Capture, Discard, Seal, Chained)


@dataclass(frozen=True, slots=True)
class Signed(Generic[Kind]):
    """A statement as it arrived: exact bytes, signature, and what was read from them."""

    body: Kind
    statement: bytes
    signature: bytes
    sha256: bytes
    env_sha256: bytes


def read_signed(kind: type[Kind], statement: str, signature: str) -> Signed[Kind]:
    """Read a statement and its detached signature, both base64url; the signature is not checked here.

    Raises:
        BadStatement: not base64url, too large, not canonical, another kind, fields missing, unknown or out of range.
    """
    data = from_b64u(statement, LARGEST_STATEMENT)
    proof = from_b64u(signature, signatures.LENGTH)
    if len(proof) != signatures.LENGTH:
        raise BadStatement("a signature has 64 bytes")
    return Signed(
        _convert(_canonical(data), kind),
        data,
        proof,
        hashlib.sha256(data).digest(),
        signatures.envelope_sha256(data, proof),
    )


def read_private(text: str, expected_sha256: str) -> tuple[bytes, Private]:
    """The private part and its exact bytes, whose digest the statement carries.

    Raises:
        BadStatement: as ``read_signed``, or the digest is another.
    """
    data = from_b64u(text, LARGEST_PRIVATE)
    if to_b64u(hashlib.sha256(data).digest()) != expected_sha256:
        raise BadStatement("the private part is not the one that the statement was signed with")
    return data, _convert(_canonical(data), Private)


def session_key(session: Session) -> bytes:
    """The SPKI bytes that a session introduces, checked against its ``dev``.

    Raises:
        BadStatement: no P-256 key, or ``dev`` is not its SHA-256.
    """
    spki = from_b64u(session.spki, 400)
    if to_b64u(hashlib.sha256(spki).digest()) != session.dev:
        raise BadStatement("dev is not the SHA-256 of spki")
    try:
        signatures.public_key(spki)
    except signatures.NotAKey as error:
        raise BadStatement(str(error)) from error
    return spki


def from_b64u(text: str, most: int) -> bytes:
    """Bytes of an unpadded base64url text in its one canonical spelling.

    Raises:
        BadStatement: it is not that, or has more than ``most`` bytes.
    """
    if len(text) > (most * 4 + 2) // 3:
        raise BadStatement("too large")
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadStatement("not base64url") from error
    if to_b64u(data) != text:
        raise BadStatement("not base64url without padding")
    return data


def to_b64u(data: bytes) -> str:
    """Unpadded base64url."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def digest_bytes(text: str) -> bytes:
    """The 32 bytes of a digest inside a statement.

    Raises:
        BadStatement: not 43 characters of base64url.
    """
    if not _DIGEST.fullmatch(text):
        raise BadStatement("not a SHA-256 in base64url")
    return from_b64u(text, 32)


def _canonical(data: bytes) -> Any:
    try:
        return canonical.decode(data)
    except canonical.NotCanonical as error:
        raise BadStatement(str(error)) from error


def _convert(value: Any, kind: Any) -> Any:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise BadStatement(str(error)) from error
