"""A certificate authority of this machine's own, for phones on the same network.

Browsers give camera, position and service workers only to secure contexts, and no public authority certifies
a private address. The authority may certify private addresses and this machine's names only (name
constraints), so that a stolen key cannot impersonate anything else.
"""

import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv4Network, ip_network
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_CA_DAYS = 3650
_LEAF_DAYS = 397  # Apple refuses server certificates valid for more than 398 days
_RENEW_DAYS = 30
_PRIVATE = (
    *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8"),
    *("::1/128", "fc00::/7", "fe80::/10"),
)


@dataclass(frozen=True, slots=True)
class LocalCertificate:
    """Files: the authority's certificate, the server's chain, its key. `fresh_authority` means trust anew."""

    authority: Path
    chain: Path
    key: Path
    fresh_authority: bool


def local_certificate(
    folder: Path, names: Sequence[str], addresses: Sequence[IPv4Address], now: datetime
) -> LocalCertificate:
    """A server certificate for these names and addresses, made or renewed where the present one does not do.

    The authority is kept, because phones trust it; it is replaced only when it ends within the life of a
    server certificate or may not certify one of the names or addresses.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    paths = {name: folder / name for name in ("ca.crt", "ca.key", "server.crt", "server.key")}
    loopback = IPv4Address("127.0.0.1")
    subjects = [*(x509.DNSName(name) for name in names)]
    numbers = [x509.IPAddress(address) for address in dict.fromkeys((*addresses, loopback))]
    wanted = x509.SubjectAlternativeName([*subjects, *numbers])
    fresh = not _authority_serves(paths["ca.crt"], paths["ca.key"], names, addresses, now)
    if fresh:
        _make_authority(paths["ca.crt"], paths["ca.key"], names, addresses, now)
    if fresh or not _server_serves(paths["server.crt"], paths["server.key"], wanted, now):
        _make_server(paths, wanted, now)
    return LocalCertificate(paths["ca.crt"], paths["server.crt"], paths["server.key"], fresh)


def fingerprint(certificate: Path) -> str:
    """SHA-256 of a certificate as people compare it, in pairs of hex digits."""
    return x509.load_pem_x509_certificate(certificate.read_bytes()).fingerprint(hashes.SHA256()).hex(":").upper()


def _authority_serves(
    crt: Path, key: Path, names: Sequence[str], addresses: Sequence[IPv4Address], now: datetime
) -> bool:
    if not crt.exists() or not key.exists():
        return False
    authority = x509.load_pem_x509_certificate(crt.read_bytes())
    if authority.not_valid_after_utc < now + timedelta(days=_LEAF_DAYS):
        return False
    permitted = authority.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    networks = [p.value for p in permitted if isinstance(p, x509.IPAddress)]
    domains = [p.value for p in permitted if isinstance(p, x509.DNSName)]
    return all(
        any(address in network for network in networks if isinstance(network, IPv4Network)) for address in addresses
    ) and all(any(name == domain or name.endswith(f".{domain}") for domain in domains) for name in names)


def _server_serves(crt: Path, key: Path, wanted: x509.SubjectAlternativeName, now: datetime) -> bool:
    if not crt.exists() or not key.exists():
        return False
    server = x509.load_pem_x509_certificates(crt.read_bytes())[0]
    present = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return set(present) == set(wanted) and server.not_valid_after_utc > now + timedelta(days=_RENEW_DAYS)


def _make_authority(
    crt: Path, key_path: Path, names: Sequence[str], addresses: Sequence[IPv4Address], now: datetime
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    networks = dict.fromkeys([*map(ip_network, _PRIVATE), *map(ip_network, addresses)])
    domains = dict.fromkeys(["localhost", "local", "lan", "home.arpa", *names])
    name = _name(f"Zhicha {socket.gethostname().encode('ascii', 'ignore').decode()}".strip())
    certificate = (
        _dated(name, name, now, _CA_DAYS)
        .public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(certify=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.NameConstraints(
                [*(x509.DNSName(domain) for domain in domains), *(x509.IPAddress(net) for net in networks)],
                None,
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )
    _write_key(key_path, key)
    crt.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def _make_server(paths: dict[str, Path], wanted: x509.SubjectAlternativeName, now: datetime) -> None:
    authority = x509.load_pem_x509_certificate(paths["ca.crt"].read_bytes())
    signer = serialization.load_pem_private_key(paths["ca.key"].read_bytes(), None)
    if not isinstance(signer, ec.EllipticCurvePrivateKey):
        raise TypeError("the authority's key is not of the kind that we make")
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = authority.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    certificate = (
        _dated(_name("Zhicha"), authority.subject, now, _LEAF_DAYS)
        .public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(certify=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(wanted, critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer), critical=False)
        .sign(signer, hashes.SHA256())
    )
    _write_key(paths["server.key"], key)
    pem = serialization.Encoding.PEM
    paths["server.crt"].write_bytes(certificate.public_bytes(pem) + authority.public_bytes(pem))


def _dated(subject: x509.Name, issuer: x509.Name, now: datetime, days: int) -> x509.CertificateBuilder:
    start = now - timedelta(hours=1)  # phones with a slow clock
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer)
    builder = builder.serial_number(x509.random_serial_number())
    return builder.not_valid_before(start).not_valid_after(start + timedelta(days=days))


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common[:64])])


def _usage(*, certify: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certify,
        key_cert_sign=certify,
        crl_sign=certify,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    path.unlink(missing_ok=True)
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "wb") as file:
        file.write(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
