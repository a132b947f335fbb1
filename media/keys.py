"""Object keys. An original is named by its own digest, so equal bytes have one key and a key can
hold only one content.

    originals/<org>/<first two hex digits>/<sha256 hex>
    derived/<org>/<first two hex digits>/<sha256 hex of the original>/<name>
    attachments/<org>/<first two hex digits>/<sha256 hex>

The organisation is part of every key: it is the partition of storage as it is of the tables, and
one organisation's request can never be answered from another's bytes.
"""

import re
from uuid import UUID

ORIGINALS = "originals/"
DERIVED = "derived/"
ATTACHMENTS = "attachments/"
STAGING = "staging/"

_SHA256 = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
_KEY = re.compile(r"(?:originals|derived|attachments)(?:/[a-z0-9][a-z0-9._-]{0,99}){1,6}")
_UPLOAD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def original_key(org_id: UUID, sha256: str) -> str:
    """Key of an original. `sha256` is lower-case hex; raises ValueError for anything else."""
    return f"{ORIGINALS}{org_id}/{_sha256(sha256)[:2]}/{sha256}"


def attachment_key(org_id: UUID, sha256: str) -> str:
    """Key of a file handed in beside the evidence; as an original it is never deleted.

    Raises ValueError for anything but a digest in lower-case hex.
    """
    return f"{ATTACHMENTS}{org_id}/{_sha256(sha256)[:2]}/{sha256}"


def derivative_key(org_id: UUID, sha256: str, name: str) -> str:
    """Key of a copy drawn from the original with this digest.

    `name` says what it is and which recipe drew it, for instance `thumb-1.webp`, or
    `watermark-<capture>-1.jpg` where the copy depends on more than the original. Since nothing
    is replaced, a new recipe takes a new name. Raises ValueError unless the name is made of
    lower-case letters, digits, dots, hyphens and underscores.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a derivative name: {name!r}")
    return f"{DERIVED}{org_id}/{_sha256(sha256)[:2]}/{sha256}/{name}"


def is_original(key: str) -> bool:
    """Whether the key lies where nothing is ever deleted."""
    return key.startswith((ORIGINALS, ATTACHMENTS))


def checked_key(key: str) -> str:
    """The key itself, or ValueError: no adapter is handed a path that climbs out of its root."""
    if not _KEY.fullmatch(key):
        raise ValueError(f"not a media key: {key!r}")
    return key


def checked_upload_id(upload_id: str) -> str:
    """The upload id itself, or ValueError when it could not be one file name."""
    if not _UPLOAD.fullmatch(upload_id):
        raise ValueError(f"not an upload id: {upload_id!r}")
    return upload_id


def _sha256(value: str) -> str:
    if not _SHA256.fullmatch(value):
        raise ValueError(f"not a SHA-256 in lower-case hex: {value!r}")
    return value
