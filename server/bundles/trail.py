"""Who handled evidence, and which phones and keys took it: the journal's entries about a scope, exactly as logged.

An entry is told only if what it is about exists for the actor: citations of cases that he may not see are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from server.access.actor import Actor
from server.access.roles import Permission
from server.bundles.events import BundleMade
from server.bundles.scope import Scope
from server.cases.scope import visible_to as case_visible_to
from server.journal.leaves import ENTRY_COLUMNS, entry_leaf, row_bytes
from server.kit import canonical, db

CITATIONS: Final = ("case.evidence_cited", "case.evidence_withdrawn")


@dataclass(frozen=True, slots=True)
class Entry:
    """A journal entry with the bytes and the leaf that the log has of it."""

    id: UUID
    kind: str
    subject_id: UUID
    actor_id: UUID | None
    at: datetime
    data: dict[str, Any]
    told: bytes
    leaf: bytes


async def custody(actor: Actor, scope: Scope) -> list[Entry]:
    """What happened to the captures and chains of a scope since they were received, the oldest first."""
    rows = await db.fetch(
        f"SELECT {ENTRY_COLUMNS} FROM journal_entries WHERE org_id = $1 AND"
        " ((subject_kind = 'capture' AND subject_id = ANY($2::uuid[]))"
        " OR (subject_kind = 'capture_session' AND subject_id = ANY($3::uuid[])))",
        actor.org_id,
        list(scope.captures),
        list(scope.sessions),
    )
    return _in_order([*rows, *await _citations(actor, scope)])


async def enrolments(actor: Actor, scope: Scope) -> list[Entry]:
    """How the phones of a scope were enrolled, confirmed and revoked, and the passkeys of those who used them."""
    rows = await db.fetch(
        f"WITH s AS (SELECT device_id, person_id FROM capture_sessions WHERE id = ANY($2::uuid[]))"
        f" SELECT {ENTRY_COLUMNS} FROM journal_entries WHERE org_id = $1"
        " AND ((subject_kind = 'device' AND subject_id IN (SELECT device_id FROM s))"
        "  OR (subject_kind = 'passkey' AND subject_id IN"
        "   (SELECT id FROM passkeys WHERE person_id IN (SELECT person_id FROM s))))",
        actor.org_id,
        list(scope.sessions),
    )
    return _in_order(rows)


async def entries(actor: Actor, ids: Sequence[UUID]) -> list[Entry]:
    """These entries, in the order of the ids."""
    rows = await db.fetch(
        f"SELECT {ENTRY_COLUMNS} FROM journal_entries WHERE org_id = $1 AND id = ANY($2::uuid[])",
        actor.org_id,
        list(ids),
    )
    found = {row["id"]: _entry(row) for row in rows}
    return [found[each] for each in ids]


async def entry_of_export(actor: Actor, export_id: UUID) -> Entry:
    """The entry by which a bundle itself is in the log."""
    row = await db.fetch_one(
        f"SELECT {ENTRY_COLUMNS} FROM journal_entries WHERE org_id = $1 AND subject_kind = $3"
        " AND subject_id = $2 AND kind = $4",
        actor.org_id,
        export_id,
        BundleMade.SUBJECT,
        BundleMade.KIND,
    )
    return _entry(row)


async def _citations(actor: Actor, scope: Scope) -> Sequence[Any]:
    if not actor.may(Permission.CASE_READ):
        return ()
    condition, args = case_visible_to(actor, 5)
    rows: Sequence[Any] = await db.fetch(
        f"SELECT {ENTRY_COLUMNS} FROM journal_entries WHERE org_id = $1 AND subject_kind = 'case'"
        " AND kind = ANY($2::text[]) AND (data->>'capture_id')::uuid = ANY($3::uuid[]) AND subject_id IN"
        " (SELECT c.id FROM cases c JOIN case_evidence e ON e.case_id = c.id"
        f" WHERE e.capture_id = ANY($3::uuid[]) AND ($4::uuid IS NULL OR c.id = $4) AND {condition})",
        actor.org_id,
        list(CITATIONS),
        list(scope.captures),
        scope.target_id if scope.kind == "case" else None,
        *args,
    )
    return rows


def _in_order(rows: Iterable[Any]) -> list[Entry]:
    return sorted((_entry(row) for row in rows), key=lambda entry: (entry.at, entry.id))


def _entry(row: Any) -> Entry:
    told = row_bytes(row)
    return Entry(
        row["id"],
        row["kind"],
        row["subject_id"],
        row["actor_id"],
        row["at"],
        canonical.decode(told)["data"],
        told,
        entry_leaf(told),
    )
