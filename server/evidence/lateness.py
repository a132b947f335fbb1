"""From when on a statement counts as late: received long after the shutter. Flagged, never refused (R86)."""

from __future__ import annotations

from datetime import timedelta

_after_ms = 48 * 3_600_000


def hold(after: timedelta) -> None:
    """Set the time (``ZHICHA_LATE_HOURS``); called by the composition root."""
    global _after_ms
    _after_ms = int(after.total_seconds() * 1000)


def is_late(wall_ms: int, received_ms: int) -> bool:
    """Whether so much time lay between the shutter, by the phone's own clock, and the arrival."""
    return received_ms - wall_ms > _after_ms
