"""What a phone signs: the chain of a session, its captures, and the statements that follow them."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from server.evidence.statements import to_b64u
from server.kit import b64u, canonical, clock
from server.kit.ids import new_id
from tests.factories.passkeys import Passkey

if TYPE_CHECKING:
    from tests.factories.device import Phone

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def photo(size: int = 3000) -> bytes:
    """Bytes that pass for a photo where nobody decodes them; different each time."""
    return b"\xff\xd8\xff\xe0" + secrets.token_bytes(size - 4)


@dataclass
class Visit:
    """Where the phone captures: ids as the phone pulled them."""

    id: UUID
    item_id: UUID
    site_id: UUID | None = None


@dataclass
class Captured:
    """A capture as it lies on the phone."""

    id: UUID
    operation: dict[str, Any]
    photo: bytes
    media_type: str

    @property
    def sha256(self) -> str:
        """Lower-case hex digest of the photo."""
        return hashlib.sha256(self.photo).hexdigest()


@dataclass
class Chain:
    """A session on the phone: its key and the end of its chain."""

    phone: Phone
    visit: Visit
    id: UUID = field(default_factory=new_id)
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    seq: int = 0
    prev: str = ""
    last_seal: str = ""

    @property
    def spki(self) -> bytes:
        """The public key as WebCrypto exports it."""
        return self.key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    @property
    def dev(self) -> str:
        """The key's id."""
        return to_b64u(hashlib.sha256(self.spki).digest())

    def sign(self, statement: dict[str, Any]) -> dict[str, str]:
        """Statement and P1363 signature, base64url."""
        data = canonical.encode(statement)
        r, s = decode_dss_signature(self.key.sign(data, ec.ECDSA(hashes.SHA256())))
        return {"statement": to_b64u(data), "signature": to_b64u(r.to_bytes(32, "big") + s.to_bytes(32, "big"))}

    def open(self, *, passkey: Passkey | None = None, **changed: Any) -> dict[str, Any]:
        """The operation that opens the session."""
        now = clock.now_ms()
        statement = {
            "t": "session/1",
            "id": str(self.id),
            "dev": self.dev,
            "spki": to_b64u(self.spki),
            "device": str(self.phone.device_id),
            "who": str(self.phone.caller.person_id),
            "visit": str(self.visit.id),
            "co": [],
            "from_ms": now - 86_400_000,
            "to_ms": now + 86_400_000,
            "app": "test",
            "prev_seal": None,
            **changed,
        }
        self.prev = to_b64u(hashlib.sha256(canonical.encode(statement)).digest())
        return _beside({"id": str(self.id), "kind": "session.open", **self.sign(statement)}, passkey)

    def _link(self, statement: dict[str, Any]) -> dict[str, Any]:
        self.seq += 1
        linked = {
            "id": str(new_id()),
            "dev": self.dev,
            "ses": str(self.id),
            "seq": self.seq,
            "prev": self.prev,
            **statement,
        }
        self.prev = to_b64u(hashlib.sha256(canonical.encode(linked)).digest())
        return linked

    def capture(
        self,
        data: bytes | None = None,
        *,
        media_type: str = "image/jpeg",
        gps: dict[str, Any] | None = None,
        note: str | None = None,
        wall_ms: int | None = None,
        with_private: bool = True,
        **changed: Any,
    ) -> Captured:
        """Take a photo; ``changed`` overrides fields of the statement before it is signed."""
        data = photo() if data is None else data
        now = clock.now_ms() if wall_ms is None else wall_ms
        private = canonical.encode(
            {
                "salt": to_b64u(secrets.token_bytes(16)),
                "who": str(self.phone.caller.person_id),
                "gps": gps,
                "gps_error": None if gps else "denied",
                "note": note,
            }
        )
        statement = self._link(
            {
                "t": "capture/1",
                "visit": str(self.visit.id),
                "item": str(self.visit.item_id),
                "site": str(self.visit.site_id) if self.visit.site_id else None,
                "media": [
                    {
                        "role": "original",
                        "sha256": to_b64u(hashlib.sha256(data).digest()),
                        "bytes": len(data),
                        "type": media_type,
                        "w": 4,
                        "h": 3,
                        "src": "camera",
                    }
                ],
                "clock": {"wall_ms": now, "mono_ms": now, "tz_min": 480},
                "anchor": None,
                "priv_h": to_b64u(hashlib.sha256(private).digest()),
                "net": "offline",
                **changed,
            }
        )
        operation = {
            "id": statement["id"],
            "kind": "capture.record",
            **self.sign(statement),
            "private": to_b64u(private) if with_private else None,
        }
        return Captured(UUID(statement["id"]), operation, data, media_type)

    def discard(self, capture_id: UUID, reason: str = "拍错") -> dict[str, Any]:
        """The operation that declares a capture void."""
        return self._act({"t": "discard/1", "capture": str(capture_id), "reason": reason}, "capture.discard")

    def note(
        self, text: str, about: UUID | None = None, *, with_private: bool = True, **changed: Any
    ) -> dict[str, Any]:
        """The operation that adds a remark."""
        private = _private({"who": str(self.phone.caller.person_id), "text": text})
        statement = {"t": "note/1", "about": str(about) if about else None, "priv_h": _digest(private), **changed}
        return {**self._act(statement, "note.add"), "private": to_b64u(private) if with_private else None}

    def seal(self, *, passkey: Passkey | None = None, **changed: Any) -> dict[str, Any]:
        """The operation that closes the chain; ``last_seal`` is then the digest that others sign."""
        operation = self._act({"t": "seal/1", "count": self.seq, **changed}, "session.seal")
        self.last_seal = self.prev
        return _beside(operation, passkey)

    def cosign(
        self,
        party: str = "unit",
        outcome: str = "signed",
        *,
        name: str = "周工",
        post: str = "项目经理",
        person: UUID | None = None,
        reason: str | None = None,
        seal: str | None = None,
        with_private: bool = True,
        **changed: Any,
    ) -> dict[str, Any]:
        """The operation with which somebody signs a seal, by default this chain's own, or refuses to."""
        private = _private(
            {"name": name, "post": post, "person": str(person) if person else None, "reason": reason, "ink": None}
        )
        statement = {
            "t": "cosign/1",
            "seal": seal or self.last_seal,
            "party": party,
            "outcome": outcome,
            "priv_h": _digest(private),
            **changed,
        }
        return {**self._act(statement, "session.cosign"), "private": to_b64u(private) if with_private else None}

    def _act(self, statement: dict[str, Any], kind: str) -> dict[str, Any]:
        now = clock.now_ms()
        linked = self._link({"clock": {"wall_ms": now, "mono_ms": now, "tz_min": 480}, **statement})
        return {"id": linked["id"], "kind": kind, **self.sign(linked)}


