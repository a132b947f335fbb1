"""Which files are taken as attachments, by the ending of the name and by how their bytes begin. Pure.

What a sender says of a file's type is not believed: the type that is stored follows from the ending, and the bytes
must begin as such files do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_ZIP: Final = (b"PK\x03\x04",)
_OLE: Final = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file; ``begins`` are the possible first bytes, none for plain text."""

    media_type: str
    begins: tuple[bytes, ...] = ()


_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
KINDS: Final[dict[str, FileKind]] = {
    "pdf": FileKind("application/pdf", (b"%PDF-",)),
    "ofd": FileKind("application/ofd", _ZIP),
    "docx": FileKind(f"{_OFFICE}.wordprocessingml.document", _ZIP),
    "xlsx": FileKind(f"{_OFFICE}.spreadsheetml.sheet", _ZIP),
    "pptx": FileKind(f"{_OFFICE}.presentationml.presentation", _ZIP),
    "doc": FileKind("application/msword", _OLE),
    "xls": FileKind("application/vnd.ms-excel", _OLE),
    "ppt": FileKind("application/vnd.ms-powerpoint", _OLE),
    "wps": FileKind("application/vnd.ms-works", (*_OLE, *_ZIP)),
    "et": FileKind("application/vnd.wps-et", (*_OLE, *_ZIP)),
    "jpg": FileKind("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": FileKind("image/jpeg", (b"\xff\xd8\xff",)),
    "png": FileKind("image/png", (b"\x89PNG\r\n\x1a\n",)),
    "webp": FileKind("image/webp", (b"RIFF",)),
    "tif": FileKind("image/tiff", (b"II*\x00", b"MM\x00*")),
    "tiff": FileKind("image/tiff", (b"II*\x00", b"MM\x00*")),
    "txt": FileKind("text/plain"),
    "csv": FileKind("text/csv"),
}

# Shown on the page itself; everything else is offered for saving.
SHOWN_INLINE: Final = frozenset({"image/jpeg", "image/png", "image/webp", "application/pdf"})


def kind_of(name: str, data: bytes) -> FileKind | None:
    """The kind of a file, or ``None`` when it is none of those taken, or does not begin as its name says."""
    kind = KINDS.get(name.rpartition(".")[2].lower()) if "." in name else None
    if kind is None or (kind.begins and not data.startswith(kind.begins)):
        return None
    if not kind.begins and b"\x00" in data[:4096]:
        return None
    return kind
