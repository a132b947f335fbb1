"""What of each kind belongs to a person in the field: one query each, always within the present scope.

A kind is asked two things: which of it belongs to the *first* copy (near in time or unfinished), page by page; and
what named ids look like *now*. Ids out of scope are simply not in the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from server.access.actor import Actor
from server.kit import clock, db
from server.push import queries as inbox
from server.sync import pull_views as views
from server.sync.pull_schemas import Field
from server.visits.lifecycle import VisitState
from server.visits.scope import visible_to

_BACK: Final = timedelta(days=14)
_AHEAD: Final = timedelta(days=30)
_NOTICES_BACK: Final = timedelta(days=30)
_FINISHED: Final = (
    VisitState.RECORD_SIGNED,
    VisitState.RELEASED,
    VisitState.REPORTED,
    VisitState.FILED,
    VisitState.ABORTED,
    VisitState.COMPROMISED,
)

Loaded = dict[UUID, tuple[Field, ...]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of the feed. In the conditions, ``{visible}`` is the scope of visits, ``{team}`` membership, ``{near}``
    the days around today, ``{me}`` the person."""

    name: str
    source: str
    columns: str
    first: str
    now: str
    view: Callable[[Any], tuple[Field, ...]]

    @property
    def _id(self) -> str:
        return f"{self.source.split()[1]}.id"

    async def page(self, actor: Actor, after: UUID, limit: int) -> Loaded:
        """Up to ``limit`` of the first copy, ordered by id, after ``after``."""
        condition, args = _scoped(self.first, actor, 3)
        rows = await db.fetch(
            f"SELECT {self.columns} FROM {self.source} WHERE {self._id} > $1 AND {condition}"
            f" ORDER BY {self._id} LIMIT $2",
            after,
            limit,
            *args,
        )
        return {row["id"]: self.view(row) for row in rows}

    async def show(self, actor: Actor, ids: Sequence[UUID]) -> Loaded:
        """Those of the ids that are in the person's scope now."""
        if not ids:
            return {}
        condition, args = _scoped(self.now, actor, 2)
        rows = await db.fetch(
            f"SELECT {self.columns} FROM {self.source} WHERE {self._id} = ANY($1::uuid[]) AND {condition}",
            list(ids),
            *args,
        )
        return {row["id"]: self.view(row) for row in rows}


def _scoped(template: str, actor: Actor, first: int) -> tuple[str, list[Any]]:
    visible, args = visible_to(actor, first)
    me = f"${first + 1}::uuid"
    today = clock.today()
    finished = ", ".join(f"'{state.value}'" for state in _FINISHED)
    return (
        template.format(
            visible=visible,
            me=me,
            team=f"EXISTS (SELECT 1 FROM visit_members m WHERE m.visit_id = v.id AND m.person_id = {me})",
            near=f"(v.planned_for BETWEEN '{today - _BACK}' AND '{today + _AHEAD}' OR v.state NOT IN ({finished}))",
            recent=f"'{(clock.now() - _NOTICES_BACK).isoformat()}'::timestamptz",
        ),
        args,
    )


_OWN: Final = "c.person_id = {me} AND {visible}"
_CAPTURES: Final = "captures c JOIN visits v ON v.id = c.visit_id"

KINDS: Final = (
    Kind(
        "visit",
        "visits v",
        views.VISIT,
        first="{team} AND {near} AND {visible}",
        now="{team} AND {visible}",  # a change to a visit of one's own is told however old the visit is
        view=views.visit,
    ),
    Kind(
        "item",
        "items i LEFT JOIN units u ON u.id = i.handling_unit_id",
        views.ITEM,
        first="EXISTS (SELECT 1 FROM visits v WHERE v.item_id = i.id AND {team} AND {near} AND {visible})",
        now="EXISTS (SELECT 1 FROM visits v WHERE v.item_id = i.id AND {team} AND {near} AND {visible})",
        view=views.item,
    ),
    Kind(
        "site",
        "sites s",
        views.SITE,
        first="EXISTS (SELECT 1 FROM visits v WHERE v.site_id = s.id AND {team} AND {near} AND {visible})",
        now="EXISTS (SELECT 1 FROM visits v WHERE v.site_id = s.id AND {team} AND {near} AND {visible})",
        view=views.site,
    ),
    Kind("capture", _CAPTURES, views.CAPTURE, first=f"{_OWN} AND {{near}}", now=_OWN, view=views.capture),
    Kind("receipt", _CAPTURES, views.RECEIPTS, first=f"{_OWN} AND {{near}}", now=_OWN, view=views.receipts),
    Kind(
        "finding",
        "findings f JOIN visits v ON v.id = f.visit_id JOIN people p ON p.id = f.person_id",
        views.FINDING,
        first="{team} AND {near} AND {visible}",
        now="{team} AND {visible}",
        view=views.finding,
    ),
    Kind(
        "query",
        "queries q JOIN captures c ON c.id = q.capture_id JOIN visits v ON v.id = c.visit_id"
        " JOIN people p ON p.id = q.asked_by",
        views.QUERY,
        first=f"{_OWN} AND {{near}}",
        now=_OWN,
        view=views.query,
    ),
    Kind(
        "notice",
        inbox.SOURCE,
        inbox.COLUMNS,
        first="n.person_id = {me} AND {visible} AND (n.read_at IS NULL OR n.created_at > {recent})",
        now="n.person_id = {me} AND {visible}",
        view=lambda row: (inbox.notice_view(row),),
    ),
)
BY_NAME: Final = {kind.name: kind for kind in KINDS}
