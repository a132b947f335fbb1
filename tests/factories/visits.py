"""A whole inspection, act by act, through the same doors that people use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from server.access.roles import Role
from server.access.signin import actor_of
from server.kit import clock
from server.kit.ids import new_id
from server.visits import commands
from server.visits.schemas import AdvanceVisit, Clause, Clauses, FieldStep, Position
from tests.factories.items import recorded_site, registered_item
from tests.factories.people import Caller, Office

CLAUSES = ("no_notice", "no_greeting", "no_briefing", "no_escort", "straight_to_grassroots", "straight_to_site")


def kept_clauses(**broken: str | None) -> Clauses:
    """All six clauses kept, except those named with the reason why not."""
    return Clauses(**{name: Clause(kept=name not in broken, reason=broken.get(name)) for name in CLAUSES})


@dataclass
class Inspection:
    """The people of a visit, its item and site, and the visit once planned."""

    planner: Caller
    head: Caller
    chief: Caller
    leader: Caller
    member: Caller
    item: dict[str, Any]
    site: dict[str, Any]
    visit_id: str = ""

    @classmethod
    async def prepared(cls, office: Office) -> Inspection:
        """Everything but the visit. The planner belongs to no team."""
        chief = await office.caller("hejing", Role.OFFICE)
        item = await registered_item(chief, office.handling_unit)
        return cls(
            planner=await office.caller("planner", Role.SUP),
            head=await office.caller("guyuan", Role.HEAD),
            chief=chief,
            leader=await office.caller("zhouheng", Role.SUP, Role.TL),
            member=await office.caller("linxia", Role.SUP, Role.TM),
            item=item,
            site=await recorded_site(chief, item["id"]),
        )

    def plan_body(self, **changed: Any) -> dict[str, Any]:
        """The plan as the desk sends it."""
        return {
            "id": str(new_id()),
            "item_id": self.item["id"],
            "site_id": self.site["id"],
            "title": "医院扩建工程暗访",
            "method": "COVERT",
            "planned_for": "2026-05-25",
            "team": [str(self.leader.person_id), str(self.member.person_id)],
            "leader_id": str(self.leader.person_id),
            "approver_id": str(self.head.person_id),
            "brief": "看脚手架连墙件与临边防护",
            **changed,
        }

    async def plan(self, **changed: Any) -> httpx.Response:
        """Send the plan."""
        answer = await self.planner.post("/api/visits", self.plan_body(**changed))
        if answer.status_code == 201:
            self.visit_id = answer.json()["id"]
        return answer

    async def act(self, who: Caller, act: str, json: Any = None, **headers: str) -> httpx.Response:
        """An act of the desk on the visit."""
        return await who.post(f"/api/visits/{self.visit_id}/{act}", json, headers=headers)

    async def advance(self, who: Caller, step: FieldStep, **changed: Any) -> None:
        """A step in the field, as the phone's push calls it."""
        actor = await actor_of(who.token)
        assert actor is not None
        fields: dict[str, Any] = {
            "id": new_id(),
            "visit_id": UUID(self.visit_id),
            "step": step,
            "at": clock.now(),
            "position": Position(lat_e7=302500000, lon_e7=1143100000, acc_cm=800),
            "clauses": kept_clauses() if step == "sign" else None,
        }
        await commands.advance(actor, AdvanceVisit(**(fields | changed)))

    async def view(self) -> dict[str, Any]:
        """The visit as the head of the office sees it."""
        seen: dict[str, Any] = (await self.chief.get(f"/api/visits/{self.visit_id}")).json()
        return seen

    async def until(self, state: str) -> dict[str, Any]:
        """Walk on, the straight way, until the visit is in a state; returns it."""
        if not self.visit_id:
            answer = await self.plan()
            assert answer.status_code == 201, answer.text
        while (now := await self.view())["state"] != state:
            await self._step(now["state"])
        return now

    async def _step(self, state: str) -> None:
        desk = {
            "DRAFT": (self.head, "approve"),
            "PLAN_APPROVED": (self.chief, "lock-team"),
            "RECORD_SIGNED": (self.chief, "release"),
        }
        field: dict[str, FieldStep] = {
            "TEAM_LOCKED": "depart",
            "DEPARTED": "arrive",
            "ON_SITE": "leave",
            "LEFT": "sign",
        }
        if state in field:
            await self.advance(self.leader, field[state])
            return
        who, act = desk[state]
        answer = await self.act(who, act)
        assert answer.status_code == 200, answer.text
