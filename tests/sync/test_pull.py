"""What a phone is told: all of its own, nothing of others', every change once it committed."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

import pytest

from server.access.actor import system_actor
from server.access.roles import Role
from server.journal.events import Change, Event
from server.journal.work import unit_of_work
from server.kit import clock, db
from server.kit.ids import new_id
from server.sync.pull import FEED_MEMORY
from tests.factories.device import Phone
from tests.factories.fieldwork import Fieldwork, planned_visit
from tests.factories.people import Caller, Office
from tests.factories.pulling import Puller

pytestmark = pytest.mark.anyio


class Touched(Event):
    """Something about a subject changed."""

    KIND: ClassVar[str] = "test.touched"
    SUBJECT: ClassVar[str] = "test"

    kind: str

    def changes(self) -> tuple[Change, ...]:
        return (Change(self.kind, self.subject_id),)


async def touch(office: Office, kind: str, *subjects: UUID) -> None:
    """Announce a change of the subjects, as any command would."""
    async with unit_of_work(system_actor(office.org_id)) as work:
        for subject in subjects:
            work.record(Touched(subject_id=subject, kind=kind))


@pytest.fixture
async def mine(office: Office) -> Caller:
    return await office.caller("linxia", Role.SUP, Role.TM)


@pytest.fixture
async def other(office: Office) -> Caller:
    return await office.caller("zhouheng", Role.SUP, Role.TM)


@pytest.fixture
async def visit(office: Office, mine: Caller) -> Fieldwork:
    return await planned_visit(office, mine.person_id)


class TestFirstCopy:
    async def test_a_new_phone_gets_everything_of_its_owner(
        self, office: Office, mine: Caller, other: Caller, visit: Fieldwork
    ) -> None:
        reviewer = await office.caller("hejing", Role.OFFICE)
        phone = await Phone.enrolled(mine)
        chain = await phone.chain(visit)
        kept, queried = await phone.record(chain, 2)
        finding = {
            "id": str(new_id()),
            "kind": "finding.record",
            "visit_id": str(visit.id),
            "item_id": str(visit.item_id),
            "text": "外脚手架三处缺少连墙件。",
            "category": "SAFETY",
            "severity": "MAJOR",
            "capture_ids": [str(kept.id)],
            "found_at": "2026-05-25T09:30:00Z",
        }
        (result,) = await phone.push(finding)
        assert result["status"] == "applied", result
        asked = await reviewer.post(f"/api/evidence/{queried.id}/queries", {"id": str(new_id()), "text": "方位?"})
        puller = Puller(mine)
        await puller.all()
        (pulled,) = puller.of("visit").values()
        assert pulled["title"] == visit.title
        assert pulled["team"] == [{"person_id": str(mine.person_id), "name": "linxia", "role": "TL"}]
        assert pulled["released"] is False
        assert list(puller.of("item")) == [str(visit.item_id)]
        assert list(puller.of("site")) == [str(visit.site_id)]
        assert puller.of("item")[str(visit.item_id)]["handling_unit"]["name"] == "住房和城乡建设局"
        captures = puller.of("capture")
        assert set(captures) == {str(kept.id), str(queried.id)}
        assert captures[str(kept.id)]["state"] == "RECORDED"
        assert captures[str(kept.id)]["originals"] == {"received": 0, "total": 1}
        assert asked.status_code == 201, asked.text
        assert captures[str(queried.id)]["review"]["decision"] == "queried"
        (query,) = puller.of("query").values()
        assert (query["text"], query["asked_by"]) == ("方位?", "hejing")
        (found,) = puller.of("finding").values()
        assert (found["capture_ids"], found["author_name"]) == ([str(kept.id)], "linxia")
        assert not any(answer["rebase"] for answer in puller.answers)

    async def test_pages_of_any_size_give_the_same_copy(self, office: Office, mine: Caller) -> None:
        for _ in range(5):
            await planned_visit(office, mine.person_id)
        whole, small = Puller(mine), Puller(mine, limit=2)
        await whole.all()
        await small.all()
        assert small.rows == whole.rows
        assert len(whole.of("visit")) == 5
        assert max(len(answer["changes"]) for answer in small.answers) <= 2

    async def test_old_and_finished_visits_stay_away_and_unfinished_ones_do_not(
        self, office: Office, mine: Caller
    ) -> None:
        long_ago = clock.now().date() - timedelta(days=60)
        finished = await planned_visit(office, mine.person_id, state="FILED")
        unfinished = await planned_visit(office, mine.person_id, state="LEFT")
        await db.execute("UPDATE visits SET planned_for = $1", long_ago)
        puller = Puller(mine)
        await puller.all()
        assert list(puller.of("visit")) == [str(unfinished.id)]
        assert str(finished.item_id) not in puller.of("item")

    async def test_what_changes_during_the_copy_arrives_after_it(self, office: Office, mine: Caller) -> None:
        visits = [await planned_visit(office, mine.person_id) for _ in range(6)]
        puller = Puller(mine, limit=2)
        await puller.pull()
        first = min(visits, key=lambda one: one.id)
        await db.execute("UPDATE visits SET title = '改过的标题' WHERE id = $1", first.id)
        await touch(office, "visit", first.id)
        late = await planned_visit(office, mine.person_id)
        await touch(office, "visit", late.id)
        await puller.all()
        assert puller.of("visit")[str(first.id)]["title"] == "改过的标题"
        assert len(puller.of("visit")) == 7


class TestChanges:
    async def test_only_what_changed_comes_and_once(self, office: Office, mine: Caller, visit: Fieldwork) -> None:
        quiet = await planned_visit(office, mine.person_id)
        puller = Puller(mine)
        await puller.all()
        for _ in range(3):
            await touch(office, "visit", visit.id)
        changes = await puller.all()
        assert [(change["kind"], change["id"]) for change in changes] == [("visit", str(visit.id))]
        assert str(quiet.id) in puller.of("visit")
        assert await puller.all() == []

    async def test_originals_and_previews_bring_their_receipts(
        self, office: Office, mine: Caller, visit: Fieldwork
    ) -> None:
        phone = await Phone.enrolled(mine)
        (taken,) = await phone.record(await phone.chain(visit))
        puller = Puller(mine)
        await puller.all()
        await db.execute("UPDATE originals SET received_at = $1 WHERE capture_id = $2", clock.now(), taken.id)
        await db.execute("UPDATE captures SET originals_received = 1 WHERE id = $1", taken.id)
        await touch(office, "receipt", taken.id)
        await touch(office, "capture", taken.id)
        await puller.all()
        (receipt,) = puller.of("receipt").values()
        assert (receipt["media_sha256"], receipt["role"], receipt["bytes"]) == (taken.sha256, "original", 3000)
        assert puller.of("capture")[str(taken.id)]["state"] == "RECEIVED"

    async def test_who_leaves_the_team_loses_the_visit_and_who_joins_gets_it(
        self, office: Office, mine: Caller, other: Caller, visit: Fieldwork
    ) -> None:
        leaving, joining = Puller(mine), Puller(other)
        await leaving.all()
        await joining.all()
        assert joining.rows == {}
        async with unit_of_work(system_actor(office.org_id)) as work:
            await work.conn.execute("UPDATE visit_members SET person_id = $1", other.person_id)
            work.record(Touched(subject_id=visit.id, kind="visit"))
            work.announce(Change("visit", visit.id, person_id=mine.person_id, op="gone"))
            for kind, subject in (("item", visit.item_id), ("site", visit.site_id)):
                assert subject is not None
                work.announce(Change(kind, subject, person_id=other.person_id))
        await leaving.all()
        await joining.all()
        assert leaving.rows == {}
        assert set(joining.rows) == {
            ("visit", str(visit.id)),
            ("item", str(visit.item_id)),
            ("site", str(visit.site_id)),
        }

    async def test_every_committed_change_arrives_while_eight_write_at_once(self, office: Office, mine: Caller) -> None:
        visits = [await planned_visit(office, mine.person_id) for _ in range(8)]
        puller = Puller(mine, limit=3)
        await puller.all()
        writing = 8
        committed: dict[str, str] = {}

        async def writer(visit: Fieldwork, seed: int) -> None:
            nonlocal writing
            dice = random.Random(seed)
            for number in range(12):
                title = f"{seed}.{number}"
                try:
                    async with unit_of_work(system_actor(office.org_id)) as work:
                        await work.conn.execute("UPDATE visits SET title = $2 WHERE id = $1", visit.id, title)
                        work.record(Touched(subject_id=visit.id, kind="visit"))
                        if dice.random() < 0.3:
                            raise InterruptedError
                        # Hold the counter for a moment: others commit before and after, in another order.
                        await work.flush()
                        await asyncio.sleep(dice.random() * 0.01)
                        if dice.random() < 0.2:
                            raise InterruptedError
                except InterruptedError:
                    continue
                committed[str(visit.id)] = title
            writing -= 1

        async def reader() -> None:
            while writing:
                await puller.pull()
                await asyncio.sleep(0)

        await asyncio.gather(reader(), *(writer(visit, seed) for seed, visit in enumerate(visits)))
        await puller.all()
        held = {key: row["title"] for key, row in puller.of("visit").items()}
        assert held == {key: committed.get(key, visits[0].title) for key in held}
        assert len(committed) == 8
        told = {
            (change["id"], change["data"]["title"])
            for answer in puller.answers
            for change in answer["changes"]
            if change["kind"] == "visit"
        }
        assert set(committed.items()) <= told


class TestSecrecy:
    @pytest.mark.requirement("R81")
    async def test_hidden_changes_leave_no_trace(
        self, office: Office, mine: Caller, other: Caller, visit: Fieldwork
    ) -> None:
        watcher = Puller(mine)
        await watcher.all()
        quiet = await watcher.pull()
        secret = await planned_visit(office, other.person_id)
        phone = await Phone.enrolled(other)
        (capture,) = await phone.record(await phone.chain(secret))
        for _ in range(40):
            await touch(office, "visit", secret.id)
            await touch(office, "item", secret.item_id)
            await touch(office, "capture", capture.id)
        loud = await watcher.pull()
        assert [answer["changes"] for answer in (quiet, loud)] == [[], []]
        assert quiet["more"] is loud["more"] is False
        assert set(quiet) == set(loud)
        assert len(quiet["cursor"]) == len(loud["cursor"])

    @pytest.mark.requirement("R81")
    async def test_a_full_page_followed_by_hidden_changes_says_that_it_was_the_last(
        self, office: Office, mine: Caller, other: Caller
    ) -> None:
        visits = [await planned_visit(office, mine.person_id) for _ in range(3)]
        secret = await planned_visit(office, other.person_id)
        watcher = Puller(mine, limit=3)
        await watcher.all()
        await touch(office, "visit", *(one.id for one in visits))
        await touch(office, "visit", secret.id)
        answer = await watcher.pull()
        assert len(answer["changes"]) == 3
        assert answer["more"] is False

    async def test_a_cursor_tells_nothing_and_is_never_the_same_twice(
        self, office: Office, mine: Caller, visit: Fieldwork
    ) -> None:
        puller = Puller(mine, limit=1)
        await puller.all()
        for number in range(5):
            await touch(office, "visit", *[visit.id] * (10**number if number < 3 else 1))
            await puller.all()
        cursors = [answer["cursor"] for answer in puller.answers]
        assert len({len(cursor) for cursor in cursors}) == 1
        assert len(set(cursors)) == len(cursors)

    async def test_the_unit_under_inspection_and_strangers_get_nothing(self, office: Office, mine: Caller) -> None:
        await planned_visit(office, mine.person_id)
        await planned_visit(office, mine.person_id, released=True)
        liaison = await office.caller("unit", Role.LIAISON, unit=office.handling_unit)
        administrator = await office.caller("admin", Role.ADM)
        for caller in (liaison, administrator):
            puller = Puller(caller)
            await puller.all()
            assert puller.rows == {}

    async def test_captures_of_a_colleague_on_the_same_team_are_not_pulled(
        self, office: Office, mine: Caller, other: Caller
    ) -> None:
        shared = await planned_visit(office, mine.person_id, other.person_id)
        phone = await Phone.enrolled(other)
        await phone.record(await phone.chain(shared))
        puller = Puller(mine)
        await puller.all()
        assert list(puller.of("visit")) == [str(shared.id)]
        assert puller.of("capture") == {}


class TestRebase:
    @pytest.fixture
    async def puller(self, mine: Caller, visit: Fieldwork, office: Office) -> AsyncIterator[Puller]:
        await touch(office, "visit", visit.id)
        puller = Puller(mine)
        await puller.all()
        yield puller

    async def check(self, puller: Puller) -> dict[str, Any]:
        """The next answer starts anew, and the copy ends complete."""
        before = dict(puller.rows)
        answer = await puller.pull()
        assert answer["rebase"] is True
        await puller.all()
        assert puller.rows == before
        assert [one["rebase"] for one in puller.answers].count(True) == 1
        return answer

    async def test_a_cursor_of_another_person(self, puller: Puller, office: Office, other: Caller) -> None:
        theirs = Puller(other)
        await theirs.all()
        puller.cursor = theirs.cursor
        await self.check(puller)

    @pytest.mark.parametrize("cursor", ["", "x", "%%%", "A" * 150, "中文"])
    async def test_a_cursor_that_we_did_not_seal(self, puller: Puller, cursor: str) -> None:
        puller.cursor = cursor
        if cursor:
            await self.check(puller)
        else:
            assert (await puller.pull())["rebase"] is False

    async def test_a_cursor_older_than_the_feeds_memory(self, puller: Puller) -> None:
        later = clock.now() + FEED_MEMORY + timedelta(minutes=1)
        await db.execute("UPDATE sessions SET expires_at = $1", later + timedelta(days=1))
        with clock.held_at(lambda: later):
            await self.check(puller)

    async def test_a_database_restored_from_a_backup_with_other_changes_since(
        self, puller: Puller, office: Office, visit: Fieldwork
    ) -> None:
        # The backup lacks the last change; afterwards another one took its number.
        n = await db.fetch_value("SELECT n FROM feed_counters WHERE org_id = $1", office.org_id)
        async with db.transaction() as conn:
            await conn.execute("ALTER TABLE feed_changes DISABLE TRIGGER USER")
            await conn.execute("DELETE FROM feed_changes WHERE n = $1", n)
            await conn.execute("UPDATE feed_counters SET n = n - 1")
            await conn.execute("ALTER TABLE feed_changes ENABLE TRIGGER USER")
        await touch(office, "visit", visit.id)
        assert await db.fetch_value("SELECT n FROM feed_counters WHERE org_id = $1", office.org_id) == n
        await self.check(puller)

    async def test_a_database_restored_to_before_the_cursor(self, puller: Puller, office: Office) -> None:
        async with db.transaction() as conn:
            await conn.execute("ALTER TABLE feed_changes DISABLE TRIGGER USER")
            await conn.execute("DELETE FROM feed_changes")
            await conn.execute("UPDATE feed_counters SET n = 0")
            await conn.execute("ALTER TABLE feed_changes ENABLE TRIGGER USER")
        await self.check(puller)


async def test_a_page_has_bounds(mine: Caller) -> None:
    for limit in (0, 1001, "all"):
        answer = await mine.get("/api/sync/pull", params={"limit": limit})
        assert answer.status_code == 422, limit
        assert answer.json()["code"] == "invalid_input"
