"""Reading what was asked to be written of people and units, and who is called alike."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final
from uuid import UUID

from server.access.account_schemas import ChangeView, NamesakeView, RequestState, UnitRecordView
from server.access.actor import Actor
from server.access.roles import Role
from server.access.schemas import NamedView, named
from server.kit import db
from server.kit.errors import NotFound

OUTCOMES: Final[dict[str | None, RequestState]] = {
    None: "asked",
    "CONFIRMED": "confirmed",
    "REFUSED": "refused",
    "LAPSED": "lapsed",
}
# Blanks, marks and dots do not make a name another one, nor do capitals, wide letters and accents set beside a letter.
_ALIKE: Final = (
    r"regexp_replace(lower(normalize({0}, NFKC)), '[\s\u0021-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf"
    r"\u02b0-\u036f\u2000-\u206f\u3000-\u303f\u30fb]', '', 'g')"
)


async def changes_of(ids: list[UUID]) -> dict[UUID, list[ChangeView]]:
    """All that was ever asked to be written of these people or units, the newest first."""
    found: dict[UUID, list[ChangeView]] = defaultdict(list)
    for row in await db.fetch(
        "SELECT c.*, coalesce(c.person_id, c.unit_id) AS about, n.name AS place_name, b.name AS before_name,"
        " a.name AS asked_name, d.name AS decided_name FROM directory_changes c JOIN people a ON a.id = c.asked_by"
        " LEFT JOIN people d ON d.id = c.decided_by LEFT JOIN units n ON n.id = c.place_id"
        " LEFT JOIN units b ON b.id = c.place_before WHERE coalesce(c.person_id, c.unit_id) = ANY($1::uuid[])"
        " ORDER BY c.asked_at DESC, c.id DESC",
        ids,
    ):
        found[row["about"]].append(_change(row))
    return found


async def namesakes(ids: list[UUID]) -> dict[UUID, list[NamesakeView]]:
    """Others in service who are called like these people, or as these are to be called."""
    found: dict[UUID, list[NamesakeView]] = defaultdict(list)
    called, other = _ALIKE.format("k.name"), _ALIKE.format("o.name")
    for row in await db.fetch(
        "WITH called AS (SELECT id, org_id, name FROM people WHERE id = ANY($1::uuid[]) UNION"
        " SELECT c.person_id, c.org_id, c.name FROM directory_changes c"
        " WHERE c.person_id = ANY($1::uuid[]) AND c.outcome IS NULL)"
        " SELECT DISTINCT k.id AS of_id, o.id, o.name, u.id AS unit_id, u.name AS unit_name, array(SELECT role"
        " FROM role_grants g WHERE g.person_id = o.id AND g.revoked_at IS NULL ORDER BY role) AS roles FROM called k"
        f" JOIN people o ON o.org_id = k.org_id AND o.id <> k.id AND o.active AND {other} = {called}"
        " JOIN units u ON u.id = o.unit_id ORDER BY o.name, o.id",
        ids,
    ):
        found[row["of_id"]].append(
            NamesakeView(
                id=row["id"],
                name=row["name"],
                unit=NamedView(id=row["unit_id"], name=row["unit_name"]),
                roles=tuple(Role(held) for held in row["roles"]),
            )
        )
    return found


async def unit_records(actor: Actor, unit_id: UUID | None = None) -> tuple[UnitRecordView, ...]:
    """The units of the organisation, or one of them, with what was asked for; parents before children by name."""
    rows = await db.fetch(
        "SELECT u.id, u.parent_id, u.name, u.kind, u.version, (SELECT count(*) FROM people p WHERE p.unit_id = u.id"
        " AND p.active) AS people FROM units u WHERE u.org_id = $1 AND ($2::uuid IS NULL OR u.id = $2)"
        " ORDER BY u.parent_id NULLS FIRST, u.name, u.id",
        actor.org_id,
        unit_id,
    )
    asked = await changes_of([row["id"] for row in rows])
    return tuple(UnitRecordView(**dict(row), changes=tuple(asked.get(row["id"], ()))) for row in rows)


async def unit_record(actor: Actor, unit_id: UUID) -> UnitRecordView:
    """One unit.

    Raises:
        NotFound: there is none, or it is another organisation's.
    """
    found = await unit_records(actor, unit_id)
    if not found:
        raise NotFound
    return found[0]


async def subject_of(actor: Actor, change_id: UUID) -> UUID:
    """The person or unit that a change is about.

    Raises:
        NotFound: there is none, or it is another organisation's.
    """
    found = await db.fetch_value(
        "SELECT coalesce(person_id, unit_id) FROM directory_changes WHERE id = $1 AND org_id = $2",
        change_id,
        actor.org_id,
    )
    if not isinstance(found, UUID):
        raise NotFound
    return found


def _change(row: Any) -> ChangeView:
    return ChangeView(
        id=row["id"],
        state=OUTCOMES[row["outcome"]],
        name=row["name"],
        name_before=row["name_before"],
        place=named(row["place_id"], row["place_name"]),
        place_before=named(row["place_before"], row["before_name"]),
        kind=row["kind"],
        kind_before=row["kind_before"],
        asked_by=NamedView(id=row["asked_by"], name=row["asked_name"]),
        asked_at=row["asked_at"],
        decided_by=named(row["decided_by"], row["decided_name"]),
        decided_at=row["decided_at"],
    )
