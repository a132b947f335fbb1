"""Reading accounts, with their roles and what was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from server.access import change_queries
from server.access.account_schemas import AccountList, AccountState, AccountView, RoleRequestView
from server.access.actor import Actor
from server.access.change_queries import OUTCOMES
from server.access.roles import Role
from server.access.schemas import NamedView, named
from server.kit import db
from server.kit.errors import NotFound
from server.kit.keyset import page, read_cursor
from server.kit.like import containing

_WAITS: Final = (
    "(EXISTS (SELECT 1 FROM role_requests q WHERE q.person_id = p.id AND q.outcome IS NULL)"
    " OR EXISTS (SELECT 1 FROM directory_changes q WHERE coalesce(q.person_id, q.unit_id) = p.id"
    " AND q.outcome IS NULL))"
)
_ROWS: Final = (
    "SELECT p.id, p.name, p.login, p.active, p.must_change_password, p.recovered_at, p.created_at, p.version,"
    " u.id AS unit_id,"
    f" u.name AS unit_name, {_WAITS} AS waits, array(SELECT role FROM role_grants g WHERE g.person_id = p.id"
    " AND g.revoked_at IS NULL ORDER BY role) AS roles FROM people p JOIN units u ON u.id = p.unit_id"
)
_STATES: Final[dict[AccountState, str]] = {
    "active": "p.active",
    "waiting": f"p.active AND {_WAITS}",
    "closed": "NOT p.active",
}


async def accounts(
    actor: Actor, state: AccountState | None, words: str | None, cursor: str | None, limit: int
) -> AccountList:
    """The accounts of the organisation, the newest first."""
    at, last = read_cursor(cursor, datetime)
    rows = await db.fetch(
        f"{_ROWS} WHERE p.org_id = $1 AND ($2::timestamptz IS NULL OR (p.created_at, p.id) < ($2, $3::uuid))"
        " AND ($4::text IS NULL OR p.name ILIKE $4 OR p.login ILIKE $4 OR u.name ILIKE $4)"
        f" AND {_STATES[state] if state else 'true'} ORDER BY p.created_at DESC, p.id DESC LIMIT $5",
        actor.org_id,
        at,
        last,
        containing(words),
        limit + 1,
    )
    shown, after = page(list(rows), limit, "created_at")
    return AccountList(accounts=await _views(shown), next_cursor=after)


async def account(actor: Actor, person_id: UUID) -> AccountView:
    """One account of the organisation.

    Raises:
        NotFound: there is none, or it is another organisation's.
    """
    row = await db.fetch_one(f"{_ROWS} WHERE p.id = $1 AND p.org_id = $2", person_id, actor.org_id)
    if row is None:
        raise NotFound
    return (await _views([row], alone=True))[0]


async def account_of_request(actor: Actor, request_id: UUID) -> AccountView:
    """The account that a request for a role is about.

    Raises:
        NotFound: there is none, or it is another organisation's.
    """
    person_id = await db.fetch_value(
        "SELECT person_id FROM role_requests WHERE id = $1 AND org_id = $2", request_id, actor.org_id
    )
    if person_id is None:
        raise NotFound
    return await account(actor, person_id)


async def _views(rows: Sequence[Any], *, alone: bool = False) -> list[AccountView]:
    asked: dict[UUID, list[RoleRequestView]] = {row["id"]: [] for row in rows}
    for one in await db.fetch(
        "SELECT r.*, a.name AS asked_name, d.name AS decided_name FROM role_requests r"
        " JOIN people a ON a.id = r.asked_by LEFT JOIN people d ON d.id = r.decided_by"
        " WHERE r.person_id = ANY($1::uuid[]) ORDER BY r.asked_at DESC, r.id DESC",
        list(asked),
    ):
        asked[one["person_id"]].append(_request(one))
    changes = await change_queries.changes_of(list(asked))
    # Found by reading every name: for one account, not for a page of them.
    alike = await change_queries.namesakes(list(asked)) if alone else {}
    return [
        AccountView(
            id=row["id"],
            name=row["name"],
            login=row["login"],
            unit=NamedView(id=row["unit_id"], name=row["unit_name"]),
            state=("waiting" if row["waits"] else "active") if row["active"] else "closed",
            first_password=row["must_change_password"],
            recovered_at=row["recovered_at"],
            roles=tuple(Role(held) for held in row["roles"]),
            requests=tuple(asked[row["id"]]),
            changes=tuple(changes.get(row["id"], ())),
            namesakes=tuple(alike.get(row["id"], ())),
            created_at=row["created_at"],
            version=row["version"],
        )
        for row in rows
    ]


def _request(row: Any) -> RoleRequestView:
    return RoleRequestView(
        id=row["id"],
        role=Role(row["role"]),
        ends=row["ends"],
        state=OUTCOMES[row["outcome"]],
        asked_by=NamedView(id=row["asked_by"], name=row["asked_name"]),
        asked_at=row["asked_at"],
        decided_by=named(row["decided_by"], row["decided_name"]),
        decided_at=row["decided_at"],
    )
