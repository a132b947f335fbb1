"""The text layer of a PDF, read by a process of its own that is held to seconds and megabytes.

A PDF can be made so that reading it takes for ever or all memory, and a thread cannot be stopped; so the reader
(pypdf) runs outside, with limits of the operating system, and whatever it found in its time counts.
"""

from __future__ import annotations

import io
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final

SECONDS: Final = 5
PAGES: Final = 100
MOST: Final = 1024 * 1024
_MEMORY: Final = 512 * 1024 * 1024
_PATIENCE: Final = 3 * SECONDS  # by the clock on the wall, on a busy machine
_AT_ONCE: Final = threading.BoundedSemaphore(2)


def text_of_pdf(data: bytes) -> str:
    """What text of the first pages, notes on them and properties was found in time. Blocking."""
    with _AT_ONCE, suppress(OSError):
        reader = subprocess.Popen(  # noqa: S603 (this very file)
            [sys.executable, "-I", str(Path(__file__))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        try:
            out, _ = reader.communicate(data, timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            reader.kill()
            out, _ = reader.communicate()
        return out[: 4 * MOST].decode("utf-8", "replace")
    return ""


def _restrain() -> None:
    """No more processor time and memory than a marking is worth."""
    import resource

    limits = (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_AS, _MEMORY), (resource.RLIMIT_FSIZE, 0)
    for limit, most in limits:
        with suppress(ValueError, OSError):  # each for itself: macOS refuses the one of memory
            resource.setrlimit(limit, (most, most))


def main() -> None:
    """Write the text found in the PDF on standard input, page by page, so that a late end keeps the early pages."""
    import logging

    from pypdf import PdfReader

    _restrain()
    logging.disable(logging.CRITICAL)
    left = MOST
    reader = PdfReader(io.BytesIO(sys.stdin.buffer.read()), strict=False)
    if reader.is_encrypted:
        reader.decrypt("")  # locked for changes only, as many are
    with suppress(Exception):
        _tell("\n".join(str(value) for value in (reader.metadata or {}).values()))
    for number, page in enumerate(reader.pages):
        if number >= PAGES or left <= 0:
            break
        with suppress(Exception):  # a page that cannot be read hides no other
            text = page.extract_text()[:left]
            left -= len(text)
            _tell(text)
        with suppress(Exception):
            for note in page.get("/Annots") or ():
                _tell(str(note.get_object().get("/Contents", "")))


def _tell(text: str) -> None:
    sys.stdout.buffer.write(text.encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
