"""Live hints over a real connection: what is yours stirs your screen, nothing else does, nothing holds up a stop."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import ClassVar
from uuid import UUID

import asyncpg
import httpx
import pytest
import uvicorn

from server.access import signin
from server.access.actor import system_actor
from server.access.roles import Role
from server.journal.events import Change, Event
from server.journal.work import unit_of_work
from server.kit import db
from server.settings import Settings
from server.sync import live
from tests.factories.application import application
from tests.factories.device import Phone
from tests.factories.fieldwork import planned_visit
from tests.factories.people import Caller, Office
from tests.factories.product import free_port

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[2]


class Touched(Event):
    """Something about a subject changed."""

    KIND: ClassVar[str] = "test.touched"
    SUBJECT: ClassVar[str] = "test"

    kind: str
    person_id: UUID | None = None
    op: str = "put"

    def changes(self) -> tuple[Change, ...]:
        return (Change(self.kind, self.subject_id, self.person_id, self.op),)


async def touch(office: Office, kind: str, subject: UUID, person: UUID | None = None, op: str = "put") -> None:
    async with unit_of_work(system_actor(office.org_id)) as work:
        work.record(Touched(subject_id=subject, kind=kind, person_id=person, op=op))


@pytest.fixture
async def client(settings: Settings, anyio_backend: str) -> AsyncIterator[httpx.AsyncClient]:
    """The product behind a real socket: a stream that never ends cannot be had from an in-memory transport."""
    signin.forget_recent()
    config = uvicorn.Config(application(settings), host="127.0.0.1", port=free_port(), log_config=None)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve())  # without its signal handlers: they are the test runner's
    while not server.started:
        assert not serving.done()
        await asyncio.sleep(0.01)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{config.port}", timeout=30) as http:
        yield http
        server.should_exit = True
        live_hub: live.LiveHub = config.app.state["live"]
        live_hub.close()
    await asyncio.wait_for(serving, 10)


class Screen:
    """An open screen: collects the hints that it gets."""

    def __init__(self) -> None:
        self.hints: list[tuple[str, str]] = []
        self.pings = 0
        self.ended = False
        self.ready = asyncio.Event()

    async def read(self, caller: Caller) -> None:
        headers = {"Authorization": f"Bearer {caller.token}"}
        async with caller.http.stream("GET", "/api/live", headers=headers) as answer:
            assert answer.status_code == 200, await answer.aread()
            assert answer.headers["content-type"].startswith("text/event-stream")
            assert answer.headers["cache-control"] == "no-store"
            kind = ""
            async for line in answer.aiter_lines():
                if line.startswith("event: "):
                    kind = line[7:]
                elif line.startswith("data: ") and kind == "hint":
                    hint = json.loads(line[6:])
                    assert set(hint) == {"kind", "id"}
                    self.hints.append((hint["kind"], hint["id"]))
                elif line.startswith("data: "):
                    self.pings += 1
                    self.ready.set()
        self.ended = True

    async def sees(self, kind: str, subject: UUID, seconds: float = 30) -> None:
        """Wait for a hint."""
        async with asyncio.timeout(seconds):
            while (kind, str(subject)) not in self.hints:  # noqa: ASYNC110 (the test polls what a screen would show)
                await asyncio.sleep(0.02)

    async def pinged(self, times: int) -> None:
        """Wait for so many pings since the stream began."""
        async with asyncio.timeout(30):
            while self.pings < times:  # noqa: ASYNC110
                await asyncio.sleep(0.02)


@contextlib.asynccontextmanager
async def watching(caller: Caller) -> AsyncIterator[Screen]:
    """An open screen of this person, listening."""
    screen = Screen()
    reading = asyncio.create_task(screen.read(caller))
    try:
        await asyncio.wait_for(screen.ready.wait(), 30)
        yield screen
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)


async def opens(caller: Caller) -> bool:
    """Whether this person is let in with one more screen."""
    async with caller.http.stream("GET", "/api/live", headers={"Authorization": f"Bearer {caller.token}"}) as answer:
        return answer.status_code == 200


@pytest.fixture
async def mine(office: Office) -> Caller:
    return await office.caller("linxia", Role.SUP, Role.TM)


@pytest.fixture
async def head(office: Office) -> Caller:
    return await office.caller("hejing", Role.OFFICE)


class TestHints:
    async def test_a_capture_stirs_the_desk_at_once(
        self, office: Office, mine: Caller, head: Caller, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(live, "PING_SECONDS", 3600.0)
        visit = await planned_visit(office, mine.person_id)
        phone = await Phone.enrolled(mine)
        async with watching(head) as screen:
            await touch(office, "visit", visit.id)
            await screen.sees("visit", visit.id)  # from now on, who waited for the next look would wait an hour
            (capture,) = await phone.record(await phone.chain(visit))
            await screen.sees("capture", capture.id)

    @pytest.mark.requirement("R81")
    async def test_a_hidden_visit_stirs_nobody_else(self, office: Office, mine: Caller, head: Caller) -> None:
        stranger = await office.caller("zhouheng", Role.SUP, Role.TM)
        liaison = await office.caller("unit", Role.LIAISON, unit=office.handling_unit)
        secret = await planned_visit(office, mine.person_id)
        shown = await planned_visit(office, stranger.person_id, released=True)
        phone = await Phone.enrolled(mine)
        async with watching(stranger) as outside, watching(liaison) as unit, watching(head) as inside:
            (capture,) = await phone.record(await phone.chain(secret))
            await touch(office, "visit", secret.id)
            await touch(office, "site", secret.site_id or secret.id, mine.person_id)
            # What comes later and may be seen arrives; what came before and may not has passed by then.
            await touch(office, "visit", shown.id)
            for screen in (outside, unit, inside):
                await screen.sees("visit", shown.id)
            await inside.sees("capture", capture.id)
            assert outside.hints == unit.hints == [("visit", str(shown.id))]

    @pytest.mark.requirement("R81")
    async def test_pings_keep_time_whatever_happens_out_of_sight(
        self, office: Office, mine: Caller, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(live, "PING_SECONDS", 1.0)
        liaison = await office.caller("unit", Role.LIAISON, unit=office.handling_unit)
        secret = await planned_visit(office, mine.person_id)
        async with watching(liaison) as unit:
            pinging = asyncio.create_task(unit.pinged(3))  # the first at once, then one a second
            while not pinging.done():
                await touch(office, "visit", secret.id)
                await asyncio.sleep(0.2)
            await pinging
            assert unit.hints == []

    async def test_the_unit_does_not_notice_that_its_evidence_is_talked_about(
        self, office: Office, mine: Caller
    ) -> None:
        liaison = await office.caller("unit", Role.LIAISON, Role.TM, unit=office.handling_unit)
        visit = await planned_visit(office, mine.person_id)
        phone = await Phone.enrolled(mine)
        (capture,) = await phone.record(await phone.chain(visit))
        await db.execute("UPDATE visits SET state = 'RELEASED', released_at = now()")
        async with watching(liaison) as unit:
            await touch(office, "capture", capture.id)
            await touch(office, "visit", visit.id)
            await unit.sees("visit", visit.id)
            assert unit.hints == [("visit", str(visit.id))]

    async def test_who_was_taken_off_the_team_hears_that_and_no_more(self, office: Office, mine: Caller) -> None:
        other = await office.caller("zhouheng", Role.TM)
        visit = await planned_visit(office, other.person_id)
        async with watching(mine) as screen:
            await touch(office, "visit", visit.id, mine.person_id, "gone")
            await screen.sees("visit", visit.id)
            screen.hints.clear()
            await touch(office, "visit", visit.id)
            own = await planned_visit(office, mine.person_id)
            await touch(office, "visit", own.id)
            await screen.sees("visit", own.id)
            assert screen.hints == [("visit", str(own.id))]

    async def test_scope_is_that_of_the_moment_not_of_the_connection(self, office: Office, mine: Caller) -> None:
        visit = await planned_visit(office, mine.person_id)
        other = await office.caller("zhouheng", Role.TM)
        async with watching(mine) as screen, watching(other) as theirs:
            await db.execute("UPDATE visit_members SET person_id = $1", other.person_id)
            await touch(office, "visit", visit.id)
            await theirs.sees("visit", visit.id)
            assert screen.hints == []

    async def test_other_organisations_are_other_worlds(
        self, office: Office, client: httpx.AsyncClient, head: Caller
    ) -> None:
        elsewhere = await Office.founded(client)
        theirs = await elsewhere.caller("elsewhere", Role.OFFICE)
        visit = await planned_visit(office, head.person_id)
        async with watching(theirs) as outside, watching(head) as screen:
            await touch(office, "visit", visit.id)
            await screen.sees("visit", visit.id)
            assert outside.hints == []


class TestConnection:
    async def test_hints_survive_a_restart_of_the_database(
        self, office: Office, settings: Settings, mine: Caller
    ) -> None:
        visit = await planned_visit(office, mine.person_id)
        async with watching(mine) as screen:
            conn = await asyncpg.connect(settings.database_url)
            await conn.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            await conn.close()
            for _ in range(50):
                with contextlib.suppress(Exception):  # the pool's connections were killed as well
                    await touch(office, "visit", visit.id)
                    break
            await screen.sees("visit", visit.id)

    async def test_a_lost_notification_costs_time_and_not_the_hint(
        self, office: Office, mine: Caller, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(live, "PING_SECONDS", 0.3)
        visit = await planned_visit(office, mine.person_id)
        async with watching(mine) as screen:
            async with db.transaction() as conn:
                await conn.execute("UPDATE feed_counters SET n = n + 1 WHERE org_id = $1", office.org_id)
                await conn.execute(
                    "INSERT INTO feed_changes (id, org_id, n, kind, subject_id, op)"
                    " SELECT $1, org_id, n, 'visit', $1, 'put' FROM feed_counters WHERE org_id = $2",
                    visit.id,
                    office.org_id,
                )
            # The distributor's own wait began with the long pause; any later notification would do as well.
            await touch(office, "item", visit.item_id)
            await screen.sees("visit", visit.id)
            await screen.pinged(2)

    async def test_signing_out_ends_the_stream(
        self, office: Office, mine: Caller, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(live, "PING_SECONDS", 0.2)
        async with watching(mine) as screen:
            await mine.request("DELETE", "/api/session")
            async with asyncio.timeout(30):
                while not screen.ended:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)

    async def test_one_person_may_open_so_many_and_closing_one_makes_room(
        self, office: Office, mine: Caller, head: Caller
    ) -> None:
        async with contextlib.AsyncExitStack() as opened:
            for _ in range(live.STREAMS_PER_PERSON - 1):
                await opened.enter_async_context(watching(mine))
            async with watching(mine):
                refused = await mine.get("/api/live")
                assert refused.status_code == 429
                assert refused.json()["code"] == "too_many_streams"
                assert refused.headers["retry-after"] == "10"
                async with watching(head):
                    pass
            async with asyncio.timeout(30):
                while not await opens(mine):  # noqa: ASYNC110 (the server learns of the end when it next writes)
                    await asyncio.sleep(0.05)

    async def test_strangers_get_no_stream(self, client: httpx.AsyncClient, office: Office) -> None:
        assert (await client.get("/api/live")).status_code == 401


async def test_an_open_stream_does_not_hold_up_the_end_of_the_process(office: Office, settings: Settings) -> None:
    """SIGTERM to the web process as the supervisor starts it, while a screen is open."""
    caller = await office.caller("linxia", Role.SUP)
    port = free_port()
    env = {
        **os.environ,
        "ZHICHA_DATABASE_URL": settings.database_url,
        "ZHICHA_DATA_DIR": str(settings.data_dir),
    }
    words = ["-m", "uvicorn", "server.app:create_app", "--factory", "--port", str(port), "--log-level", "warning"]
    process = await asyncio.create_subprocess_exec(sys.executable, *words, cwd=ROOT, env=env)
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as http:
            there = Caller(caller.person_id, caller.token, http)
            async with asyncio.timeout(120):
                while True:
                    with contextlib.suppress(httpx.HTTPError):
                        if (await http.get("/api/health/ready")).status_code == 200:
                            break
                    await asyncio.sleep(0.1)
            async with watching(there):
                process.send_signal(signal.SIGTERM)
                # The stream is still open here: a process that waited for its end would wait for ever.
                await asyncio.wait_for(process.wait(), 60)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.mark.parametrize("steps", range(4))
async def test_a_stop_that_meets_a_notification_is_still_a_stop(steps: int) -> None:
    """However many steps after the notification it comes: before, a process that was to end stood still for ever."""
    hub = live.LiveHub("")
    task = asyncio.create_task(hub._distribute())
    for _ in range(5):
        await asyncio.sleep(0)
    hub._stir.set()
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()
    done, _ = await asyncio.wait([task], timeout=5)
    assert done, "it goes on"
    assert task.cancelled()
