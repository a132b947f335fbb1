"""Reads the one part of a time-stamp token that the client library leaves out: for which certificate it was signed.

RFC 5816 lets the signer name its certificate by digest inside what it signs (ESSCertIDv2), so that nobody can put
another certificate of the same name and number beside the signature.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

_SIGNING_CERTIFICATE_V2 = bytes.fromhex("060b2a864886f70d010910022f")  # 1.2.840.113549.1.9.16.2.47
_DIGESTS = {  # DER of the object identifier, after its tag and length
    bytes.fromhex("608648016503040201"): hashlib.sha256,
    bytes.fromhex("608648016503040202"): hashlib.sha384,
    bytes.fromhex("608648016503040203"): hashlib.sha512,
}
_SEQUENCE, _SET, _OCTETS, _OID, _CONTEXT_0 = 0x30, 0x31, 0x04, 0x06, 0xA0


class NotDer(ValueError):
    """The bytes are not the structure that was expected."""


def parts(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Tag, content and whole encoding of each element, one after the other (definite lengths only).

    Raises:
        NotDer: an element ends beyond the data.
    """
    at = 0
    while at < len(data):
        start, head = at, data[at : at + 2]
        if len(head) < 2:
            raise NotDer("an element is cut off")
        length, at = head[1], at + 2
        if length & 0x80:
            more = length & 0x7F
            if not 1 <= more <= 4 or at + more > len(data):
                raise NotDer("a length is not definite")
            length, at = int.from_bytes(data[at : at + more], "big"), at + more
        if at + length > len(data):
            raise NotDer("an element is cut off")
        yield head[0], data[at : at + length], data[start : at + length]
        at += length


def certificate_is_named(token: bytes, certificate: bytes) -> bool:
    """Whether the signer of a token (CMS ``ContentInfo``) named this certificate by its digest.

    Raises:
        NotDer: the token is no CMS signature.
    """
    for value in _signed_attributes(token, _SIGNING_CERTIFICATE_V2):
        certificates = _only(_only(_only(value, _SET), _SEQUENCE), _SEQUENCE)
        first = next(parts(certificates), None)  # RFC 5035: the first one is the signer's
        if first is None or first[0] != _SEQUENCE:
            return False
        fields = list(parts(first[1]))
        digest = hashlib.sha256  # the default, then left out
        if fields and fields[0][0] == _SEQUENCE:
            oid = next(parts(fields.pop(0)[1]), (0, b"", b""))
            if oid[0] != _OID or oid[1] not in _DIGESTS:
                return False
            digest = _DIGESTS[oid[1]]
        return bool(fields) and fields[0][0] == _OCTETS and fields[0][1] == digest(certificate).digest()
    return False


def in_order(response: bytes) -> bytes:
    """The same answer with its certificates in the order that DER demands of a set.

    Common authorities (OpenSSL) send several as they come, and the client library then reads nothing at all. The order
    is no part of what is signed. For reading only: what is kept is what was sent.
    """
    try:
        token = list(parts(_only(response, _SEQUENCE)))[1][2]
        fields = parts(_only(list(parts(_only(token, _SEQUENCE)))[1][1], _SEQUENCE))
        found = next((content for tag, content, _ in fields if tag == _CONTEXT_0), b"")
        return (
            response.replace(found, b"".join(sorted(whole for _, _, whole in parts(found))), 1) if found else response
        )
    except (NotDer, IndexError):
        return response


def _signed_attributes(token: bytes, oid: bytes) -> Iterator[bytes]:
    content_info = list(parts(_only(token, _SEQUENCE)))
    if len(content_info) != 2 or content_info[1][0] != _CONTEXT_0:
        raise NotDer("this is no CMS content")
    signed_data = list(parts(_only(content_info[1][1], _SEQUENCE)))
    tag, signers, _ = signed_data[-1] if signed_data else (0, b"", b"")
    if tag != _SET:
        raise NotDer("there are no signers")
    for kind, field, _ in parts(_only(signers, _SEQUENCE)):
        if kind == _CONTEXT_0:
            for _, attribute, _ in parts(field):
                if attribute.startswith(oid):
                    yield attribute[len(oid) :]
            return


def _only(data: bytes, tag: int) -> bytes:
    """The content of the single element that the data consist of."""
    found = list(parts(data))
    if len(found) != 1 or found[0][0] != tag:
        raise NotDer("another structure was expected")
    return found[0][1]
