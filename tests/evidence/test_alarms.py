"""What a phone saw the log do is recorded once, and read by those who must look into it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from server.access.actor import system_actor
from server.access.roles import Role
from server.evidence import alarms
from server.journal.work import unit_of_work
from server.kit import db
from server.kit.ids import new_id
from server.tlog.alarms import Alarm, sound
from tests.factories.device import Phone
from tests.factories.fieldwork import Fieldwork
from tests.factories.people import Caller, Office

pytestmark = pytest.mark.anyio


def alarm(phone: Phone, **changed: Any) -> dict[str, Any]:
    return {
        "id": str(new_id()),
        "kind": "inconsistent",
        "text": '{"seen":"…"}',
        "raised_at": "2026-05-25T09:00:00Z",
        "device_id": str(phone.device_id),
        **changed,
    }


@pytest.fixture
async def auditor(office: Office) -> Caller:
    return await office.caller("shenji", Role.AUD)


async def test_raised_once_and_listed(phone: Phone, auditor: Caller) -> None:
    body = alarm(phone)
    first, again = [await phone.caller.post("/api/log/alarms", body) for _ in range(2)]
    assert (first.status_code, again.json()) == (201, first.json())
    (told,) = (await auditor.get("/api/log/alarms")).json()["alarms"]
    assert (told["kind"], told["text"], told["person"]["name"], told["device"]["name"]) == (
        "inconsistent",
        body["text"],
        "linxia",
        "测试手机",
    )
    entries = await db.fetch("SELECT data FROM journal_entries WHERE kind = 'log.alarm'")
    assert [('"alarm": "INCONSISTENT"' in one["data"], body["text"] in one["data"]) for one in entries] == [
        (True, False)
    ]


async def test_who_reads_them(office: Office, phone: Phone) -> None:
    for role, status in ((Role.OFFICE, 200), (Role.SEC, 200), (Role.AUD, 200), (Role.ADM, 403), (Role.SUP, 403)):
        caller = await office.caller(f"p{role}".lower(), role)
        assert (await caller.get("/api/log/alarms")).status_code == status, role


async def test_somebody_elses_phone_or_id(office: Office, phone: Phone) -> None:
    other = await office.caller("zhouheng", Role.TM)
    body = alarm(phone)
    assert (await other.post("/api/log/alarms", body)).json()["device"] is None
    assert (await phone.caller.post("/api/log/alarms", body)).json()["code"] == "id_reused"


async def test_pages(phone: Phone, auditor: Caller) -> None:
    for _ in range(3):
        await phone.caller.post("/api/log/alarms", alarm(phone, kind="promise_broken"))
    first = (await auditor.get("/api/log/alarms?limit=2")).json()
    rest = (await auditor.get(f"/api/log/alarms?limit=2&cursor={first['next_cursor']}")).json()
    assert (len(first["alarms"]), len(rest["alarms"]), rest["next_cursor"]) == (2, 1, None)


async def test_more_than_are_taken_in_a_day_wait_on_the_phone(
    office: Office, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alarms, "MOST_A_DAY", 2)
    bodies = [alarm(phone) for _ in range(3)]
    answers = [await phone.caller.post("/api/log/alarms", body) for body in bodies]
    assert [one.status_code for one in answers] == [201, 201, 429]
    assert (answers[2].json()["code"], answers[2].json()["params"]["retry"]) == ("too_many_alarms", True)
    assert (await phone.caller.post("/api/log/alarms", bodies[1])).status_code == 201  # sent again, nothing new
    other = await Phone.enrolled(await office.caller("zhouheng", Role.TM))
    assert (await other.caller.post("/api/log/alarms", alarm(other))).status_code == 201
    monkeypatch.setattr(alarms, "timedelta", lambda days: timedelta(days=0))  # the next day
    assert (await phone.caller.post("/api/log/alarms", bodies[2])).status_code == 201
    assert await db.fetch_value("SELECT count(*) FROM log_alarms") == 4


@pytest.mark.requirement("R81")
async def test_one_about_an_original_is_kept_from_the_unit_while_the_visit_is_covert(
    office: Office, phone: Phone, visit: Fieldwork
) -> None:
    (taken,) = await phone.record(await phone.chain(visit))
    async with unit_of_work(system_actor(office.org_id)) as work:
        await sound(work, Alarm("ORIGINAL_DIFFERS", "{}", capture_id=taken.id))
    unit = await office.caller("chengban", Role.AUD, unit=office.handling_unit)
    auditor = await office.caller("shenji", Role.AUD)
    seen = [len((await one.get("/api/log/alarms")).json()["alarms"]) for one in (unit, auditor)]
    assert seen == [0, 1]
    await db.execute("UPDATE visits SET released_at = now(), state = 'RELEASED'")
    assert len((await unit.get("/api/log/alarms")).json()["alarms"]) == 1


async def test_nothing_of_them_is_changed_or_removed(phone: Phone) -> None:
    await phone.caller.post("/api/log/alarms", alarm(phone))
    for change in ("UPDATE log_alarms SET text = ''", "DELETE FROM log_alarms", "TRUNCATE log_alarms"):
        with pytest.raises(Exception, match=r"append-only|never deleted"):
            await db.execute(change)
