"""Who may make bundles and fetch them, what is recorded of it, and what the store must still hold."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import asyncpg
import pytest

from server.access.roles import Role
from server.kit import db
from server.kit.ids import new_id
from server.tlog.sequencer import catch_up
from tests.bundles.reading import lines
from tests.factories.bundles import PURPOSE, Evidenced, files_of, order
from tests.factories.people import Office

pytestmark = [pytest.mark.anyio, pytest.mark.requirement("R53")]


class TestWhoMay:
    async def test_only_those_who_may_take_evidence_out(self, office: Office, story: Evidenced) -> None:
        unit = await office.caller("unit", Role.LIAISON, unit=office.handling_unit)
        leader = await office.caller("fenguan", Role.LEADER)
        for caller in (unit, leader):
            assert (await order(caller, "visit", story.visit.id)).status_code == 403

    @pytest.mark.requirement("R81")
    async def test_a_covert_visit_does_not_exist_for_others(self, office: Office, story: Evidenced) -> None:
        stranger = await office.caller("zhouheng", Role.SUP)
        targets = (("visit", story.visit.id), ("capture", story.captures[0].id))
        for scope, target in targets:
            hidden = await order(stranger, scope, target)
            absent = await order(stranger, scope, new_id())
            assert hidden.status_code == absent.status_code == 404
            assert hidden.content == absent.content
        assert (await order(story.phone.caller, "visit", story.visit.id)).status_code == 201

    async def test_personal_parts_leave_only_by_the_head_of_the_office(self, story: Evidenced) -> None:
        refused = await order(story.phone.caller, "visit", story.visit.id, personal=True)
        assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")
        assert (await order(story.head, "visit", story.visit.id, personal=True)).status_code == 201

    async def test_only_who_made_it_fetches_it_and_for_a_day(self, office: Office, story: Evidenced) -> None:
        made = (await order(story.head, "visit", story.visit.id)).json()
        other = await office.caller("lixiang", Role.OFFICE)
        for path in ("", "/file", "/report"):
            assert (await other.get(f"/api/bundles/{made['id']}{path}")).status_code == 404
        await db.execute("ALTER TABLE evidence_exports DISABLE TRIGGER evidence_exports_append_only")
        await db.execute("UPDATE evidence_exports SET made_at = made_at - interval '25 hours'")
        ended = await story.head.get(f"/api/bundles/{made['id']}/file")
        assert (ended.status_code, ended.json()["code"]) == (410, "export_ended")


class TestRecorded:
    async def test_the_purpose_is_asked_and_kept(self, story: Evidenced) -> None:
        for purpose in ("", "   "):
            assert (await order(story.head, "visit", story.visit.id, purpose=purpose)).status_code in (400, 422)
        marked = await order(story.head, "visit", story.visit.id, purpose="绝密★启用前 调取")
        assert marked.status_code == 422
        await story.bundle()
        assert await db.fetch_value("SELECT purpose FROM evidence_exports") == PURPOSE

    async def test_each_capture_tells_that_it_was_taken_out(self, story: Evidenced) -> None:
        await story.bundle()
        kinds = [row["kind"] for row in await db.fetch("SELECT kind FROM journal_entries ORDER BY at, id")]
        assert kinds.count("capture.exported") == 3
        assert kinds.count("bundle.exported") == kinds.count("bundle.delivered") == 1
        assert PURPOSE not in str(await db.fetch("SELECT data FROM journal_entries"))
        second = files_of(await story.bundle())
        told = [line["entry"]["kind"] for line in lines(second["data/custody.jsonl"])]
        assert told.count("capture.exported") == 3  # of the first; its own is the last line

    async def test_what_was_delivered_can_be_recognised(self, story: Evidenced) -> None:
        files = files_of(await story.bundle())
        data = await db.fetch_value("SELECT data FROM journal_entries WHERE kind = 'bundle.delivered'")
        digest = hashlib.sha256(files["tagmanifest-sha256.txt"]).hexdigest()
        assert json.loads(data)["tagmanifest_sha256"] == digest

    async def test_the_same_order_twice_is_one(self, story: Evidenced) -> None:
        made = (await order(story.head, "visit", story.visit.id)).json()
        again = await order(story.head, "visit", story.visit.id, id=made["id"])
        assert again.status_code == 201
        assert await db.fetch_value("SELECT count(*) FROM evidence_exports") == 1
        other = await order(story.head, "capture", story.captures[0].id, id=made["id"])
        assert (other.status_code, other.json()["code"]) == (409, "id_reused")

    async def test_orders_are_never_changed(self, story: Evidenced) -> None:
        await order(story.head, "visit", story.visit.id)
        for sql in (
            "UPDATE evidence_exports SET purpose = 'x'",
            "DELETE FROM evidence_exports",
            "TRUNCATE evidence_exports",
        ):
            with pytest.raises(asyncpg.PostgresError):
                await db.execute(sql)


class TestTheStore:
    async def test_an_original_that_is_gone_is_said_before_the_first_byte(
        self, story: Evidenced, settings: Any
    ) -> None:
        made = (await order(story.head, "visit", story.visit.id)).json()
        await catch_up_and_lose(story, settings, b"")
        answer = await story.head.get(f"/api/bundles/{made['id']}/file")
        assert (answer.status_code, answer.json()["code"]) == (500, "original_gone")

    async def test_changed_bytes_never_leave_as_a_bundle(self, story: Evidenced, settings: Any) -> None:
        made = (await order(story.head, "visit", story.visit.id)).json()
        changed = bytearray(story.captures[0].photo)
        changed[100] ^= 1
        await catch_up_and_lose(story, settings, bytes(changed))
        answer = await story.head.get(f"/api/bundles/{made['id']}/file")
        assert len(answer.content) < int(answer.headers["content-length"])
        kinds = [row["kind"] for row in await db.fetch("SELECT kind FROM journal_entries")]
        assert "bundle.delivered" not in kinds


async def catch_up_and_lose(story: Evidenced, settings: Any, instead: bytes) -> None:
    """Put other bytes (or none) where the first original lies, behind the store's back."""
    await catch_up()
    (place,) = (settings.data_dir / "media").rglob(story.captures[0].sha256)
    place.chmod(0o600)
    if instead:
        place.write_bytes(instead)
    else:
        place.unlink()
