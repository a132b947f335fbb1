"""A time-stamp authority on this machine: `openssl ts` behind a small HTTP server, honest or lying as told."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

# No `certs =` line: the answer then carries the signer's certificate alone. (`chain` adds the root,
# `below` the authority between, as many do; `short` leaves that one out.)
_CONFIG = """
[tsa]
default_tsa = here
[here]
serial = serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = {ess}
"""


@dataclass
class TimeAuthority:
    """The authority. ``mood`` is how it answers from now on; ``asked`` counts the requests that reached it."""

    folder: Path
    url: str = ""
    mood: str = "honest"
    asked: int = 0
    release: threading.Event = field(default_factory=threading.Event)

    @property
    def roots(self) -> Path:
        """The PEM file of its root."""
        return self.folder / "root.pem"

    def reply(self, query: bytes) -> bytes:
        """The answer of `openssl ts` to a query, changed as the mood wants."""
        if self.mood == "other_imprint":
            at = query.index(b"\x04\x20") + 2
            query = query[:at] + bytes(one ^ 1 for one in query[at : at + 32]) + query[at + 32 :]
        if self.mood == "other_nonce":
            at = query.rindex(b"\x01\x01\xff") - 1
            query = query[:at] + bytes([query[at] ^ 1]) + query[at + 1 :]
        if self.mood == "refusing":
            query = query.replace(bytes.fromhex("608648016503040201"), bytes.fromhex("608648016503040203"), 1)
        (self.folder / "query").write_bytes(query)
        ess = "sha1" if self.mood == "old_ess" else "sha256"
        (self.folder / "openssl.cnf").write_text(_CONFIG.format(ess=ess))
        pem = {"below": "subordinate.pem"}.get(self.mood, "root.pem")
        signer = {
            "below": "below.pem",
            "short": "below.pem",
            "expired": "expired.pem",
            "stranger": "stranger.pem",
            "ending": "ending.pem",
        }.get(self.mood, "tsa.pem")
        subprocess.run(
            ["openssl", "ts", "-reply", "-config", "openssl.cnf", "-queryfile", "query", "-out", "reply"]
            + ["-signer", signer, "-inkey", "tsa.key"]
            + (["-chain", pem] if self.mood in {"chain", "below"} else []),
            cwd=self.folder,
            check=True,
            capture_output=True,
        )
        reply = (self.folder / "reply").read_bytes()
        if self.mood == "edited":
            reply = reply[:-1] + bytes([reply[-1] ^ 1])
        return reply


@contextmanager
def time_authority(folder: Path) -> Iterator[TimeAuthority]:
    """Run an authority with keys of its own on a free port of the loopback address."""
    folder.mkdir(parents=True, exist_ok=True)
    _make_certificates(folder)
    authority = TimeAuthority(folder)
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Type"] == "application/timestamp-query"
            authority.asked += 1
            if authority.mood == "silent":
                authority.release.wait(60)
                return
            if authority.mood == "dripping":  # never silent for long, never done
                self.send_response(200)
                self.end_headers()
                while not authority.release.wait(0.02):
                    self.wfile.write(b"0")
                return
            status = 503 if authority.mood == "busy" else 200
            with lock:
                body = b"later" if status == 503 else authority.reply(query)
            self.send_response(status)
            self.send_header("Content-Type", "application/timestamp-reply" if status == 200 else "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    authority.url = f"http://127.0.0.1:{server.server_port}/tsa"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield authority
    finally:
        authority.release.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


def _make_certificates(folder: Path) -> None:
    """A root; one key of the authority with a good and an expired certificate, and one of a stranger's root."""
    now = datetime.now(UTC)
    root_key, stranger_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
    root = _certificate("测试时间戳根 Root", None, root_key, now - timedelta(days=900), now + timedelta(days=3650))
    stranger = _certificate("Stranger", None, stranger_key, now - timedelta(days=900), now + timedelta(days=3650))
    middle_key = ec.generate_private_key(ec.SECP256R1())
    middle = _certificate(
        "Subordinate", root, root_key, now - timedelta(days=2), now + timedelta(days=900), middle_key, authority=True
    )
    (folder / "subordinate.pem").write_bytes(middle.public_bytes(serialization.Encoding.PEM))
    for name, issuer, issuer_key, start, end in (
        ("below", middle, middle_key, now - timedelta(days=1), now + timedelta(days=400)),
        ("tsa", root, root_key, now - timedelta(days=1), now + timedelta(days=400)),
        ("expired", root, root_key, now - timedelta(days=800), now - timedelta(days=1)),
        ("ending", root, root_key, now - timedelta(days=300), now + timedelta(days=30)),
        ("stranger", stranger, stranger_key, now - timedelta(days=1), now + timedelta(days=400)),
    ):
        made = _certificate("Time 测试", issuer, issuer_key, start, end, subject_key=key)
        (folder / f"{name}.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "root.pem").write_bytes(root.public_bytes(serialization.Encoding.PEM))
    (folder / "tsa.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    (folder / "serial").write_text("01")


def _certificate(
    name: str,
    issuer: x509.Certificate | None,
    issuer_key: ec.EllipticCurvePrivateKey,
    start: datetime,
    end: datetime,
    subject_key: ec.EllipticCurvePrivateKey | None = None,
    *,
    authority: bool | None = None,
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    authority = issuer is None if authority is None else authority
    public = (subject_key or issuer_key).public_key()
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .add_extension(_usage(authority=authority), critical=True)
    )
    if not authority:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(usage, critical=True)
    return builder.sign(issuer_key, hashes.SHA256())


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
