"""The years that come with the program: the country's are in force from the start, a region's are samples to import."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec

from server.calendars.notice import OffRange, read_notice
from server.calendars.rules import Calendar, YearRules

_DATA: Final = Path(__file__).parent / "data"


@cache
def notices() -> tuple[dict[str, Any], ...]:
    """Every shipped notice as it would be imported: year, region, source, off, work."""
    return tuple(msgspec.json.decode(path.read_bytes()) for path in sorted(_DATA.glob("*.json")))


@cache
def national() -> Calendar:
    """The country's years that come with the program, each as its version 1."""
    return Calendar({one["year"]: _read(one) for one in notices() if not one["region"]})


def _read(one: dict[str, Any]) -> YearRules:
    off = [OffRange(row["from"], row["to"], row["name"]) for row in one["off"]]
    return read_notice(one["year"], 1, one["region"], one["source"], off, one["work"])
