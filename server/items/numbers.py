"""How numbers are written: the register number of an item, the reference of its source."""

from __future__ import annotations

import re

_YEAR = re.compile(r"\s*[\[\(\uFF08【〔〈﹝]\s*(\d{4})\s*[\]\)\uFF09】〕〉﹞]\s*")
_SERIAL = re.compile(r"〕第?\s*0*(\d+)\s*号")
_DIGITS = {ord("\uff10") + n: str(n) for n in range(10)}


def register_no(year: int, seq: int) -> str:
    """The register number (登记编号): 〔〕 (U+3014, U+3015), no leading zero, no 第."""
    return f"督〔{year}〕{seq}号"


def normal_reference(text: str) -> str:
    """The reference of a source in one spelling, so that the same source is recognised again (R5).

    云府办发[2026]7号 and 云府办发 (2026) 第 007 号 become 云府办发〔2026〕7号.
    """
    spaced = _YEAR.sub(r"〔\1〕", " ".join(text.translate(_DIGITS).split()))
    return _SERIAL.sub(r"〕\1号", spaced)


def normal_name(name: str) -> str:
    """A leader's name without the blanks that some put between two characters."""
    return re.sub(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])", "", " ".join(name.split()))
