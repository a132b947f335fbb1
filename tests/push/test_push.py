"""A notice on its way: from the cause through the inbox to a locked screen, which learns nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from typing import Any
from uuid import UUID

import httpx
import pytest

from server.access.actor import system_actor
from server.access.roles import Role
from server.evidence.events import CaptureReviewed, QueryAnswered, QueryAsked
from server.journal.events import Event
from server.journal.work import unit_of_work
from server.kit import clock, db, jobs
from server.kit.ids import new_id
from server.push.jobs import NOTIFY
from server.settings import Settings
from server.visits.events import TeamLocked
from tests.factories.device import Phone
from tests.factories.fieldwork import Fieldwork, planned_visit
from tests.factories.people import Caller, Office
from tests.factories.pulling import Puller
from tests.factories.worker import held_jobs, run_jobs_once
from tests.push.endpoint import Browser, PushEndpoint, b64u

pytestmark = pytest.mark.anyio

SECRET_WORDS = ("医院", "暗访", "云溪", "linxia", "visit", "capture", "query", "assignment")


def subscription(service: PushEndpoint, browser: Browser) -> dict[str, Any]:
    return {
        "id": str(new_id()),
        "endpoint": service.endpoint(browser),
        "p256dh": b64u(browser.point),
        "auth": b64u(browser.auth),
        "device_id": None,
    }


async def happen(office: Office, event: Event, by: UUID | None = None) -> None:
    """Let an event be recorded, as its own command would."""
    actor = system_actor(office.org_id)
    async with unit_of_work(actor) as work:
        work.actor = _By(office.org_id, by)
        work.record(event)


@dataclass(frozen=True)
class _By:
    org_id: UUID
    person_id: UUID | None


def locked(visit: Fieldwork, *team: UUID) -> TeamLocked:
    assert visit.site_id is not None
    return TeamLocked(subject_id=visit.id, item_id=visit.item_id, site_id=visit.site_id, team=team, leader_id=team[0])


@pytest.fixture
async def mine(office: Office) -> Caller:
    return await office.caller("linxia", Role.SUP, Role.TM)


@pytest.fixture
async def reviewer(office: Office) -> Caller:
    return await office.caller("hejing", Role.OFFICE)


@pytest.fixture
async def visit(office: Office, mine: Caller) -> Fieldwork:
    return await planned_visit(office, mine.person_id)


@pytest.fixture
async def pocket(mine: Caller, service: PushEndpoint) -> Browser:
    browser = Browser("phone")
    answer = await mine.post("/api/push/subscriptions", subscription(service, browser))
    assert answer.status_code == 201, answer.text
    return browser


async def notices(caller: Caller) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await caller.get("/api/inbox")).json()["notices"]
    return found


class TestInbox:
    async def test_every_member_of_a_locked_team_is_told_once(
        self, office: Office, settings: Settings, mine: Caller
    ) -> None:
        other = await office.caller("zhouheng", Role.SUP, Role.TM)
        visit = await planned_visit(office, mine.person_id, other.person_id)
        await happen(office, locked(visit, mine.person_id, other.person_id))
        await run_jobs_once(settings)
        for caller in (mine, other):
            (notice,) = await notices(caller)
            assert (notice["kind"], notice["title_key"]) == ("assignment", "assigned")
            assert (notice["subject_kind"], notice["subject_id"]) == ("visit", str(visit.id))
            assert notice["params"] == {"visit": visit.title}
            assert notice["read_at"] is None

    async def test_the_same_cause_delivered_twice_is_one_notice(
        self, office: Office, settings: Settings, mine: Caller, visit: Fieldwork
    ) -> None:
        await happen(office, locked(visit, mine.person_id))
        entry = await db.fetch_value("SELECT id FROM journal_entries WHERE kind = 'visit.team_locked'")
        await run_jobs_once(settings)
        async with db.transaction() as conn:
            await jobs.enqueue(conn, [(NOTIFY, jobs.Task(org_id=office.org_id, entry_id=entry, subject_id=visit.id))])
        await run_jobs_once(settings)
        assert len(await notices(mine)) == 1

    async def test_query_review_and_answer_reach_those_concerned(
        self, office: Office, settings: Settings, mine: Caller, reviewer: Caller, visit: Fieldwork
    ) -> None:
        phone = await Phone.enrolled(mine)
        (capture,) = await phone.record(await phone.chain(visit))
        query = new_id()
        await db.execute(
            "INSERT INTO queries (id, org_id, capture_id, text, asked_by, asked_at)"
            " VALUES ($1, $2, $3, '方位?', $4, $5)",
            query,
            office.org_id,
            capture.id,
            reviewer.person_id,
            clock.now(),
        )
        await happen(office, QueryAsked(subject_id=query, visit_id=visit.id, capture_id=capture.id), reviewer.person_id)
        await happen(
            office,
            CaptureReviewed(subject_id=capture.id, visit_id=visit.id, review_id=new_id(), decision="REJECTED"),
            reviewer.person_id,
        )
        await happen(office, QueryAnswered(subject_id=query, visit_id=visit.id, capture_id=capture.id), mine.person_id)
        await run_jobs_once(settings)
        assert sorted(notice["kind"] for notice in await notices(mine)) == ["query", "review"]
        (answered,) = await notices(reviewer)
        assert (answered["kind"], answered["subject_id"]) == ("answer", str(capture.id))

    async def test_the_desks_own_acts_lead_there(
        self, office: Office, settings: Settings, mine: Caller, reviewer: Caller, visit: Fieldwork
    ) -> None:
        phone = await Phone.enrolled(mine)
        (capture,) = await phone.record(await phone.chain(visit))
        query = str(new_id())
        asked = await reviewer.post(f"/api/evidence/{capture.id}/queries", {"id": query, "text": "方位?"})
        assert asked.status_code == 201, asked.text
        (answered,) = await phone.push(
            {"id": str(new_id()), "kind": "query.answer", "query_id": query, "text": "正对北门。"}
        )
        assert answered["status"] == "applied", answered
        body = {"id": str(new_id()), "decision": "accepted", "reason": ""}
        reviewed = await reviewer.post(f"/api/evidence/{capture.id}/review", body)
        assert reviewed.status_code in {200, 201}, reviewed.text
        await run_jobs_once(settings)
        assert sorted(notice["title_key"] for notice in await notices(mine)) == ["queried", "reviewed"]
        assert [notice["title_key"] for notice in await notices(reviewer)] == ["answered"]

    async def test_nobody_is_told_of_what_they_did_themselves(
        self, office: Office, settings: Settings, mine: Caller, visit: Fieldwork
    ) -> None:
        await happen(office, locked(visit, mine.person_id), by=mine.person_id)
        await run_jobs_once(settings)
        assert await notices(mine) == []

    async def test_reading_a_notice_is_kept_and_pulled(
        self, office: Office, settings: Settings, mine: Caller, visit: Fieldwork
    ) -> None:
        puller = Puller(mine)
        await puller.all()
        await happen(office, locked(visit, mine.person_id))
        await run_jobs_once(settings)
        await puller.all()
        ((notice_id, pulled),) = puller.of("notice").items()
        assert pulled["read_at"] is None
        first = await mine.post(f"/api/inbox/{notice_id}/read")
        again = await mine.post(f"/api/inbox/{notice_id}/read")
        assert first.status_code == again.status_code == 200
        assert first.json() == again.json()
        await puller.all()
        assert puller.of("notice")[notice_id] == first.json()

    @pytest.mark.requirement("R81")
    async def test_notices_of_others_and_of_a_visit_one_has_left_do_not_exist(
        self, office: Office, settings: Settings, mine: Caller, visit: Fieldwork
    ) -> None:
        other = await office.caller("zhouheng", Role.SUP, Role.TM)
        await happen(office, locked(visit, mine.person_id))
        await run_jobs_once(settings)
        (notice,) = await notices(mine)
        hidden = await other.post(f"/api/inbox/{notice['id']}/read")
        absent = await other.post(f"/api/inbox/{new_id()}/read")
        assert hidden.status_code == absent.status_code == 404
        assert hidden.content == absent.content
        await db.execute("UPDATE visit_members SET person_id = $1", other.person_id)
        assert await notices(mine) == []
        assert (await mine.post(f"/api/inbox/{notice['id']}/read")).content == absent.content


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
