"""What leaves the house to a browser's push service, and what does not."""

from __future__ import annotations

import json
from datetime import timedelta
from email.utils import format_datetime

import pytest

from server.kit import clock, db
from server.settings import Settings
from tests.factories.fieldwork import Fieldwork, planned_visit
from tests.factories.people import Caller, Office
from tests.factories.worker import held_jobs, run_jobs_once
from tests.push.endpoint import Browser, PushEndpoint
from tests.push.happenings import happen, locked, notices, subscription

pytestmark = pytest.mark.anyio


SECRET_WORDS = ("医院", "暗访", "云溪", "linxia", "visit", "capture", "query", "assignment")


class TestDelivery:
    @pytest.mark.requirement("R81")
    async def test_a_locked_screen_learns_nothing_of_the_visit(
        self,
        office: Office,
        settings: Settings,
        mine: Caller,
        visit: Fieldwork,
        pocket: Browser,
        service: PushEndpoint,
    ) -> None:
        await happen(office, locked(visit, mine.person_id))
        await run_jobs_once(settings)
        (delivery,) = service.accepted()
        (notice,) = await notices(mine)
        message = pocket.decrypt(delivery.body)
        assert json.loads(message) == {"v": 1, "notice": notice["id"], "tag": "notice"}
        text = message.decode()
        assert not [word for word in SECRET_WORDS if word in text]
        assert str(visit.id) not in text
        readable = json.dumps([delivery.headers, delivery.claims], ensure_ascii=False)
        assert not [word for word in SECRET_WORDS if word in readable]

    async def test_the_service_can_trust_the_sender(
        self,
        office: Office,
        settings: Settings,
        mine: Caller,
        visit: Fieldwork,
        pocket: Browser,
        service: PushEndpoint,
    ) -> None:
        await happen(office, locked(visit, mine.person_id))
        await run_jobs_once(settings)
        (delivery,) = service.accepted()
        public = (await mine.get("/api/push/key")).json()["public_key"]
        assert delivery.vapid_key == public
        assert delivery.claims["sub"].startswith(("mailto:", "https://"))
        assert 0 < delivery.claims["exp"] - clock.now().timestamp() <= 24 * 3600
        assert delivery.headers["content-encoding"] == "aes128gcm"
        assert delivery.headers["ttl"] == "86400"
        assert delivery.headers["urgency"] == "normal"

    async def test_messages_of_the_same_text_never_look_alike(
        self, office: Office, settings: Settings, mine: Caller, service: PushEndpoint, pocket: Browser
    ) -> None:
        for _ in range(2):
            visit = await planned_visit(office, mine.person_id)
            await happen(office, locked(visit, mine.person_id))
        await run_jobs_once(settings)
        first, second = service.accepted()
        assert first.body[:16] != second.body[:16]
        assert len(first.body) == len(second.body)

    @pytest.mark.parametrize("status", [404, 410])
    async def test_a_browser_that_is_gone_is_forgotten_and_that_is_recorded(
        self,
        office: Office,
        settings: Settings,
        mine: Caller,
        visit: Fieldwork,
        pocket: Browser,
        service: PushEndpoint,
        status: int,
    ) -> None:
        service.answers.append((status, {}))
        await happen(office, locked(visit, mine.person_id))
        await run_jobs_once(settings)
        assert await db.fetch_value("SELECT count(*) FROM push_subscriptions") == 0
        entry = await db.fetch_one("SELECT data FROM journal_entries WHERE kind = 'push.lapsed'")
        assert json.loads(entry["data"])["status"] == status
        assert len(await notices(mine)) == 1
        await happen(office, locked(await planned_visit(office, mine.person_id), mine.person_id))
        await run_jobs_once(settings)
        assert len(service.deliveries) == 1

    @pytest.mark.parametrize("status", [500, 503, 429])
    async def test_a_busy_service_gets_it_later(
        self,
        office: Office,
        settings: Settings,
        mine: Caller,
        visit: Fieldwork,
        pocket: Browser,
        service: PushEndpoint,
        status: int,
    ) -> None:
        service.answers.append((status, {"Retry-After": "0"}))
        await happen(office, locked(visit, mine.person_id))
        await run_jobs_once(settings)
        assert [one.status for one in service.deliveries] == [status, 201]
        row = await db.fetch_one("SELECT failures, last_failure FROM push_subscriptions")
        assert (row["failures"], row["last_failure"]) == (0, "")

    @pytest.mark.parametrize("as_date", [False, True])
    async def test_a_service_that_names_a_pause_is_left_alone_for_as_long(
        self,
        office: Office,
        settings: Settings,
        mine: Caller,
        visit: Fieldwork,
        pocket: Browser,
        service: PushEndpoint,
        as_date: bool,
    ) -> None:
        until = format_datetime(clock.now() + timedelta(seconds=300), usegmt=True)
        service.answers.append((429, {"Retry-After": until if as_date else "300"}))
        await happen(office, locked(visit, mine.person_id))
        await run_jobs_once(settings)
        assert [one.status for one in service.deliveries] == [429]
        pause = await db.fetch_value("SELECT execute_after - now() FROM pgqueuer")
        assert timedelta(seconds=280) < pause <= timedelta(seconds=300)

    async def test_a_service_out_of_reach_does_not_hold_up_the_inbox(
        self, office: Office, settings: Settings, mine: Caller, visit: Fieldwork
    ) -> None:
        body = subscription(PushEndpoint(url="http://127.0.0.1:9"), Browser("phone"))
        assert (await mine.post("/api/push/subscriptions", body)).status_code == 201
        await happen(office, locked(visit, mine.person_id))
        await run_jobs_once(settings)
        assert len(await notices(mine)) == 1
        assert await db.fetch_value("SELECT count(*) FROM pgqueuer WHERE status = 'queued'") == 1
        # A day later nobody wants to be woken for it any more.
        await db.execute("UPDATE notices SET created_at = created_at - interval '1 day'")
        await db.execute("UPDATE pgqueuer SET execute_after = now()")
        await run_jobs_once(settings)
        assert await db.fetch_value("SELECT count(*) FROM pgqueuer") == 0
        assert await held_jobs() == []

    async def test_a_notice_that_was_read_meanwhile_wakes_nobody(
        self,
        office: Office,
        settings: Settings,
        mine: Caller,
        visit: Fieldwork,
        pocket: Browser,
        service: PushEndpoint,
    ) -> None:
        service.answers.append((503, {"Retry-After": "60"}))
        await happen(office, locked(visit, mine.person_id))
        await run_jobs_once(settings)
        (notice,) = await notices(mine)
        await mine.post(f"/api/inbox/{notice['id']}/read")
        await db.execute("UPDATE pgqueuer SET execute_after = now()")
        await run_jobs_once(settings)
        assert len(service.deliveries) == 1
