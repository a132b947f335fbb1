"""Reading accountability cases within the actor's scope."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from server.access.actor import Actor
from server.access.schemas import NamedView, named
from server.cases.lifecycle import LIFECYCLE, CaseState
from server.cases.schemas import CaseFindingView, CaseItemView, CaseList, CaseRowView, CaseView, CitationView
from server.cases.scope import visible_to
from server.items.numbers import register_no
from server.kit import db
from server.kit.errors import NotFound
from server.kit.keyset import PAGE, page, read_cursor

_CASE = (
    "SELECT c.*, i.register_year, i.register_seq, i.title AS item_title, d.name AS drafter_name,"
    " p.name AS proposer_name, (SELECT count(*) FROM case_evidence e WHERE e.case_id = c.id"
    " AND e.withdrawn_at IS NULL) AS citations FROM cases c JOIN items i ON i.id = c.item_id"
    " JOIN people d ON d.id = c.drafted_by LEFT JOIN people p ON p.id = c.proposed_by"
)


async def case(actor: Actor, case_id: UUID) -> CaseView:
    """One case with its findings and citations.

    Raises:
        NotFound: no such case, or none that exists for the actor.
    """
    condition, args = visible_to(actor, 2)
    row = await db.fetch_one(f"{_CASE} WHERE c.id = $1 AND {condition}", case_id, *args)
    if row is None:
        raise NotFound
    return CaseView(
        **msgspec.structs.asdict(_row_view(row)),
        facts=row["facts"],
        findings=await _findings(case_id),
        evidence=await _citations(case_id),
        acts=_acts(actor, CaseState(row["state"])),
    )


async def cases(
    actor: Actor, *, state: CaseState | None, item_id: UUID | None, cursor: str | None, limit: int = PAGE
) -> CaseList:
    """A page of cases, the newest first."""
    key, last = read_cursor(cursor, datetime)
    condition, args = visible_to(actor, 6)
    rows = await db.fetch(
        f"{_CASE} WHERE {condition} AND ($1::text IS NULL OR c.state = $1) AND ($2::uuid IS NULL OR c.item_id = $2)"
        " AND ($3::timestamptz IS NULL OR (c.drafted_at, c.id) < ($3, $4::uuid))"
        " ORDER BY c.drafted_at DESC, c.id DESC LIMIT $5",
        state,
        item_id,
        key,
        last,
        limit + 1,
        *args,
    )
    shown, following = page(list(rows), limit, "drafted_at")
    return CaseList(cases=tuple(_row_view(row) for row in shown), next_cursor=following)


def _acts(actor: Actor, state: CaseState) -> tuple[str, ...]:
    if state is not CaseState.DRAFT:
        return ()
    proposable = any(
        step.source == state and step.act == "propose" and not actor.roles.isdisjoint(step.by) for step in LIFECYCLE
    )
    return ("revise", "cite", "withdraw", *(("propose",) if proposable else ()))


async def _findings(case_id: UUID) -> tuple[CaseFindingView, ...]:
    rows = await db.fetch(
        "SELECT f.id, f.text, f.severity, f.state FROM case_findings cf JOIN findings f ON f.id = cf.finding_id"
        " WHERE cf.case_id = $1 ORDER BY cf.id",
        case_id,
    )
    return tuple(CaseFindingView(**dict(row)) for row in rows)


async def _citations(case_id: UUID) -> tuple[CitationView, ...]:
    rows = await db.fetch(
        "SELECT e.capture_id, e.statement_sha256, e.cited_at, e.cited_by, b.name AS citer_name, c.captured_at,"
        " c.person_id, a.name AS author_name, c.decision, c.originals_received, c.originals_total"
        " FROM case_evidence e JOIN captures c ON c.id = e.capture_id"
        " JOIN people a ON a.id = c.person_id JOIN people b ON b.id = e.cited_by"
        " WHERE e.case_id = $1 AND e.withdrawn_at IS NULL ORDER BY c.captured_at, e.id",
        case_id,
    )
    return tuple(
        CitationView(
            capture_id=row["capture_id"],
            statement_sha256=row["statement_sha256"].hex(),
            captured_at=row["captured_at"],
            author=NamedView(id=row["person_id"], name=row["author_name"]),
            decision=row["decision"].lower(),
            originals_received=row["originals_received"],
            originals_total=row["originals_total"],
            cited_by=NamedView(id=row["cited_by"], name=row["citer_name"]),
            cited_at=row["cited_at"],
        )
        for row in rows
    )


def _row_view(row: Any) -> CaseRowView:
    proposer = row["proposed_by"]
    return CaseRowView(
        id=row["id"],
        item=CaseItemView(
            id=row["item_id"],
            register_no=register_no(row["register_year"], row["register_seq"]),
            title=row["item_title"],
        ),
        title=row["title"],
        state=CaseState(row["state"]),
        citations=row["citations"],
        drafted_by=NamedView(id=row["drafted_by"], name=row["drafter_name"]),
        drafted_at=row["drafted_at"],
        proposed_by=named(proposer, row["proposer_name"]),
        proposed_at=row["proposed_at"],
        version=row["version"],
    )
