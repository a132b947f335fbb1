"""Accounts, units and roles: one adds people, a second person gives them what they may do (三员分立, D9)."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest

from server.access.roles import Role
from server.kit import db
from server.kit.ids import new_id
from tests.factories.people import PASSWORD, Caller, Office

pytestmark = pytest.mark.anyio

FIRST = "a first password"
OWN = "chosen by herself"


@pytest.fixture
async def adm(office: Office) -> Caller:
    return await office.caller("adm", Role.ADM)


@pytest.fixture
async def sec(office: Office) -> Caller:
    return await office.caller("sec", Role.SEC)


def person(office: Office, login: str = "Sunli", **other: Any) -> dict[str, Any]:
    return {
        "id": str(new_id()),
        "name": "孙莉",
        "login": login,
        "unit_id": str(office.office_unit),
        "password": FIRST,
        **other,
    }


async def added(office: Office, adm: Caller, login: str = "Sunli") -> str:
    answer = await adm.post("/api/accounts", person(office, login))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def asked(adm: Caller, person_id: str | UUID, role: Role, *, ends: bool = False) -> str:
    """The id of the request."""
    request_id = str(new_id())
    body = {"id": request_id, "role": role, "ends": ends}
    answer = await adm.post(f"/api/accounts/{person_id}/roles", body)
    assert answer.status_code == 200, answer.text
    return request_id


def refused(answer: httpx.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


async def signs_in(office: Office, login: str, password: str, **more: str) -> httpx.Response:
    return await office.http.post(
        "/api/session", json={"login": login, "password": password, "transport": "bearer", **more}
    )


async def kinds(subject: str) -> list[str]:
    rows = await db.fetch("SELECT kind FROM journal_entries WHERE subject_kind = $1 ORDER BY at, id", subject)
    return [row["kind"] for row in rows]


class TestAdding:
    async def test_an_account_has_no_role_and_a_first_password(self, office: Office, adm: Caller) -> None:
        answer = await adm.post("/api/accounts", person(office))
        view = answer.json()
        assert (answer.status_code, view["state"], view["roles"], view["requests"]) == (201, "active", [], [])
        assert (view["first_password"], view["login"], view["unit"]["name"]) == (True, "Sunli", "督查室")
        assert FIRST not in answer.text
        assert await kinds("person") == ["person.added"]

    async def test_the_first_password_opens_nothing_but_the_choice_of_ones_own(
        self, office: Office, adm: Caller
    ) -> None:
        await added(office, adm)
        refused(await signs_in(office, "sunli", FIRST), 403, "password_change_due")
        for unfit in ("short", FIRST, "sunli"):
            refused(await signs_in(office, "sunli", FIRST, new_password=unfit), 422, "password_unfit")
        assert (
            await db.fetch_value(
                "SELECT count(*) FROM sessions s JOIN people p ON p.id = s.person_id WHERE p.login = 'Sunli'"
            )
            == 0
        )
        signed = await signs_in(office, "sunli", FIRST, new_password=OWN)
        assert signed.status_code == 201, signed.text
        assert signed.json()["person"]["permissions"] == ["self"]
        refused(await signs_in(office, "sunli", FIRST), 401, "wrong_credentials")
        assert (await signs_in(office, "sunli", OWN)).status_code == 201
        refused(await signs_in(office, "sunli", OWN, new_password="another of her own"), 409, "wrong_state")
        mine = Caller(UUID(signed.json()["person"]["id"]), signed.json()["token"], office.http)
        assert (await mine.get("/api/session")).status_code == 200
        assert (await mine.get("/api/items")).status_code == 403
        assert await kinds("person") == ["person.added", "person.password_changed"]

    async def test_two_with_the_same_first_password_and_one_chooses(self, office: Office, adm: Caller) -> None:
        await added(office, adm)
        answers = await asyncio.gather(
            *(signs_in(office, "sunli", FIRST, new_password=f"chosen by number {n}") for n in range(2))
        )
        assert sorted(one.status_code for one in answers) == [201, 401]

    async def test_a_login_is_taken_in_whatever_spelling(self, office: Office, adm: Caller) -> None:
        await added(office, adm)
        refused(await adm.post("/api/accounts", person(office, "sunLI")), 409, "login_taken")

    async def test_sent_twice_is_added_once(self, office: Office, adm: Caller) -> None:
        body = person(office)
        first, again = [await adm.post("/api/accounts", body) for _ in range(2)]
        assert first.json() == again.json()
        refused(await adm.post("/api/accounts", {**body, "name": "另一人"}), 409, "id_reused")

    async def test_what_cannot_be_an_account(self, office: Office, adm: Caller) -> None:
        for wrong, code in (
            ({"password": "short"}, "first_password_unfit"),
            ({"login": "sunlisunli", "password": "SunliSunli"}, "first_password_unfit"),
            ({"login": "孙莉"}, "invalid_input"),
            ({"name": "  "}, "invalid_input"),
            ({"name": "【机密】"}, "state_secret_refused"),
        ):
            refused(await adm.post("/api/accounts", {**person(office), **wrong}), 422, code)

    async def test_units_of_another_office_do_not_exist(self, office: Office, adm: Caller) -> None:
        other = await Office.founded(office.http)
        hidden = await adm.post("/api/accounts", person(office, unit_id=str(other.office_unit)))
        absent = await adm.post("/api/accounts", person(office, unit_id=str(new_id())))
        refused(hidden, 404, "not_found")
        assert hidden.content == absent.content
        unit = {"id": str(new_id()), "name": "教育局", "parent_id": str(other.office_unit)}
        refused(await adm.post("/api/units", unit), 404, "not_found")

    async def test_a_unit_is_added_below_another(self, office: Office, adm: Caller) -> None:
        unit = {"id": str(new_id()), "name": " 教育  局 ", "parent_id": str(office.office_unit), "kind": "department"}
        answer = await adm.post("/api/units", unit)
        assert (answer.status_code, answer.json()["name"]) == (201, "教育 局")
        assert (await adm.post("/api/units", unit)).json() == answer.json()
        refused(await adm.post("/api/units", {**unit, "id": str(new_id())}), 409, "unit_name_taken")
        refused(await adm.post("/api/units", {**unit, "name": "体育局"}), 409, "id_reused")
        assert await kinds("unit") == ["unit.added"]


class TestRoles:
    async def test_a_role_takes_force_when_a_second_person_confirms(
        self, office: Office, adm: Caller, sec: Caller
    ) -> None:
        person_id = await added(office, adm)
        request = await asked(adm, person_id, Role.SUP)
        waiting = (await sec.get("/api/accounts?standing=waiting")).json()["accounts"]
        assert [(one["id"], one["roles"]) for one in waiting] == [(person_id, [])]
        signed = (await signs_in(office, "sunli", FIRST, new_password=OWN)).json()
        hers = Caller(UUID(person_id), signed["token"], office.http)
        assert (await hers.get("/api/items")).status_code == 403
        done = await sec.post(f"/api/role-requests/{request}/confirm")
        assert (done.status_code, done.json()["roles"], done.json()["state"]) == (200, ["SUP"], "active")
        told = done.json()["requests"][0]
        assert (told["state"], told["asked_by"]["name"], told["decided_by"]["name"]) == ("confirmed", "adm", "sec")
        assert (await hers.get("/api/items")).status_code == 200
        refused(await sec.post(f"/api/role-requests/{request}/confirm"), 409, "wrong_state")
        assert (await kinds("person"))[-3:-1] == ["person.role_asked", "person.password_changed"]
        assert (await kinds("person"))[-1] == "person.role_confirmed"

    async def test_the_second_person_may_say_no(self, office: Office, adm: Caller, sec: Caller) -> None:
        person_id = await added(office, adm)
        request = await asked(adm, person_id, Role.OFFICE)
        done = (await sec.post(f"/api/role-requests/{request}/refuse")).json()
        assert (done["roles"], done["requests"][0]["state"]) == ([], "refused")
        refused(await sec.post(f"/api/role-requests/{request}/confirm"), 409, "wrong_state")
        await asked(adm, person_id, Role.OFFICE)  # and may be asked again

    async def test_nobody_asks_for_himself(self, adm: Caller) -> None:
        body = {"id": str(new_id()), "role": "OFFICE"}
        refused(await adm.post(f"/api/accounts/{adm.person_id}/roles", body), 403, "not_for_oneself")

    async def test_the_administrator_confirms_nothing(self, office: Office, adm: Caller) -> None:
        request = await asked(adm, await added(office, adm), Role.SUP)
        for act in ("confirm", "refuse"):
            refused(await adm.post(f"/api/role-requests/{request}/{act}"), 403, "not_permitted")

    async def test_the_secrecy_officer_asks_for_nothing(self, office: Office, adm: Caller, sec: Caller) -> None:
        person_id = await added(office, adm)
        body = {"id": str(new_id()), "role": "SUP"}
        refused(await sec.post(f"/api/accounts/{person_id}/roles", body), 403, "not_permitted")
        refused(await sec.post("/api/accounts", person(office, "other")), 403, "not_permitted")
        refused(await sec.post(f"/api/accounts/{person_id}/close"), 403, "not_permitted")

    async def test_who_asked_does_not_confirm_in_another_function(
        self, office: Office, adm: Caller, sec: Caller
    ) -> None:
        """An administrator who has become secrecy officer finds his own requests."""
        request = await asked(adm, await added(office, adm), Role.SUP)
        about = await asked(adm, await office.person("next", unit=office.office_unit), Role.SEC)
        await db.execute("UPDATE role_grants SET revoked_at = now() WHERE person_id = $1", adm.person_id)
        for login in ("adm", "next"):
            await db.execute(
                "INSERT INTO role_grants (id, org_id, person_id, role, granted_at) VALUES ($1, $2, $3, 'SEC', now())",
                new_id(), office.org_id, office.people[login],
            )  # fmt: skip
        now_sec = await office.caller("adm", again=True)
        refused(await now_sec.post(f"/api/role-requests/{request}/confirm"), 403, "second_person_needed")
        concerned = await office.caller("next")
        refused(await concerned.post(f"/api/role-requests/{about}/refuse"), 403, "second_person_needed")

    async def test_officers_are_apart_and_nothing_else(self, office: Office, adm: Caller, sec: Caller) -> None:
        auditor = await office.person("aud", Role.AUD)
        for role in (Role.SEC, Role.SUP):
            body = {"id": str(new_id()), "role": role}
            refused(await adm.post(f"/api/accounts/{auditor}/roles", body), 422, "officers_apart")
        person_id = await added(office, adm)
        requests = [await asked(adm, person_id, role) for role in (Role.SUP, Role.ADM)]
        answers = await asyncio.gather(*(sec.post(f"/api/role-requests/{one}/confirm") for one in requests))
        assert sorted(one.status_code for one in answers) == [200, 422]

    async def test_what_is_so_already_is_not_asked_for(self, office: Office, adm: Caller, sec: Caller) -> None:
        head = await office.person("hejing", Role.OFFICE)
        for role, ends in ((Role.OFFICE, False), (Role.SUP, True)):
            body = {"id": str(new_id()), "role": role, "ends": ends}
            refused(await adm.post(f"/api/accounts/{head}/roles", body), 409, "role_already")
        ending = await asked(adm, head, Role.OFFICE, ends=True)
        body = {"id": str(new_id()), "role": "OFFICE", "ends": True}
        refused(await adm.post(f"/api/accounts/{head}/roles", body), 409, "role_already")
        caller = await office.caller("hejing")
        assert (await caller.get("/api/items")).status_code == 200
        assert (await sec.post(f"/api/role-requests/{ending}/confirm")).json()["roles"] == []
        assert (await caller.get("/api/items")).status_code == 403

    async def test_the_table_refuses_what_the_commands_refuse(self, office: Office, adm: Caller, sec: Caller) -> None:
        request = await asked(adm, await added(office, adm), Role.SUP)
        decided = "UPDATE role_requests SET outcome = 'CONFIRMED', decided_at = now(), decided_by"
        for change in (
            f"{decided} = asked_by",
            f"{decided} = person_id",
            "UPDATE role_requests SET role = 'OFFICE'",
            "UPDATE role_requests SET outcome = 'CONFIRMED', decided_at = now()",
            "DELETE FROM role_requests",
            "TRUNCATE role_requests",
        ):
            with pytest.raises(Exception, match=r"append-only|never deleted|violates check"):
                await db.execute(change)
        await sec.post(f"/api/role-requests/{request}/refuse")
        with pytest.raises(Exception, match="append-only"):
            await db.execute(f"{decided} = '{sec.person_id}'")


class TestClosing:
    async def test_sign_ins_roles_and_requests_end_at_once(self, office: Office, adm: Caller, sec: Caller) -> None:
        caller = await office.caller("zhouheng", Role.SUP, Role.TL)
        waits = await asked(adm, caller.person_id, Role.OFFICE)
        assert (await caller.get("/api/session")).status_code == 200
        done = (await adm.post(f"/api/accounts/{caller.person_id}/close")).json()
        assert (done["state"], done["roles"], done["requests"][0]["state"]) == ("closed", [], "lapsed")
        assert (await caller.get("/api/session")).status_code == 401
        refused(await signs_in(office, "zhouheng", PASSWORD), 401, "wrong_credentials")
        refused(await sec.post(f"/api/role-requests/{waits}/confirm"), 409, "wrong_state")
        refused(await adm.post(f"/api/accounts/{caller.person_id}/close"), 409, "wrong_state")
        body = {"id": str(new_id()), "role": "SUP"}
        refused(await adm.post(f"/api/accounts/{caller.person_id}/roles", body), 409, "wrong_state")

    async def test_opened_again_it_has_a_first_password_and_no_role(self, office: Office, adm: Caller) -> None:
        caller = await office.caller("zhouheng", Role.SUP)
        path = f"/api/accounts/{caller.person_id}"
        refused(await adm.post(f"{path}/reopen", {"password": FIRST}), 409, "wrong_state")
        await adm.post(f"{path}/close")
        again = (await adm.post(f"{path}/reopen", {"password": FIRST})).json()
        assert (again["state"], again["roles"], again["first_password"]) == ("active", [], True)
        refused(await signs_in(office, "zhouheng", PASSWORD), 401, "wrong_credentials")
        refused(await signs_in(office, "zhouheng", FIRST), 403, "password_change_due")
        assert (await kinds("person"))[-2:] == ["person.account_closed", "person.account_reopened"]

    async def test_nobody_closes_his_own(self, adm: Caller) -> None:
        refused(await adm.post(f"/api/accounts/{adm.person_id}/close"), 403, "not_for_oneself")

    async def test_the_last_officer_stays(self, office: Office, adm: Caller, sec: Caller) -> None:
        refused(await adm.post(f"/api/accounts/{sec.person_id}/close"), 409, "last_officer")
        body = {"id": str(new_id()), "role": "SEC", "ends": True}
        refused(await adm.post(f"/api/accounts/{sec.person_id}/roles", body), 409, "last_officer")
        await office.person("second", Role.SEC)
        assert (await adm.post(f"/api/accounts/{sec.person_id}/close")).status_code == 200


class TestWhoSees:
    async def test_the_register_is_for_those_who_answer_for_accounts(
        self, office: Office, adm: Caller, sec: Caller
    ) -> None:
        person_id = await added(office, adm)
        unit = await office.caller("unit", Role.LIAISON, unit=office.handling_unit)
        for other in (unit, await office.caller("sup", Role.SUP), await office.caller("aud", Role.AUD)):
            for path in ("/api/accounts", f"/api/accounts/{person_id}"):
                refused(await other.get(path), 403, "not_permitted")
            refused(await other.post("/api/accounts", person(office, "new")), 403, "not_permitted")
        for caller in (adm, sec):
            assert (await caller.get(f"/api/accounts/{person_id}")).status_code == 200
        first = (await adm.get("/api/accounts?limit=3")).json()
        rest = (await adm.get(f"/api/accounts?limit=3&cursor={first['next_cursor']}")).json()
        assert (len(first["accounts"]), len(rest["accounts"]), rest["next_cursor"]) == (3, 3, None)
        found = (await adm.get("/api/accounts?q=sunl")).json()["accounts"]
        assert [one["id"] for one in found] == [person_id]
        assert (await adm.get("/api/accounts?q=100%25")).json()["accounts"] == []

    async def test_people_of_another_office_do_not_exist(self, office: Office, adm: Caller, sec: Caller) -> None:
        other = await Office.founded(office.http)
        stranger = await other.person("stranger", Role.SUP)
        foreign = await asked(await other.caller("adm2", Role.ADM), stranger, Role.OFFICE)
        body = {"id": str(new_id()), "role": "SUP"}
        for answer in (
            await adm.get(f"/api/accounts/{stranger}"),
            await adm.post(f"/api/accounts/{stranger}/roles", body),
            await adm.post(f"/api/accounts/{stranger}/close"),
            await sec.post(f"/api/role-requests/{foreign}/confirm"),
        ):
            refused(answer, 404, "not_found")
