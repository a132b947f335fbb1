"""The one source of time, so that tests can hold it still.

Instants are timezone-aware UTC; people see Asia/Shanghai.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_source: Callable[[], datetime] = lambda: datetime.now(UTC)  # noqa: E731  (a replaceable function, not a def)


def now() -> datetime:
    """The current instant in UTC, microsecond precision."""
    return _source()


def now_ms() -> int:
    """Milliseconds since the epoch, as signed statements and receipts carry them."""
    return to_ms(now())


def to_ms(instant: datetime) -> int:
    """Whole milliseconds since the epoch of an aware instant, rounded down."""
    return int(instant.timestamp() * 1_000_000) // 1000


def from_ms(milliseconds: int) -> datetime:
    """The UTC instant of a count of milliseconds since the epoch.

    Raises:
        ValueError: the count lies outside the years 1–9999.
    """
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (OverflowError, OSError) as error:
        raise ValueError(f"{milliseconds} ms is not an instant") from error


@contextmanager
def held_at(source: Callable[[], datetime]) -> Iterator[None]:
    """Replace the clock for the length of a ``with`` block (tests, as-of reports)."""
    global _source
    previous, _source = _source, source
    try:
        yield
    finally:
        _source = previous
