"""What happens at the office that somebody is told of, and what the inbox then says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from server.access.actor import system_actor
from server.journal.events import Event
from server.journal.work import unit_of_work
from server.kit.ids import new_id
from server.visits.events import TeamLocked
from tests.factories.fieldwork import Fieldwork
from tests.factories.people import Caller, Office
from tests.push.endpoint import Browser, PushEndpoint, b64u


def subscription(service: PushEndpoint, browser: Browser) -> dict[str, Any]:
    return {
        "id": str(new_id()),
        "endpoint": service.endpoint(browser),
        "p256dh": b64u(browser.point),
        "auth": b64u(browser.auth),
        "device_id": None,
    }


@dataclass(frozen=True)
class _By:
    org_id: UUID
    person_id: UUID | None


async def happen(office: Office, event: Event, by: UUID | None = None) -> None:
    """Let an event be recorded, as its own command would."""
    actor = system_actor(office.org_id)
    async with unit_of_work(actor) as work:
        work.actor = _By(office.org_id, by)
        work.record(event)


def locked(visit: Fieldwork, *team: UUID) -> TeamLocked:
    assert visit.site_id is not None
    return TeamLocked(subject_id=visit.id, item_id=visit.item_id, site_id=visit.site_id, team=team, leader_id=team[0])


async def notices(caller: Caller) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await caller.get("/api/inbox")).json()["notices"]
    return found
