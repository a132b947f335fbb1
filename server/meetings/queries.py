"""Reading meetings, their decisions and the counts, within the actor's organisation.

Whoever may read meetings (the office and its leaders) sees all of them; units see the items that come of them.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any, Final
from uuid import UUID

from server.access.actor import Actor
from server.access.roles import Permission
from server.access.schemas import NamedView, named
from server.items.lifecycle import ItemState
from server.items.numbers import register_no
from server.items.planning_rules import DONE_STATES
from server.items.scope import visible_to
from server.kit import db
from server.kit.errors import FieldProblem, InvalidInput, NotFound
from server.kit.keyset import PAGE, page, read_cursor
from server.meetings.kinds import MeetingKind
from server.meetings.schemas import (
    DecisionItemView,
    DecisionView,
    MeetingCounts,
    MeetingCountView,
    MeetingList,
    MeetingRowView,
    MeetingView,
    MinutesView,
)

_DONE: Final = sorted(state.value for state in DONE_STATES)
# An item refused, or merged into another, is not what became of the decision.
_COUNTS: Final = (
    "SELECT count(DISTINCT d.id) AS decided, count(DISTINCT d.id) FILTER (WHERE i.id IS NOT NULL) AS in_ledger,"
    " count(i.id) AS items, count(i.id) FILTER (WHERE i.state = ANY({done}::text[])) AS done"
    " FROM meeting_decisions d LEFT JOIN items i ON i.decision_id = d.id"
    " AND i.state NOT IN ('NOT_ESTABLISHED', 'MERGED') WHERE d.withdrawn_at IS NULL"
)


async def meetings(
    actor: Actor,
    *,
    kind: MeetingKind | None,
    from_on: date | None,
    to_on: date | None,
    cursor: str | None,
    limit: int = PAGE,
) -> MeetingList:
    """A page of meetings, the latest first, of one kind or all, within a period."""
    key, last = read_cursor(cursor, date)
    rows = await db.fetch(
        "SELECT m.*, a.name AS attender_name, c.* FROM meetings m LEFT JOIN people a ON a.id = m.attended_by"
        f" CROSS JOIN LATERAL ({_COUNTS.format(done='$8')} AND d.meeting_id = m.id) c"
        " WHERE m.org_id = $1 AND ($2::text IS NULL OR m.kind = $2)"
        " AND ($3::date IS NULL OR m.held_on >= $3) AND ($4::date IS NULL OR m.held_on <= $4)"
        " AND ($5::date IS NULL OR (m.held_on, m.id) < ($5, $6::uuid))"
        " ORDER BY m.held_on DESC, m.id DESC LIMIT $7",
        actor.org_id,
        kind,
        from_on,
        to_on,
        key,
        last,
        limit + 1,
        _DONE,
    )
    shown, following = page(list(rows), limit, "held_on")
    return MeetingList(meetings=tuple(MeetingRowView(**_row(row)) for row in shown), next_cursor=following)


async def meeting_row(actor: Actor, meeting_id: UUID) -> Any:
    """The row of one meeting.

    Raises:
        NotFound: no such meeting.
    """
    row = await db.fetch_one("SELECT * FROM meetings WHERE id = $1 AND org_id = $2", meeting_id, actor.org_id)
    if row is None:
        raise NotFound
    return row


async def meeting(actor: Actor, meeting_id: UUID) -> MeetingView:
    """One meeting with its decisions and what became of them.

    Raises:
        NotFound: no such meeting.
    """
    row = await db.fetch_one(
        "SELECT m.*, a.name AS attender_name, r.name AS recorder_name, f.name AS file_name, f.media_type,"
        " f.bytes AS file_bytes, c.* FROM meetings m JOIN people r ON r.id = m.recorded_by"
        " LEFT JOIN people a ON a.id = m.attended_by LEFT JOIN attachments f ON f.id = m.minutes_id"
        f" CROSS JOIN LATERAL ({_COUNTS.format(done='$3')} AND d.meeting_id = m.id) c"
        " WHERE m.id = $1 AND m.org_id = $2",
        meeting_id,
        actor.org_id,
        _DONE,
    )
    if row is None:
        raise NotFound
    minutes = row["minutes_id"]
    may_record = actor.may(Permission.MEETING_RECORD)
    return MeetingView(
        **_row(row),
        minutes=MinutesView(id=minutes, name=row["file_name"], media_type=row["media_type"], size=row["file_bytes"])
        if minutes
        else None,
        recorded_by=NamedView(id=row["recorded_by"], name=row["recorder_name"]),
        recorded_at=row["recorded_at"],
        decisions=await _decisions(actor, meeting_id),
        may_record=may_record,
        may_register=actor.may(Permission.ITEM_REGISTER),
    )


async def counts(actor: Actor, *, from_on: date, to_on: date) -> MeetingCounts:
    """What meetings of the period decided and what became of it, by kind (S6).

    Raises:
        InvalidInput: the period ends before it begins.
    """
    if to_on < from_on:
        problem = FieldProblem(field="to", code="ends_before_start", detail="The period ends before it begins.")
        raise InvalidInput(errors=(problem,))
    rows = await db.fetch(
        "SELECT m.kind, count(*) AS meetings, count(m.attended_by) AS attended, sum(c.decided)::int AS decided,"
        " sum(c.in_ledger)::int AS in_ledger, sum(c.items)::int AS items, sum(c.done)::int AS done FROM meetings m"
        f" CROSS JOIN LATERAL ({_COUNTS.format(done='$4')} AND d.meeting_id = m.id) c"
        " WHERE m.org_id = $1 AND m.held_on BETWEEN $2 AND $3 GROUP BY m.kind",
        actor.org_id,
        from_on,
        to_on,
        _DONE,
    )
    found = {row["kind"]: MeetingCountView(**dict(row)) for row in rows}
    kinds = tuple(found[kind.value] for kind in MeetingKind if kind.value in found)
    return MeetingCounts(
        from_on=from_on,
        to_on=to_on,
        kinds=kinds,
        meetings=sum(one.meetings for one in kinds),
        decided=sum(one.decided for one in kinds),
        in_ledger=sum(one.in_ledger for one in kinds),
        items=sum(one.items for one in kinds),
        done=sum(one.done for one in kinds),
    )


async def _decisions(actor: Actor, meeting_id: UUID) -> tuple[DecisionView, ...]:
    rows = await db.fetch(
        "SELECT d.* FROM meeting_decisions d WHERE d.meeting_id = $1 ORDER BY d.no, d.recorded_at", meeting_id
    )
    ids = [row["id"] for row in rows]
    units = await db.fetch(
        "SELECT d.decision_id, d.lead, u.id, u.name FROM decision_units d JOIN units u ON u.id = d.unit_id"
        " WHERE d.decision_id = ANY($1::uuid[]) ORDER BY d.lead DESC, u.name",
        ids,
    )
    condition, args = visible_to(actor, 2)
    made = await db.fetch(
        "SELECT i.id, i.decision_id, i.register_year, i.register_seq, i.title, i.state, u.id AS unit_id,"
        " u.name AS unit_name FROM items i LEFT JOIN units u ON u.id = i.handling_unit_id"
        f" WHERE i.decision_id = ANY($1::uuid[]) AND {condition} ORDER BY i.register_year, i.register_seq",
        ids,
        *args,
    )
    of: dict[UUID, list[DecisionItemView]] = defaultdict(list)
    for row in made:
        of[row["decision_id"]].append(
            DecisionItemView(
                id=row["id"],
                register_no=register_no(row["register_year"], row["register_seq"]),
                title=row["title"],
                state=ItemState(row["state"]),
                unit=named(row["unit_id"], row["unit_name"]),
            )
        )
    lead: dict[UUID, NamedView] = {}
    others: dict[UUID, list[NamedView]] = defaultdict(list)
    for unit in units:
        view = NamedView(id=unit["id"], name=unit["name"])
        if unit["lead"]:
            lead[unit["decision_id"]] = view
        else:
            others[unit["decision_id"]].append(view)
    return tuple(
        DecisionView(
            id=row["id"],
            no=row["no"],
            text=row["text"],
            requirement=row["requirement"],
            lead_unit=lead.get(row["id"]),
            other_units=tuple(others[row["id"]]),
            due_on=row["due_on"],
            withdrawn_at=row["withdrawn_at"],
            items=tuple(of[row["id"]]),
        )
        for row in rows
    )


def _row(row: Any) -> dict[str, Any]:
    attended = row["attended_by"]
    return {
        "id": row["id"],
        "kind": MeetingKind(row["kind"]),
        "year": row["year"],
        "no": row["no"],
        "title": row["title"],
        "held_on": row["held_on"],
        "chair": row["chair"],
        "attended_by": named(attended, row["attender_name"]),
        "decided": row["decided"],
        "in_ledger": row["in_ledger"],
        "items": row["items"],
        "done": row["done"],
        "version": row["version"],
    }
