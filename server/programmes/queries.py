"""Reading programmes within the actor's organisation."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

import msgspec

from server.access.actor import Actor
from server.access.roles import Permission
from server.access.schemas import NamedView, named
from server.kit import db
from server.kit.errors import NotFound
from server.kit.keyset import PAGE, page, read_cursor
from server.kit.lifecycle import allowed_acts, next_step
from server.programmes.lifecycle import LIFECYCLE, ProgrammeKind, ProgrammeState
from server.programmes.schemas import (
    EntryView,
    ProgrammeList,
    ProgrammeRowView,
    ProgrammeVersionView,
    ProgrammeView,
)
from server.programmes.scope import visible_to

_ROW: Final = (
    "SELECT g.*, (SELECT max(f.no) FROM programme_versions f WHERE f.programme_id = g.id AND f.state = 'APPROVED')"
    " AS in_force, coalesce((SELECT coalesce(w.submitted_at, w.drafted_at) FROM programme_versions w"
    " WHERE w.programme_id = g.id AND w.state IN ('DRAFT', 'SUBMITTED')), g.created_at) AS since,"
    " (SELECT o.state FROM programme_versions o WHERE o.programme_id = g.id"
    " AND o.state IN ('DRAFT', 'SUBMITTED')) AS under_way,"
    " (SELECT count(*) FROM programme_entries e WHERE e.version_id = (SELECT l.id FROM programme_versions l"
    " WHERE l.programme_id = g.id ORDER BY (l.state = 'APPROVED') DESC, l.no DESC LIMIT 1)) AS entries"
    " FROM programmes g"
)
ENTRY: Final = (
    "SELECT e.*, u.name AS unit_name, p.name AS responsible_name, CASE WHEN e.unit_id IS NOT NULL THEN 1 ELSE"
    " (SELECT count(*) FROM units k WHERE k.org_id = e.org_id AND k.kind = e.unit_kind) END AS objects"
    " FROM programme_entries e LEFT JOIN units u ON u.id = e.unit_id JOIN people p ON p.id = e.responsible_id"
)


async def programmes(actor: Actor, *, cursor: str | None, limit: int = PAGE) -> ProgrammeList:
    """A page of programmes, the latest first."""
    key, last = read_cursor(cursor, date)
    condition, args = visible_to(actor, 4)
    rows = await db.fetch(
        f"{_ROW} WHERE {condition} AND ($1::date IS NULL OR (g.from_on, g.id) < ($1, $2::uuid))"
        " ORDER BY g.from_on DESC, g.id DESC LIMIT $3",
        key,
        last,
        limit + 1,
        *args,
    )
    shown, following = page(list(rows), limit, "from_on")
    return ProgrammeList(programmes=tuple(_row_view(row) for row in shown), next_cursor=following)


async def programme_row(actor: Actor, programme_id: UUID) -> Any:
    """The row of one programme.

    Raises:
        NotFound: no such programme.
    """
    condition, args = visible_to(actor, 2)
    row = await db.fetch_one(f"{_ROW} WHERE g.id = $1 AND {condition}", programme_id, *args)
    if row is None:
        raise NotFound
    return row


async def programme(actor: Actor, programme_id: UUID, *, no: int | None = None) -> ProgrammeView:
    """A programme with the entries of one version: the one asked for, else the one under way, else the one in force.

    Raises:
        NotFound: no such programme or version.
    """
    row = await programme_row(actor, programme_id)
    rows = await db.fetch(
        "SELECT v.*, d.name AS drafter_name, a.name AS approver_name FROM programme_versions v"
        " JOIN people d ON d.id = v.drafted_by LEFT JOIN people a ON a.id = v.approved_by"
        " WHERE v.programme_id = $1 ORDER BY v.no DESC",
        programme_id,
    )
    shown = _shown(rows, row, no)
    return ProgrammeView(
        **msgspec.structs.asdict(_row_view(row)),
        versions=tuple(_version_view(one, row["in_force"]) for one in rows),
        shown=_version_view(shown, row["in_force"]),
        shown_entries=await entries_of(shown["id"]),
        acts=_acts(actor, rows),
    )


async def entries_of(version_id: UUID) -> tuple[EntryView, ...]:
    """The entries of a version in their order."""
    rows = await db.fetch(f"{ENTRY} WHERE e.version_id = $1 ORDER BY e.no", version_id)
    return tuple(entry_view(row) for row in rows)


def entry_view(row: Any) -> EntryView:
    """An entry's row (``ENTRY``) as a view."""
    unit = row["unit_id"]
    return EntryView(
        key=row["key"],
        no=row["no"],
        subject=row["subject"],
        unit=named(unit, row["unit_name"]),
        unit_kind=row["unit_kind"],
        objects=row["objects"],
        category=row["category"],
        from_on=row["from_on"],
        to_on=row["to_on"],
        visits=row["visits"],
        responsible=NamedView(id=row["responsible_id"], name=row["responsible_name"]),
        basis=row["basis"],
    )


def _shown(rows: Any, row: Any, no: int | None) -> Any:
    if no is not None:
        found = next((one for one in rows if one["no"] == no), None)
        if found is None:
            raise NotFound
        return found
    for wanted in ("DRAFT", "SUBMITTED"):
        found = next((one for one in rows if one["state"] == wanted), None)
        if found is not None:
            return found
    return next((one for one in rows if one["no"] == row["in_force"]), rows[0])


def _acts(actor: Actor, rows: Any) -> tuple[str, ...]:
    last = rows[0]
    state = ProgrammeState(last["state"])
    found = [
        act
        for act in allowed_acts(LIFECYCLE, state)
        if not actor.roles.isdisjoint(next_step(LIFECYCLE, state, act).by)
        and not (act == "approve" and actor.person_id in last["authors"])
    ]
    approved = any(one["state"] == ProgrammeState.APPROVED for one in rows)
    if approved and actor.may(Permission.PROGRAMME_DRAFT):
        if state in (ProgrammeState.APPROVED, ProgrammeState.WITHDRAWN):
            found.append("amend")
        found.append("put_under")
    return tuple(found)


def _row_view(row: Any) -> ProgrammeRowView:
    return ProgrammeRowView(
        id=row["id"],
        kind=ProgrammeKind(row["kind"]),
        title=row["title"],
        from_on=row["from_on"],
        to_on=row["to_on"],
        in_force=row["in_force"],
        under_way=ProgrammeState(row["under_way"]) if row["under_way"] else None,
        entries=row["entries"],
        since=row["since"],
        version=row["version"],
    )


def _version_view(row: Any, in_force: int | None) -> ProgrammeVersionView:
    approver = row["approved_by"]
    return ProgrammeVersionView(
        id=row["id"],
        no=row["no"],
        state=ProgrammeState(row["state"]),
        in_force=row["no"] == in_force,
        reason=row["reason"],
        most_visits=row["most_visits"],
        drafted_by=NamedView(id=row["drafted_by"], name=row["drafter_name"]),
        drafted_at=row["drafted_at"],
        submitted_at=row["submitted_at"],
        returned_why=row["returned_why"],
        approved_by=named(approver, row["approver_name"]),
        approved_at=row["approved_at"],
        opinion=row["opinion"],
    )
