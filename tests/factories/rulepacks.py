"""Rule packs of an office: a text of its own, and any pack taken into force."""

from __future__ import annotations

from typing import Any

from server.access.roles import Role
from server.kit import clock
from server.kit.ids import new_id
from server.rulepacks import shipped
from tests.factories.people import Caller, Office


def own_text(**replaced: str) -> str:
    """A pack of an invented county, made from the Tongren one: 5 working days in place of 7."""
    text = shipped.packs()[shipped.DEFAULT].text
    text = text.replace("id: tongren-hitech-2014", "id: yunxi").replace("{n: 7, unit", "{n: 5, unit")
    for old, new in replaced.items():
        text = text.replace(old, new)
    return text


async def drafted_pack(chief: Caller, text: str | None = None) -> dict[str, Any]:
    """A draft of the office's own."""
    answer = await chief.post("/api/rule-packs", {"id": str(new_id()), "text": text or own_text()})
    assert answer.status_code == 201, answer.text
    view: dict[str, Any] = answer.json()
    return view


async def enacted_pack(office: Office, **pack: str) -> dict[str, Any]:
    """A pack in force from today: ``shipped="liangshan-2010@1"`` or ``text=…``."""
    chief = await office.caller("pack-chief", Role.OFFICE)
    leader = await office.caller("pack-leader", Role.LEADER)
    answer = await chief.post("/api/rule-packs", {"id": str(new_id()), **pack})
    assert answer.status_code == 201, answer.text
    path = f"/api/rule-packs/{answer.json()['id']}"
    await chief.post(f"{path}/submit")
    answer = await leader.post(f"{path}/enact", {"in_force_from": clock.today().isoformat()})
    assert answer.status_code == 200, answer.text
    view: dict[str, Any] = answer.json()
    return view
