"""QR codes as others read them: an independent decoder looks at the picture that people see (zxing-cpp)."""

from __future__ import annotations

import io
import random
import re
from pathlib import Path

import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

_SGR = re.compile(r"\033\[([0-9;]*)m")
_HALVES = {"█": (1, 1), "▀": (1, 0), "▄": (0, 1)}


def codes_in(picture: bytes | Path | Image.Image) -> list[str]:
    """What the codes of a picture say, from the top. Light on dark does not count: not every scanner reads that."""
    image = picture if isinstance(picture, Image.Image) else Image.open(_opened(picture))
    found = zxingcpp.read_barcodes(image.convert("L"), formats=zxingcpp.BarcodeFormat.QRCode, try_invert=False)
    return [one.text for one in sorted(found, key=lambda one: (one.position.top_left.y, one.position.top_left.x))]


def _opened(picture: bytes | Path) -> io.BytesIO:
    return io.BytesIO(picture if isinstance(picture, bytes) else picture.read_bytes())


def photographed(picture: bytes, *, width: int, tilt: float = 6, blur: float = 0.8) -> Image.Image:
    """As somebody photographs it by hand: smaller, tilted, seen from one side, unsharp, in dim light, with noise."""
    page = Image.open(_opened(picture)).convert("L")
    page = page.resize((width, round(page.height * width / page.width)), Image.Resampling.LANCZOS)
    table = Image.new("L", (round(page.width * 1.2), round(page.height * 1.2)), 90)
    table.paste(page, (round(page.width * 0.1), round(page.height * 0.1)))
    wide, high = table.size
    askew = (0, 0, wide * 0.03, high * 1.02, wide * 0.98, high * 0.99, wide, high * 0.02)
    table = table.transform(table.size, Image.Transform.QUAD, askew, Image.Resampling.BICUBIC)
    table = table.rotate(tilt, Image.Resampling.BICUBIC, fillcolor=90).filter(ImageFilter.GaussianBlur(blur))
    noise = Image.frombytes("L", table.size, random.Random(1).randbytes(wide * high))
    return Image.blend(table.point(lambda light: 40 + light * 0.6), noise, 0.08)


def on_terminal(text: str, *, ink: int, paper: int, cell: tuple[int, int] = (9, 19)) -> Image.Image:
    """The text as a terminal of these colours (0 is black) paints its blocks; letters are left out.

    Of the colours that the text asks for those of the fixed grey palette are known (38;5;231 and 48;5;16).
    """
    lines = text.splitlines()
    wide, high = cell
    columns = max(len(_SGR.sub("", line)) for line in lines)
    image = Image.new("L", ((columns + 4) * wide, (len(lines) + 4) * high), paper)
    draw = ImageDraw.Draw(image)
    for row, line in enumerate(lines, 2):
        fore, back, column = ink, paper, 2
        for at, piece in enumerate(_SGR.split(line)):
            if at % 2:
                fore, back = {"38;5;231;48;5;16": (255, 0), "0": (ink, paper)}[piece]
                continue
            for letter in piece:
                x, y = column * wide, row * high
                upper, lower = _HALVES.get(letter, (0, 0))
                draw.rectangle((x, y, x + wide - 1, y + high // 2 - 1), fore if upper else back)
                draw.rectangle((x, y + high // 2, x + wide - 1, y + high - 1), fore if lower else back)
                column += 1
    return image
