"""An item in the hands of its unit, with a frozen limit, and everybody who has a say about its time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from server.access.actor import Actor
from server.access.roles import Role
from server.items.commands.hand_over import hand_over, take_receipt
from server.items.commands.locking import item_for_update
from server.journal.work import unit_of_work
from server.kit import clock
from server.kit.ids import new_id
from tests.factories.items import registered_item
from tests.factories.people import Caller, Office
from tests.factories.trail import moved

# Monday 10:00 in Shanghai; seven working days later it is Wednesday, 3 June.
MONDAY = datetime(2026, 5, 25, 2, 0, tzinfo=UTC)
DUE = "2026-06-03T16:00:00Z"


@dataclass
class Timing:
    """The office and the unit."""

    office: Office
    registrar: Caller
    supervisor: Caller
    chief: Caller
    leader: Caller
    head: Caller
    deputy: Caller
    liaison: Caller

    @classmethod
    async def prepared(cls, office: Office) -> Timing:
        """Everybody signed in; the deputy leads the unit's work in charge."""
        unit = office.handling_unit
        return cls(
            office,
            await office.caller("reg", Role.REG),
            await office.caller("sup", Role.SUP),
            await office.caller("chief", Role.OFFICE),
            await office.caller("leader", Role.LEADER),
            await office.caller("head", Role.HEAD),
            await office.caller("deputy", Role.UDEP, unit=unit),
            await office.caller("liaison", Role.LIAISON, unit=unit),
        )

    async def handed_over(self, *, signed: bool = True, stated_by: str = "", **changed: Any) -> str:
        """An item with its unit: seven working days by the default rules, unless changed."""
        body = {"source_kind": "LEADER_ASSIGNMENT", **changed}
        item_id = (await registered_item(self.registrar, self.office.handling_unit, **body))["id"]
        await moved(
            "METHOD_CONFIRMED",
            "o.id = $2",
            UUID(item_id),
            stated_by,
            10 if stated_by else None,
            "WORKING_DAYS" if stated_by else None,
            also=", mode = 'FORWARD', stated_by = $3, stated_limit_n = $4, stated_limit_unit = $5",
        )
        chief = self._actor(self.chief, self.office.office_unit, Role.OFFICE)
        unit = self._actor(self.deputy, self.office.handling_unit, Role.UDEP)
        async with unit_of_work(chief) as work:
            row = await item_for_update(work, chief, UUID(item_id))
            await hand_over(work, chief, row, received_at=clock.now(), stated=None)
        if signed:
            async with unit_of_work(unit) as work:
                await take_receipt(work, unit, await item_for_update(work, unit, UUID(item_id)))
        return str(item_id)

    async def time(self, item_id: str, by: Caller | None = None) -> dict[str, Any]:
        """All about its time."""
        return await ok((by or self.chief).get(f"/api/items/{item_id}/time"))

    async def asked(self, item_id: str, by: Caller | None = None, **changed: Any) -> dict[str, Any]:
        """A request for a later date; what the item's time then looks like."""
        return await ok((by or self.deputy).post(f"/api/items/{item_id}/extensions", extension_body(**changed)))

    async def reported(self, item_id: str, by: Caller | None = None, **changed: Any) -> dict[str, Any]:
        """A written report that it cannot be finished in time."""
        return await ok((by or self.liaison).post(f"/api/items/{item_id}/written-reports", report_body(**changed)))

    async def suspended(self, item_id: str, review_on: str = "2026-07-01") -> dict[str, Any]:
        """Its clock stopped."""
        body = {"id": str(new_id()), "obstacle": "用地手续涉诉，须待判决", "review_on": review_on}
        return await ok(self.leader.post(f"/api/items/{item_id}/suspend", body))

    async def resumed(self, item_id: str) -> dict[str, Any]:
        """Its clock running again."""
        return await ok(self.chief.post(f"/api/items/{item_id}/resume", {"note": "判决已生效"}))

    async def overdue(self, by: Caller | None = None, **query: str) -> list[dict[str, Any]]:
        """The list of overdue items."""
        body = await ok((by or self.chief).get("/api/overdue-items", params=query))
        rows: list[dict[str, Any]] = body["items"]
        return rows

    def _actor(self, caller: Caller, unit: UUID, role: Role) -> Actor:
        return Actor(caller.person_id, self.office.org_id, unit, "", frozenset({role}))


def extension_body(**changed: Any) -> dict[str, Any]:
    """What a unit sends to ask for a later date: five more working days."""
    length = {} if "until" in changed else {"n": 5, "unit": "WORKING_DAYS"}
    return {"id": str(new_id()), "reason": "汛期停工", "progress": "已完成七成", **length, **changed}


def report_body(**changed: Any) -> dict[str, Any]:
    """What a unit sends to report that it cannot finish in time."""
    return {"id": str(new_id()), "reason": "设备未到货", "progress": "土建已完成", **changed}


async def ok(answer: Any) -> dict[str, Any]:
    """The body of an answer that must have succeeded."""
    got = await answer
    assert got.status_code in (200, 201), got.text
    body: dict[str, Any] = got.json()
    return body
