"""Statements signed on the phone (session, capture, discard, note, seal, cosign) and their private parts. Pure.

The exact bytes are the proof and are stored as they came; what is parsed here serves lists and checks.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Generic, Literal, TypeVar
from uuid import UUID

import msgspec
from msgspec import Meta

from server.evidence import signatures
from server.kit import b64u, canonical

LARGEST_STATEMENT = 16 * 1024
LARGEST_PRIVATE = 32 * 1024

# 32 bytes have one spelling: the last character carries four bits, and two that are zero.
_SPELLING = r"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]"
_DIGEST = re.compile(_SPELLING)


class BadStatement(ValueError):
    """The bytes are not a statement of the expected kind; the message says why."""


Digest = Annotated[str, Meta(pattern=rf"^{_SPELLING}$")]
# To the last day of the year 9999, so that the instant can be told in every time zone.
Milliseconds = Annotated[int, Meta(ge=0, le=253_402_214_400_000)]
Count = Annotated[int, Meta(ge=0, le=canonical.LARGEST)]
Whole = Annotated[int, Meta(ge=-canonical.LARGEST, le=canonical.LARGEST)]
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
    bytes: Annotated[int, Meta(ge=1, le=canonical.LARGEST)]
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


class _Act(_Part, frozen=True):
    id: UUID
    dev: Digest
    ses: UUID
    seq: Annotated[int, Meta(ge=1, le=2_000_000_000)]
    prev: Digest
    clock: Clock


class Discard(_Act, frozen=True, tag_field="t", tag="discard/1"):
    """Deleting a capture is itself a signed act."""

    capture: UUID
    reason: Annotated[str, Meta(min_length=1, max_length=2000)]


class Note(_Act, frozen=True, tag_field="t", tag="note/1"):
    """A remark made on site, on the visit or on one capture; its text is in the private part."""

    about: UUID | None
    priv_h: Digest


class Seal(_Act, frozen=True, tag_field="t", tag="seal/1"):
    """Closes a chain; ``count`` is the number of statements before it, the opening one not counted."""

    count: Count


class Cosign(_Act, frozen=True, tag_field="t", tag="cosign/1"):
    """A second officer or the inspected unit signs a seal, named by its statement's digest, or refuses to.

    It follows the seal in the same chain, or stands anywhere in a chain of the second officer in the same visit. Who
    and why are in the private part.
    """

    seal: Digest
    party: Literal["officer", "unit"]
    outcome: Literal["signed", "refused"]
    priv_h: Digest


class Gps(_Part, frozen=True):
    """The phone's own position fix: degrees × 10⁷, centimetres, centimetres per second, degrees × 100."""

    lat_e7: Annotated[int, Meta(ge=-900_000_000, le=900_000_000)]
    lon_e7: Annotated[int, Meta(ge=-1_800_000_000, le=1_800_000_000)]
    acc_cm: Count
    alt_cm: Whole | None
    spd_cms: Whole | None
    hdg_cdeg: Whole | None
    ts_ms: Milliseconds
    datum: Literal["WGS84"]


Salt = Annotated[str, Meta(min_length=22, max_length=22)]


class Private(_Part, frozen=True):
    """Who and where of a capture: salted and apart, so that it can be withheld or lawfully deleted."""

    salt: Salt
    who: UUID
    gps: Gps | None
    gps_error: Literal["denied", "timeout", "unavailable"] | None
    note: Annotated[str, Meta(max_length=4000)] | None


class NotePrivate(_Part, frozen=True):
    """Who wrote what in a note."""

    salt: Salt
    who: UUID
    text: Annotated[str, Meta(min_length=1, max_length=4000)]


class CosignPrivate(_Part, frozen=True):
    """Who signed or refused, in which post, why; ``ink`` is the signature drawn on the glass, as SVG path data."""

    salt: Salt
    name: Annotated[str, Meta(min_length=1, max_length=100)]
    post: Annotated[str, Meta(max_length=200)]
    person: UUID | None
    reason: Annotated[str, Meta(max_length=2000)] | None
    ink: Annotated[str, Meta(max_length=16_000)] | None


Statement = Session | Capture | Discard | Note | Seal | Cosign
Chained = Capture | Discard | Note | Seal | Cosign
Kind = TypeVar("Kind", Session, Capture, Discard, Note, Seal, Cosign, Chained)
PrivateKind = TypeVar("PrivateKind", Private, NotePrivate, CosignPrivate)


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
        _spoken(data, kind),
        data,
        proof,
        hashlib.sha256(data).digest(),
        signatures.envelope_sha256(data, proof),
    )


def read_private(kind: type[PrivateKind], text: str, expected_sha256: str) -> tuple[bytes, PrivateKind]:
    """The private part and its exact bytes, whose digest the statement carries.

    Raises:
        BadStatement: as ``read_signed``, or the digest is another.
    """
    data = from_b64u(text, LARGEST_PRIVATE)
    if to_b64u(hashlib.sha256(data).digest()) != expected_sha256:
        raise BadStatement("the private part is not the one that the statement was signed with")
    return data, _spoken(data, kind)


def session_key(session: Session) -> bytes:
    """The SPKI bytes that a session introduces, checked against its ``dev``.

    Only the spelling that WebCrypto exports: verifiers read no other, and a court must not stumble over a key that was
    let in here.

    Raises:
        BadStatement: no P-256 key, another spelling of one, or ``dev`` is not its SHA-256.
    """
    spki = from_b64u(session.spki, 400)
    if to_b64u(hashlib.sha256(spki).digest()) != session.dev:
        raise BadStatement("dev is not the SHA-256 of spki")
    try:
        signatures.public_key(spki)
    except signatures.NotAKey as error:
        raise BadStatement(str(error)) from error
    if not spki.startswith(signatures.SPKI_START):
        raise BadStatement("spki is not spelled with the whole point")
    return spki


def from_b64u(text: str, most: int) -> bytes:
    """Bytes of an unpadded base64url text in its one canonical spelling.

    Raises:
        BadStatement: it is not that, or has more than ``most`` bytes.
    """
    if len(text) > (most * 4 + 2) // 3:
        raise BadStatement("too large")
    try:
        return b64u.decode(text)
    except ValueError as error:
        raise BadStatement(str(error)) from error


def to_b64u(data: bytes) -> str:
    """Unpadded base64url."""
    return b64u.encode(data)


def digest_bytes(text: str) -> bytes:
    """The 32 bytes of a digest inside a statement.

    Raises:
        BadStatement: not 43 characters of base64url.
    """
    if not _DIGEST.fullmatch(text):
        raise BadStatement("not a SHA-256 in base64url")
    return from_b64u(text, 32)


_spelled = msgspec.json.Encoder(order="sorted").encode
_reader = lru_cache(maxsize=None)(msgspec.json.Decoder)


def _spoken(data: bytes, kind: Any) -> Any:
    """What the bytes say, which must be the one canonical spelling of it.

    The shapes have ASCII names, whole numbers of up to 2^53 and nothing optional, so any writer that sorts keys and
    adds no spaces spells them canonically: read once, written once, compared. What does not match is looked at again
    by ``kit.canonical``, which knows the reason.
    """
    try:
        told = _reader(kind).decode(data)
        if _spelled(told) == data:
            return told
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        pass
    try:
        return msgspec.convert(canonical.decode(data), kind)
    except (canonical.NotCanonical, msgspec.ValidationError) as error:
        raise BadStatement(str(error)) from error
