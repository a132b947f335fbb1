"""Signing in and out, as a browser and as a program."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from server.access import signin
from server.access.roles import Role
from server.kit import db
from tests.factories.people import PASSWORD, Caller, Office

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def at(client: httpx.AsyncClient, address: str) -> AsyncIterator[httpx.AsyncClient]:
    """Another client of the same product, at another address."""
    assert isinstance(client._transport, httpx.ASGITransport)
    transport = httpx.ASGITransport(client._transport.app, raise_app_exceptions=False, client=(address, 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://zhicha.test") as one:
        yield one


class TestSignIn:
    async def test_wrong_password_and_unknown_account_answer_alike(
        self, client: httpx.AsyncClient, office: Office
    ) -> None:
        await office.person("linxia", Role.SUP)
        wrong = await client.post("/api/session", json={"login": "linxia", "password": "no"})
        unknown = await client.post("/api/session", json={"login": "nobody", "password": "no"})
        assert wrong.status_code == unknown.status_code == 401
        assert wrong.content == unknown.content
        assert wrong.json()["code"] == "wrong_credentials"

    async def test_browser_gets_a_cookie_and_must_send_the_csrf_token(
        self, client: httpx.AsyncClient, office: Office
    ) -> None:
        await office.person("linxia", Role.SUP, Role.TM)
        signed = await client.post("/api/session", json={"login": "LinXia", "password": PASSWORD})
        assert signed.status_code == 201
        cookie = signed.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "samesite=lax" in cookie.lower()
        me = await client.get("/api/session")
        assert me.json()["person"]["roles"] == ["SUP", "TM"]
        assert "evidence.record" in me.json()["person"]["permissions"]
        assert me.json()["token"] is None
        device = {"id": "01890a5d-ac96-774b-bcce-b302099a8057", "name": "手机"}
        refused = await client.post("/api/devices", json=device)
        assert refused.json()["code"] == "csrf_failed"
        accepted = await client.post("/api/devices", json=device, headers={"X-CSRF-Token": me.json()["csrf_token"]})
        assert accepted.status_code == 201

    async def test_signing_out_ends_the_session_at_once(self, client: httpx.AsyncClient, office: Office) -> None:
        caller = await office.caller("linxia", Role.SUP)
        assert (await caller.get("/api/session")).status_code == 200
        assert (await caller.request("DELETE", "/api/session")).status_code == 204
        assert (await caller.get("/api/session")).json()["code"] == "not_signed_in"

    async def test_a_bearer_token_in_the_cookie_is_refused(self, client: httpx.AsyncClient, office: Office) -> None:
        caller = await office.caller("linxia", Role.SUP)
        answer = await client.get("/api/session", headers={"Cookie": f"zhicha_session={caller.token}"})
        assert answer.status_code == 401

    async def test_after_eight_failures_the_account_waits(self, client: httpx.AsyncClient, office: Office) -> None:
        await office.person("linxia", Role.SUP)
        for _ in range(8):
            await client.post("/api/session", json={"login": "linxia", "password": "no"})
        locked = await client.post("/api/session", json={"login": "linxia", "password": PASSWORD})
        assert locked.status_code == 429
        assert int(locked.headers["retry-after"]) > 0

    async def test_many_guesses_at_once_are_no_more_than_eight(
        self, client: httpx.AsyncClient, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await office.person("linxia", Role.SUP)
        tried: list[str] = []

        async def counted(hashed: str | None, password: str) -> bool:
            tried.append(password)
            await asyncio.sleep(0.01)
            return False

        monkeypatch.setattr(signin, "password_matches", counted)
        guesses = ({"login": "linxia", "password": str(n)} for n in range(30))
        answers = await asyncio.gather(*(client.post("/api/session", json=guess) for guess in guesses))
        assert sorted(answer.status_code for answer in answers) == [401] * 8 + [429] * 22
        assert len(tried) == 8

    async def test_an_attacker_elsewhere_locks_nobody_out(self, client: httpx.AsyncClient, office: Office) -> None:
        await office.person("linxia", Role.SUP)
        right = {"login": "linxia", "password": PASSWORD}
        async with at(client, "10.9.8.7") as phone, at(client, "192.0.2.1") as attacker, at(client, "192.0.2.2") as new:
            assert (await phone.post("/api/session", json=right)).status_code == 201  # signed in once: it is known
            guesses = [
                await attacker.post("/api/session", json={"login": "linxia", "password": "no"}) for _ in range(9)
            ]
            assert [one.status_code for one in guesses] == [401] * 8 + [429]
            assert (await attacker.post("/api/session", json=right)).status_code == 429
            assert (await new.post("/api/session", json=right)).status_code == 201
            # From everywhere at once: clients that nobody knows must wait, the phone need not.
            await db.execute(
                "INSERT INTO sign_in_attempts (id, login_sha256, source_sha256, known, at)"
                " SELECT gen_random_uuid(), login_sha256, sha256(int4send(n)), false, now() FROM"
                " (SELECT DISTINCT login_sha256 FROM sign_in_attempts) a, generate_series(1, 64) n"
            )
            async with at(client, "192.0.2.3") as another:
                assert (await another.post("/api/session", json=right)).status_code == 429
            assert (await phone.post("/api/session", json=right)).status_code == 201
            # What makes it known is worth nothing for another account, and is not for guessing without end.
            await office.person("zhouheng", Role.SUP)
            for _ in range(8):
                await phone.post("/api/session", json={"login": "linxia", "password": "no"})
            assert (await phone.post("/api/session", json=right)).status_code == 429

    async def test_another_spelling_of_an_account_brings_no_guesses_of_its_own(
        self, client: httpx.AsyncClient, office: Office
    ) -> None:
        await office.person("linxia", Role.SUP)
        # İ: i in the database's lower(), i with a dot above in Python's; the throttle would count them apart.
        assert await db.fetch_value("SELECT lower('İ')") == "i"
        spelt = {"login": "Lİnxİa", "password": PASSWORD}
        assert (await client.post("/api/session", json=spelt)).status_code == 401

    async def test_addresses_of_one_ipv6_network_are_one_source(
        self, client: httpx.AsyncClient, office: Office
    ) -> None:
        await office.person("linxia", Role.SUP)
        for n in range(8):
            async with at(client, f"2001:db8::{n + 1:x}") as one:
                await one.post("/api/session", json={"login": "linxia", "password": "no"})
        async with at(client, "2001:db8::ffff") as one, at(client, "2001:db8:0:1::1") as other:
            right = {"login": "linxia", "password": PASSWORD}
            assert (await one.post("/api/session", json=right)).status_code == 429
            assert (await other.post("/api/session", json=right)).status_code == 201

    async def test_a_form_of_another_site_signs_nobody_in(self, client: httpx.AsyncClient, office: Office) -> None:
        await office.person("linxia", Role.SUP)
        body = f'{{"login":"linxia","password":"{PASSWORD}"}}'
        for kind in ("text/plain", "text/plain;charset=application/json", "application/x-www-form-urlencoded"):
            answer = await client.post("/api/session", content=body, headers={"Content-Type": kind})
            assert (answer.status_code, answer.json()["code"]) == (415, "not_json")
            assert "set-cookie" not in answer.headers

    @pytest.mark.parametrize(
        ("body", "status"), [('{"login":"a\\u0000","password":"b"}', 422), ('{"login":' + "[" * 100_000, 400)]
    )
    async def test_senseless_requests_are_the_senders_fault(
        self, client: httpx.AsyncClient, office: Office, body: str, status: int
    ) -> None:
        answer = await client.post("/api/session", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == status, answer.text

    async def test_unknown_fields_are_named(self, client: httpx.AsyncClient, office: Office) -> None:
        answer = await client.post("/api/session", json={"login": "a", "password": "b", "pasword": "c"})
        assert answer.status_code == 422
        assert answer.json()["code"] == "invalid_input"


NEW = "a-much-longer-one"


class TestOwnAccount:
    async def again(self, caller: Caller, password: str = PASSWORD) -> Caller:
        answer = await caller.http.post(
            "/api/session", json={"login": "linxia", "password": password, "transport": "bearer"}
        )
        return Caller(caller.person_id, answer.json().get("token") or "", caller.http)

    async def test_a_new_password_needs_the_old_one_and_ends_all_other_sign_ins(self, office: Office) -> None:
        desk = await office.caller("linxia", Role.SUP)
        phone = await self.again(desk)
        path = "/api/session/password"
        wrong = await desk.post(path, {"old_password": "no", "new_password": NEW})
        assert (wrong.status_code, wrong.json()["code"]) == (422, "wrong_old_password")
        for unfit in ("short", PASSWORD, "linxia"):
            answer = await desk.post(path, {"old_password": PASSWORD, "new_password": unfit})
            assert (answer.status_code, answer.json()["code"]) == (422, "password_unfit"), unfit
        assert (await phone.get("/api/session")).status_code == 200
        changed = await desk.post(path, {"old_password": PASSWORD, "new_password": NEW})
        assert (changed.status_code, changed.json()) == (200, {"ended": 1})
        assert (await desk.get("/api/session")).status_code == 200
        assert (await phone.get("/api/session")).status_code == 401
        assert (await self.again(desk)).token == ""
        assert (await self.again(desk, NEW)).token != ""
        kinds = await db.fetch_value("SELECT array_agg(kind) FROM journal_entries WHERE kind LIKE 'person.%'")
        assert kinds == ["person.password_changed"]

    async def test_the_old_password_is_not_guessed_here_without_end(self, office: Office) -> None:
        desk = await office.caller("linxia", Role.SUP)
        body = {"old_password": "no", "new_password": NEW}
        answers = [(await desk.post("/api/session/password", body)).status_code for _ in range(9)]
        assert answers == [422] * 8 + [429]
        assert (await self.again(desk)).token != ""  # and nobody is locked out by it

    async def test_all_other_sign_ins_end_at_once(self, office: Office) -> None:
        desk = await office.caller("linxia", Role.SUP)
        other = await office.caller("zhouheng", Role.SUP)
        lost = [await self.again(desk) for _ in range(3)]
        answer = await desk.request("DELETE", "/api/session/others")
        assert (answer.status_code, answer.json()) == (200, {"ended": 3})
        assert [(await one.get("/api/session")).status_code for one in lost] == [401] * 3
        assert (await desk.get("/api/session")).status_code == 200
        assert (await other.get("/api/session")).status_code == 200
        assert (await desk.request("DELETE", "/api/session/others")).json() == {"ended": 0}


class TestDevices:
    async def test_enrolling_twice_is_one_device(self, office: Office) -> None:
        caller = await office.caller("linxia", Role.SUP)
        device = {"id": "01890a5d-ac96-774b-bcce-b302099a8057", "name": "手机", "platform": "Android"}
        first = await caller.post("/api/devices", device)
        again = await caller.post("/api/devices", device)
        assert first.json() == again.json()
        assert len((await caller.get("/api/devices")).json()) == 1

    async def test_revoking_a_lost_phone_ends_what_it_could_read(
        self, client: httpx.AsyncClient, office: Office
    ) -> None:
        lost = await office.caller("linxia", Role.SUP)
        signed = await client.post(
            "/api/session", json={"login": "linxia", "password": PASSWORD, "transport": "bearer"}
        )
        desk = Caller(lost.person_id, signed.json()["token"], client)
        other = await office.caller("zhouheng", Role.SUP)
        device = {"id": "01890a5d-ac96-774b-bcce-b302099a8057", "name": "手机"}
        await lost.post("/api/devices", device)
        assert (await desk.post(f"/api/devices/{device['id']}/revoke", {"reason": "丢失"})).status_code == 200
        assert (await lost.get("/api/session")).status_code == 401
        assert (await desk.get("/api/session")).status_code == 200
        assert (await other.get("/api/session")).status_code == 200

    async def test_somebody_elses_device_is_neither_seen_nor_taken(self, office: Office) -> None:
        mine = await office.caller("linxia", Role.SUP)
        other = await office.caller("zhouheng", Role.SUP)
        device = {"id": "01890a5d-ac96-774b-bcce-b302099a8057", "name": "手机"}
        await mine.post("/api/devices", device)
        assert (await other.post("/api/devices", device)).json()["code"] == "id_reused"
        assert (await other.get("/api/devices")).json() == []
        why = {"reason": "丢失"}
        hidden = await other.post(f"/api/devices/{device['id']}/revoke", why)
        absent = await other.post("/api/devices/01890a5d-ac96-774b-bcce-b302099a8058/revoke", why)
        assert hidden.status_code == absent.status_code == 404
        assert hidden.content == absent.content


async def test_a_remembered_session_is_forgotten_on_demand(office: Office) -> None:
    caller = await office.caller("linxia", Role.SUP)
    await caller.get("/api/session")
    assert signin._recent
    signin.forget_recent()
    assert not signin._recent
