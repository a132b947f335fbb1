"""Signing in and out, as a browser and as a program."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from server.access import signin
from server.access.roles import Role
from tests.factories.people import PASSWORD, Caller, Office

pytestmark = pytest.mark.anyio


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
        assert (await desk.post(f"/api/devices/{device['id']}/revoke")).status_code == 200
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
        hidden = await other.post(f"/api/devices/{device['id']}/revoke")
        absent = await other.post("/api/devices/01890a5d-ac96-774b-bcce-b302099a8058/revoke")
        assert hidden.status_code == absent.status_code == 404
        assert hidden.content == absent.content


async def test_a_remembered_session_is_forgotten_on_demand(office: Office) -> None:
    caller = await office.caller("linxia", Role.SUP)
    await caller.get("/api/session")
    assert signin._recent
    signin.forget_recent()
    assert not signin._recent
