"""Text on pictures: one carried font, measured lines, ellipses, and boxes for characters it does not have."""

import re
import unicodedata
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from PIL import ImageFont

FONT_FILE = Path(__file__).parent.parent / "fonts" / "noto-sans-cjk-sc-subset.otf"
ELLIPSIS = "…"

_MOST_TEXT = 400
_WORD = re.compile(r"[A-Za-z0-9]+")
_NEVER_AT_LINE_START = frozenset("，。、；：？！）】》」』〕”’…·,.;:?!)]}%‰")


@lru_cache(maxsize=1)
def _font_bytes() -> bytes:
    return FONT_FILE.read_bytes()


@lru_cache(maxsize=64)
def font(size: int) -> ImageFont.FreeTypeFont:
    """The carried font at `size` pixels. Simple layout: Chinese and Latin need no shaping."""
    return ImageFont.truetype(BytesIO(_font_bytes()), size, layout_engine=ImageFont.Layout.BASIC)


def plain(text: str) -> str:
    """One line of visible text: control, direction and zero-width characters are gone, blanks are single.

    More than 400 characters no band can hold. What remains may still have no glyph; the font
    draws its crossed box for it.
    """
    text = text[:_MOST_TEXT]
    kept = (" " if ch.isspace() else ch for ch in text if ch.isspace() or unicodedata.category(ch)[0] != "C")
    return " ".join("".join(kept).split())


def width(text: str, size: int) -> int:
    """Pixels the text advances by."""
    return round(font(size).getlength(text))


def fitted(text: str, size: int, room: int) -> str:
    """The text, or as much of its beginning as `room` pixels hold with an ellipsis."""
    if width(text, size) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width(text[:middle].rstrip() + ELLIPSIS, size) <= room:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + ELLIPSIS


def wrapped(text: str, size: int, room: int, most: int) -> list[str]:
    """Up to `most` lines of at most `room` pixels; the last ends in an ellipsis if more was to be said.

    Breaks between any two Chinese characters but not inside a Latin word that fits a line, and puts no
    closing punctuation at the start of a line. Lines that suffice are made about equally long, so that
    no single character is left on the last one.
    """
    lines = _filled(text, size, room)
    if len(lines) > most:
        rest = text
        for line in lines[: most - 1]:
            rest = rest[len(line) :].lstrip()
        return [*lines[: most - 1], fitted(rest, size, room)]
    low = min(room, max((width(word, size) for word in _WORD.findall(text)), default=1))
    high = room
    while low < high:
        middle = (low + high) // 2
        if len(_filled(text, size, middle)) <= len(lines):
            high = middle
        else:
            low = middle + 1
    return _filled(text, size, low)


def _filled(text: str, size: int, room: int) -> list[str]:
    lines: list[str] = []
    rest = text
    while rest:
        end = len(rest) if width(rest, size) <= room else _break(rest, size, room)
        lines.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return lines


def _break(text: str, size: int, room: int) -> int:
    end = 1
    while end < len(text) and width(text[: end + 1], size) <= room:
        end += 1
    at = end
    while at > 1 and (text[at] in _NEVER_AT_LINE_START or _within_word(text, at)):
        at -= 1
    return at if at > 1 else end


def _within_word(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    return before.isascii() and after.isascii() and before.isalnum() and after.isalnum()
