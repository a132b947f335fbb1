"""Reading attachments. Who may read one is decided by the word that it is attached to, before it calls these."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server.access.actor import Actor
from server.attachments.errors import ForeignAttachment
from server.attachments.schemas import AttachmentView
from server.journal.work import UnitOfWork
from server.kit import db
from server.kit.errors import NotFound


async def attachment_row(conn: db.Connection | UnitOfWork | None, org_id: UUID, attachment_id: UUID) -> Any:
    """The row of one attachment of the organisation, over a connection, a unit of work or (``None``) the pool.

    Raises:
        NotFound: no such attachment.
    """
    sql = "SELECT * FROM attachments WHERE id = $1 AND org_id = $2"
    if conn is None:
        row = await db.fetch_one(sql, attachment_id, org_id)
    else:
        opened: db.Connection = conn.conn if isinstance(conn, UnitOfWork) else conn
        row = await opened.fetchrow(sql, attachment_id, org_id)
    if row is None:
        raise NotFound
    return row


async def own_attachment(actor: Actor, attachment_id: UUID) -> Any:
    """The row of an attachment that the actor handed in.

    Raises:
        NotFound: no such attachment, or somebody else's.
    """
    row = await attachment_row(None, actor.org_id, attachment_id)
    if row["uploaded_by"] != actor.person_id:
        raise NotFound
    return row


async def must_be_own(work: UnitOfWork, actor: Actor, attachment_id: UUID | None) -> None:
    """Refuse to attach a file that the actor did not hand in himself: who knows an id must not read by it.

    Raises:
        ForeignAttachment: no such attachment of the actor's.
    """
    if attachment_id is None:
        return
    owner = await work.conn.fetchval(
        "SELECT uploaded_by FROM attachments WHERE id = $1 AND org_id = $2", attachment_id, actor.org_id
    )
    if owner is None or owner != actor.person_id:
        raise ForeignAttachment


def attachment_view(row: Any) -> AttachmentView:
    """An attachment's row as a view."""
    return AttachmentView(
        id=row["id"],
        name=row["name"],
        media_type=row["media_type"],
        size=row["bytes"],
        sha256=bytes(row["sha256"]).hex(),
    )
