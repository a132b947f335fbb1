"""Reading one's inbox. A notice exists as long as what it is about exists for the reader."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from server.access.actor import Actor
from server.kit import db
from server.kit.errors import NotFound
from server.kit.keyset import PAGE, page, read_cursor
from server.push.schemas import Inbox, NoticeView
from server.visits.scope import visible_to

# A notice keeps no words of its own: what it is about is read when it is shown, in the reader's present scope.
COLUMNS: Final = "n.id, n.kind, n.subject_kind, n.subject_id, n.created_at, n.read_at, v.title AS visit_title"
SOURCE: Final = (
    "notices n JOIN visits v ON v.id = CASE n.subject_kind WHEN 'visit' THEN n.subject_id"
    " ELSE (SELECT nc.visit_id FROM captures nc WHERE nc.id = n.subject_id) END"
)

TITLE_KEYS: Final = {"assignment": "assigned", "query": "queried", "review": "reviewed", "answer": "answered"}


async def inbox(actor: Actor, *, cursor: str | None, limit: int = PAGE) -> Inbox:
    """A page of the reader's notices, the newest first."""
    key, last = read_cursor(cursor, datetime)
    condition, args = visible_to(actor, 4)
    rows = await db.fetch(
        f"SELECT {COLUMNS} FROM {SOURCE} WHERE n.person_id = $5 AND {condition}"
        " AND ($1::timestamptz IS NULL OR (n.created_at, n.id) < ($1, $2::uuid))"
        " ORDER BY n.created_at DESC, n.id DESC LIMIT $3",
        key,
        last,
        limit + 1,
        *args,
    )
    shown, following = page(list(rows), limit, "created_at")
    return Inbox(notices=tuple(notice_view(row) for row in shown), next_cursor=following)


async def notice(actor: Actor, notice_id: UUID) -> NoticeView:
    """One of the reader's notices.

    Raises:
        NotFound: none, or not the reader's.
    """
    condition, args = visible_to(actor, 2)
    row = await db.fetch_one(
        f"SELECT {COLUMNS} FROM {SOURCE} WHERE n.id = $1 AND n.person_id = $3 AND {condition}", notice_id, *args
    )
    if row is None:
        raise NotFound
    return notice_view(row)


def notice_view(row: Any) -> NoticeView:
    """A row of ``COLUMNS`` as a view."""
    return NoticeView(
        id=row["id"],
        kind=row["kind"],
        subject_kind=row["subject_kind"],
        subject_id=row["subject_id"],
        title_key=TITLE_KEYS.get(row["kind"], "other"),
        params={"visit": row["visit_title"]},
        created_at=row["created_at"],
        read_at=row["read_at"],
    )
