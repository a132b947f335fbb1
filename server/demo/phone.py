"""A phone of the story: keeps a key, signs statements and hands over photographs, through the phone's own commands."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from media.store import MediaStore
from server.access.actor import Actor
from server.access.devices import confirm_device, enrol_device
from server.access.schemas import EnrolDevice
from server.evidence.commands.close_chain import seal_session
from server.evidence.commands.open_session import open_session
from server.evidence.commands.receipts import SignedStatement
from server.evidence.commands.receive_media import Arrived, receive
from server.evidence.commands.record_captures import RecordCapture, record_captures
from server.evidence.receiving import Asked, awaited
from server.evidence.statements import to_b64u
from server.journal.commands_ledger import Delivery
from server.kit import canonical, clock
from server.kit.ids import new_id


@dataclass
class Session:
    """One chain of captures on one phone in one visit; the key lives as long as this object."""

    owner: Actor
    id: UUID
    visit_id: UUID
    item_id: UUID
    site_id: UUID
    device_id: UUID
    begun: datetime
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    prev: str = ""
    seq: int = 0

    @property
    def _spki(self) -> bytes:
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self.key.public_key().public_bytes(serialization.Encoding.DER, form)

    @property
    def _dev(self) -> str:
        return to_b64u(hashlib.sha256(self._spki).digest())

    def _signed(self, statement: dict[str, Any], private: bytes | None = None) -> SignedStatement:
        data = canonical.encode(statement)
        r, s = decode_dss_signature(self.key.sign(data, ec.ECDSA(hashes.SHA256())))
        self.prev = to_b64u(hashlib.sha256(data).digest())
        return SignedStatement(
            statement=to_b64u(data),
            signature=to_b64u(r.to_bytes(32, "big") + s.to_bytes(32, "big")),
            private=None if private is None else to_b64u(private),
        )

    async def enrol(self, phone_name: str, confirmer: Actor) -> None:
        """Enrol the phone and have a second person confirm it, unless that is done."""
        device = EnrolDevice(id=self.device_id, name=phone_name, platform="Android 15")
        if (await enrol_device(self.owner, device)).state == "unconfirmed":
            await confirm_device(confirmer, self.device_id)

    async def open(self) -> None:
        """Open the chain."""
        statement = {
            "t": "session/1",
            "id": str(self.id),
            "dev": self._dev,
            "spki": to_b64u(self._spki),
            "device": str(self.device_id),
            "who": str(self.owner.person_id),
            "visit": str(self.visit_id),
            "co": [],
            "from_ms": clock.to_ms(self.begun),
            "to_ms": clock.to_ms(self.begun + timedelta(hours=12)),
            "app": "demo",
            "prev_seal": None,
        }
        body = self._signed(statement)
        await open_session(self.owner, body, Delivery.of(self.id, "session.open", [body.statement, body.signature]))

    async def capture(
        self,
        store: MediaStore,
        photo: bytes,
        size: tuple[int, int],
        at: datetime,
        place: tuple[float, float],
        note: str,
    ) -> UUID:
        """Take a photograph: sign it into the chain, then hand over the original; returns the capture's id."""
        capture_id = new_id()
        self.seq += 1
        digest = hashlib.sha256(photo)
        private = canonical.encode(
            {
                "salt": to_b64u(secrets.token_bytes(16)),
                "who": str(self.owner.person_id),
                "gps": {
                    "lat_e7": round(place[0] * 1e7),
                    "lon_e7": round(place[1] * 1e7),
                    "acc_cm": 640,
                    "alt_cm": 5230,
                    "spd_cms": 0,
                    "hdg_cdeg": None,
                    "ts_ms": clock.to_ms(at) - 1200,
                    "datum": "WGS84",
                },
                "gps_error": None,
                "note": note,
            }
        )
        statement = {
            "t": "capture/1",
            "id": str(capture_id),
            "dev": self._dev,
            "ses": str(self.id),
            "seq": self.seq,
            "prev": self.prev,
            "visit": str(self.visit_id),
            "item": str(self.item_id),
            "site": str(self.site_id),
            "media": [
                {
                    "role": "original",
                    "sha256": to_b64u(digest.digest()),
                    "bytes": len(photo),
                    "type": "image/jpeg",
                    "w": size[0],
                    "h": size[1],
                    "src": "camera",
                }
            ],
            "clock": {
                "wall_ms": clock.to_ms(at),
                "mono_ms": 900_000 + clock.to_ms(at) - clock.to_ms(self.begun),
                "tz_min": 480,
            },
            "anchor": None,
            "priv_h": to_b64u(hashlib.sha256(private).digest()),
            "net": "offline",
        }
        body = self._signed(statement, private)
        delivery = Delivery.of(capture_id, "capture.record", [body.statement, body.signature, body.private])
        await record_captures(self.owner, [RecordCapture(body, delivery)])
        await self._hand_over(store, capture_id, photo, digest.hexdigest())
        return capture_id

    async def seal(self, at: datetime) -> None:
        """Close the chain: what was taken is counted, and nothing can be added or left out any more."""
        self.seq += 1
        statement_id = new_id()
        statement = {
            "t": "seal/1",
            "id": str(statement_id),
            "dev": self._dev,
            "ses": str(self.id),
            "seq": self.seq,
            "prev": self.prev,
            "count": self.seq - 1,
            "clock": {
                "wall_ms": clock.to_ms(at),
                "mono_ms": 900_000 + clock.to_ms(at) - clock.to_ms(self.begun),
                "tz_min": 480,
            },
        }
        body = self._signed(statement)
        await seal_session(
            self.owner, body, Delivery.of(statement_id, "session.seal", [body.statement, body.signature])
        )

    async def _hand_over(self, store: MediaStore, capture_id: UUID, photo: bytes, sha256: str) -> None:
        media = await awaited(Asked(self.owner, capture_id, "original", sha256))
        if media is None:
            raise RuntimeError("the capture that was just recorded is unknown")
        if not await store.exists(media.store_key):
            await store.put_whole(media.store_key, photo, sha256, content_type="image/jpeg")
        await receive(Arrived(media, len(photo), "image/jpeg"))
