"""Rows of programmes, their versions and entries, and items put under an entry."""

from __future__ import annotations

from piccolo.columns import UUID, Array, Date, Integer, Text, Timestamptz
from piccolo.table import Table


class ProgrammeRow(Table, tablename="programmes"):
    """A programme: of which year or stage; what it holds lies in its versions."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    kind = Text(default=None)
    title = Text(default=None)
    from_on = Date(default=None)
    to_on = Date(default=None)
    created_by = UUID(default=None)
    created_at = Timestamptz(default=None)
    version = Integer(default=1)


class ProgrammeVersionRow(Table, tablename="programme_versions"):
    """A version; from ``most_visits`` visits to one object on, whoever plans another is warned."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    programme_id = UUID(default=None)
    no = Integer(default=None)
    state = Text(default=None)
    reason = Text(default="")
    most_visits = Integer(default=None, null=True)
    authors = Array(base_column=UUID())
    drafted_by = UUID(default=None)
    drafted_at = Timestamptz(default=None)
    submitted_by = UUID(default=None, null=True)
    submitted_at = Timestamptz(default=None, null=True)
    returned_why = Text(default="")
    approved_by = UUID(default=None, null=True)
    approved_at = Timestamptz(default=None, null=True)
    opinion = Text(default="")


class ProgrammeEntryRow(Table, tablename="programme_entries"):
    """An entry of a version; ``key`` stays the same through all versions. One unit is the object, or all of a kind."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    version_id = UUID(default=None)
    key = UUID(default=None)
    no = Integer(default=None)
    subject = Text(default=None)
    unit_id = UUID(default=None, null=True)
    unit_kind = Text(default=None, null=True)
    category = Text(default=None, null=True)
    from_on = Date(default=None)
    to_on = Date(default=None)
    visits = Integer(default=None)
    responsible_id = UUID(default=None)
    basis = Text(default=None)


class ProgrammeLinkRow(Table, tablename="programme_links"):
    """An item put under an entry, or with no key said to lie outside, and until when."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    programme_id = UUID(default=None)
    entry_key = UUID(default=None, null=True)
    item_id = UUID(default=None)
    linked_by = UUID(default=None)
    linked_at = Timestamptz(default=None)
    ended_by = UUID(default=None, null=True)
    ended_at = Timestamptz(default=None, null=True)
