"""What was received and is not registered yet (R2): shown first when late, reminded of once, settled with a reason."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asyncpg import IntegrityConstraintViolationError

from server.access.roles import Role
from server.intake.reminders import remind_of_intake
from server.kit import clock, db
from server.kit.ids import new_id
from server.settings import Settings
from tests.factories.files import handed_in
from tests.factories.items import item_body
from tests.factories.people import Caller, Office
from tests.factories.process import Process, fields, ok
from tests.factories.worker import run_jobs_once

pytestmark = [pytest.mark.anyio, pytest.mark.requirement("R2")]


@pytest.fixture
async def process(office: Office) -> Process:
    return await Process.prepared(office)


def matter(**changed: Any) -> dict[str, Any]:
    """A matter as the registrar puts it into the tray."""
    return {
        "id": str(new_id()),
        "source_kind": "PETITION",
        "from_whom": "县信访局",
        "subject": "东湖片区居民反映污水直排",
        "source_ref": "云信呈〔2026〕17号",
        **changed,
    }


def ago(**how: int) -> str:
    return (clock.now() - timedelta(**how)).isoformat()


async def received(who: Caller, **changed: Any) -> dict[str, Any]:
    return await ok(who.post("/api/intake", matter(**changed)))


async def register(who: Caller, one: dict[str, Any], **changed: Any) -> Any:
    item = item_body(title=one["subject"], source_kind=one["source_kind"], source_ref=one["source_ref"])
    extra = {name: changed.pop(name) for name in ("difference_reason",) if name in changed}
    return await who.post(f"/api/intake/{one['id']}/register", {"item": item | changed, **extra})


class TestReceiving:
    async def test_shows_what_is_not_registered_yet_with_the_longest_first(self, process: Process) -> None:
        fresh = await received(process.registrar)
        late = await received(process.registrar, received_at=ago(hours=30))
        shown = (await process.chief.get("/api/intake")).json()
        assert [one["id"] for one in shown["matters"]] == [late["id"], fresh["id"]]
        assert [one["late"] for one in shown["matters"]] == [True, False]
        assert shown["within_hours"] == 24

    async def test_counts_by_what_the_office_allowed_when_it_came(self, process: Process) -> None:
        before = await received(process.registrar, received_at=ago(hours=30))
        await ok(process.chief.request("PUT", "/api/items/intake", json={"hours": 48}))
        with clock.held_at(lambda: datetime.now(UTC) + timedelta(hours=30)):
            after = await received(process.registrar, received_at=ago(hours=29))
            shown = (await process.registrar.get("/api/intake")).json()["matters"]
            assert [(one["id"], one["late"]) for one in shown] == [(before["id"], True), (after["id"], False)]
            # Neither a later limit nor a direct registration makes what came before timely.
            item = item_body(received_at=ago(hours=60))
            assert fields(await process.registrar.post("/api/items", item)) == {("late_reason", "late_reason_missing")}
            await ok(process.registrar.post("/api/items", item_body(received_at=ago(hours=29))))
            # A shorter one makes nothing late that came under the longer.
            await ok(process.chief.request("PUT", "/api/items/intake", json={"hours": 1}))
            assert not (await process.registrar.get(f"/api/intake/{after['id']}")).json()["late"]
            await remind_of_intake()
        reminded = await db.fetch("SELECT id FROM intake_matters WHERE reminded_at IS NOT NULL")
        assert [str(row["id"]) for row in reminded] == [before["id"]]

    async def test_its_limit_cannot_be_written_or_moved(self, process: Process) -> None:
        one = await received(process.registrar, received_at=ago(hours=30))
        due = datetime.fromisoformat(one["received_at"]) + timedelta(hours=24)
        assert datetime.fromisoformat(one["due_at"]) == due
        with pytest.raises(IntegrityConstraintViolationError):
            await db.execute("UPDATE intake_matters SET register_by = register_by + interval '1 year'")
        await db.execute(
            "INSERT INTO intake_matters (id, org_id, source_kind, from_whom, subject, urgency, received_at,"
            " register_by, entered_by, entered_at, state) SELECT gen_random_uuid(), org_id, source_kind, from_whom,"
            " '另一件', urgency, received_at, register_by + interval '1 year', entered_by, entered_at, 'WAITING'"
            " FROM intake_matters"
        )
        assert await db.fetch_value("SELECT count(DISTINCT register_by) FROM intake_matters") == 1
        for sql in ("UPDATE intake_limits SET hours = 720", "DELETE FROM intake_limits"):
            await ok(process.chief.request("PUT", "/api/items/intake", json={"hours": 30}))
            with pytest.raises(IntegrityConstraintViolationError):
                await db.execute(sql)

    async def test_is_not_of_the_future_and_no_state_secret(self, process: Process) -> None:
        future = await process.registrar.post("/api/intake", matter(received_at=ago(hours=-2)))
        assert fields(future) == {("received_at", "received_in_future")}
        secret = await process.registrar.post("/api/intake", matter(subject="机密★5年 某项目"))
        assert secret.status_code == 422

    async def test_at_the_beginning_of_time_bars_nobody_from_the_tray(self, process: Process) -> None:
        refused = await process.registrar.post("/api/intake", matter(received_at="0001-01-01T00:00:00Z"))
        assert refused.status_code == 422
        assert (await process.registrar.get("/api/intake")).status_code == 200

    async def test_twice_is_once(self, process: Process) -> None:
        body = matter()
        answers = [await process.registrar.post("/api/intake", body) for _ in range(2)]
        assert [one.status_code for one in answers] == [201, 201]
        assert len((await process.registrar.get("/api/intake")).json()["matters"]) == 1

    async def test_is_for_those_who_register(self, process: Process) -> None:
        one = await received(process.registrar)
        for who in (process.supervisor, process.liaison):
            assert (await who.get("/api/intake")).status_code == 403
        stranger = await (await Office.founded(process.office.http)).caller("stranger", Role.REG)
        assert (await stranger.get(f"/api/intake/{one['id']}")).status_code == 404

    async def test_pages_by_key(self, process: Process) -> None:
        await db.execute(
            "INSERT INTO intake_matters (id, org_id, source_kind, from_whom, subject, urgency, received_at, entered_by,"
            " entered_at, state) SELECT gen_random_uuid(), $1, 'OTHER', '某局', '来件' || n, 'ORDINARY',"
            " $2::timestamptz - make_interval(mins => n), $3, $2, 'WAITING' FROM generate_series(1, 120) n",
            process.office.org_id,
            clock.now(),
            process.registrar.person_id,
        )
        seen: list[str] = []
        cursor = ""
        while True:
            shown = (await process.registrar.get(f"/api/intake{cursor}")).json()
            seen += [one["subject"] for one in shown["matters"]]
            if shown["next_cursor"] is None:
                break
            cursor = f"?cursor={shown['next_cursor']}"
        assert seen == [f"来件{n}" for n in range(120, 0, -1)]


class TestRegistering:
    async def test_beside_the_tray_is_late_all_the_same(self, process: Process) -> None:
        one = await received(process.registrar, received_at=ago(hours=60))
        item = item_body(source_kind="PETITION", source_ref="云信呈[2026]17号")
        assert fields(await process.registrar.post("/api/items", item)) == {("late_reason", "late_reason_missing")}
        away = {"reason": "退回", "late_reason": "等待补正"}
        await ok(process.registrar.post(f"/api/intake/{one['id']}/return", away))
        assert fields(await process.registrar.post("/api/items", item)) == {("late_reason", "late_reason_missing")}
        await ok(process.registrar.post("/api/items", item | {"late_reason": "退回补正后重报"}))
        other = item_body(source_kind="PETITION", source_ref="云信呈〔2026〕18号")
        await ok(process.registrar.post("/api/items", other))

    @pytest.mark.parametrize("number", ["", "云信呈〔2026〕99号"])
    async def test_without_its_number_it_is_known_by_its_words(self, process: Process, number: str) -> None:
        await received(process.registrar, received_at=ago(hours=60), source_ref="")
        item = item_body(source_kind="PETITION", title="东湖片区居民 反映“污水直排”。", source_ref=number)
        assert fields(await process.registrar.post("/api/items", item)) == {("late_reason", "late_reason_missing")}
        other = item_body(source_kind="PETITION", title="西湖片区居民反映噪声")
        await ok(process.registrar.post("/api/items", other))

    async def test_what_is_sent_away_late_says_why_and_stands_among_the_late(self, process: Process) -> None:
        for act, who in (("return", process.registrar), ("decline", process.chief)):
            one = await received(process.registrar, received_at=ago(hours=30), source_ref="", subject=f"无文号{act}")
            path = f"/api/intake/{one['id']}/{act}"
            assert fields(await who.post(path, {"reason": "不属本县管辖"})) == {("late_reason", "late_reason_missing")}
            done = await ok(who.post(path, {"reason": "不属本县管辖", "late_reason": "周末无人值班"}))
            assert (done["late"], done["late_reason"]) == (True, "周末无人值班")
            late = (await process.leader.get("/api/items/late")).json()["items"]
            assert (late[0]["id"], late[0]["register_no"]) == (one["id"], None)
            assert late[0]["reason"] == "周末无人值班"
        # Registered beside the tray in other words, the matter itself is late all the same.
        await ok(process.registrar.post("/api/items", item_body(title="换了说法的同一件事")))
        late = (await process.leader.get("/api/items/late")).json()["items"]
        assert len(late) == 2
        with pytest.raises(IntegrityConstraintViolationError):
            await db.execute("UPDATE intake_matters SET late_reason = ''")

    async def test_sent_away_in_time_needs_no_explanation(self, process: Process) -> None:
        one = await received(process.registrar)
        done = await ok(process.registrar.post(f"/api/intake/{one['id']}/return", {"reason": "不属本县管辖"}))
        assert (done["late"], done["late_reason"]) == (False, "")
        assert (await process.leader.get("/api/items/late")).json()["items"] == []

    async def test_takes_time_and_files_along(self, process: Process) -> None:
        file_id = await handed_in(process.registrar, name="来信.pdf")
        one = await received(process.registrar, received_at=ago(hours=3), attachment_ids=[file_id])
        done = await ok(register(process.chief, one))
        assert done["state"] == "REGISTERED"
        item = (await process.chief.get(f"/api/items/{done['item']['id']}")).json()
        assert datetime.fromisoformat(item["received_at"]) == datetime.fromisoformat(one["received_at"])
        assert [file["file"]["id"] for file in item["process"]["attachments"]] == [file_id]
        assert (await process.chief.get("/api/intake")).json()["matters"] == []
        assert [row["id"] for row in (await process.chief.get("/api/intake?where=SETTLED")).json()["matters"]] == [
            one["id"]
        ]

    async def test_late_says_why(self, process: Process) -> None:
        one = await received(process.registrar, received_at=ago(hours=30))
        assert fields(await register(process.registrar, one)) == {("late_reason", "late_reason_missing")}
        done = await ok(register(process.registrar, one, late_reason="周末收到，周一登记"))
        late = (await process.chief.get("/api/items/late")).json()["items"]
        assert [(row["id"], row["reason"]) for row in late] == [(done["item"]["id"], "周末收到，周一登记")]

    async def test_does_not_become_timely_by_another_time_of_receipt(self, process: Process) -> None:
        one = await received(process.registrar, received_at=ago(hours=30))
        other = {"received_at": ago(hours=1)}
        assert fields(await register(process.registrar, one, **other)) == {
            ("difference_reason", "difference_reason_missing")
        }
        reason = {"difference_reason": "原件今晨补送"}
        assert fields(await register(process.registrar, one, **other, **reason)) == {
            ("late_reason", "late_reason_missing")
        }
        done = await ok(register(process.registrar, one, **other, **reason, late_reason="等待原件"))
        assert done["difference_reason"] == "原件今晨补送"

    async def test_does_not_become_timely_by_an_earlier_time_under_a_longer_limit(self, process: Process) -> None:
        before = ago(hours=1)
        await ok(process.chief.request("PUT", "/api/items/intake", json={"hours": 1}))
        with clock.held_at(lambda: datetime.now(UTC) + timedelta(hours=3)):
            one = await received(process.registrar, received_at=ago(hours=2))
            other = {"received_at": before, "difference_reason": "原件昨日已到"}
            missing = {("late_reason", "late_reason_missing")}
            assert fields(await register(process.registrar, one, **other)) == missing
            beside = item_body(source_kind="PETITION", source_ref=one["source_ref"], received_at=before)
            assert fields(await process.registrar.post("/api/items", beside)) == missing
            await ok(register(process.registrar, one, **other, late_reason="值班员交接遗漏"))

    async def test_happens_once_when_two_do_it(self, process: Process) -> None:
        one = await received(process.registrar)
        answers = await asyncio.gather(register(process.registrar, one), register(process.chief, one))
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        assert await db.fetch_value("SELECT count(*) FROM items") == 1

    async def test_sent_twice_takes_one_number(self, process: Process) -> None:
        one = await received(process.registrar)
        item = item_body(title=one["subject"], source_kind="PETITION")
        path = f"/api/intake/{one['id']}/register"
        first, second = [await process.registrar.post(path, {"item": item}) for _ in range(2)]
        assert (first.status_code, second.status_code) == (200, 200)
        assert first.json()["item"] == second.json()["item"]


class TestSettling:
    async def test_returns_with_the_reason(self, process: Process) -> None:
        one = await received(process.registrar)
        blank = await process.registrar.post(f"/api/intake/{one['id']}/return", {"reason": "  "})
        assert blank.status_code == 422
        done = await ok(process.registrar.post(f"/api/intake/{one['id']}/return", {"reason": "不属本县管辖"}))
        assert (done["state"], done["reason"], done["acts"]) == ("RETURNED", "不属本县管辖", [])
        assert (await register(process.registrar, one)).json()["code"] == "wrong_state"

    async def test_declining_is_for_the_head_of_the_office(self, process: Process) -> None:
        one = await received(process.registrar)
        refused = await process.registrar.post(f"/api/intake/{one['id']}/decline", {"reason": "重复来件"})
        assert refused.json()["code"] == "not_your_step"
        done = await ok(process.chief.post(f"/api/intake/{one['id']}/decline", {"reason": "重复来件"}))
        assert done["state"] == "DECLINED"

    async def test_what_came_is_not_changed_or_removed(self, process: Process) -> None:
        await received(process.registrar)
        for sql in ("UPDATE intake_matters SET received_at = now()", "DELETE FROM intake_matters"):
            with pytest.raises(IntegrityConstraintViolationError):
                await db.execute(sql)


class TestReminder:
    async def test_is_given_once_to_those_who_register(self, process: Process, settings: Settings) -> None:
        one = await received(process.registrar, received_at=ago(hours=30))
        await received(process.registrar)
        for _ in range(2):
            await remind_of_intake()
        await run_jobs_once(settings)
        for who in (process.registrar, process.chief):
            notices = (await who.get("/api/inbox")).json()["notices"]
            assert [(notice["kind"], notice["subject_id"]) for notice in notices] == [("intake_late", one["id"])]
        assert (await process.supervisor.get("/api/inbox")).json()["notices"] == []
