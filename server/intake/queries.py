"""Reading the tray within the actor's organisation."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from server.access.actor import Actor
from server.access.schemas import NamedView, named
from server.attachments.queries import attachment_view
from server.attachments.schemas import AttachmentView
from server.intake.lifecycle import LIFECYCLE, MatterState
from server.intake.schemas import MatterList, MatterView, Where
from server.intake.scope import visible_to
from server.items.intake_queries import intake_hours
from server.items.numbers import register_no
from server.kit import clock, db
from server.kit.errors import NotFound
from server.kit.keyset import PAGE, page, read_cursor
from server.kit.lifecycle import allowed_acts, next_step

_MATTER: Final = (
    "SELECT m.*, e.name AS enterer_name, s.name AS settler_name, i.register_year, i.register_seq"
    " FROM intake_matters m JOIN people e ON e.id = m.entered_by LEFT JOIN people s ON s.id = m.settled_by"
    " LEFT JOIN items i ON i.id = m.item_id"
)


async def matters(actor: Actor, *, where: Where, cursor: str | None, limit: int = PAGE) -> MatterList:
    """A page of the tray: what waits with the longest received first, so that what is late stands at the head."""
    key, last = read_cursor(cursor, datetime)
    condition, args = visible_to(actor, 4)
    if where is Where.WAITING:
        column, narrowed = "received_at", "m.state = 'WAITING'"
        order, past = "m.received_at, m.id", "(m.received_at, m.id) > ($1, $2::uuid)"
    else:
        column, narrowed = "settled_at", "m.state <> 'WAITING'"
        order, past = "m.settled_at DESC, m.id DESC", "(m.settled_at, m.id) < ($1, $2::uuid)"
    rows = await db.fetch(
        f"{_MATTER} WHERE {condition} AND {narrowed} AND ($1::timestamptz IS NULL OR {past}) ORDER BY {order} LIMIT $3",
        key,
        last,
        limit + 1,
        *args,
    )
    shown, following = page(list(rows), limit, column)
    files = await _files([row["id"] for row in shown])
    return MatterList(
        matters=tuple(_view(actor, row, files[row["id"]]) for row in shown),
        within_hours=await intake_hours(actor),
        next_cursor=following,
    )


async def matter(actor: Actor, matter_id: UUID) -> MatterView:
    """One received matter.

    Raises:
        NotFound: no such matter.
    """
    condition, args = visible_to(actor, 2)
    row = await db.fetch_one(f"{_MATTER} WHERE m.id = $1 AND {condition}", matter_id, *args)
    if row is None:
        raise NotFound
    return _view(actor, row, (await _files([matter_id]))[matter_id])


async def file_of(actor: Actor, matter_id: UUID, attachment_id: UUID) -> Any:
    """The row of a file that came with a matter.

    Raises:
        NotFound: no such matter, or no such file of it.
    """
    condition, args = visible_to(actor, 3)
    row = await db.fetch_one(
        "SELECT a.* FROM intake_files f JOIN intake_matters m ON m.id = f.matter_id JOIN attachments a"
        f" ON a.id = f.attachment_id WHERE f.matter_id = $1 AND f.attachment_id = $2 AND {condition}",
        matter_id,
        attachment_id,
        *args,
    )
    if row is None:
        raise NotFound
    return row


async def _files(ids: list[UUID]) -> dict[UUID, tuple[AttachmentView, ...]]:
    found: dict[UUID, tuple[AttachmentView, ...]] = defaultdict(tuple)
    rows = await db.fetch(
        "SELECT f.matter_id, a.* FROM intake_files f JOIN attachments a ON a.id = f.attachment_id"
        " WHERE f.matter_id = ANY($1::uuid[]) ORDER BY a.uploaded_at, a.id",
        ids,
    )
    for row in rows:
        found[row["matter_id"]] = (*found[row["matter_id"]], attachment_view(row))
    return found


def _view(actor: Actor, row: Any, files: tuple[AttachmentView, ...]) -> MatterView:
    state = MatterState(row["state"])
    settler = row["settled_by"]
    return MatterView(
        id=row["id"],
        source_kind=row["source_kind"],
        from_whom=row["from_whom"],
        source_ref=row["source_ref"],
        subject=row["subject"],
        urgency=row["urgency"],
        received_at=row["received_at"],
        entered_by=NamedView(id=row["entered_by"], name=row["enterer_name"]),
        entered_at=row["entered_at"],
        due_at=row["register_by"],
        late=(row["settled_at"] or clock.now()) > row["register_by"],
        reminded_at=row["reminded_at"],
        state=state,
        item=NamedView(id=row["item_id"], name=register_no(row["register_year"], row["register_seq"]))
        if row["item_id"]
        else None,
        difference_reason=row["difference_reason"],
        reason=row["reason"],
        late_reason=row["late_reason"],
        settled_by=named(settler, row["settler_name"]),
        settled_at=row["settled_at"],
        files=files,
        acts=tuple(
            act
            for act in allowed_acts(LIFECYCLE, state)
            if not actor.roles.isdisjoint(next_step(LIFECYCLE, state, act).by)
        ),
        version=row["version"],
    )
