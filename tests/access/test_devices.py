"""A phone is known through two persons: its owner and another, at the beginning and at the end (733 art. 25)."""

from __future__ import annotations

import asyncio

import pytest

from server.access.roles import Role
from server.kit import db
from server.kit.ids import new_id
from tests.factories.device import Phone
from tests.factories.people import Caller, Office

pytestmark = pytest.mark.anyio

WHY = {"reason": "在出租车上丢失"}


@pytest.fixture
async def phone(office: Office) -> Phone:
    return await Phone.enrolled(await office.caller("linxia", Role.SUP, Role.TM))


@pytest.fixture
async def head(office: Office) -> Caller:
    return await office.caller("hejing", Role.OFFICE)


@pytest.fixture
async def sec(office: Office) -> Caller:
    return await office.caller("baomi", Role.SEC)


def path(phone: Phone, act: str) -> str:
    return f"/api/devices/{phone.device_id}/{act}"


async def kinds() -> list[str]:
    rows = await db.fetch("SELECT kind FROM journal_entries WHERE subject_kind = 'device' ORDER BY at, id")
    return [row["kind"] for row in rows]


class TestConfirming:
    async def test_a_second_person_confirms(self, phone: Phone, head: Caller) -> None:
        before = (await phone.caller.get("/api/devices")).json()[0]
        assert (before["state"], before["confirmed_by"]) == ("unconfirmed", None)
        done = await head.post(path(phone, "confirm"))
        assert (done.status_code, done.json()["state"]) == (200, "confirmed")
        assert done.json()["confirmed_by"]["id"] == str(head.person_id)
        again = await head.post(path(phone, "confirm"))
        assert (again.status_code, again.json()["code"]) == (409, "wrong_state")
        assert await kinds() == ["device.enrolled", "device.confirmed"]

    async def test_nobody_confirms_his_own(self, head: Caller) -> None:
        own = await Phone.enrolled(head)
        refused = await head.post(path(own, "confirm"))
        assert (refused.status_code, refused.json()["code"]) == (403, "second_person_needed")

    async def test_the_administrator_sees_and_asks_but_confirms_nothing(self, office: Office, phone: Phone) -> None:
        adm = await office.caller("adm", Role.ADM)
        assert len((await adm.get("/api/devices/register")).json()["devices"]) == 1
        assert (await adm.post(path(phone, "confirm"))).status_code == 403
        assert (await adm.post(path(phone, "revoke"), WHY)).status_code == 200
        assert (await adm.post(path(phone, "revoke/confirm"))).status_code == 403

    async def test_two_confirm_at_once_and_one_does(self, phone: Phone, head: Caller, sec: Caller) -> None:
        answers = await asyncio.gather(*(one.post(path(phone, "confirm")) for one in (head, sec)))
        assert sorted(one.status_code for one in answers) == [200, 409]

    async def test_an_unknown_phone(self, head: Caller) -> None:
        assert (await head.post(f"/api/devices/{new_id()}/confirm")).status_code == 404

    async def test_sent_twice_with_a_key_is_done_once(self, phone: Phone, head: Caller) -> None:
        key = {"Idempotency-Key": str(new_id())}
        answers = [await head.post(path(phone, "confirm"), headers=key) for _ in range(2)]
        assert [one.status_code for one in answers] == [200, 200]
        assert answers[0].json() == answers[1].json()


