"""ECDSA P-256 with SHA-256 as WebCrypto makes it: 64 bytes r ‖ s (IEEE P1363), keys as SPKI."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key

LENGTH = 64
# RFC 5480 in DER, up to the byte that says that both coordinates of the point follow.
SPKI_START = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_ALGORITHM = ec.ECDSA(hashes.SHA256())


class NotAKey(ValueError):
    """The bytes are no SPKI of a P-256 public key."""


@lru_cache(maxsize=4096)
def public_key(spki: bytes) -> ec.EllipticCurvePublicKey:
    """The key that the SPKI bytes hold.

    Raises:
        NotAKey: another algorithm or curve, a point off the curve, or no DER at all.
    """
    try:
        key = load_der_public_key(spki)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise NotAKey(str(error)) from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise NotAKey("not a P-256 key")
    return key


def signature_holds(spki: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the P1363 signature over the message was made with the private half of the key.

    Raises:
        NotAKey: see ``public_key``.
    """
    key = public_key(spki)
    if len(signature) != LENGTH:
        return False
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if not (0 < r < _ORDER and 0 < s < _ORDER):
        return False
    try:
        key.verify(encode_dss_signature(r, s), message, _ALGORITHM)
    except InvalidSignature:
        return False
    return True


def envelope_sha256(statement: bytes, signature: bytes) -> bytes:
    """SHA-256 of statement ‖ signature: binds the signature too, since ECDSA signatures are malleable (r, n − s)."""
    return hashlib.sha256(statement + signature).digest()
