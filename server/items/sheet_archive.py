"""What a workbook may unpack to, part by part. Pure.

A .xlsx is a zip: a few KB can hold 90 MB of one part, and openpyxl reads some parts whole before the first row is
known. So each part has a limit of its own, taken from what the largest table of one import (20,000 rows) can need,
and the strings and cells in it are counted before anything is parsed.
"""

from __future__ import annotations

import re
import zipfile
from typing import Final

from server.items.planning_errors import WorkbookTooLarge

_MB: Final = 1024 * 1024
MAX_MEMBERS: Final = 2_000
# All parts together, and what is counted in them: 20,000 rows of 15 texts, or of 30 cells.
MAX_UNPACKED: Final = 48 * _MB
MAX_STRINGS: Final = 300_000
MAX_CELLS: Final = 600_000
# By name: the word for the message, and the largest size unpacked. Pictures are not unpacked by whoever reads tables,
# but a part is what the list of contents says it is, whatever its name, so nothing is without a limit.
PARTS: Final[tuple[tuple[str, re.Pattern[str], int], ...]] = (
    ("shared_strings", re.compile(r"xl/sharedStrings\.xml", re.IGNORECASE), 16 * _MB),
    ("sheet", re.compile(r"xl/worksheets/[^/]*\.xml", re.IGNORECASE), 32 * _MB),
    ("styles", re.compile(r"xl/(styles|theme/[^/]*)\.xml", re.IGNORECASE), 4 * _MB),
    ("media", re.compile(r"xl/(media|embeddings|drawings|charts)/.*", re.IGNORECASE), 10 * _MB),
)
_OTHER: Final = ("part", 1 * _MB)
_PIECE: Final = 1 * _MB
_COUNTED: Final = (
    ("strings", re.compile(rb"<(?:\w{1,20}:)?si[\s/>]"), MAX_STRINGS),
    ("cells", re.compile(rb"<(?:\w{1,20}:)?c[\s/>]"), MAX_CELLS),
)


def check_archive(archive: zipfile.ZipFile) -> None:
    """Refuse a workbook one of whose parts would unpack to more than its limit; no part is held whole for it.

    Raises:
        WorkbookTooLarge: ``params`` name the part (``limit``) and how much it may be (``most``).
    """
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise WorkbookTooLarge(params={"limit": "members", "most": MAX_MEMBERS})
    for one in members:
        limit, most = next(((word, most) for word, name, most in PARTS if name.fullmatch(one.filename)), _OTHER)
        if one.file_size > most:
            raise WorkbookTooLarge(params={"limit": limit, "most": most})
    if sum(one.file_size for one in members) > MAX_UNPACKED:
        raise WorkbookTooLarge(params={"limit": "unpacked", "most": MAX_UNPACKED})
    for one in members:
        if one.file_size > _PIECE:
            _count(archive, one)


def _count(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Count tags by the piece; one that lies across two pieces is missed, which does not matter here."""
    counts = dict.fromkeys((limit for limit, _, _ in _COUNTED), 0)
    with archive.open(member) as part:
        while piece := part.read(_PIECE):
            for limit, tag, most in _COUNTED:
                counts[limit] += sum(1 for _ in tag.finditer(piece))
                if counts[limit] > most:
                    raise WorkbookTooLarge(params={"limit": limit, "most": most})
