"""Who handled a capture: received, opened, copied, read again, cited; each an entry of the journal and of the log."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from media import keys
from server.access.actor import system_actor
from server.access.roles import Role
from server.evidence.custody import custody_of
from server.evidence.jobs import draw_copies
from server.evidence.rereading import reread_originals
from server.journal.leaves import row_bytes
from server.kit import clock, db
from server.kit.ids import new_id
from server.kit.jobs import Task
from server.settings import Settings
from tests.factories.cases import case_body
from tests.factories.chain import Captured
from tests.factories.device import Phone
from tests.factories.fieldwork import Fieldwork
from tests.factories.people import Caller, Office
from tests.factories.photos import jpeg

pytestmark = [pytest.mark.anyio, pytest.mark.requirement("R53")]


@pytest.fixture
async def taken(phone: Phone, visit: Fieldwork) -> Captured:
    (one,) = await phone.record(await phone.chain(visit), data=jpeg())
    assert (await phone.upload(one)).status_code == 201
    return one


async def told(caller: Caller, taken: Captured) -> list[dict[str, Any]]:
    answer = await caller.get(f"/api/evidence/{taken.id}/custody")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


async def test_an_original_is_opened_once_a_day(taken: Captured, head: Caller, phone: Phone) -> None:
    await head.get(f"/api/media/{taken.id}/original")
    await head.get(f"/api/media/{taken.id}/original", headers={"Range": "bytes=5-9"})
    await head.request("HEAD", f"/api/media/{taken.id}/original")
    await phone.caller.get(f"/api/media/{taken.id}/original")
    assert [(one["kind"], one["by"]["name"]) for one in await told(head, taken)] == [
        ("capture.recorded", "linxia"),
        ("capture.original_received", "linxia"),
        ("capture.viewed", "hejing"),
        ("capture.viewed", "linxia"),
    ]
    tomorrow = clock.now_ms() + 86_400_000
    with clock.held_at(lambda: clock.from_ms(tomorrow)):
        await head.get(f"/api/media/{taken.id}/original")
    assert [one["kind"] for one in await told(head, taken)].count("capture.viewed") == 3


async def test_what_is_not_there_is_not_opened(phone: Phone, visit: Fieldwork, head: Caller) -> None:
    (one,) = await phone.record(await phone.chain(visit))
    assert (await head.get(f"/api/media/{one.id}/original")).status_code == 404
    assert [entry["kind"] for entry in await told(head, one)] == ["capture.recorded"]


async def test_copies_say_how_they_were_drawn(taken: Captured, head: Caller, office: Office) -> None:
    await draw_copies(Task(org_id=office.org_id, entry_id=new_id(), subject_id=taken.id))
    made = next(one for one in await told(head, taken) if one["kind"] == "capture.derivatives_made")
    copies = {one["kind"]: one for one in made["data"]["copies"]}
    assert set(copies) == {"thumb", "preview", "watermark"}
    stored = await db.fetch_value("SELECT encode(sha256, 'hex') FROM derivatives WHERE kind = 'preview'")
    assert copies["preview"]["sha256"] == stored
    assert copies["preview"]["recipe"] == "2"
    assert made["by"] is None


async def test_citations_are_told_without_the_case(
    taken: Captured, phone: Phone, visit: Fieldwork, head: Caller
) -> None:
    finding = new_id()
    await phone.push(
        {
            "id": str(finding),
            "kind": "finding.record",
            "visit_id": str(visit.id),
            "item_id": str(visit.item_id),
            "text": "连墙件缺失",
            "category": "SAFETY",
            "severity": "SERIOUS",
            "capture_ids": [str(taken.id)],
            "found_at": "2026-05-25T09:00:00+08:00",
        }
    )
    case = case_body(finding, taken.id)
    assert (await head.post("/api/cases", case)).status_code == 201
    cited = [one for one in await told(phone.caller, taken) if one["kind"] == "case.evidence_cited"]
    assert [one["by"]["name"] for one in cited] == ["hejing"]
    assert str(case["id"]) not in str(cited)


async def test_whom_it_is_told_to(office: Office, taken: Captured, visit: Fieldwork) -> None:
    await db.execute("UPDATE visits SET state = 'RELEASED', released_at = now() WHERE id = $1", visit.id)
    unit = await office.caller("unit", Role.LIAISON, unit=office.handling_unit)
    assert (await unit.get(f"/api/evidence/{taken.id}")).status_code == 200
    hidden = await unit.get(f"/api/evidence/{taken.id}/custody")
    absent = await unit.get(f"/api/evidence/{new_id()}/custody")
    assert (hidden.status_code, hidden.content) == (404, absent.content)


async def test_entries_can_be_made_into_the_leaves_they_are(taken: Captured) -> None:
    async with db.connection() as conn:
        rows = await custody_of(conn, [taken.id])
    waiting = [leaf for row in await db.fetch("SELECT leaves FROM log_pending") for leaf in row["leaves"]]
    from server.journal.leaves import entry_leaf

    assert len(rows) == 2
    assert all(entry_leaf(row_bytes(row)) in waiting for row in rows)


class TestReading:
    async def summary(self) -> list[str]:
        rows = await db.fetch("SELECT data FROM journal_entries WHERE kind = 'evidence.reread' ORDER BY at")
        return [row["data"] for row in rows]

    async def test_what_is_whole_is_one_line_a_month(self, taken: Captured) -> None:
        await reread_originals()
        await reread_originals()
        (line,) = await self.summary()
        assert '"checked": 1' in line
        assert '"differing": 0' in line
        assert await db.fetch_value("SELECT count(*) FROM journal_entries WHERE kind = 'capture.original_differs'") == 0

    async def test_what_was_changed_or_taken_away_in_the_store_is_said(
        self, settings: Settings, office: Office, phone: Phone, visit: Fieldwork, head: Caller, taken: Captured
    ) -> None:
        (gone,) = await phone.record(await phone.chain(visit))
        assert (await phone.upload(gone)).status_code == 201
        place = {one.id: self.path(settings, office, one) for one in (taken, gone)}
        place[taken.id].chmod(0o644)
        place[taken.id].write_bytes(taken.photo[:-1] + b"x")
        place[gone.id].unlink()
        await reread_originals()
        found = [one["data"] for one in await told(head, taken) if one["kind"] == "capture.original_differs"]
        assert [one["sha256"] for one in found] == [taken.sha256]
        assert found[0]["found_sha256"] not in ("", taken.sha256)
        view = (await head.get(f"/api/evidence/{taken.id}")).json()
        assert {"code": "original_differs", "level": "warn", "params": {}} in view["plausibility"]
        lost = [one["data"] for one in await told(head, gone) if one["kind"] == "capture.original_differs"]
        assert [one["found_sha256"] for one in lost] == [""]
        (line,) = await self.summary()
        assert '"differing": 1' in line
        assert '"missing": 1' in line

    async def test_it_goes_on_where_it_stopped(self, phone: Phone, visit: Fieldwork, taken: Captured) -> None:
        await reread_originals(0)
        assert await self.summary() == []
        await reread_originals()
        assert len(await self.summary()) == 1

    def path(self, settings: Settings, office: Office, one: Captured) -> Path:
        return settings.media_dir / keys.original_key(system_actor(office.org_id).org_id, one.sha256)


@pytest.mark.requirement("R81")
async def test_custody_of_an_unreleased_visit_is_for_its_team_only(taken: Captured, office: Office) -> None:
    """Whose visit it is not learns as little from custody as from the capture itself, in this office or another."""
    colleague = await office.caller("zhaolei", Role.SUP)
    leader = await office.caller("qianjun", Role.LEADER)
    elsewhere = await Office.founded(office.http)
    stranger = await elsewhere.caller("sunqi", Role.OFFICE)
    for caller in (colleague, leader, stranger):
        there = await caller.get(f"/api/evidence/{taken.id}/custody")
        nowhere = await caller.get(f"/api/evidence/{new_id()}/custody")
        assert there.status_code == 404
        assert there.json() | {"instance": ""} == nowhere.json() | {"instance": ""}
