"""Reading findings: one exists for the actor exactly when its visit does."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from server.access.actor import Actor
from server.access.schemas import NamedView
from server.findings.kinds import Severity
from server.findings.lifecycle import LIFECYCLE, FindingState
from server.findings.schemas import FindingItemView, FindingList, FindingView, FindingVisitView, StateView
from server.items.numbers import register_no
from server.kit import db
from server.kit.errors import NotFound
from server.kit.keyset import PAGE, page, read_cursor
from server.visits.scope import visible_to

_OFFERED = frozenset({"confirm", "dismiss"})

_FINDING = (
    "SELECT f.*, v.title AS visit_title, v.state AS visit_state, i.register_year, i.register_seq,"
    " i.title AS item_title, p.name AS author_name, array(SELECT fc.capture_id FROM finding_captures fc"
    " WHERE fc.finding_id = f.id ORDER BY fc.id) AS capture_ids FROM findings f"
    " JOIN visits v ON v.id = f.visit_id JOIN items i ON i.id = f.item_id JOIN people p ON p.id = f.person_id"
)


async def finding_row(actor: Actor, finding_id: UUID) -> Any:
    """The row of one finding.

    Raises:
        NotFound: no such finding, or none that exists for the actor.
    """
    condition, args = visible_to(actor, 2)
    row = await db.fetch_one(f"{_FINDING} WHERE f.id = $1 AND {condition}", finding_id, *args)
    if row is None:
        raise NotFound
    return row


async def finding(actor: Actor, finding_id: UUID) -> FindingView:
    """One finding.

    Raises:
        NotFound: no such finding, or none that exists for the actor.
    """
    return _view(actor, await finding_row(actor, finding_id))


async def state_of(actor: Actor, finding_id: UUID) -> StateView:
    """Where one finding stands.

    Raises:
        NotFound: no such finding, or none that exists for the actor.
    """
    row = await finding_row(actor, finding_id)
    return StateView(id=row["id"], state=FindingState(row["state"]), reason=row["reason"], version=row["version"])


async def findings(
    actor: Actor,
    *,
    visit_id: UUID | None,
    item_id: UUID | None,
    state: FindingState | None,
    severity: Severity | None,
    cursor: str | None,
    limit: int = PAGE,
) -> FindingList:
    """A page of findings, the newest first."""
    key, last = read_cursor(cursor, datetime)
    condition, args = visible_to(actor, 8)
    rows = await db.fetch(
        f"{_FINDING} WHERE {condition} AND ($1::uuid IS NULL OR f.visit_id = $1)"
        " AND ($2::uuid IS NULL OR f.item_id = $2) AND ($3::text IS NULL OR f.state = $3)"
        " AND ($4::text IS NULL OR f.severity = $4)"
        " AND ($5::timestamptz IS NULL OR (f.recorded_at, f.id) < ($5, $6::uuid))"
        " ORDER BY f.recorded_at DESC, f.id DESC LIMIT $7",
        visit_id,
        item_id,
        state,
        severity,
        key,
        last,
        limit + 1,
        *args,
    )
    shown, following = page(list(rows), limit, "recorded_at")
    return FindingList(findings=tuple(_view(actor, row) for row in shown), next_cursor=following)


def _view(actor: Actor, row: Any) -> FindingView:
    state = FindingState(row["state"])
    acts = (
        step.act
        for step in LIFECYCLE
        if step.source == state and step.act in _OFFERED and not actor.roles.isdisjoint(step.by)
    )
    return FindingView(
        id=row["id"],
        visit=FindingVisitView(id=row["visit_id"], title=row["visit_title"], state=row["visit_state"]),
        item=FindingItemView(
            id=row["item_id"],
            register_no=register_no(row["register_year"], row["register_seq"]),
            title=row["item_title"],
        ),
        text=row["text"],
        category=row["category"],
        severity=row["severity"],
        state=state,
        reason=row["reason"],
        capture_ids=tuple(row["capture_ids"]),
        author=NamedView(id=row["person_id"], name=row["author_name"]),
        found_at=row["found_at"],
        recorded_at=row["recorded_at"],
        acts=tuple(acts),
        version=row["version"],
    )
