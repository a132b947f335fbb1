"""What «overdue» and «reported» mean, as SQL over ``items`` (R37): computed, never stored.

Overdue is an open item whose limit is over while its clock runs. It counts as reported (逾期已报告) when a written
report came in time, before the limit of that day was over, and no extension has been granted since; without one it
is 逾期不报. A suspension sets no new limit, so a report before it still counts after it.
"""

from __future__ import annotations

from typing import Final

from server.items.lifecycle import ItemState

# Where the unit owes something: from the handing over until its report is in. What stands still owes nothing.
OWING: Final = (ItemState.ASSIGNED, ItemState.IN_PROGRESS)

_STATES: Final = ", ".join(f"'{state}'" for state in OWING)


def overdue(now: str, item: str = "i") -> str:
    """The condition that an item is overdue.

    Args:
        now: the parameter that holds the instant, for example ``$3``.
        item: alias of ``items`` in the query.
    """
    return f"({item}.due_at < {now}::timestamptz AND {item}.state IN ({_STATES}))"


def reported(item: str = "i") -> str:
    """The condition that a written report of the unit that handles it came in time for the limit in force."""
    return (
        f"EXISTS (SELECT 1 FROM item_written_reports wr WHERE wr.item_id = {item}.id AND wr.in_time"
        f" AND wr.unit_id = {item}.handling_unit_id"
        " AND wr.filed_at > coalesce((SELECT max(wx.decided_at) FROM item_extensions wx"
        f" WHERE wx.item_id = {item}.id AND wx.state = 'GRANTED'), '-infinity'))"
    )


def extension_count(item: str = "i") -> str:
    """How many extensions were granted."""
    return f"(SELECT count(*) FROM item_extensions cx WHERE cx.item_id = {item}.id AND cx.state = 'GRANTED')"
