"""What belongs to a bundle: the captures in scope and the sessions whose chains they stand in.

A capture, visit or case exists for the actor as it does everywhere else; for others there is nothing here (R81).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from server.access.actor import Actor
from server.access.roles import Permission
from server.cases.scope import visible_to as case_visible_to
from server.kit import db
from server.kit.errors import NotFound
from server.visits.scope import visible_to as visit_visible_to

ScopeKind = Literal["capture", "visit", "case"]


@dataclass(frozen=True, slots=True)
class Citation:
    """A capture as a case cites it: by the hash that its statement had then."""

    capture_id: UUID
    statement_sha256: bytes


@dataclass(frozen=True, slots=True)
class Scope:
    """What a bundle is of, once it is known that it exists for the actor."""

    kind: ScopeKind
    target_id: UUID
    title: str
    captures: frozenset[UUID]
    sessions: tuple[UUID, ...]
    visits: tuple[UUID, ...]
    citations: tuple[Citation, ...] = ()


async def scope_of(actor: Actor, kind: ScopeKind, target_id: UUID) -> Scope:
    """The scope of a bundle.

    Raises:
        NotFound: no such capture, visit or case, or none that exists for the actor.
    """
    if kind == "case":
        return await _of_case(actor, target_id)
    condition, args = visit_visible_to(actor, 2)
    if kind == "visit":
        title = await db.fetch_value(f"SELECT v.title FROM visits v WHERE v.id = $1 AND {condition}", target_id, *args)
        if title is None:
            raise NotFound
        captures = await db.fetch("SELECT id FROM captures WHERE visit_id = $1", target_id)
        sessions = await db.fetch(
            "SELECT id FROM capture_sessions WHERE visit_id = $1 ORDER BY received_at, id", target_id
        )
        found = frozenset(row["id"] for row in captures)
        return Scope(kind, target_id, title, found, tuple(row["id"] for row in sessions), (target_id,))
    row = await db.fetch_one(
        "SELECT v.title, v.id AS visit_id, c.session_id FROM captures c JOIN visits v ON v.id = c.visit_id"
        f" WHERE c.id = $1 AND {condition}",
        target_id,
        *args,
    )
    if row is None:
        raise NotFound
    return Scope(kind, target_id, row["title"], frozenset((target_id,)), (row["session_id"],), (row["visit_id"],))


async def _of_case(actor: Actor, case_id: UUID) -> Scope:
    if not actor.may(Permission.CASE_READ):
        raise NotFound
    condition, args = case_visible_to(actor, 2)
    title = await db.fetch_value(f"SELECT c.title FROM cases c WHERE c.id = $1 AND {condition}", case_id, *args)
    if title is None:
        raise NotFound
    cited = await db.fetch(
        "SELECT e.capture_id, e.statement_sha256, c.session_id, c.visit_id FROM case_evidence e"
        " JOIN captures c ON c.id = e.capture_id WHERE e.case_id = $1 AND e.withdrawn_at IS NULL"
        " ORDER BY c.received_at, c.session_id, c.seq",
        case_id,
    )
    return Scope(
        "case",
        case_id,
        title,
        frozenset(row["capture_id"] for row in cited),
        tuple(dict.fromkeys(row["session_id"] for row in cited)),
        tuple(dict.fromkeys(row["visit_id"] for row in cited)),
        tuple(Citation(row["capture_id"], bytes(row["statement_sha256"])) for row in cited),
    )
