"""Findings as the phone's push hands them on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server.access.signin import actor_of
from server.findings import commands
from server.findings.schemas import RecordFinding
from server.kit import clock
from server.kit.ids import new_id
from tests.factories.people import Caller
from tests.factories.visits import Inspection


async def recorded_finding(inspection: Inspection, who: Caller, **changed: Any) -> UUID:
    """A finding recorded by a member of the team; returns its id."""
    actor = await actor_of(who.token)
    assert actor is not None
    fields: dict[str, Any] = {
        "id": new_id(),
        "visit_id": UUID(inspection.visit_id),
        "item_id": UUID(inspection.item["id"]),
        "text": "三层脚手架连墙件缺失四处",
        "category": "SAFETY",
        "severity": "SERIOUS",
        "capture_ids": [],
        "found_at": clock.now(),
    }
    cmd = RecordFinding(**(fields | changed))
    await commands.record_finding(actor, cmd)
    return cmd.id
