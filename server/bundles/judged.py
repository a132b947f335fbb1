"""Was evidence time-stamped before somebody judged it? Material that came after a decision cannot support it."""

from __future__ import annotations

from datetime import datetime


def precedes(size: int, attested: datetime, kept: datetime, *, judged: datetime, index: int | None) -> bool:
    """Whether a stamp was there when the judgement was made.

    Three things must agree: the time that the authority ``attested``, our own record of when its answer was ``kept``,
    and the order of the log, in which a checkpoint that holds the judgement is no older than it. Outsiders can check
    the first and the last.

    Args:
        size: leaves of the stamped checkpoint.
        attested: the authority's time.
        kept: when its answer came, by our clock.
        judged: when the judgement was recorded.
        index: the judgement's place in the log, if it has one yet.
    """
    return max(attested, kept) <= judged and (index is None or size <= index)
