"""The headers of tus 1.0.0 (https://tus.io/protocols/resumable-upload), read strictly and without a
web framework.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING

from media.uploads.errors import (
    BadUploadHeader,
    BadUploadMetadata,
    EmptyUpload,
    TooLarge,
    UnsupportedChecksum,
    UnsupportedVersion,
    WrongContentType,
)

if TYPE_CHECKING:
    from hashlib import _Hash

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,checksum,expiration,termination"
CHECKSUMS = ("sha256", "sha1")
BODY_TYPE = "application/offset+octet-stream"

_NUMBER = re.compile(r"[0-9]{1,18}")
_META_KEY = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_MOST_META_PAIRS = 32


@dataclass(frozen=True, slots=True)
class Checksum:
    """What the body of one request must hash to."""

    algorithm: str
    digest: bytes

    def hasher(self) -> "_Hash":
        """A new hash of this algorithm."""
        return hashlib.new(self.algorithm, usedforsecurity=False)


def require_version(value: str | None) -> None:
    """Raise UnsupportedVersion unless `Tus-Resumable` is 1.0.0."""
    if value != VERSION:
        raise UnsupportedVersion(f"Tus-Resumable must be {VERSION}")


def require_body_type(value: str | None) -> None:
    """Raise WrongContentType unless the body is `application/offset+octet-stream`."""
    if value is None or value.split(";", 1)[0].strip().lower() != BODY_TYPE:
        raise WrongContentType(f"Content-Type must be {BODY_TYPE}")


def upload_length(value: str | None, most: int) -> int:
    """The announced size in bytes. Raises BadUploadHeader, EmptyUpload, or TooLarge above `most`."""
    length = _number("Upload-Length", value)
    if length == 0:
        raise EmptyUpload("Upload-Length is 0")
    if length > most:
        raise TooLarge(f"at most {most} bytes")
    return length


def upload_offset(value: str | None) -> int:
    """Where the body belongs, in bytes from the start. Raises BadUploadHeader."""
    return _number("Upload-Offset", value)


def metadata(value: str | None) -> dict[str, str]:
    """`Upload-Metadata` as text by key; a key without value has "". Raises BadUploadMetadata."""
    pairs: dict[str, str] = {}
    for part in (value or "").split(","):
        if not part.strip():
            continue
        key, _, encoded = part.strip().partition(" ")
        if not _META_KEY.fullmatch(key) or key in pairs or len(pairs) == _MOST_META_PAIRS:
            raise BadUploadMetadata(f"key {key[:64]!r}")
        try:
            pairs[key] = base64.b64decode(encoded.strip(), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise BadUploadMetadata(f"value of {key}") from None
    return pairs


def written_metadata(pairs: Mapping[str, str]) -> str:
    """`Upload-Metadata` as a client would have written it."""
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items())


def checksum(value: str | None) -> Checksum | None:
    """`Upload-Checksum`, or None when absent. Raises UnsupportedChecksum or BadUploadHeader."""
    if value is None:
        return None
    algorithm, _, encoded = value.strip().partition(" ")
    algorithm = algorithm.lower()
    if algorithm not in CHECKSUMS:
        raise UnsupportedChecksum(f"one of {', '.join(CHECKSUMS)}")
    try:
        digest = base64.b64decode(encoded.strip(), validate=True)
    except binascii.Error:
        raise BadUploadHeader("Upload-Checksum is not base64") from None
    if len(digest) != hashlib.new(algorithm, usedforsecurity=False).digest_size:
        raise BadUploadHeader(f"Upload-Checksum is no {algorithm}")
    return Checksum(algorithm, digest)


def expires(at: datetime) -> str:
    """`Upload-Expires` for an instant, as an HTTP date."""
    return format_datetime(at.astimezone(UTC), usegmt=True)


def discovery(most: int) -> Mapping[str, str]:
    """Headers of the answer to OPTIONS."""
    return {
        "Tus-Resumable": VERSION,
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(most),
        "Tus-Checksum-Algorithm": ",".join(CHECKSUMS),
    }


def _number(name: str, value: str | None) -> int:
    if value is None or not _NUMBER.fullmatch(value):
        raise BadUploadHeader(f"{name} must be a whole number of bytes")
    return int(value)
