"""Programmes as the desk sends them."""

from __future__ import annotations

from typing import Any

from server.kit import clock
from server.kit.ids import new_id
from tests.factories.people import Caller, Office
from tests.factories.process import ok


def year() -> dict[str, str]:
    """The present year."""
    now = clock.today().year
    return {"from_on": f"{now}-01-01", "to_on": f"{now}-12-31"}


def entry(office: Office, responsible: Caller, **changed: Any) -> dict[str, Any]:
    """An entry about the unit under supervision."""
    chosen = {} if "unit_kind" in changed else {"unit_id": str(office.handling_unit)}
    return {
        "key": str(new_id()),
        "subject": "在建工地安全生产督查",
        **year(),
        "visits": 2,
        "responsible_id": str(responsible.person_id),
        "basis": "县政府年度督查工作安排",
        **chosen,
        **changed,
    }


def programme(*entries: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """A programme of the year."""
    return {
        "id": str(new_id()),
        "kind": "YEAR",
        "title": f"{clock.today().year}年度督查计划",
        **year(),
        "most_visits": 2,
        "entries": list(entries),
        **changed,
    }


async def approved(chief: Caller, leader: Caller, *entries: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """A programme in force."""
    body = programme(*entries, **changed)
    await ok(chief.post("/api/programmes", body))
    await ok(chief.post(f"/api/programmes/{body['id']}/submit"))
    return await ok(leader.post(f"/api/programmes/{body['id']}/approve", {"opinion": "同意"}))
