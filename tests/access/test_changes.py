"""Names, units and the tree are corrected by two persons; what waits for the second is told until it is decided."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import UUID

import pytest

from server.access import contacts_queries
from server.access.names import digest
from server.access.roles import Role
from server.kit import db
from server.kit.ids import new_id
from server.settings import Settings
from tests.access.test_accounts import asked, kinds, refused
from tests.factories.fieldwork import planned_visit
from tests.factories.people import Caller, Office
from tests.factories.worker import run_jobs_once
from tests.push.happenings import notices

pytestmark = pytest.mark.anyio


@pytest.fixture
async def adm(office: Office) -> Caller:
    return await office.caller("adm", Role.ADM)


@pytest.fixture
async def sec(office: Office) -> Caller:
    return await office.caller("sec", Role.SEC)


def to(name: str, unit: UUID | str, **other: Any) -> dict[str, Any]:
    return {"id": str(new_id()), "name": name, "unit_id": str(unit), **other}


def unit_to(name: str, parent: UUID | str | None, kind: str = "department") -> dict[str, Any]:
    return {"id": str(new_id()), "name": name, "parent_id": str(parent) if parent else None, "kind": kind}


async def ask(adm: Caller, person: UUID, body: dict[str, Any]) -> str:
    answer = await adm.post(f"/api/accounts/{person}/changes", body)
    assert answer.status_code == 200, answer.text
    return str(body["id"])


async def unit(adm: Caller, name: str, parent: UUID | str) -> str:
    body = {"id": str(new_id()), "name": name, "parent_id": str(parent)}
    assert (await adm.post("/api/units", body)).status_code == 201
    return str(body["id"])


async def act(kind: str) -> dict[str, Any]:
    row = await db.fetch_one("SELECT data FROM journal_entries WHERE kind = $1 ORDER BY at DESC LIMIT 1", kind)
    assert row is not None
    told: dict[str, Any] = json.loads(row["data"])
    return told


class TestPeople:
    async def test_a_name_is_another_when_a_second_person_confirms(
        self, office: Office, adm: Caller, sec: Caller
    ) -> None:
        someone = await office.person("zhouheng", Role.SUP, name="周桓")
        body = to(" 周  衡 ", office.office_unit)
        view = (await adm.post(f"/api/accounts/{someone}/changes", body)).json()
        assert (view["name"], view["state"], view["changes"][0]["state"]) == ("周桓", "waiting", "asked")
        assert (view["changes"][0]["name_before"], view["changes"][0]["name"]) == ("周桓", "周 衡")
        assert (await adm.post(f"/api/accounts/{someone}/changes", body)).json() == view
        refused(await adm.post(f"/api/accounts/{someone}/changes", {**body, "name": "周横"}), 409, "id_reused")
        refused(await adm.post(f"/api/accounts/{someone}/changes", to("周横", office.office_unit)), 409, "change_waits")
        done = (await sec.post(f"/api/account-changes/{body['id']}/confirm")).json()
        assert (done["name"], done["state"], done["version"]) == ("周 衡", "active", view["version"] + 1)
        assert (done["changes"][0]["asked_by"]["name"], done["changes"][0]["decided_by"]["name"]) == ("adm", "sec")
        refused(await sec.post(f"/api/account-changes/{body['id']}/confirm"), 409, "wrong_state")
        assert await kinds("person") == ["person.change_asked", "person.changed"]

    async def test_the_act_holds_digests_and_no_names(self, office: Office, adm: Caller, sec: Caller) -> None:
        someone = await office.person("zhouheng", name="周桓")
        change = await ask(adm, someone, to("周衡", office.handling_unit))
        await sec.post(f"/api/account-changes/{change}/confirm")
        for kind in ("person.change_asked", "person.changed"):
            told = await act(kind)
            assert told["before_sha256"] == digest(name="周桓", unit_id=str(office.office_unit))
            assert told["after_sha256"] == digest(name="周衡", unit_id=str(office.handling_unit))
            assert (told["unit_before"], told["unit_after"]) == (str(office.office_unit), str(office.handling_unit))
            assert "周" not in json.dumps(told, ensure_ascii=False)
        assert told["asked_by_id"] == str(adm.person_id)

    async def test_the_second_person_may_say_no(self, office: Office, adm: Caller, sec: Caller) -> None:
        someone = await office.person("zhouheng", name="周桓")
        change = await ask(adm, someone, to("周衡", office.office_unit))
        done = (await sec.post(f"/api/account-changes/{change}/refuse")).json()
        assert (done["name"], done["changes"][0]["state"]) == ("周桓", "refused")
        await ask(adm, someone, to("周衡", office.office_unit))  # and may be asked again

    async def test_what_cannot_be_asked_for(self, office: Office, adm: Caller) -> None:
        someone = await office.person("zhouheng", name="周桓")
        other = await Office.founded(office.http)
        path = f"/api/accounts/{someone}/changes"
        here = office.office_unit
        refused(await adm.post(path, to("周桓", here)), 422, "nothing_changed")
        for unseen in "\u200b\ufe0f\u3164\u034f\u2800\U000e0100":
            refused(await adm.post(path, to(f"周{unseen}桓", here)), 422, "name_unreadable")
        refused(await adm.post(path, to("【机密】", here)), 422, "state_secret_refused")
        refused(await adm.post(path, to("周衡", other.office_unit)), 404, "not_found")
        refused(await adm.post(f"/api/accounts/{await other.person('far')}/changes", to("某", here)), 404, "not_found")
        refused(await adm.post(path, to("周衡", here), headers={"If-Match": '"7"'}), 409, "changed_meanwhile")
        await adm.post(f"/api/accounts/{someone}/close")
        refused(await adm.post(path, to("周衡", here)), 409, "wrong_state")

    async def test_what_waits_lapses_with_the_account(self, office: Office, adm: Caller, sec: Caller) -> None:
        someone = await office.person("zhouheng", name="周桓")
        change = await ask(adm, someone, to("周衡", office.office_unit))
        closed = (await adm.post(f"/api/accounts/{someone}/close")).json()
        assert closed["changes"][0]["state"] == "lapsed"
        refused(await sec.post(f"/api/account-changes/{change}/confirm"), 409, "wrong_state")

    @pytest.mark.requirement("R24")
    async def test_who_moves_is_his_old_units_contact_no_more(self, office: Office, adm: Caller, sec: Caller) -> None:
        head = await office.caller("head", Role.OFFICE)
        liaison = await office.person("liaison", Role.LIAISON, unit=office.handling_unit)
        deputy = await office.person("deputy", Role.LIAISON, unit=office.handling_unit)
        named = {"kind": "LIAISON", "person_id": str(liaison), "phone": "1"}
        path = f"/api/contacts/{office.handling_unit}"
        assert (await head.request("PUT", path, json=named)).status_code == 200
        change = await ask(adm, liaison, to("liaison", office.office_unit))
        await sec.post(f"/api/account-changes/{change}/confirm")
        assert "LIAISON" in (await head.get(path)).json()["missing"]
        async with db.connection() as conn:
            assert await contacts_queries.liaisons(conn, [office.handling_unit]) == (deputy,)
        back = await ask(adm, liaison, to("liaison", office.handling_unit))
        await sec.post(f"/api/account-changes/{back}/confirm")
        assert "LIAISON" in (await head.get(path)).json()["missing"]


class TestUnits:
    async def test_a_unit_is_called_otherwise_and_lies_elsewhere(
        self, office: Office, adm: Caller, sec: Caller
    ) -> None:
        root = str(office.office_unit)
        below, other = await unit(adm, "环保局", root), await unit(adm, "住建局", root)
        body = unit_to("生态环境局", other, "lower_government")
        view = (await adm.post(f"/api/units/{below}/changes", body)).json()
        assert (view["name"], view["changes"][0]["place"]["name"]) == ("环保局", "住建局")
        assert (await adm.post(f"/api/units/{below}/changes", body)).json() == view
        refused(await adm.post(f"/api/units/{below}/changes", {**body, "kind": "office"}), 409, "id_reused")
        refused(await adm.post(f"/api/units/{below}/changes", unit_to("别名", other)), 409, "change_waits")
        done = (await sec.post(f"/api/unit-changes/{body['id']}/confirm")).json()
        assert (done["name"], done["parent_id"], done["kind"], done["version"]) == (
            *("生态环境局", other, "lower_government"),
            view["version"] + 1,
        )
        assert (await act("unit.changed"))["after_sha256"] == digest(
            name="生态环境局", parent_id=other, kind="lower_government"
        )
        assert (await kinds("unit"))[-2:] == ["unit.change_asked", "unit.changed"]
        listed = {one["id"]: one for one in (await sec.get("/api/units/register")).json()}
        assert listed[below]["name"] == "生态环境局"

    async def test_the_tree_stays_a_tree(self, office: Office, adm: Caller, sec: Caller) -> None:
        root = str(office.office_unit)
        a = await unit(adm, "甲", root)
        b = await unit(adm, "乙", root)
        below_a = await unit(adm, "丙", a)
        for about, wanted in ((a, unit_to("甲", a)), (a, unit_to("甲", below_a)), (a, unit_to("甲", None))):
            refused(await adm.post(f"/api/units/{about}/changes", wanted), 422, "unit_below_itself")
        refused(await adm.post(f"/api/units/{root}/changes", unit_to("督查室", a)), 422, "unit_below_itself")
        refused(await adm.post(f"/api/units/{b}/changes", unit_to("甲", root)), 409, "unit_name_taken")
        refused(
            await adm.post(f"/api/units/{b}/changes", unit_to("丁", root), headers={"If-Match": '"9"'}),
            *(409, "changed_meanwhile"),
        )
        # Each alone is possible, both at once would cut them off from the root.
        changes = (unit_to("甲", b), unit_to("乙", a))
        for about, change in zip((a, b), changes, strict=True):
            assert (await adm.post(f"/api/units/{about}/changes", change)).status_code == 200
        answers = await asyncio.gather(*(sec.post(f"/api/unit-changes/{one['id']}/confirm") for one in changes))
        assert sorted(one.status_code for one in answers) == [200, 422]

    async def test_units_and_people_are_decided_on_apart(self, office: Office, adm: Caller, sec: Caller) -> None:
        below = await unit(adm, "甲", office.office_unit)
        change = unit_to("乙", office.office_unit)
        await adm.post(f"/api/units/{below}/changes", change)
        for path in ("confirm", "refuse"):
            refused(await sec.post(f"/api/account-changes/{change['id']}/{path}"), 404, "not_found")
        done = (await sec.post(f"/api/unit-changes/{change['id']}/refuse")).json()
        assert (done["name"], done["changes"][0]["state"]) == ("甲", "refused")


class TestAttacks:
    async def test_no_administrator_changes_himself_or_confirms(self, office: Office, adm: Caller) -> None:
        refused(
            await adm.post(f"/api/accounts/{adm.person_id}/changes", to("别人", office.handling_unit)),
            *(403, "not_for_oneself"),
        )
        change = await ask(adm, await office.person("friend"), to("friend", office.handling_unit))
        for path in ("confirm", "refuse"):
            refused(await adm.post(f"/api/account-changes/{change}/{path}"), 403, "not_permitted")

    async def test_nobody_confirms_his_own_or_what_he_asked_for(self, office: Office, adm: Caller, sec: Caller) -> None:
        """Two administrators in league, one of whom becomes secrecy officer, still need a third."""
        about = await ask(adm, sec.person_id, to("sec", office.handling_unit))
        refused(await sec.post(f"/api/account-changes/{about}/confirm"), 403, "second_person_needed")
        own = await ask(adm, await office.person("friend"), to("friend", office.handling_unit))
        await db.execute("UPDATE role_grants SET revoked_at = now() WHERE person_id = $1", adm.person_id)
        await db.execute(
            "INSERT INTO role_grants (id, org_id, person_id, role, granted_at) VALUES ($1, $2, $3, 'SEC', now())",
            *(new_id(), office.org_id, adm.person_id),
        )
        now_sec = await office.caller("adm", again=True)
        refused(await now_sec.post(f"/api/account-changes/{own}/confirm"), 403, "second_person_needed")
        for change in (
            "UPDATE directory_changes SET outcome = 'CONFIRMED', decided_at = now(), decided_by = asked_by",
            "UPDATE directory_changes SET name = '他人'",
            "DELETE FROM directory_changes",
            "TRUNCATE directory_changes",
        ):
            with pytest.raises(Exception, match=r"append-only|never deleted|violates check"):
                await db.execute(change)

    @pytest.mark.requirement("R81")
    async def test_a_move_shows_the_new_units_work_and_no_covert_visit(
        self, office: Office, adm: Caller, sec: Caller
    ) -> None:
        inspector = await office.person("linxia", Role.SUP, Role.TM)
        visit = await planned_visit(office, inspector)
        await db.execute("UPDATE visits SET object_unit_id = $1", office.handling_unit)
        await db.execute("UPDATE items SET handling_unit_id = $1", office.handling_unit)
        elsewhere = UUID(await unit(adm, "教育局", office.office_unit))
        friend = await office.caller("friend", Role.UH, unit=elsewhere)
        item = f"/api/items/{visit.item_id}"
        change = await ask(adm, friend.person_id, to("friend", office.handling_unit))
        assert (await friend.get(item)).status_code == 404  # asked for is not given
        await sec.post(f"/api/account-changes/{change}/confirm")
        assert (await friend.get(item)).status_code == 200
        hidden, absent = await friend.get(f"/api/visits/{visit.id}"), await friend.get(f"/api/visits/{new_id()}")
        assert (hidden.status_code, hidden.content) == (404, absent.content)
        assert (await friend.get("/api/visits")).json()["visits"] == []
        back = await ask(adm, friend.person_id, to("friend", elsewhere))
        await sec.post(f"/api/account-changes/{back}/confirm")
        assert (await friend.get(item)).status_code == 404

    async def test_who_is_to_be_called_like_an_inspector_is_shown_beside_him(
        self, office: Office, adm: Caller, sec: Caller
    ) -> None:
        inspector = await office.person("linxia", Role.SUP, name="林夏")
        friend = await office.person("friend", Role.UH, unit=office.handling_unit, name="赵四")
        for alike in ("林 夏", "林·夏", "林夏", "林・夏", "林夏。", "林夏'", "林—夏", "（林夏）", "林夏\u0301"):
            change = await ask(adm, friend, to(alike, office.handling_unit))
            (shown,) = (await sec.get(f"/api/accounts/{friend}")).json()["namesakes"]
            assert (shown["id"], shown["roles"], shown["unit"]["name"]) == (str(inspector), ["SUP"], "督查室")
            assert (await sec.post(f"/api/account-changes/{change}/refuse")).json()["namesakes"] == []

    async def test_a_role_is_confirmed_for_who_was_looked_at(self, office: Office, adm: Caller, sec: Caller) -> None:
        """Asked for as an inspector of the office, moved below the unit to be inspected before it is confirmed."""
        someone = await office.person("sunli")
        role = await asked(adm, someone, Role.TM)
        seen = (await sec.get(f"/api/accounts/{someone}")).json()["version"]
        change = await ask(adm, someone, to("sunli", office.handling_unit))
        await sec.post(f"/api/account-changes/{change}/confirm")
        path, old = f"/api/role-requests/{role}/confirm", {"If-Match": f'"{seen}"'}
        refused(await sec.post(path, headers=old), 409, "changed_meanwhile")
        assert (await sec.post(path, headers={"If-Match": f'"{seen + 1}"'})).json()["roles"] == ["TM"]

    async def test_two_at_once(self, office: Office, adm: Caller, sec: Caller) -> None:
        someone = await office.person("sunli")
        wanted = [to(f"孙{n}", office.office_unit) for n in range(3)]
        answers = await asyncio.gather(*(adm.post(f"/api/accounts/{someone}/changes", one) for one in wanted))
        assert sorted(one.status_code for one in answers) == [200, 409, 409]
        (change,) = (await sec.get(f"/api/accounts/{someone}")).json()["changes"]
        second = await office.caller("sec2", Role.SEC)
        paths = [f"/api/account-changes/{change['id']}/{one}" for one in ("confirm", "refuse")]
        both = await asyncio.gather(sec.post(paths[0]), second.post(paths[1]))
        assert sorted(one.status_code for one in both) == [200, 409]
        assert len([kind for kind in await kinds("person") if kind in ("person.changed", "person.change_refused")]) == 1

    async def test_others_do_not_exist(self, office: Office, adm: Caller, sec: Caller) -> None:
        change = await ask(adm, await office.person("friend"), to("friend", office.handling_unit))
        other = await Office.founded(office.http)
        far = await other.caller("far", Role.SEC)
        refused(await far.post(f"/api/account-changes/{change}/confirm"), 404, "not_found")
        assert str(office.office_unit) not in (await far.get("/api/units/register")).text
        for role in (Role.OFFICE, Role.AUD, Role.UH):
            caller = await office.caller(f"p{role}".lower(), role)
            refused(await caller.get("/api/units/register"), 403, "not_permitted")
            refused(await caller.post(f"/api/account-changes/{change}/confirm"), 403, "not_permitted")


class TestNotices:
    async def test_what_waits_for_a_second_person_is_told_until_it_is_decided(
        self, office: Office, adm: Caller, sec: Caller, settings: Settings
    ) -> None:
        other, auditor = await office.caller("sec2", Role.SEC), await office.caller("aud", Role.AUD)
        someone = await office.person("sunli", name="孙莉")
        below = await unit(adm, "环保局", office.office_unit)
        role = await asked(adm, someone, Role.TM)
        change = await ask(adm, someone, to("孙丽", office.office_unit))
        of_unit = unit_to("生态环境局", office.office_unit)
        await adm.post(f"/api/units/{below}/changes", of_unit)
        await run_jobs_once(settings)
        for caller in (sec, other):
            told = {one["title_key"]: one["params"] for one in await notices(caller)}
            assert told == {
                "role_asked": {"person": "孙莉", "account": str(someone)},
                "change_asked": {"person": "孙莉", "account": str(someone)},
                "unit_change_asked": {"unit": "环保局"},
            }
        for caller in (adm, auditor):
            assert await notices(caller) == []
        await sec.post(f"/api/role-requests/{role}/confirm")
        await sec.post(f"/api/account-changes/{change}/refuse")
        for caller in (sec, other):
            assert [one["title_key"] for one in await notices(caller)] == ["unit_change_asked"]
        await other.post(f"/api/unit-changes/{of_unit['id']}/confirm")
        assert await notices(sec) == []

    async def test_whom_it_is_about_is_not_told(
        self, office: Office, adm: Caller, sec: Caller, settings: Settings
    ) -> None:
        await ask(adm, sec.person_id, to("别名", office.office_unit))
        await run_jobs_once(settings)
        assert await notices(sec) == []
