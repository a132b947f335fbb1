"""An invented office: one organisation, its units and one person for each role that a story needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx

from server.access.roles import Role
from server.kit import clock, db
from server.kit.ids import new_id

PASSWORD = "a long test password"
# argon2id of PASSWORD with cheap parameters: hashing is tested elsewhere, here it would only cost time.
PASSWORD_HASH = ""


def cheap_hash() -> str:
    """The hash of ``PASSWORD``, made once with the smallest parameters."""
    global PASSWORD_HASH
    if not PASSWORD_HASH:
        from argon2 import PasswordHasher

        PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    return PASSWORD_HASH


@dataclass
class Caller:
    """A signed-in person as a program: the client with the bearer token, and who it is."""

    person_id: UUID
    token: str
    http: httpx.AsyncClient

    async def request(self, method: str, path: str, **kwargs: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}", **kwargs.pop("headers", {})}
        return await self.http.request(method, path, headers=headers, **kwargs)

    async def get(self, path: str, **kwargs: Any) -> httpx.Response:
        return await self.request("GET", path, **kwargs)

    async def post(self, path: str, json: Any = None, **kwargs: Any) -> httpx.Response:
        return await self.request("POST", path, json=json, **kwargs)


@dataclass
class Office:
    """The organisation of a test."""

    http: httpx.AsyncClient
    org_id: UUID
    office_unit: UUID
    handling_unit: UUID
    people: dict[str, UUID] = field(default_factory=dict)
    callers: dict[str, Caller] = field(default_factory=dict)

    @classmethod
    async def founded(cls, http: httpx.AsyncClient) -> Office:
        """Found the organisation with its two units and nobody in it."""
        now = clock.now()
        org, office_unit, handling_unit = new_id(), new_id(), new_id()
        await db.execute("INSERT INTO organisations (id, name, created_at) VALUES ($1, '云溪县人民政府', $2)", org, now)
        await db.execute("INSERT INTO feed_counters (org_id, n) VALUES ($1, 0)", org)
        for unit, name, kind in (
            (office_unit, "督查室", "office"),
            (handling_unit, "住房和城乡建设局", "department"),
        ):
            await db.execute(
                "INSERT INTO units (id, org_id, name, kind) VALUES ($1, $2, $3, $4)", unit, org, name, kind
            )
        return cls(http, org, office_unit, handling_unit)

    async def person(self, login: str, *roles: Role, unit: UUID | None = None, name: str | None = None) -> UUID:
        """Add a person with roles."""
        person_id = new_id()
        await db.execute(
            "INSERT INTO people (id, org_id, unit_id, name, login, password_hash, created_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7)",
            person_id,
            self.org_id,
            unit or self.office_unit,
            name or login,
            login,
            cheap_hash(),
            clock.now(),
        )
        for role in roles:
            await db.execute(
                "INSERT INTO role_grants (id, org_id, person_id, role, granted_at) VALUES ($1, $2, $3, $4, $5)",
                new_id(),
                self.org_id,
                person_id,
                role,
                clock.now(),
            )
        self.people[login] = person_id
        return person_id

    async def caller(self, login: str, *roles: Role, unit: UUID | None = None, again: bool = False) -> Caller:
        """The signed-in person, added first if unknown; ``again`` signs in once more."""
        if login not in self.people:
            await self.person(login, *roles, unit=unit)
        if again or login not in self.callers:
            answer = await self.http.post(
                "/api/session", json={"login": login, "password": PASSWORD, "transport": "bearer"}
            )
            assert answer.status_code == 201, answer.text
            self.callers[login] = Caller(self.people[login], answer.json()["token"], self.http)
        return self.callers[login]
