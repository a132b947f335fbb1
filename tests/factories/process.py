"""An item on its way to the unit, taken by the people of one office over the doors that they use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from server.access.roles import Role
from tests.factories.files import handed_in
from tests.factories.items import registered_item
from tests.factories.people import Caller, Office


@dataclass
class Process:
    """One office with everybody whom an item meets before it reaches its unit."""

    office: Office
    registrar: Caller
    supervisor: Caller
    chief: Caller
    leader: Caller
    deputy: Caller
    head: Caller
    liaison: Caller
    responsible: UUID

    @classmethod
    async def prepared(cls, office: Office) -> Process:
        """The office with its people; 陆 and 方 are leaders in charge, 顾 the head of government."""
        unit = office.handling_unit
        return cls(
            office,
            registrar=await office.caller("tang", Role.REG),
            supervisor=await office.caller("lin", Role.SUP),
            chief=await office.caller("he", Role.OFFICE),
            leader=await office.caller("lu", Role.LEADER),
            deputy=await office.caller("fang", Role.LEADER),
            head=await office.caller("gu", Role.HEAD),
            liaison=await office.caller("xu", Role.LIAISON, unit=unit),
            responsible=await office.person("wei", Role.UDEP, unit=unit),
        )

    def proposal(self, **changed: Any) -> dict[str, Any]:
        """A complete proposal."""
        return {
            "proposal_text": "拟转住建局办理，七个工作日内反馈。",
            "task": "完成医院扩建工地安全隐患整改",
            "requirement": "隐患清零，逐项附整改前后照片",
            "mode": "FORWARD",
            "handling_unit_id": str(self.office.handling_unit),
            "responsible_person_id": str(self.responsible),
            "follow_up_id": str(self.supervisor.person_id),
            "kind": "DAILY",
            "content_kind": 2,
            "basis_kind": "DECISION",
            "basis_text": "县政府第12次常务会议",
            "scope_text": "限扩建工程施工安全，不涉及医疗服务",
            **changed,
        }

    async def registered(self, **changed: Any) -> str:
        """An item just registered."""
        found: str = (await registered_item(self.registrar, **changed))["id"]
        return found

    async def proposed(self, item_id: str | None = None, **changed: Any) -> str:
        """An item with a proposal."""
        item_id = item_id or await self.registered()
        await ok(self.supervisor.request("PUT", f"/api/items/{item_id}/proposal", json=self.proposal(**changed)))
        return item_id

    async def submitted(self, item_id: str | None = None, **changed: Any) -> str:
        """An item under approval."""
        item_id = await self.proposed(item_id, **changed)
        await ok(self.supervisor.post(f"/api/items/{item_id}/submit"))
        return item_id

    async def sign(self, who: Caller, item_id: str, kind: str, opinion: str = "同意", **kwargs: Any) -> Any:
        """The answer to a signature."""
        body = {"kind": kind, "opinion": opinion}
        return await who.post(f"/api/items/{item_id}/signatures", body, **kwargs)

    async def established(self, item_id: str | None = None, **changed: Any) -> str:
        """An item signed twice."""
        item_id = await self.submitted(item_id, **changed)
        await ok(self.sign(self.leader, item_id, "FIRST"))
        await ok(self.sign(self.head, item_id, "SECOND"))
        return item_id

    async def confirm(self, item_id: str, **changed: Any) -> Any:
        """The answer to confirming how to supervise."""
        body = {"channels": ["SELF_CHECK", "HEARING"], "visits": False, "interval_days": 7, **changed}
        return await self.chief.request("PUT", f"/api/items/{item_id}/method", json=body)

    async def confirmed(self, item_id: str | None = None, **changed: Any) -> str:
        """An item ready to be handed over."""
        item_id = await self.established(item_id, **changed)
        await ok(self.confirm(item_id))
        return item_id

    async def plan(self) -> str:
        """A supervision plan handed in by the chief."""
        return await handed_in(self.chief, name="督查方案.pdf")


async def ok(answer: Any) -> dict[str, Any]:
    """The body of an answer that must have succeeded."""
    got = await answer
    assert got.status_code in (200, 201), got.text
    body: dict[str, Any] = got.json()
    return body


def fields(answer: Any) -> set[tuple[str, str]]:
    """The fields that a refusal names, each with its code."""
    return {(one["field"], one["code"]) for one in answer.json()["errors"]}


def instruction(**changed: Any) -> dict[str, Any]:
    """A leader's instruction."""
    return {
        "leader_name": "顾 远",
        "leader_level": "COUNTY",
        "instructed_on": "2026-03-02",
        "wording": "请督查室牵头，住建局七日内报整改结果。",
        **changed,
    }
