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
from server.access.schemas import NamedView
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
    """The entries about these captures, the oldest first, with the columns that make their bytes (``ENTRY_COLUMNS``).

    Citations are entries of cases that name the capture; which cases exist for a reader is the caller's affair.
    """
    rows: list[db.Record] = list(
        await conn.fetch(
            f"SELECT {ENTRY_COLUMNS} FROM journal_entries j WHERE j.subject_kind = 'capture'"
            " AND j.subject_id = ANY($1::uuid[]) AND j.org_id IN (SELECT org_id FROM captures WHERE id = ANY($1))"
            f" UNION ALL SELECT {ENTRY_COLUMNS} FROM journal_entries j WHERE j.subject_kind = 'case'"
            " AND j.org_id IN (SELECT org_id FROM captures WHERE id = ANY($1)) AND j.subject_id IN"
            " (SELECT case_id FROM case_evidence WHERE capture_id = ANY($1))"
            " AND (j.data->>'capture_id')::uuid = ANY($1)"
            " ORDER BY at, id",
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
        names = {
            row["id"]: row["name"]
            for row in await conn.fetch(
                "SELECT id, name FROM people WHERE id = ANY($1::uuid[])",
                [row["actor_id"] for row in rows if row["actor_id"]],
            )
        }
    return [
        CustodyView(
            id=row["id"],
            kind=row["kind"],
            by=NamedView(id=row["actor_id"], name=names[row["actor_id"]]) if row["actor_id"] else None,
            at=row["at"],
            data=msgspec.json.decode(row["data"]),
        )
        for row in rows
    ]
