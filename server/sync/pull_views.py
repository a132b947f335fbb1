"""What the field face may see of each kind: one query each, always within the person's present scope.

A kind has two questions. *Which* of it belongs to the first copy (near in time, or unfinished), and *what* it looks
like now, asked for named ids: those out of scope are simply not in the answer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from server.access.actor import Actor
from server.access.roles import Role
from server.access.schemas import NamedView
from server.items.numbers import register_no
from server.kit import clock, db
from server.push.inbox import NOTICE_IN_SCOPE, notice_words
from server.sync.pull_schemas import (
    CaptureField,
    CountField,
    Field,
    FindingField,
    ItemField,
    NoticeField,
    QueryField,
    ReceiptField,
    ReviewField,
    SiteField,
    TeamMemberField,
    VisitField,
)
from server.visits.lifecycle import VisitState
from server.visits.scope import visible_to

_NEAR_BACK: Final = timedelta(days=14)
_NEAR_AHEAD: Final = timedelta(days=30)
_FINISHED: Final = (
    VisitState.RECORD_SIGNED,
    VisitState.RELEASED,
    VisitState.REPORTED,
    VisitState.FILED,
    VisitState.ABORTED,
    VisitState.COMPROMISED,
)

# $1 is ids, or the last id and the size of a page; $3 and $4 of the scope are organisation and person.
_FIRST: Final = 3
_PERSON: Final = "$4"
_TEAM: Final = f"EXISTS (SELECT 1 FROM visit_members m WHERE m.visit_id = v.id AND m.person_id = {_PERSON}::uuid)"
_NEAR: Final = "(v.planned_for BETWEEN $8::date AND $9::date OR v.state <> ALL($10::text[]))"

Loaded = dict[UUID, list[Field]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of the feed: how to page through one's own of it, and how to show some of it."""

    name: str
    table: str
    alias: str
    scope: str
    load: Callable[[str, list[Any]], Awaitable[Loaded]]

    async def page(self, actor: Actor, after: UUID, limit: int) -> tuple[list[UUID], Loaded]:
        """Up to ``limit`` ids of the first copy after ``after``, in order, and what they look like."""
        condition, args = _scoped(actor, self.scope)
        near = _near() if _NEAR in condition else []
        rows = await db.fetch(
            f"SELECT {self.alias}.id FROM {self.table} WHERE {self.alias}.id > $1 AND {condition}"
            f" ORDER BY {self.alias}.id LIMIT $2",
            after,
            limit,
            *args,
            *near,
        )
        ids = [row["id"] for row in rows]
        return ids, await self.show(actor, ids)

    async def show(self, actor: Actor, ids: Sequence[UUID]) -> Loaded:
        """Those of the ids that are in the person's scope now."""
        raise NotImplementedError
