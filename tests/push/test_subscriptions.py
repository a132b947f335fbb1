"""Browsers that ask to be woken."""

from __future__ import annotations

import json

import httpx
import pytest

from server.access.roles import Role
from server.kit import db
from server.kit.ids import new_id
from server.settings import Settings
from tests.factories.device import Phone
from tests.factories.fieldwork import Fieldwork, planned_visit
from tests.factories.people import Caller, Office
from tests.factories.worker import run_jobs_once
from tests.push.endpoint import Browser, PushEndpoint
from tests.push.happenings import happen, locked, notices, subscription

pytestmark = pytest.mark.anyio


class TestSubscriptions:
    async def test_after_unsubscribing_nothing_is_sent(
        self, office: Office, settings: Settings, mine: Caller, visit: Fieldwork, service: PushEndpoint
    ) -> None:
        body = subscription(service, Browser("phone"))
        assert (await mine.post("/api/push/subscriptions", body)).status_code == 201
        other = await office.caller("zhouheng", Role.SUP, Role.TM)
        assert (await other.request("DELETE", f"/api/push/subscriptions/{body['id']}")).status_code == 404
        assert (await mine.request("DELETE", f"/api/push/subscriptions/{body['id']}")).status_code == 204
        assert (await mine.request("DELETE", f"/api/push/subscriptions/{body['id']}")).status_code == 404
        await happen(office, locked(visit, mine.person_id))
        await run_jobs_once(settings)
        assert service.deliveries == []
        assert len(await notices(mine)) == 1

    async def test_a_phone_that_was_reported_lost_rings_no_more(
        self, office: Office, settings: Settings, visit: Fieldwork, mine: Caller, service: PushEndpoint
    ) -> None:
        """Also for a notice that was on its way already; a refused report lets it ring again."""
        head = await office.caller("hejing", Role.OFFICE)
        lost = await Phone.enrolled(mine)
        await lost.confirmed_by(head)
        body = {**subscription(service, Browser("lost")), "device_id": str(lost.device_id)}
        assert (await mine.post("/api/push/subscriptions", body)).status_code == 201
        kept = await mine.post("/api/push/subscriptions", subscription(service, Browser("kept")))
        assert kept.status_code == 201
        await happen(office, locked(visit, mine.person_id))
        asked = await mine.post(f"/api/devices/{lost.device_id}/revoke", {"reason": "遗失"})
        assert asked.status_code == 200, asked.text
        await run_jobs_once(settings)
        assert {one.browser for one in service.deliveries} == {"kept"}
        refused = await head.post(f"/api/devices/{lost.device_id}/revoke/refuse", {"reason": "已找回"})
        assert refused.status_code == 200, refused.text
        await happen(office, locked(visit, mine.person_id))
        await run_jobs_once(settings)
        assert sorted(one.browser for one in service.deliveries) == ["kept", "kept", "lost"]

    async def test_a_phone_handed_to_a_colleague_rings_for_the_colleague_only(
        self, office: Office, settings: Settings, mine: Caller, service: PushEndpoint
    ) -> None:
        other = await office.caller("zhouheng", Role.SUP, Role.TM)
        phone = Browser("shared")
        await mine.post("/api/push/subscriptions", subscription(service, phone))
        await other.post("/api/push/subscriptions", subscription(service, phone))
        visit = await planned_visit(office, mine.person_id, other.person_id)
        await happen(office, locked(visit, mine.person_id, other.person_id))
        await run_jobs_once(settings)
        (delivery,) = service.accepted()
        (theirs,) = await notices(other)
        assert json.loads(phone.decrypt(delivery.body))["notice"] == theirs["id"]

    async def test_subscribing_twice_is_one_subscription(self, mine: Caller, service: PushEndpoint) -> None:
        body = subscription(service, Browser("phone"))
        first = await mine.post("/api/push/subscriptions", body)
        again = await mine.post("/api/push/subscriptions", body)
        renewed = await mine.post("/api/push/subscriptions", {**body, "id": str(new_id())})
        assert first.json() == again.json()
        assert renewed.status_code == 201
        assert await db.fetch_value("SELECT count(*) FROM push_subscriptions") == 1
        assert body["endpoint"] not in first.text

    async def test_one_person_keeps_twenty_browsers_at_most(self, mine: Caller, service: PushEndpoint) -> None:
        for number in range(23):
            await mine.post("/api/push/subscriptions", subscription(service, Browser(f"b{number}")))
        names = await db.fetch("SELECT endpoint FROM push_subscriptions ORDER BY created_at")
        assert [row["endpoint"].rpartition("/")[2] for row in names] == [f"b{number}" for number in range(3, 23)]

    async def test_addresses_inside_and_false_keys_are_refused(self, mine: Caller, service: PushEndpoint) -> None:
        good = subscription(service, Browser("phone"))
        inside = await mine.post("/api/push/subscriptions", {**good, "endpoint": "https://10.0.0.8/push/x"})
        plain = await mine.post("/api/push/subscriptions", {**good, "endpoint": "http://example.org/push/x"})
        keys = await mine.post("/api/push/subscriptions", {**good, "p256dh": "A" * 87})
        assert [one.json()["code"] for one in (inside, plain, keys)] == [
            "push_endpoint_refused",
            "push_endpoint_refused",
            "bad_subscription_key",
        ]

    async def test_the_key_is_made_once(self, client: httpx.AsyncClient, mine: Caller) -> None:
        assert await db.fetch_value("SELECT count(*) FROM installation_secrets WHERE name = 'vapid'") == 1
        first = (await mine.get("/api/push/key")).json()["public_key"]
        assert first == (await mine.get("/api/push/key")).json()["public_key"]
        assert (await client.get("/api/push/key")).status_code == 401
