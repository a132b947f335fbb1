"""WebAuthn Level 2 as far as it is needed here: ES256 passkeys without attestation. Pure, no I/O.

Sections of the specification are named where a step is theirs. No CBOR is decoded: CTAP2 demands that authenticators
spell an ES256 key in exactly one way, so the key that the browser hands out as SPKI is put into that spelling and
compared.
"""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

from server.kit import b64u

ES256 = -7
_HEAD = 37  # SHA-256 of the rp id, flags, counter (section 6.1)
_PRESENT, _VERIFIED, _SYNCED, _ATTESTED = 0x01, 0x04, 0x10, 0x40
_LARGEST = 16 * 1024

Ceremony = Literal["webauthn.create", "webauthn.get"]
Problem = Literal[
    "",
    "malformed",
    "wrong_ceremony",
    "wrong_challenge",
    "wrong_origin",
    "wrong_rp",
    "not_present",
    "not_verified",
    "wrong_signature",
    "unknown_credential",
]


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """Who asks: the host of the public address and the one origin from which pages may ask."""

    id: str
    origin: str

    @classmethod
    def of(cls, base_url: str) -> RelyingParty:
        """From the address that people open."""
        parts = urlsplit(base_url)
        return cls(parts.hostname or "", f"{parts.scheme}://{parts.netloc}")

    @property
    def usable(self) -> bool:
        """Browsers make passkeys for names, never for addresses in numbers, and only over HTTPS or on localhost."""
        try:
            ipaddress.ip_address(self.id)
        except ValueError:
            return bool(self.id) and (self.origin.startswith("https://") or self.id == "localhost")
        return False


class _ClientData(msgspec.Struct):
    type: str
    challenge: str
    origin: str
    crossOrigin: bool = False  # noqa: N815  (the browser's spelling)


@dataclass(frozen=True, slots=True)
class Assertion:
    """What an authenticator answered, raw."""

    credential_id: bytes
    authenticator_data: bytes
    client_data_json: bytes
    signature: bytes

    @property
    def user_verified(self) -> bool:
        """Whether finger, face or PIN was asked for, and not only a touch."""
        return len(self.authenticator_data) >= _HEAD and bool(self.authenticator_data[32] & _VERIFIED)


def registration_problem(
    rp: RelyingParty, challenge: bytes, credential_id: bytes, spki: bytes, authenticator_data: bytes, client_data: bytes
) -> Problem:
    """Why a new passkey cannot be taken; empty when it can (section 7.1, with attestation ``none``)."""
    found = _client_problem(client_data, "webauthn.create", rp, challenge) or _head_problem(authenticator_data, rp)
    if found:
        return found
    key = _public_key(spki)
    if key is None or not authenticator_data[32] & _ATTESTED:
        return "malformed"
    # After the head: AAGUID, length of the id, id, key; extensions may follow (section 6.5.1).
    start = _HEAD + 16
    length = int.from_bytes(authenticator_data[start : start + 2], "big")
    identity = authenticator_data[start + 2 : start + 2 + length]
    if length == 0 or identity != credential_id or not authenticator_data.startswith(_cose(key), start + 2 + length):
        return "malformed"
    return ""


def assertion_problem(rp: RelyingParty, challenge: bytes, spki: bytes, assertion: Assertion) -> Problem:
    """Why an assertion proves nothing; empty when it holds (section 7.2). The user must have been verified."""
    found = _client_problem(assertion.client_data_json, "webauthn.get", rp, challenge) or _head_problem(
        assertion.authenticator_data, rp
    )
    if found:
        return found
    key = _public_key(spki)
    if key is None:
        return "malformed"
    signed = assertion.authenticator_data + hashlib.sha256(assertion.client_data_json).digest()
    try:
        key.verify(assertion.signature, signed, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return "wrong_signature"
    return ""


def is_synced(authenticator_data: bytes) -> bool:
    """Whether the passkey is copied to other devices of its owner (backup state)."""
    return len(authenticator_data) >= _HEAD and bool(authenticator_data[32] & _SYNCED)


def sign_count(authenticator_data: bytes) -> int:
    """How often the authenticator says that it signed (section 6.1.1); zero where it does not count."""
    return int.from_bytes(authenticator_data[33:_HEAD], "big")


def counter_grew(before: int, now: int) -> bool:
    """Whether nothing speaks of a copy of the authenticator (section 7.2, step 21). Who does not count is not asked."""
    return now > before or (now == 0 and before == 0)


def _client_problem(client_data: bytes, ceremony: Ceremony, rp: RelyingParty, challenge: bytes) -> Problem:
    if len(client_data) > _LARGEST:
        return "malformed"
    try:
        said = msgspec.json.decode(client_data, type=_ClientData)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return "malformed"
    if said.type != ceremony:
        return "wrong_ceremony"
    if said.challenge != b64u.encode(challenge):
        return "wrong_challenge"
    if said.origin != rp.origin or said.crossOrigin:
        return "wrong_origin"
    return ""


def _head_problem(data: bytes, rp: RelyingParty) -> Problem:
    if not _HEAD <= len(data) <= _LARGEST:
        return "malformed"
    if data[:32] != hashlib.sha256(rp.id.encode()).digest():
        return "wrong_rp"
    if not data[32] & _PRESENT:
        return "not_present"
    if not data[32] & _VERIFIED:
        return "not_verified"
    return ""


def _public_key(spki: bytes) -> ec.EllipticCurvePublicKey | None:
    try:
        key = load_der_public_key(spki)
    except (ValueError, UnsupportedAlgorithm):
        return None
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        return key
    return None


def _cose(key: ec.EllipticCurvePublicKey) -> bytes:
    """The key as CTAP2 canonical CBOR: {1: 2, 3: -7, -1: 1, -2: x, -3: y}."""
    numbers = key.public_numbers()
    x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
    return b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20" + x + b"\x22\x58\x20" + y
