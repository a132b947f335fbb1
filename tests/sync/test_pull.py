"""What a phone is told: all of its own, nothing of others', every change once it committed."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta

import pytest

from server.access.actor import system_actor
from server.access.roles import Role
from server.journal.events import Change
from server.journal.work import unit_of_work
from server.kit import clock, db
from server.kit.ids import new_id
from tests.factories.device import Phone
from tests.factories.fieldwork import Fieldwork, planned_visit
from tests.factories.people import Caller, Office
from tests.factories.pulling import Puller, Touched, touch

pytestmark = pytest.mark.anyio


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


async def test_a_page_has_bounds(mine: Caller) -> None:
    for limit in (0, 1001, "all"):
        answer = await mine.get("/api/sync/pull", params={"limit": limit})
        assert answer.status_code == 422, limit
        assert answer.json()["code"] == "invalid_input"
