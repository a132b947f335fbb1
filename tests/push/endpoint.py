"""A push service on this machine: a real HTTP server that verifies what it gets and decrypts what only a browser could.

Follows RFC 8030 (protocol), RFC 8188 and 8291 (encryption), RFC 8292 (VAPID), and shares no code with the sender.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def b64u(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def un_b64u(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Browser:
    """What a browser keeps of one subscription."""

    name: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = b"sixteen  secrets"

    @property
    def point(self) -> bytes:
        return self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )

    def decrypt(self, body: bytes) -> bytes:
        """RFC 8291, section 3.4: one record of aes128gcm."""
        salt, record_size, id_length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        sender, sealed = body[21 : 21 + id_length], body[21 + id_length :]
        assert id_length == 65
        assert len(sealed) <= record_size
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))
        secret = _hkdf(self.auth, shared, b"WebPush: info\x00" + self.point + sender, 32)
        key = _hkdf(salt, secret, b"Content-Encoding: aes128gcm\x00", 16)
        nonce = _hkdf(salt, secret, b"Content-Encoding: nonce\x00", 12)
        padded = AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\x00")
        assert padded[-1:] == b"\x02", "the last record ends with the delimiter 2"
        return padded[:-1]


def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


@dataclass
class Delivery:
    """One message as the push service got it."""

    browser: str
    status: int
    headers: dict[str, str]
    body: bytes
    claims: dict[str, Any]
    vapid_key: str


@dataclass
class PushEndpoint:
    """The service. ``answers`` are the statuses to give next (with headers), 201 when none is left."""

    url: str = ""
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)

    def endpoint(self, browser: Browser) -> str:
        """The address that a browser would hand out."""
        return f"{self.url}/push/{browser.name}"

    def accepted(self) -> list[Delivery]:
        """What was taken for delivery."""
        return [one for one in self.deliveries if one.status == 201]


def verified(authorization: str, audience: str) -> tuple[dict[str, Any], str]:
    """The claims of a VAPID header, its signature checked with the key that it names."""
    scheme, _, rest = authorization.partition(" ")
    assert scheme == "vapid"
    parts = dict(one.strip().split("=", 1) for one in rest.split(","))
    head, payload, signature = parts["t"].split(".")
    assert json.loads(un_b64u(head))["alg"] == "ES256"
    raw = un_b64u(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), un_b64u(parts["k"]))
    key.verify(der, f"{head}.{payload}".encode(), ec.ECDSA(hashes.SHA256()))
    claims: dict[str, Any] = json.loads(un_b64u(payload))
    assert claims["aud"] == audience
    return claims, parts["k"]


@contextmanager
def push_endpoint() -> Iterator[PushEndpoint]:
    """Run the service on a free port of the loopback address."""
    service = PushEndpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, extra = service.answers.pop(0) if service.answers else (201, {})
            try:
                claims, key = verified(self.headers["Authorization"], service.url)
            except Exception:
                status, extra, claims, key = 403, {}, {}, ""
            headers = {name.lower(): value for name, value in self.headers.items()}
            service.deliveries.append(Delivery(self.path.rpartition("/")[2], status, headers, body, claims, key))
            self.send_response(status)
            for name, value in extra.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
