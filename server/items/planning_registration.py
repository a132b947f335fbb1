"""Registering many items in one statement: children of an item, items made from decisions of a meeting.

Ten thousand rows take the same few statements as one. Numbers come from the same register, under the same lock, as
those of ``commands.register``, so they leave no gap and none is given twice (R1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from server.items import steps
from server.items.events import ItemRegistered
from server.items.lifecycle import LIFECYCLE
from server.journal.work import UnitOfWork
from server.kit import clock
from server.kit.lifecycle import next_step

# What all items of one batch have in common, from their parent or from the meeting.
COMMON: Final = (
    "source_kind",
    "category",
    "urgency",
    "importance",
    "kind",
    "content_kind",
    "basis_kind",
    "basis_text",
    "scope_text",
    "follow_up_id",
    "stated_by",
)


@dataclass(frozen=True, slots=True)
class NewItem:
    """What is the item's own."""

    id: UUID
    title: str
    requirement: str
    unit_id: UUID | None
    person_id: UUID | None
    due_on: date | None
    source_ref: str
    child_no: int | None = None
    decision_id: UUID | None = None


async def register_all(
    work: UnitOfWork, new: Sequence[NewItem], common: Mapping[str, Any], *, parent_id: UUID | None = None
) -> int:
    """Insert the items under the next numbers of the year, in their order; the first of these numbers.

    The caller has locked what they hang on, has checked units and people, and knows that none of the ids is taken.
    """
    state = next_step(LIFECYCLE, None, "register").target
    org_id = work.actor.org_id
    year = work.at.astimezone(clock.SHANGHAI).year
    await work.conn.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"register:{org_id}:{year}")
    last: int = await work.conn.fetchval(
        "SELECT coalesce(max(register_seq), 0) FROM items WHERE org_id = $1 AND register_year = $2", org_id, year
    )
    shared = [column for column in COMMON if column in common]
    await work.conn.execute(
        "INSERT INTO items (id, org_id, register_year, register_seq, title, task, requirement, handling_unit_id,"
        " responsible_person_id, stated_due_at, child_no, decision_id, source_ref, parent_id, state, received_at,"
        f" registered_by, created_at, version, {', '.join(shared)})"
        " SELECT n.id, $1, $2, $3 + n.o, n.title, n.title, n.requirement, n.unit_id, n.person_id, n.due_at,"
        " n.child_no, n.decision_id, n.source_ref, $4, $5, $6, $7, $6, 1"
        f"{''.join(f', ${17 + at}' for at in range(len(shared)))}"
        " FROM unnest($8::uuid[], $9::text[], $10::text[], $11::uuid[], $12::uuid[], $13::timestamptz[], $14::int[],"
        " $15::uuid[], $16::text[]) WITH ORDINALITY"
        " AS n (id, title, requirement, unit_id, person_id, due_at, child_no, decision_id, source_ref, o)",
        org_id,
        year,
        last,
        parent_id,
        state,
        work.at,
        work.actor.person_id,
        [one.id for one in new],
        [one.title for one in new],
        [one.requirement for one in new],
        [one.unit_id for one in new],
        [one.person_id for one in new],
        [None if one.due_on is None else clock.end_of_day(one.due_on) for one in new],
        [one.child_no for one in new],
        [one.decision_id for one in new],
        [one.source_ref for one in new],
        *(common[column] for column in shared),
    )
    await steps.add_all(work, [one.id for one in new], "register", None, state)
    for seq, one in enumerate(new, start=last + 1):
        work.record(
            ItemRegistered(subject_id=one.id, register_year=year, register_seq=seq, source_kind=common["source_kind"])
        )
    return last + 1
