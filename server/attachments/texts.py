"""The text inside a file, as far as it can be had without a viewer: plain text and the Office formats made of XML.

Only for the search for markings (handbook B13): a few megabytes of it are enough, and a file that cannot be read gives
no text. PDF and the old binary formats are not looked into.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

_MOST: Final = 4 * 1024 * 1024
_PARTS: Final = re.compile(
    r"(word/(document|header\d*|footer\d*|footnotes)|xl/sharedStrings|xl/worksheets/sheet\d+|ppt/slides/slide\d+"
    r"|docProps/(core|app|custom)|Doc_\d+/Pages/Page_\d+/Content)\.xml"
)
# Never beyond the next tag: linear, whatever is sent.
_BREAK: Final = re.compile(r"</(?:w:p|a:p|si|row|ofd:TextCode)>|<w:br[^<>]*>")
_TAG: Final = re.compile(r"<[^<>]*>")


def text_of(media_type: str, data: bytes) -> str:
    """Whatever text was found, paragraphs on lines of their own; empty when there is none to be had."""
    if media_type.startswith("text/"):
        return _decoded(data[:_MOST])
    if data.startswith(b"PK\x03\x04"):
        return "\n".join(_xml_texts(data))
    return ""


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", "replace")


def _xml_texts(data: bytes) -> Iterator[str]:
    left = _MOST
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist()[:2000]:
                if left <= 0 or not _PARTS.fullmatch(name):
                    continue
                with archive.open(name) as part:  # read by the piece: what a small file unpacks to may be huge
                    raw = part.read(left)
                left -= len(raw)
                yield _TAG.sub("", _BREAK.sub("\n", raw.decode("utf-8", "replace")))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        return
