"""One time stamp from one authority: ask (RFC 3161), check everything that can be checked, give back the raw answer."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import rfc3161_client as rfc3161
from cryptography import x509

from server.kit import clock
from server.tlog.anchors import der, http

_QUERY: Final = "application/timestamp-query"
_REPLY: Final = "application/timestamp-reply"
_SHA256: Final = "2.16.840.1.101.3.4.2.1"
CLOCKS_AGREE: Final = timedelta(minutes=10)
"""How far the authority's time may lie from ours; beyond that one of the clocks is wrong, and a person must look."""


class NotStamped(Exception):
    """There is no time stamp, or none that may be kept. ``code`` says why, for people and for the state page."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code, self.detail = code, detail[:200]


@dataclass(frozen=True, slots=True)
class Stamp:
    """A verified answer: the raw bytes, what they stamp, the authority's time, and how long its certificate lasts."""

    token: bytes
    imprint: bytes
    gen_time: datetime
    certificate_sha256: bytes
    certificate_until: datetime


def obtain(url: str, roots: Sequence[x509.Certificate], message: bytes) -> Stamp:
    """Have SHA-256 of the message stamped; blocks, so it is called in a thread.

    Raises:
        NotStamped: with one of the codes out_of_reach, refused, malformed, nonce, imprint, untrusted, certificate,
            clock.
    """
    request = rfc3161.TimestampRequestBuilder().data(message).hash_algorithm(rfc3161.HashAlgorithm.SHA256).build()
    try:
        answer = http.post(url, request.as_bytes(), _QUERY)
    except http.OutOfReach as error:
        raise NotStamped("out_of_reach", str(error)) from error
    if answer.status != 200 or answer.media_type != _REPLY:
        raise NotStamped("out_of_reach", f"HTTP {answer.status} {answer.media_type}")
    return checked(answer.body, roots, message, nonce=request.nonce)


def checked(token: bytes, roots: Sequence[x509.Certificate], message: bytes, *, nonce: int | None) -> Stamp:
    """The stamp in a raw answer, if it is one for this message by an authority that the roots vouch for.

    Raises:
        NotStamped: as ``obtain``.
    """
    try:
        response = rfc3161.decode_timestamp_response(der.in_order(token))
        if rfc3161.PKIStatus(response.status) is not rfc3161.PKIStatus.GRANTED:
            raise NotStamped("refused", " ".join(response.status_string) or f"status {response.status}")
        info = response.tst_info
        certificate = _signer(response)
        named = der.certificate_is_named(response.time_stamp_token(), certificate)
    except ValueError as error:
        raise NotStamped("malformed", str(error)) from error
    if nonce is not None and info.nonce != nonce:
        raise NotStamped("nonce", "the answer belongs to another question")
    imprint = info.message_imprint
    digest = hashlib.sha256(message).digest()
    if imprint.hash_algorithm.dotted_string != _SHA256 or imprint.message != digest:
        raise NotStamped("imprint", "the answer stamps something else")
    verifier = rfc3161.VerifierBuilder(roots=list(roots), nonce=nonce).build()
    try:
        verifier.verify(response, digest)
    except (rfc3161.VerificationError, ValueError) as error:
        reason = re.search(r'Verify error: ([^"]+)', str(error))  # out of the library's stack of errors
        raise NotStamped("untrusted", reason[1] if reason else str(error)) from error
    if not named:
        raise NotStamped("certificate", "the signature does not name the authority's certificate (ESSCertIDv2)")
    if nonce is not None and abs(info.gen_time - clock.now()) > CLOCKS_AGREE:
        raise NotStamped("clock", f"the authority says {info.gen_time:%Y-%m-%d %H:%M:%S}Z")
    signer = x509.load_der_x509_certificate(certificate)
    return Stamp(token, digest, info.gen_time, hashlib.sha256(certificate).digest(), signer.not_valid_after_utc)


def _signer(response: rfc3161.TimeStampResponse) -> bytes:
    """The certificate that the signature points to, out of those in the answer (DER)."""
    signers = response.signed_data.signer_infos
    if len(signers) != 1:
        raise ValueError("a token has exactly one signer")
    signer = signers.pop()
    for encoded in response.signed_data.certificates:
        certificate = x509.load_der_x509_certificate(encoded)
        if (certificate.issuer, certificate.serial_number) == (signer.issuer, signer.serial_number):
            return encoded
    raise ValueError("the authority's certificate is not in the answer")
