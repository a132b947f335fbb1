"""What may be a push endpoint. Pure: whoever subscribes names an address that this server will later connect to."""

from __future__ import annotations

import base64
import binascii
import ipaddress
from urllib.parse import SplitResult, urlsplit

from cryptography.hazmat.primitives.asymmetric import ec

from server.push.errors import BadSubscriptionKey, EndpointRefused

_LOCAL_NAMES = (".localhost", ".local", ".internal", ".intranet", ".lan", ".home.arpa", ".corp")
_GLOBAL6 = ipaddress.ip_network("2000::/3")  # all global unicast there is; the rest wraps IPv4 or belongs to a site
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def checked_endpoint(endpoint: str, *, local: bool) -> SplitResult:
    """The parts of an endpoint that may be used.

    ``local`` (tests) also allows ``http://127.0.0.1``.

    Raises:
        EndpointRefused: not https, credentials in it, or a host that is not on the public internet.
    """
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise EndpointRefused from error
    if local and host == "127.0.0.1" and parts.scheme in {"http", "https"}:
        return parts
    plain = not any(character.isspace() or ord(character) < 33 for character in endpoint)
    if parts.scheme != "https" or not host or parts.username is not None or port == 0 or not plain:
        raise EndpointRefused
    try:
        ipaddress.ip_address(host)
    except ValueError:
        if "." not in host.rstrip(".") or host.rstrip(".").lower().endswith(_LOCAL_NAMES):
            raise EndpointRefused from None
    else:
        if not is_public(host):
            raise EndpointRefused
    return parts


def is_public(address: str) -> bool:
    """Whether an IP address is on the public internet, also when wrapped in IPv6."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped
        elif ip.sixtofour is not None:
            ip = ip.sixtofour
        elif ip in _NAT64:
            ip = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        elif ip not in _GLOBAL6:
            return False
    return ip.is_global and not ip.is_multicast


def check_keys(p256dh: str, auth: str) -> None:
    """Whether these can be the keys of a browser's subscription (RFC 8291).

    Raises:
        BadSubscriptionKey: not a point of P-256, or not a 16-byte secret.
    """
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _decoded(p256dh))
        secret = _decoded(auth)
    except (ValueError, binascii.Error) as error:
        raise BadSubscriptionKey from error
    if len(secret) != 16:
        raise BadSubscriptionKey


def _decoded(text: str) -> bytes:
    bare = text.rstrip("=")
    return base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
