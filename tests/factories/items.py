"""Items and sites as the desk sends them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server.kit.ids import new_id
from tests.factories.people import Caller


def item_body(**changed: Any) -> dict[str, Any]:
    """An incoming matter."""
    return {
        "id": str(new_id()),
        "title": "云溪县人民医院扩建工程安全生产督查",
        "source_kind": "KEY_PROJECT",
        "category": "SPECIAL",
        **changed,
    }


def site_body(item_id: str, **changed: Any) -> dict[str, Any]:
    """A place of that item."""
    return {
        "id": str(new_id()),
        "item_id": item_id,
        "name": "医院扩建工地",
        "address": "云溪县青石路18号",
        "lat_e7": 302500000,
        "lon_e7": 1143100000,
        **changed,
    }


async def registered_item(registrar: Caller, handling_unit: UUID | None = None, **changed: Any) -> dict[str, Any]:
    """An item just registered."""
    unit = {"handling_unit_id": str(handling_unit)} if handling_unit else {}
    answer = await registrar.post("/api/items", item_body(**unit, **changed))
    assert answer.status_code == 201, answer.text
    view: dict[str, Any] = answer.json()
    return view


async def recorded_site(keeper: Caller, item_id: str, **changed: Any) -> dict[str, Any]:
    """A site just recorded."""
    answer = await keeper.post("/api/sites", site_body(item_id, **changed))
    assert answer.status_code == 201, answer.text
    view: dict[str, Any] = answer.json()
    return view
