"""The memory of a browser's renderer while something happens: its peak, not what is left of it afterwards."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

_PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)
EVERY_S = 0.05


@dataclass
class Peak:
    """The highest memory seen of one renderer, in MB, and what was counted."""

    mb: float = 0
    kind: str = "PSS"


def renderers(profile: Path) -> list[psutil.Process]:
    """The renderer processes of the browser on this profile."""
    mine, found = f"--user-data-dir={profile}", []
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            command = process.cmdline()
            if "--type=renderer" in command and (mine in command or _browser_of(process, mine)):
                found.append(process)
    return found


def _browser_of(process: psutil.Process, mine: str) -> bool:
    return any(mine in parent.cmdline() for parent in process.parents())


def _memory(process: psutil.Process) -> tuple[float, str]:
    """What the process alone occupies (its share of shared pages); where the system does not say so, all of it."""
    with suppress(OSError):
        found = _PSS.search(Path(f"/proc/{process.pid}/smaps_rollup").read_text())
        if found:
            return int(found[1]) * 1024 / 1e6, "PSS"
    return process.memory_info().rss / 1e6, "RSS"


@contextmanager
def peak_memory(profile: Path) -> Iterator[Peak]:
    """Look again and again from another thread; the largest renderer counts, others are spare ones."""
    peak, done = Peak(), threading.Event()

    def look() -> None:
        looks, watched = 0, list[psutil.Process]()
        while not done.is_set():
            if looks % 10 == 0:  # asking for the processes costs more than asking one of them for its memory
                watched = renderers(profile)
            for process in watched:
                with suppress(psutil.Error):
                    mb, kind = _memory(process)
                    if mb > peak.mb:
                        peak.mb, peak.kind = mb, kind
            looks += 1
            done.wait(EVERY_S)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield peak
    finally:
        done.set()
        looking.join()
