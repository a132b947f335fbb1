"""Rows of the journal and of the change feed."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, BigInt, Bytea, Text, Timestamptz
from piccolo.table import Table


class EntryRow(Table, tablename="journal_entries"):
    """One recorded act. A trigger refuses UPDATE and DELETE."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    kind = Text(default=None)
    subject_kind = Text(default=None)
    subject_id = UUID(default=None)
    actor_id = UUID(default=None, null=True)
    command_id = UUID(default=None, null=True)
    at = Timestamptz(default=None)
    data = JSONB(default="{}")


class CommandRow(Table, tablename="commands"):
    """A command that came from outside, so that a second delivery is answered and not applied."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    person_id = UUID(default=None)
    kind = Text(default=None)
    body_sha256 = Bytea(default=None)
    result = JSONB(default="{}")
    applied_at = Timestamptz(default=None)


class FeedCounterRow(Table, tablename="feed_counters"):
    """The last numbers of an organisation, of changes told and of acts; taken last in a transaction (gap-free)."""

    org_id = UUID(primary_key=True, default=None)
    n = BigInt(default=0)
    acts = BigInt(default=0)


class FeedChangeRow(Table, tablename="feed_changes"):
    """Something changed. ``person_id`` narrows a change to one person (``gone``: left that person's scope)."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    n = BigInt(default=None)
    kind = Text(default=None)
    subject_id = UUID(default=None)
    person_id = UUID(default=None, null=True)
    op = Text(default="put")
