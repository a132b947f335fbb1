"""An authenticator in Python: makes ES256 passkeys and signs with them as browsers pass that on."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from server.kit import b64u
from server.kit.ids import new_id

RP_ID, ORIGIN = "localhost", "http://localhost:8600"


@dataclass
class Passkey:
    """One passkey. ``flags``: present, verified."""

    rp_id: str = RP_ID
    origin: str = ORIGIN
    flags: int = 0x05
    counter: int = 0
    """Zero where it does not count, as phones and computers mostly do not; set to what the next signature says."""
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    @property
    def spki(self) -> bytes:
        """What ``response.getPublicKey()`` gives."""
        return self.key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def _head(self, flags: int) -> bytes:
        return hashlib.sha256(self.rp_id.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4, "big")

    def _client(self, ceremony: str, challenge: str) -> bytes:
        said = {"type": ceremony, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def registration(self, challenge: str, **changed: Any) -> dict[str, Any]:
        """The body of ``POST /api/passkeys``."""
        point = self.key.public_key().public_numbers()
        cose = (
            bytes.fromhex("a5010203262001215820")
            + point.x.to_bytes(32, "big")
            + bytes.fromhex("225820")
            + point.y.to_bytes(32, "big")
        )
        attested = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + cose
        return {
            "id": str(new_id()),
            "name": "测试手机",
            "challenge": challenge,
            "credential_id": b64u.encode(self.credential_id),
            "public_key": b64u.encode(self.spki),
            "authenticator_data": b64u.encode(self._head(self.flags | 0x40) + attested),
            "client_data_json": b64u.encode(self._client("webauthn.create", challenge)),
            "transports": ["internal"],
            **changed,
        }

    def assertion(self, statement: bytes, **changed: Any) -> dict[str, str]:
        """The sidecar of a statement."""
        data = self._head(self.flags)
        client = self._client("webauthn.get", b64u.encode(hashlib.sha256(statement).digest()))
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return {
            "credential_id": b64u.encode(self.credential_id),
            "authenticator_data": b64u.encode(data),
            "client_data_json": b64u.encode(client),
            "signature": b64u.encode(signature),
            **changed,
        }
