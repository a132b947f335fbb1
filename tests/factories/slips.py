"""Three units around one item, and the slips that go to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from server.access.roles import Role
from server.kit import db
from server.kit.ids import new_id
from tests.factories.people import Caller, Office
from tests.factories.process import Process, ok


@dataclass
class Unit:
    """A unit with its principal leader, its leader in charge and its liaison."""

    id: UUID
    head: Caller
    deputy: Caller
    liaison: Caller

    @classmethod
    async def founded(cls, office: Office, key: str, name: str) -> Unit:
        """Add the unit and its people."""
        unit = new_id()
        await db.execute(
            "INSERT INTO units (id, org_id, name, kind) VALUES ($1, $2, $3, 'department')", unit, office.org_id, name
        )
        return cls(
            unit,
            head=await office.caller(f"{key}-head", Role.UHEAD, unit=unit),
            deputy=await office.caller(f"{key}-deputy", Role.UDEP, unit=unit),
            liaison=await office.caller(f"{key}-liaison", Role.LIAISON, unit=unit),
        )

    def recipient(self, **changed: Any) -> dict[str, Any]:
        """This unit on a slip, with its leader in charge answering."""
        return {"unit_id": str(self.id), "person_id": str(self.deputy.person_id), **changed}


@dataclass
class Slips:
    """One office, an item ready to be handed over, and three units."""

    process: Process
    item_id: str
    road: Unit
    water: Unit
    power: Unit

    @classmethod
    async def prepared(cls, office: Office, **item: Any) -> Slips:
        """Everything up to the method; the item's registration takes ``item``."""
        process = await Process.prepared(office)
        return cls(
            process,
            await process.confirmed(await process.registered(**{"source_kind": "LEADER_ASSIGNMENT", **item})),
            road=await Unit.founded(office, "road", "交通运输局"),
            water=await Unit.founded(office, "water", "水利局"),
            power=await Unit.founded(office, "power", "电力局"),
        )

    def body(self, *recipients: dict[str, Any], **changed: Any) -> dict[str, Any]:
        """A complete task notice to the road unit, or to the recipients given."""
        return {
            "id": str(new_id()),
            "item_id": self.item_id,
            "series": "TASK_NOTICE",
            "mode": "FORWARD",
            "task": "修复青柳线破损路面",
            "standard": "破损路段全部修复，平整度达标",
            "recipients": list(recipients) or [self.road.recipient()],
            **changed,
        }

    def joint_body(self, **changed: Any) -> dict[str, Any]:
        """A task notice with the road unit leading and the two others assisting."""
        assisting = (one.recipient(assists=True) for one in (self.water, self.power))
        return self.body(self.road.recipient(), *assisting, mode="JOINT", **changed)

    async def drafted(self, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """A draft by the supervisor."""
        return await ok(self.process.supervisor.post("/api/slips", body or self.body()))

    async def issue(self, slip: dict[str, Any], who: Caller | None = None, **kwargs: Any) -> Any:
        """The answer to signing a draft off."""
        return await (who or self.process.chief).post(f"/api/slips/{slip['id']}/issue", **kwargs)

    async def issued(self, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """A slip drafted and signed off."""
        return await ok(self.issue(await self.drafted(body)))

    async def sign(self, who: Caller, slip: dict[str, Any], words: str = "同意") -> Any:
        """The answer to a unit's signature."""
        return await who.post(f"/api/slips/{slip['id']}/sign", {"words": words})

    async def refuse(self, who: Caller, slip: dict[str, Any], reason: str = "非本单位职责") -> Any:
        """The answer to a unit's refusal."""
        return await who.post(f"/api/slips/{slip['id']}/refuse", {"reason": reason})

    async def decide(self, who: Caller, slip: dict[str, Any], unit: Unit, *, uphold: bool) -> Any:
        """The answer to a decision on a refusal."""
        body = {"unit_id": str(unit.id), "uphold": uphold, "words": "按职责分工办理"}
        return await who.post(f"/api/slips/{slip['id']}/decide", body)

    async def joint(self) -> dict[str, Any]:
        """A joint item at work: issued, and signed for by all three."""
        slip = await self.issued(self.joint_body())
        for unit in (self.road, self.water, self.power):
            await ok(self.sign(unit.liaison, slip))
        return slip

    async def item(self, who: Caller | None = None) -> dict[str, Any]:
        """The item as somebody sees it."""
        seen: dict[str, Any] = (await (who or self.process.chief).get(f"/api/items/{self.item_id}")).json()
        return seen

    async def assignment(self, who: Caller | None = None) -> dict[str, Any]:
        """Who handles the item, as somebody sees it."""
        return await ok((who or self.process.chief).get(f"/api/items/{self.item_id}/assignment"))


def lacking(view: dict[str, Any]) -> set[tuple[str, str]]:
    """The fields that a draft lacks, each with its code."""
    return {(one["field"], one["code"]) for one in view["lacks"]}