class TestRevoking:
    async def test_one_asks_and_another_confirms(self, phone: Phone, head: Caller, sec: Caller) -> None:
        asked = await head.post(path(phone, "revoke"), WHY)
        assert (asked.json()["state"], asked.json()["revocation_reason"]) == ("revocation_asked", WHY["reason"])
        own = await head.post(path(phone, "revoke/confirm"))
        assert (own.status_code, own.json()["code"]) == (403, "second_person_needed")
        done = await sec.post(path(phone, "revoke/confirm"))
        assert (done.json()["state"], done.json()["revoked_by"]["id"]) == ("revoked", str(sec.person_id))
        assert (await sec.post(path(phone, "revoke/confirm"))).json()["code"] == "wrong_state"
        assert await kinds() == ["device.enrolled", "device.revocation_asked", "device.revoked"]

    async def test_the_second_person_may_say_no(self, phone: Phone, head: Caller, sec: Caller) -> None:
        await head.post(path(phone, "revoke"), WHY)
        kept = await sec.post(path(phone, "revoke/refuse"))
        assert (kept.json()["state"], kept.json()["revocation_asked_by"]) == ("unconfirmed", None)
        assert (await sec.post(path(phone, "revoke/confirm"))).json()["code"] == "wrong_state"
        assert (await kinds())[-1] == "device.revocation_refused"

    async def test_the_owner_does_not_say_no(self, office: Office, head: Caller, sec: Caller) -> None:
        """Who answers for phones has one himself; whether that one stays is for somebody else to say."""
        own = await Phone.enrolled(head)
        await sec.post(path(own, "revoke"), WHY)
        login = next(login for login, person in office.people.items() if person == head.person_id)
        again = await office.caller(login, again=True)
        refused = await again.post(path(own, "revoke/refuse"))
        assert (refused.status_code, refused.json()["code"]) == (403, "second_person_needed")
        assert (await again.post(path(own, "revoke/confirm"))).json()["state"] == "revoked"

    async def test_asking_twice_is_asking_once(self, phone: Phone, head: Caller, sec: Caller) -> None:
        await head.post(path(phone, "revoke"), WHY)
        again = await sec.post(path(phone, "revoke"), {"reason": "另一个理由"})
        assert again.json()["revocation_asked_by"]["id"] == str(head.person_id)
        assert (await sec.post(path(phone, "revoke/confirm"))).status_code == 200

    async def test_a_state_secret_is_no_reason(self, phone: Phone, head: Caller) -> None:
        refused = await head.post(path(phone, "revoke"), {"reason": "绝密★30年"})
        assert refused.json()["code"] == "state_secret_refused"


async def test_the_register_is_for_those_who_answer_for_phones(office: Office, phone: Phone, head: Caller) -> None:
    assert (await phone.caller.get("/api/devices/register")).status_code == 403
    for _ in range(3):
        await Phone.enrolled(phone.caller)
    await head.post(path(phone, "confirm"))
    first = (await head.get("/api/devices/register?limit=3")).json()
    rest = (await head.get(f"/api/devices/register?limit=3&cursor={first['next_cursor']}")).json()
    assert (len(first["devices"]), len(rest["devices"]), rest["next_cursor"]) == (3, 1, None)
    other = await office.caller("zhouheng", Role.SUP)
    for caller, status in ((head, 200), (phone.caller, 200), (other, 404)):
        assert (await caller.get(f"/api/devices/{phone.device_id}")).status_code == status
    found = (await head.get("/api/devices/register?standing=confirmed")).json()["devices"]
    assert [one["id"] for one in found] == [str(phone.device_id)]
    assert (await head.get("/api/devices/register?q=100%25")).json()["devices"] == []


async def test_sql_cannot_confirm_ones_own_or_bring_a_phone_back(phone: Phone, head: Caller, sec: Caller) -> None:
    await head.post(path(phone, "revoke"), WHY)
    await sec.post(path(phone, "revoke/confirm"))
    for change in (
        f"UPDATE devices SET confirmed_by = '{phone.caller.person_id}', confirmed_at = now()",
        "UPDATE devices SET revoked_at = NULL, revoked_by = NULL",
        f"UPDATE devices SET revoked_by = '{head.person_id}'",
        "DELETE FROM devices",
        "TRUNCATE devices CASCADE",
    ):
        with pytest.raises(Exception, match=r"append-only|never deleted|violates check"):
            await db.execute(change)
