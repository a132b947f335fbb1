"""Rows of circulation."""

from __future__ import annotations

from piccolo.columns import UUID, Date, Integer, Text, Timestamptz
from piccolo.table import Table


class CirculationRow(Table, tablename="circulations"):
    """A document on its way over the desks, or the stub of one that goes by the confidential channel."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    kind = Text(default="DOCUMENT")
    # ``class`` is a word of Python, so the column is named apart from the attribute.
    desk_class = Text(default="NORMAL", db_column_name="class")
    title = Text(default="")
    reference = Text(default="")
    serial = Text(default="")
    item_id = UUID(default=None, null=True)
    received_at = Timestamptz(default=None)
    state = Text(default="PREPARED")
    opened_by = UUID(default=None)
    opened_at = Timestamptz(default=None)
    returned_at = Timestamptz(default=None, null=True)
    return_note = Text(default="")
    version = Integer(default=1)


class DeskRow(Table, tablename="circulation_desks"):
    """One stay on one desk; the limit is frozen at delivery, the outcome when it leaves the desk."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    circulation_id = UUID(default=None)
    position = Integer(default=None)
    hop = Integer(default=0)
    leader_id = UUID(default=None)
    way = Text(default="DESK")
    way_note = Text(default="")
    delivered_at = Timestamptz(default=None, null=True)
    delivered_by = UUID(default=None, null=True)
    due_at = Timestamptz(default=None, null=True)
    due_rule = Text(default=None, null=True)
    due_words = Text(default=None, null=True)
    due_words_en = Text(default=None, null=True)
    due_pack = Text(default=None, null=True)
    left_at = Timestamptz(default=None, null=True)
    outcome = Text(default=None, null=True)
    instruction = Text(default="")
    entered_by = UUID(default=None, null=True)
    reminded_at = Timestamptz(default=None, null=True)


class AbsenceRow(Table, tablename="absences"):
    """A leader is away on these days, both included."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    person_id = UUID(default=None)
    from_on = Date(default=None)
    to_on = Date(default=None)
    reason = Text(default="")
    marked_by = UUID(default=None)
    marked_at = Timestamptz(default=None)
    cancelled_at = Timestamptz(default=None, null=True)
    version = Integer(default=1)
