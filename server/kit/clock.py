"""The one source of time, so that tests can hold it still.

Instants are timezone-aware UTC; people see Asia/Shanghai.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
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


def day_of(instant: datetime) -> date:
    """The office's day, that of Asia/Shanghai, on which an instant falls."""
    return instant.astimezone(SHANGHAI).date()


def today() -> date:
    """The office's day now."""
    return day_of(now())


def start_of_day(day: date) -> datetime:
    """The instant at which a day begins in the office."""
    return datetime.combine(day, time(), SHANGHAI)


def end_of_day(day: date) -> datetime:
    """The instant at which a day ends in the office: 24:00 of Asia/Shanghai."""
    if day == date.max:  # asked for by hand in an address: there is no day after it
        return datetime.max.replace(tzinfo=UTC)
    return start_of_day(day + timedelta(days=1))


def last_day(instant: datetime) -> date:
    """The last whole or partial day before an instant: 24:00 of the 25th belongs to the 25th."""
    return day_of(instant - timedelta(microseconds=1))


@contextmanager
def held_at(source: Callable[[], datetime]) -> Iterator[None]:
    """Replace the clock for the length of a ``with`` block (tests, as-of reports)."""
    global _source
    previous, _source = _source, source
    try:
        yield
    finally:
        _source = previous
