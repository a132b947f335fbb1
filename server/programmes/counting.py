"""Which items and visits of a programme's period count under which entry, as of the end of a day: SQL (R106).

What counts was put under an entry by a person. What merely meets an entry's object and period is suggested there until
a person confirms it or says that it lies outside; nothing is covered by a resemblance. A visit goes with its item.

Everywhere: $1 the programme, $2 the version, $3 the end of the day. The period is that of the programme.
"""

from __future__ import annotations

from typing import Final

_DAY: Final = "({at} AT TIME ZONE 'Asia/Shanghai')::date"

# What was said of an item by then; an entry that the version no longer has says nothing.
_LINK: Final = (
    "LEFT JOIN (SELECT DISTINCT ON (l.item_id) l.item_id, l.entry_key FROM programme_links l"
    "  WHERE l.programme_id = $1 AND l.linked_at < $3 AND (l.ended_at IS NULL OR l.ended_at >= $3)"
    "  ORDER BY l.item_id, l.linked_at DESC) k ON k.item_id = {item}"
    "  AND (k.entry_key IS NULL OR EXISTS"
    "   (SELECT 1 FROM programme_entries x WHERE x.version_id = $2 AND x.key = k.entry_key))"
)
# Where an item stood at the end of a past day, by its trail.
_STOOD: Final = "(SELECT s.to_state FROM item_steps s WHERE s.item_id = i.id AND s.at < $3 ORDER BY s.seq DESC LIMIT 1)"


def items(visible: str, *, now: bool) -> str:
    """The items of the period: ``decided`` by a person or not, and the ``key`` of the entry under which they count.

    Args:
        visible: the condition on ``items i`` that the reader is bound by.
        now: whether the day is not over yet, so that an item stands where it stands.
    """
    day = _DAY.format(at="i.created_at")
    stood = "i.state" if now else _STOOD
    return (
        "SELECT q.* FROM (SELECT i.id, i.register_year, i.register_seq, i.title, i.created_at, i.category,"
        f" i.handling_unit_id AS unit_id, u.kind AS unit_kind, {day} AS day, {stood} AS stood,"
        " i.parent_id IS NULL AS whole, k.item_id IS NOT NULL AS decided, k.entry_key AS key"
        " FROM items i JOIN programmes pg ON pg.id = $1 LEFT JOIN units u ON u.id = i.handling_unit_id"
        f" {_LINK.format(item='i.id')}"
        f" WHERE {visible} AND i.created_at < $3 AND (k.entry_key IS NOT NULL"
        # The same condition twice: once for the index, once for the day as the office counts it.
        "  OR (i.created_at >= (pg.from_on - 1)::timestamptz AND i.created_at < (pg.to_on + 2)::timestamptz"
        f"   AND {day} BETWEEN pg.from_on AND pg.to_on))) q"
        # What was not taken up, or was merged into another, is not what was done.
        " WHERE q.stood NOT IN ('NOT_ESTABLISHED', 'MERGED')"
        # A part of an item counts only where it was put.
        " AND (q.whole OR q.key IS NOT NULL)"
    )


def visits(visible: str) -> str:
    """The visits of the period whose team had left the site, each with what was decided of its item."""
    day = _DAY.format(at="v.left_at")
    return (
        "SELECT v.id, v.title, v.state, v.left_at, v.object_unit_id AS unit_id, u.name AS unit_name,"
        f" u.kind AS unit_kind, vi.category, {day} AS day, k.item_id IS NOT NULL AS decided, k.entry_key AS key,"
        " vi.id AS item_id, vi.register_year, vi.register_seq, true AS whole"
        " FROM visits v JOIN items vi ON vi.id = v.item_id JOIN programmes pg ON pg.id = $1"
        f" LEFT JOIN units u ON u.id = v.object_unit_id {_LINK.format(item='v.item_id')}"
        f" WHERE {visible} AND v.left_at < $3 AND {day} BETWEEN pg.from_on AND pg.to_on"
    )


def suggestions(done: str) -> str:
    """What nobody has decided yet, under each entry whose object, category and period it meets.

    Args:
        done: the name under which the query holds what ``items`` or ``visits`` gave.
    """
    met = (
        "SELECT e.key AS entry, d.id FROM {done} d JOIN programme_entries e ON e.version_id = $2 AND e.{object}"
        " WHERE d.whole AND NOT d.decided AND (e.category IS NULL OR e.category = d.category)"
        " AND d.day BETWEEN e.from_on AND e.to_on"
    )
    return " UNION ALL ".join(
        met.format(done=done, object=one) for one in ("unit_id = d.unit_id", "unit_kind = d.unit_kind")
    )
