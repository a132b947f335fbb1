"""Rows of the inbox and of Web Push subscriptions."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Integer, Text, Timestamptz
from piccolo.table import Table


class NoticeRow(Table, tablename="notices"):
    """An entry of a person's inbox; one per cause and person."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    person_id = UUID(default=None)
    entry_id = UUID(default=None)
    kind = Text(default=None)
    subject_kind = Text(default=None)
    subject_id = UUID(default=None)
    params = JSONB(default="{}")
    created_at = Timestamptz(default=None)
    read_at = Timestamptz(default=None, null=True)


class SubscriptionRow(Table, tablename="push_subscriptions"):
    """A browser's push endpoint. Gone after 404/410 from the push service."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    person_id = UUID(default=None)
    device_id = UUID(default=None, null=True)
    endpoint = Text(default=None)
    p256dh = Text(default=None)
    auth = Text(default=None)
    created_at = Timestamptz(default=None)
    failures = Integer(default=0)
    last_failure = Text(default="")
