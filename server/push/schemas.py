"""Wire shapes of the inbox and of Web Push subscriptions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from server.kit.structs import Input, View


class KeyView(View):
    """The installation's VAPID public key: an uncompressed P-256 point, base64url (RFC 8292)."""

    public_key: str


class Subscribe(Input):
    """Send notices to this browser. The same endpoint again replaces what was known of it."""

    id: UUID
    endpoint: Annotated[str, Meta(min_length=10, max_length=2000)]
    p256dh: Annotated[str, Meta(min_length=80, max_length=100, pattern="^[A-Za-z0-9_=-]+$")]
    auth: Annotated[str, Meta(min_length=16, max_length=40, pattern="^[A-Za-z0-9_=-]+$")]
    device_id: UUID | None = None


class SubscriptionView(View):
    """A browser that gets notices. The endpoint is a secret between browser and server: only its host is shown."""

    id: UUID
    host: str
    device_id: UUID | None
    created_at: datetime


class NoticeView(View):
    """An entry of one's inbox. The sentence is made from ``title_key`` by the reader's language."""

    id: UUID
    kind: str
    subject_kind: str
    subject_id: UUID
    title_key: str
    params: dict[str, str]
    created_at: datetime
    read_at: datetime | None


class Inbox(View):
    """A page of one's notices, the newest first."""

    notices: tuple[NoticeView, ...]
    next_cursor: str | None
