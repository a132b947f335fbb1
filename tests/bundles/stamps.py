"""A time-stamp authority in memory that can also err: RFC 3161 responses written by hand, each fault by a keyword."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

START = datetime(2026, 1, 1, tzinfo=UTC)
_ALGORITHMS: dict[str, Any] = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}
_HASH_OIDS = {
    "sha1": "1.3.14.3.2.26",
    "sha256": "2.16.840.1.101.3.4.2.1",
    "sha384": "2.16.840.1.101.3.4.2.2",
    "sha512": "2.16.840.1.101.3.4.2.3",
}
_ECDSA_OIDS = {"sha256": "1.2.840.10045.4.3.2", "sha384": "1.2.840.10045.4.3.3"}
_TST_INFO = "1.2.840.113549.1.9.16.1.4"


def der(tag: int, *parts: bytes) -> bytes:
    """One DER value."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def integer(value: int) -> bytes:
    """A DER INTEGER."""
    return der(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def oid(text: str) -> bytes:
    """A DER OBJECT IDENTIFIER."""
    first, second, *rest = map(int, text.split("."))
    out = bytearray([first * 40 + second])
    for number in rest:
        part = [number & 0x7F]
        while number := number >> 7:
            part.append(number & 0x7F | 0x80)
        out += bytes(reversed(part))
    return der(0x06, bytes(out))


def seq(*parts: bytes) -> bytes:
    """A DER SEQUENCE."""
    return der(0x30, *parts)


def set_of(*parts: bytes) -> bytes:
    """A DER SET OF."""
    return der(0x31, *sorted(parts))


def _algorithm(name: str) -> bytes:
    return seq(oid(_HASH_OIDS[name]), b"\x05\x00")


@dataclass
class Authority:
    """A root, the certificate that it issued for time stamps, and the key of that."""

    root: x509.Certificate
    certificate: x509.Certificate
    key: Any
    root_key: Any

    @classmethod
    def new(
        cls,
        kind: str = "p256",
        *,
        name: str = "TSA",
        purpose: tuple[x509.ObjectIdentifier, ...] = (ExtendedKeyUsageOID.TIME_STAMPING,),
        critical: bool = True,
        until: datetime = START + timedelta(days=3650),
        root_key: Any = None,
        root: x509.Certificate | None = None,
        root_is_ca: bool = True,
    ) -> Authority:
        """Make one: ``kind`` is p256, p384 or rsa."""
        root_key = root_key or ec.generate_private_key(ec.SECP256R1())
        root = root or _certificate(f"{name} root", root_key, None, root_key, ca=root_is_ca)
        key = make_key(kind)
        own = _certificate(
            name, key, root, root_key, eku=x509.ExtendedKeyUsage(list(purpose)), critical=critical, until=until
        )
        return cls(root, own, key, root_key)

    @property
    def pem(self) -> str:
        """The root as a trust policy lists it."""
        return self.root.public_bytes(serialization.Encoding.PEM).decode()

    def stamp(self, data: bytes, at: datetime, **faults: Any) -> bytes:
        """A response over data; faults: ``status``, ``message_digest``, ``signer``, ``named``, ``ess``, ``hashed``,
        ``content_type``, ``second_time``."""
        hashed = faults.get("hashed", "sha256")
        info = seq(
            integer(1),
            oid("1.2.3.4.1"),
            seq(_algorithm("sha256"), der(0x04, hashlib.sha256(data).digest())),
            integer(7),
            der(0x18, at.strftime("%Y%m%d%H%M%SZ").encode()),
        )
        stated = faults.get("stated", info)
        certificate = self.certificate.public_bytes(serialization.Encoding.DER)
        named = faults.get("named", self.certificate).public_bytes(serialization.Encoding.DER)
        if faults.get("ess", 2) == 2:
            ess = ("1.2.840.113549.1.9.16.2.47", seq(seq(seq(der(0x04, hashlib.sha256(named).digest())))))
        else:
            ess = ("1.2.840.113549.1.9.16.2.12", seq(seq(seq(der(0x04, hashlib.sha1(named).digest())))))
        kind = faults.get("content_type", _TST_INFO)
        attributes = (
            seq(oid("1.2.840.113549.1.9.3"), set_of(oid(kind))),
            seq(oid("1.2.840.113549.1.9.4"), set_of(der(0x04, hashlib.new(hashed, info).digest()))),
            seq(oid(ess[0]), set_of(ess[1])),
        )
        signature = _sign(faults.get("signer", self.key), set_of(*attributes), hashed)
        key_kind = self.key
        issuer = self.certificate.issuer.public_bytes()
        algorithm = (
            seq(oid("1.2.840.113549.1.1.1"), b"\x05\x00")
            if isinstance(key_kind, rsa.RSAPrivateKey)
            else seq(oid(_ECDSA_OIDS[hashed]))
        )
        signer = seq(
            integer(1),
            seq(issuer, integer(self.certificate.serial_number)),
            _algorithm(hashed),
            der(0xA0, *sorted(attributes)),
            algorithm,
            der(0x04, signature),
        )
        signed = seq(
            integer(3),
            set_of(_algorithm(hashed)),
            seq(oid(_TST_INFO), der(0xA0, der(0x04, stated))),
            der(0xA0, certificate),
            set_of(signer),
        )
        content = seq(oid("1.2.840.113549.1.7.2"), der(0xA0, signed))
        return seq(seq(integer(faults.get("status", 0))), content)


def make_key(kind: str) -> Any:
    """A private key: p256, p384 or rsa."""
    if kind == "rsa":
        return rsa.generate_private_key(65537, 2048)
    return ec.generate_private_key(ec.SECP256R1() if kind == "p256" else ec.SECP384R1())


def _sign(key: Any, data: bytes, hashed: str) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), _ALGORITHMS[hashed])
    signature: bytes = key.sign(data, ec.ECDSA(_ALGORITHMS[hashed]))
    return signature


def _certificate(
    name: str,
    key: Any,
    issuer: x509.Certificate | None,
    issuer_key: Any,
    *,
    ca: bool = False,
    eku: x509.ExtendedKeyUsage | None = None,
    critical: bool = True,
    until: datetime = START + timedelta(days=3650),
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(START)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if eku is not None:
        builder = builder.add_extension(eku, critical=critical)
    return builder.sign(issuer_key, hashes.SHA256())
