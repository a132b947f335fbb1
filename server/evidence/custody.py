"""Who handled a capture since it arrived: the journal's entries about it, which are leaves of the log as they stand.

Received, reviewed, copied, opened at full size, read again, cited by a case. Exports are entries of bundles, above.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from server.access.actor import Actor
from server.access.schemas import NamedView, named
from server.journal.leaves import ENTRY_COLUMNS
from server.kit import db
from server.kit.errors import NotFound
from server.kit.structs import View
from server.visits.scope import inside, visible_to


class CustodyView(View):
    """One act; ``data`` are the entry's own fields, ``by`` is empty for the installation itself."""

    id: UUID
    kind: str
    by: NamedView | None
    at: datetime
    data: dict[str, Any]


async def custody_of(conn: db.Connection, capture_ids: Sequence[UUID]) -> list[db.Record]:
    """The entries about these captures, the oldest first: the columns that make their bytes, and who acted, by name.

    Citations are entries of cases that name the capture; which cases exist for a reader is the caller's affair.
    """
    rows: list[db.Record] = list(
        await conn.fetch(
            "SELECT j.*, p.name AS actor_name FROM ("
            f"SELECT {ENTRY_COLUMNS} FROM journal_entries WHERE subject_kind = 'capture'"
            " AND subject_id = ANY($1::uuid[]) AND org_id IN (SELECT org_id FROM captures WHERE id = ANY($1))"
            f" UNION ALL SELECT {ENTRY_COLUMNS} FROM journal_entries WHERE subject_kind = 'case'"
            " AND org_id IN (SELECT org_id FROM captures WHERE id = ANY($1)) AND subject_id IN"
            " (SELECT case_id FROM case_evidence WHERE capture_id = ANY($1))"
            " AND (data->>'capture_id')::uuid = ANY($1)"
            ") j LEFT JOIN people p ON p.id = j.actor_id ORDER BY j.at, j.id",
            list(capture_ids),
        )
    )
    return rows


async def custody(actor: Actor, capture_id: UUID) -> list[CustodyView]:
    """What happened to one capture, for the inspecting side; citations are told without naming the case.

    Raises:
        NotFound: no such capture, none that exists for the actor, or he is not of the inspecting side.
    """
    visible, scope = visible_to(actor, 2)
    condition, args = inside(actor, 7)
    async with db.connection() as conn:
        known = await conn.fetchval(
            f"SELECT true FROM captures c JOIN visits v ON v.id = c.visit_id WHERE c.id = $1"
            f" AND {visible} AND {condition}",
            capture_id,
            *scope,
            *args,
        )
        if known is None:
            raise NotFound
        rows = await custody_of(conn, [capture_id])
    return [
        CustodyView(
            id=row["id"],
            kind=row["kind"],
            by=named(row["actor_id"], row["actor_name"]),
            at=row["at"],
            data=msgspec.json.decode(row["data"]),
        )
        for row in rows
    ]
