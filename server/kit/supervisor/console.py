"""Progress on the terminal: one short line per step, with the time since the start, in both languages."""

import sys
import time

import segno

# White on black from the fixed part of the palette, which no theme of a terminal changes.
_INK, _PLAIN = "\033[38;5;231;48;5;16m", "\033[0m"


class Console:
    """Writes to standard error, so that a command's result on standard output stays clean."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def step(self, zh: str, en: str) -> None:
        """One finished step, or one thing that happened."""
        print(f"{time.monotonic() - self._began:7.1f} s  {zh} · {en}", file=sys.stderr, flush=True)

    def plain(self, text: str = "") -> None:
        print(text, file=sys.stderr, flush=True)


def beside(*captioned: tuple[str, str]) -> str:
    """QR codes side by side, each `(caption, content)`, in half-height blocks that fit a terminal of 80 columns.

    On a terminal they bring their own colours: on a light one they would be inverted, which many scanners cannot read.
    """
    ink, paper = (_INK, _PLAIN) if sys.stderr.isatty() else ("", "")
    columns = [_qr_lines(content) for _caption, content in captioned]
    width = max(len(line) for lines in columns for line in lines)
    height = max(map(len, columns))
    captions = "   ".join(_pad(caption, width) for caption, _content in captioned)
    rows = (
        "   ".join(f"{ink}{lines[at]}{paper}" if at < len(lines) else " " * width for lines in columns)
        for at in range(height)
    )
    return "\n".join((captions, *rows))


def _qr_lines(content: str) -> list[str]:
    """Dark modules as gaps and light ones as blocks: right on dark terminals."""
    modules = [list(row) for row in segno.make(content, error="l", micro=False).matrix_iter(border=2)]
    if len(modules) % 2:
        modules.append([0] * len(modules[0]))
    glyphs = {(0, 0): "█", (0, 1): "▀", (1, 0): "▄", (1, 1): " "}
    pairs = zip(modules[::2], modules[1::2], strict=True)
    return ["".join(glyphs[a & 1, b & 1] for a, b in zip(top, bottom, strict=True)) for top, bottom in pairs]


def _pad(text: str, width: int) -> str:
    shown = sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)
    return text + " " * max(0, width - shown)
