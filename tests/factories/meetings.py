"""Meetings and decisions as the desk sends them."""

from __future__ import annotations

from typing import Any

from server.kit.ids import new_id
from tests.factories.people import Caller


def decision_body(no: int = 1, **changed: Any) -> dict[str, Any]:
    """A decision of a meeting."""
    return {
        "id": str(new_id()),
        "no": no,
        "text": f"第{no}项：加快推进老旧小区改造，年底前完成全部项目。",
        "requirement": "每月报送进展",
        **changed,
    }


def meeting_body(**changed: Any) -> dict[str, Any]:
    """A meeting without decisions."""
    return {
        "id": str(new_id()),
        "kind": "EXECUTIVE",
        "held_on": "2026-05-25",
        "chair": "顾远",
        "no": 9,
        **changed,
    }


async def recorded_meeting(caller: Caller, **changed: Any) -> dict[str, Any]:
    """A meeting just recorded."""
    answer = await caller.post("/api/meetings", meeting_body(**changed))
    assert answer.status_code == 201, answer.text
    view: dict[str, Any] = answer.json()
    return view
