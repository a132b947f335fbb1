"""An alarm reaches those who must look into it, in the inbox and in the pocket, and says nothing on the way."""

from __future__ import annotations

import json

import pytest

from media import keys
from server.access.roles import Role
from server.evidence.rereading import reread_originals
from server.kit import db
from server.kit.ids import new_id
from server.settings import Settings
from server.tlog.alarms import sound_everywhere
from tests.factories.device import Phone
from tests.factories.fieldwork import Fieldwork, planned_visit
from tests.factories.people import Caller, Office
from tests.factories.worker import run_jobs_once
from tests.push.endpoint import Browser, PushEndpoint
from tests.push.happenings import notices, subscription

pytestmark = pytest.mark.anyio


async def raised(phone: Phone, kind: str = "inconsistent") -> str:
    body = {
        "id": str(new_id()),
        "kind": kind,
        "text": '{"seen":"…"}',
        "raised_at": "2026-05-25T09:00:00Z",
        "device_id": str(phone.device_id),
    }
    answer = await phone.caller.post("/api/log/alarms", body)
    assert answer.status_code == 201, answer.text
    return str(body["id"])


async def staff(office: Office) -> dict[Role, Caller]:
    roles = (Role.OFFICE, Role.SEC, Role.AUD, Role.ADM, Role.SUP, Role.LEADER, Role.UHEAD)
    return {role: await office.caller(f"p{role}".lower(), role) for role in roles}


@pytest.mark.requirement("R53")
async def test_those_who_may_read_alarms_are_told_once_until_they_read_it(
    office: Office, settings: Settings, mine: Caller
) -> None:
    people, phone = await staff(office), await Phone.enrolled(mine)
    stranger = await (await Office.founded(office.http)).caller("sunqi", Role.OFFICE, Role.AUD)
    first = await raised(phone)
    await run_jobs_once(settings)
    for kind in ("inconsistent", "promise_broken", "proof_wrong"):
        await raised(phone, kind)
    await run_jobs_once(settings)
    for role in (Role.OFFICE, Role.SEC, Role.AUD):
        (told,) = await notices(people[role])
        assert (told["title_key"], told["subject_kind"], told["subject_id"]) == ("alarm_log", "log_alarm", first), role
        assert told["params"] == {}
    for other in (mine, stranger, *(people[role] for role in (Role.ADM, Role.SUP, Role.LEADER, Role.UHEAD))):
        assert await notices(other) == []
    # Read: whatever comes next is told again.
    head = people[Role.OFFICE]
    (told,) = await notices(head)
    assert (await head.post(f"/api/inbox/{told['id']}/read")).status_code == 200
    await raised(phone)
    await run_jobs_once(settings)
    assert len(await notices(head)) == 2
    assert len(await notices(people[Role.AUD])) == 1


@pytest.mark.requirement("R81")
async def test_a_locked_screen_learns_nothing_of_it(
    office: Office, settings: Settings, mine: Caller, reviewer: Caller, visit: Fieldwork, service: PushEndpoint
) -> None:
    pocket, phone = Browser("head"), await Phone.enrolled(mine)
    assert (await reviewer.post("/api/push/subscriptions", subscription(service, pocket))).status_code == 201
    chain = await phone.chain(visit)
    place = (chain.seq, chain.prev)
    await phone.record(chain)
    chain.seq, chain.prev = place
    await phone.push(chain.capture().operation)
    await run_jobs_once(settings)
    (told,) = await notices(reviewer)
    assert (told["title_key"], told["params"]) == ("alarm_fork", {})
    (delivery,) = service.accepted()
    assert json.loads(pocket.decrypt(delivery.body)) == {"v": 1, "notice": told["id"], "tag": "notice"}
    readable = json.dumps([delivery.headers, delivery.claims], ensure_ascii=False)
    assert not [word for word in ("alarm", "fork", "linxia", visit.title, str(visit.id)) if word in readable]


@pytest.mark.requirement("R81")
async def test_an_altered_original_names_the_evidence_only_to_who_may_see_it(
    office: Office, settings: Settings, mine: Caller
) -> None:
    people, phone = await staff(office), await Phone.enrolled(mine)
    visit = await planned_visit(office, mine.person_id)
    (taken,) = await phone.record(await phone.chain(visit))
    assert (await phone.upload(taken)).status_code == 201
    (settings.media_dir / keys.original_key(office.org_id, taken.sha256)).unlink()
    await reread_originals()
    await reread_originals()
    await run_jobs_once(settings)
    for role, capture in ((Role.OFFICE, str(taken.id)), (Role.SEC, None), (Role.AUD, None)):
        (told,) = [one for one in await notices(people[role]) if one["subject_kind"] == "log_alarm"]
        assert (told["title_key"], told["params"]) == ("alarm_original", {})
        answer = await people[role].get("/api/log/alarms")
        (alarm,) = answer.json()["alarms"]
        assert (alarm["kind"], alarm["capture_id"], alarm["person"]) == ("original_differs", capture, None)
        assert visit.title not in answer.text
        assert (str(taken.id) in answer.text) == (capture is not None)


async def test_what_is_wrong_with_the_log_is_told_in_every_office_once_a_day(
    office: Office, settings: Settings
) -> None:
    there = await Office.founded(office.http)
    for _ in range(2):
        await sound_everywhere("LOG_BROKEN", "3 leaves are here, 4 were signed")
        await sound_everywhere("SPLIT_VIEW", "{}", witness="witness.example/w1")
    await run_jobs_once(settings)
    for one, login in ((office, "hejing"), (there, "sunqi")):
        head = await one.caller(login, Role.OFFICE)
        found = (await head.get("/api/log/alarms")).json()["alarms"]
        assert [(alarm["kind"], alarm["witness"]) for alarm in found] == [
            ("split_view", "witness.example/w1"),
            ("log_broken", None),
        ]
    assert await db.fetch_value("SELECT count(*) FROM log_alarms") == 4
