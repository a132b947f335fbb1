"""The installation's VAPID key (RFC 8292): made at the first start, the same on every node."""

from __future__ import annotations

import base64

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from server.kit.secrets import installation_secret


def _make() -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


async def vapid_key() -> ec.EllipticCurvePrivateKey:
    """The private key that signs for this installation."""
    key = serialization.load_der_private_key(await installation_secret("vapid", _make), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("the installation's VAPID key is no key of an elliptic curve")
    return key


async def public_key() -> str:
    """What browsers subscribe with: the uncompressed point, base64url."""
    point = (
        (await vapid_key())
        .public_key()
        .public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    )
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()
