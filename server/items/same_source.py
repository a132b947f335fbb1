"""Whether a source is in the ledger already (R5): the same document, instruction or meeting decision."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from server.access.actor import Actor
from server.items.numbers import normal_name, normal_reference, register_no
from server.items.schemas import SameSourceView
from server.items.scope import visible_to
from server.kit import db


@dataclass(frozen=True, slots=True)
class Source:
    """What a matter comes from, as far as it is known; an instruction without wording is known by leader and day."""

    reference: str = ""
    decision_id: UUID | None = None
    leader: str = ""
    instructed_on: date | None = None
    wording: str = ""

    @property
    def is_known(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self.reference.strip() or self.decision_id or (self.leader.strip() and self.instructed_on))


async def same_source(actor: Actor, source: Source, *, but: UUID | None = None) -> tuple[SameSourceView, ...]:
    """Items with this source that the actor may see, the oldest first; merged ones lead on to where they went."""
    if not source.is_known:
        return ()
    condition, args = visible_to(actor, 7)
    rows = await db.fetch(
        "SELECT i.id, i.register_year, i.register_seq, i.title, i.state, i.created_at FROM items i"
        # Children have their source from their parent; that is a breakdown and no second registration.
        f" WHERE {condition} AND i.id IS DISTINCT FROM $1::uuid AND i.parent_id IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM items own WHERE own.id = $1::uuid AND own.parent_id IS NOT NULL)"
        " AND (($2 <> '' AND i.source_ref = $2)"
        " OR i.decision_id = $3::uuid OR EXISTS (SELECT 1 FROM item_instructions n WHERE n.item_id = i.id"
        "  AND n.leader_name = $4 AND n.instructed_on = $5::date"
        "  AND ($6 = '' OR n.wording_key = $6)"
        "  AND NOT EXISTS (SELECT 1 FROM item_instructions r WHERE r.replaces_id = n.id)))"
        " ORDER BY i.created_at, i.id LIMIT 20",
        but,
        normal_reference(source.reference),
        source.decision_id,
        normal_name(source.leader),
        source.instructed_on,
        wording_key(source.wording),
        *args,
    )
    return tuple(same_source_view(row) for row in rows)


def same_source_view(row: Any) -> SameSourceView:
    """An item's row as one of the same source."""
    return SameSourceView(
        id=row["id"],
        register_no=register_no(row["register_year"], row["register_seq"]),
        title=row["title"],
        state=row["state"],
        registered_at=row["created_at"],
    )


def wording_key(wording: str) -> str:
    """An instruction's wording as it is compared: characters only, no blanks, no punctuation."""
    return "".join(c for c in unicodedata.normalize("NFKC", wording) if c.isalnum())