def _private(said: dict[str, Any]) -> bytes:
    return canonical.encode({"salt": to_b64u(secrets.token_bytes(16)), **said})


def _digest(data: bytes) -> str:
    return to_b64u(hashlib.sha256(data).digest())


def _beside(operation: dict[str, Any], passkey: Passkey | None) -> dict[str, Any]:
    """With what the passkey says to the statement, if there is one."""
    if passkey is None:
        return operation
    return {**operation, "passkey": passkey.assertion(b64u.decode(operation["statement"]))}


def twin(operation: dict[str, Any]) -> dict[str, Any]:
    """The same statement with the other valid signature (r, n - s) that anybody can make of the first."""
    raw = b64u.decode(operation["signature"])
    s = _ORDER - int.from_bytes(raw[32:], "big")
    return {**operation, "signature": to_b64u(raw[:32] + s.to_bytes(32, "big"))}


def gps(lat: float = 30.25, lon: float = 114.31, *, acc_m: float = 8, at_ms: int | None = None) -> dict[str, Any]:
    """A fix as the phone signs it."""
    return {
        "lat_e7": round(lat * 1e7),
        "lon_e7": round(lon * 1e7),
        "acc_cm": round(acc_m * 100),
        "alt_cm": None,
        "spd_cms": None,
        "hdg_cdeg": None,
        "ts_ms": clock.now_ms() if at_ms is None else at_ms,
        "datum": "WGS84",
    }
