"""The text inside a file, as far as it can be had without a viewer: plain text, Office formats and the layer of a PDF.

Only for the search for markings (handbook B13): a few megabytes of it are enough, and a file that cannot be read gives
no text. What is a picture stays one: scans, and text that a program turned into outlines, are not found.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

from server.attachments.pdf import text_of_pdf

_MOST: Final = 4 * 1024 * 1024
_MEMBERS: Final = 2000
# Wherever somebody can write: the text itself, heads and feet, notes, comments, text boxes, diagrams, properties.
_PARTS: Final = re.compile(
    r"word/(document|header\d*|footer\d*|footnotes|endnotes|comments\w*|glossary/document|diagrams/data\d*)\.xml"
    r"|xl/(sharedStrings|workbook|worksheets/[^/]*|chartsheets/[^/]*|comments\d*|threadedComments/[^/]*|drawings/[^/]*"
    r"|diagrams/data\d*|tables/[^/]*)\.(xml|vml)"
    r"|ppt/(slides|notesSlides|notesMasters|handoutMasters|slideMasters|slideLayouts|comments|diagrams)/[^/]*\.xml"
    r"|docProps/(core|app|custom)\.xml|Doc_\d+/(Pages|Tpls)/[^/]*/Content\.xml|Doc_\d+/Annots/[^/]*/[^/]*\.xml",
    re.IGNORECASE,
)
# Ends of what is read by itself: paragraphs, cells, notes, heads. Never beyond the next tag: linear in what is sent.
_BREAK: Final = re.compile(
    r"</(?:\w{1,20}:)?(?:p|si|row|c|comment|threadedComment|TextCode|(?:odd|even|first)(?:Header|Footer)|lpwstr|vt|title"
    r"|subject|keywords|description|category)>|<w:(?:br|cr)\b[^<>]*>"
)
_TAG: Final = re.compile(r"<[^<>]*>")
# What stands in a tag and is read by people: names of sheets.
_NAMED: Final = re.compile(r'<(?:\w{1,20}:)?sheet\b[^<>]{0,400}?\bname="([^"<>]{0,200})"')
# In the head of a sheet &L &C &R say where, &"font" and &12 how.
_PLACED: Final = re.compile(r'&(?:[LCRBIUSXYEHOPNDTFAGZ]|"[^"<>]{0,100}"|\d{1,3}|K[0-9A-F]{6})')


def text_of(media_type: str, data: bytes) -> str:
    """Whatever text was found, paragraphs on lines of their own; empty when there is none to be had. Blocking."""
    if media_type.startswith("text/"):
        return "\n".join(_decoded(data[:_MOST]))
    if data.startswith(b"PK\x03\x04"):
        return "\n".join(_xml_texts(data))
    if data.startswith(b"%PDF-"):
        return text_of_pdf(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return "\n".join(_wide_texts(data[:_MOST]))
    return ""


def _decoded(data: bytes) -> Iterator[str]:
    """The text in every encoding that it can be in: without a mark nobody can tell, and a marking hides in none."""
    found = False
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            yield data.decode(encoding)
        except UnicodeDecodeError:
            continue
        found = True
        break
    if not found:
        yield data.decode("utf-8", "replace")
        yield data.decode("gb18030", "replace")
    yield from _wide_texts(data)


def _wide_texts(data: bytes) -> Iterator[str]:
    """As UTF-16 in both orders and from both kinds of byte; also how the old binary formats keep their text."""
    for first in (0, 1):
        for encoding in ("utf-16-le", "utf-16-be"):
            yield data[first:].decode(encoding, "replace")


def _xml_texts(data: bytes) -> Iterator[str]:
    left = _MOST
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist()[:_MEMBERS]:
                if left <= 0 or not _PARTS.fullmatch(name):
                    continue
                with archive.open(name) as part:  # read by the piece: what a small file unpacks to may be huge
                    raw = part.read(left)
                left -= len(raw)
                text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")
                yield from (html.unescape(name) for name in _NAMED.findall(text))
                yield _PLACED.sub(" ", html.unescape(_TAG.sub("", _BREAK.sub("\n", text))))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        return
