"""BagIt 1.0 (RFC 8493): the tag files around a payload whose digests are known. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


@dataclass(frozen=True, slots=True)
class Payload:
    """A file below ``data/``: path within the bag, SHA-256 and length."""

    path: str
    sha256: bytes
    length: int


def tag_files(payload: Sequence[Payload], info: Mapping[str, str]) -> dict[str, bytes]:
    """The four tag files by their paths, in the order in which they are written.

    Args:
        payload: every file of the payload; paths are ASCII without line breaks or per cent signs.
        info: further elements of ``bag-info.txt``; ``Payload-Oxum`` is added.
    """
    octets = sum(one.length for one in payload)
    elements = {**info, "Payload-Oxum": f"{octets}.{len(payload)}"}
    tags = {
        "bagit.txt": DECLARATION,
        "bag-info.txt": "".join(f"{label}: {_one_line(value)}\n" for label, value in elements.items()).encode(),
        "manifest-sha256.txt": "".join(f"{one.sha256.hex()}  {one.path}\n" for one in payload).encode("ascii"),
    }
    manifest = "".join(f"{hashlib.sha256(data).hexdigest()}  {path}\n" for path, data in tags.items())
    return {**tags, "tagmanifest-sha256.txt": manifest.encode("ascii")}


def _one_line(text: str) -> str:
    return " ".join(text.split())
