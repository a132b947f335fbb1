"""Documents on desks, for tests: the people of a county office and what they carry."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from server.access.roles import Role
from server.kit import clock
from server.kit.ids import new_id
from tests.factories.people import Caller, Office


@dataclass
class Hands:
    """A clock that the test moves by hand."""

    now: datetime

    def pass_(self, **length: float) -> datetime:
        """Let time pass; returns the new instant."""
        self.now += timedelta(**length)
        return self.now


@contextmanager
def hands(at: datetime | None = None) -> Iterator[Hands]:
    """Hold the clock for the length of a ``with`` block."""
    held = Hands(at or clock.now())
    with clock.held_at(lambda: held.now):
        yield held


@dataclass
class Desks:
    """The secretary, the head of the office and three leaders."""

    office: Office
    secretary: Caller
    chief: Caller
    leader: Caller
    other: Caller
    head: Caller

    @classmethod
    async def staffed(cls, office: Office) -> Desks:
        """Everybody signed in."""
        return cls(
            office,
            await office.caller("secretary", Role.REG),
            await office.caller("chief", Role.OFFICE),
            await office.caller("leader", Role.LEADER),
            await office.caller("other", Role.LEADER),
            await office.caller("head", Role.HEAD),
        )

    async def opened(self, *leaders: Caller, **changed: Any) -> dict[str, Any]:
        """A registered circulation."""
        answer = await self.secretary.post("/api/circulations", circulation_body(*leaders or (self.leader,), **changed))
        assert answer.status_code == 201, answer.text
        view: dict[str, Any] = answer.json()
        return view

    async def on_desk(self, *leaders: Caller, at: datetime | None = None, **changed: Any) -> dict[str, Any]:
        """A circulation on the first desk."""
        view = await self.opened(*leaders, **changed)
        return await self.act(view, "deliver", None, **({"at": at.isoformat()} if at else {}))

    async def act(self, view: dict[str, Any], act: str, by: Caller | None = None, **body: Any) -> dict[str, Any]:
        """Do something with it, as the secretary unless somebody else is named."""
        answer = await (by or self.secretary).post(f"/api/circulations/{view['id']}/{act}", body)
        assert answer.status_code == 200, answer.text
        done: dict[str, Any] = answer.json()
        return done

    async def listed(self, where: str = "on_desk", by: Caller | None = None, **query: Any) -> list[dict[str, Any]]:
        """A list as somebody sees it, the secretary unless named."""
        answer = await (by or self.secretary).get("/api/circulations", params={"where": where, **query})
        assert answer.status_code == 200, answer.text
        rows: list[dict[str, Any]] = answer.json()["circulations"]
        return rows

    async def away(self, person: UUID, from_on: str, to_on: str, **changed: Any) -> dict[str, Any]:
        """Mark a leader away; what the desks then look like."""
        body = {"id": str(new_id()), "person_id": str(person), "from_on": from_on, "to_on": to_on, **changed}
        answer = await self.secretary.post("/api/absences", body)
        assert answer.status_code == 201, answer.text
        view: dict[str, Any] = answer.json()
        return view


def circulation_body(*leaders: Caller, **changed: Any) -> dict[str, Any]:
    """What a secretary sends."""
    body: dict[str, Any] = {
        "id": str(new_id()),
        "kind": "DOCUMENT",
        "desk_class": "NORMAL",
        "leaders": [str(one.person_id) for one in leaders],
        "title": "关于云溪二桥限载通行的请示",
    }
    return {**body, **changed}


def stub_body(*leaders: Caller, **changed: Any) -> dict[str, Any]:
    """A confidential item: a serial number and nothing else."""
    return circulation_body(
        *leaders,
        **{"kind": "CONFIDENTIAL", "desk_class": "CONFIDENTIAL", "title": "", "serial": "机〔2026〕12号", **changed},
    )
