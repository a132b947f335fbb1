"""Importing a year's notice, taking it into force, and what that leaves alone."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import pytest

from server.access.roles import Role
from server.calendars import shipped
from server.calendars.queries import calendar_in_force
from server.kit import db
from server.kit.ids import new_id
from tests.factories.people import Caller, Office

pytestmark = pytest.mark.anyio


def notice(**changed: Any) -> dict[str, Any]:
    """An invented notice for 2027."""
    return {
        "year": 2027,
        "source": "关于2027年部分节假日安排的通知（样稿）",
        "off": [
            {"from": "2027-01-01", "to": "2027-01-03", "name": "元旦"},
            {"from": "2027-02-05", "to": "2027-02-12", "name": "春节"},
        ],
        "work": ["2027-02-14"],
        **changed,
    }


@pytest.fixture
async def chief(office: Office) -> Caller:
    return await office.caller("chief", Role.OFFICE)


@pytest.fixture
async def leader(office: Office) -> Caller:
    return await office.caller("leader", Role.LEADER)


async def imported(chief: Caller, **changed: Any) -> dict[str, Any]:
    answer = await chief.post("/api/calendars", {"id": str(new_id()), "notice": notice(**changed)})
    assert answer.status_code == 201, answer.text
    view: dict[str, Any] = answer.json()
    return view


class TestTakingForce:
    async def test_a_draft_counts_for_nothing_until_a_leader_signs(
        self, office: Office, chief: Caller, leader: Caller
    ) -> None:
        draft = await imported(chief)
        assert (draft["state"], draft["label"]) == ("DRAFT", "2027v1")
        assert not (await calendar_in_force(office.org_id)).knows(2027)
        answer = await leader.post(f"/api/calendars/{draft['id']}/enact")
        assert answer.json()["state"] == "IN_FORCE"
        assert (await calendar_in_force(office.org_id)).knows(2027)
        year = (await leader.get("/api/calendars/years/2027")).json()
        assert (year["known"], year["label"], year["known_years"]) == (True, "2027v1", [2026, 2027])

    async def test_whoever_imported_it_does_not_sign(self, office: Office) -> None:
        both = await office.caller("both", Role.OFFICE, Role.LEADER)
        draft = await imported(both)
        answer = await both.post(f"/api/calendars/{draft['id']}/enact")
        assert (answer.status_code, answer.json()["code"]) == (409, "own_import")

    async def test_the_office_imports_and_a_leader_enacts(self, office: Office, chief: Caller, leader: Caller) -> None:
        draft = await imported(chief)
        assert (await chief.post(f"/api/calendars/{draft['id']}/enact")).status_code == 403
        assert (await leader.post("/api/calendars", {"id": str(new_id()), "notice": notice()})).status_code == 403
        supervisor = await office.caller("sup", Role.SUP)
        assert (await supervisor.get("/api/calendars")).status_code == 200

    async def test_the_next_version_replaces_and_the_old_one_stays(self, chief: Caller, leader: Caller) -> None:
        first = await imported(chief)
        await leader.post(f"/api/calendars/{first['id']}/enact")
        second = await imported(chief, work=["2027-02-13", "2027-02-14"])
        assert second["label"] == "2027v2"
        assert second["differences"] == [{"day": "2027-02-13", "worked_before": False, "worked_after": True}]
        await leader.post(f"/api/calendars/{second['id']}/enact")
        states = {one["label"]: one["state"] for one in (await chief.get("/api/calendars")).json()["calendars"]}
        assert states == {"2027v2": "IN_FORCE", "2027v1": "REPLACED", "2026v1": "IN_FORCE"}

    async def test_an_older_draft_does_not_come_back(self, chief: Caller, leader: Caller) -> None:
        first, second = await imported(chief), await imported(chief, work=[])
        await leader.post(f"/api/calendars/{second['id']}/enact")
        answer = await leader.post(f"/api/calendars/{first['id']}/enact")
        assert answer.json()["code"] == "wrong_state"

    async def test_is_decided_once_when_two_leaders_sign_together(
        self, office: Office, chief: Caller, leader: Caller
    ) -> None:
        head = await office.caller("head", Role.HEAD)
        draft = await imported(chief)
        answers = await asyncio.gather(
            leader.post(f"/api/calendars/{draft['id']}/enact"), head.post(f"/api/calendars/{draft['id']}/enact")
        )
        assert sorted(one.status_code for one in answers) == [200, 409]

    async def test_a_refused_draft_stays_on_record(self, chief: Caller, leader: Caller) -> None:
        draft = await imported(chief)
        answer = await leader.post(f"/api/calendars/{draft['id']}/reject", {"reason": "与国办通知不符"})
        assert (answer.json()["state"], answer.json()["rejected_why"]) == ("REJECTED", "与国办通知不符")
        assert (await leader.post(f"/api/calendars/{draft['id']}/enact")).json()["code"] == "wrong_state"


class TestImport:
    async def test_sending_it_twice_is_one_draft(self, chief: Caller) -> None:
        body = {"id": str(new_id()), "notice": notice()}
        first, again = await chief.post("/api/calendars", body), await chief.post("/api/calendars", body)
        assert first.json() == again.json()
        other = await chief.post("/api/calendars", {**body, "notice": notice(work=[])})
        assert other.json()["code"] == "id_reused"

    async def test_two_at_once_get_two_numbers(self, chief: Caller) -> None:
        drafts = await asyncio.gather(imported(chief), imported(chief), imported(chief))
        assert sorted(one["version"] for one in drafts) == [1, 2, 3]

    async def test_the_shipped_year_goes_on_with_its_second_version(self, chief: Caller) -> None:
        off = [{"from": "2026-01-01", "to": "2026-01-03", "name": "元旦"}]
        assert (await imported(chief, year=2026, off=off, work=["2026-01-04"]))["label"] == "2026v2"

    async def test_every_wrong_row_is_named_at_once(self, chief: Caller) -> None:
        wrong = notice(
            source=" ",
            off=[
                {"from": "2027-01-01", "to": "2027-01-03"},
                {"from": "2027-01-03", "to": "2027-01-05"},
                {"from": "2027-05-05", "to": "2027-05-01"},
                {"from": "2026-10-01", "to": "2026-10-07"},
                {"from": "2027-02-30", "to": "2027-03-01"},
            ],
            work=["2027-01-02", "2027-03-03", "2026-02-14", "2027-06-12", "2027-06-12"],
        )
        answer = await chief.post("/api/calendars/preview", wrong)
        assert answer.status_code == 422
        found = [(one["field"], one["code"]) for one in answer.json()["errors"]]
        assert found == [
            ("source", "source_missing"),
            ("off[1]", "overlapping"),
            ("off[2]", "ends_before_start"),
            ("off[3]", "wrong_year"),
            ("off[4]", "no_date"),
            ("work[0]", "off_and_work"),
            ("work[1]", "weekday"),
            ("work[2]", "wrong_year"),
            ("work[4]", "twice"),
        ]
        zh = {one["field"]: one["zh"] for one in answer.json()["params"]["problems"]}
        assert zh["work[1]"] == "2027-03-03 本来就是工作日（周三），调休上班日应在周末。"
        assert zh["off[1]"] == "与第 1 行的放假日重叠。"
        assert (await chief.get("/api/calendars")).json()["calendars"][0]["label"] == "2026v1", "nothing was stored"

    async def test_the_preview_says_what_would_change(self, chief: Caller) -> None:
        view = (await chief.post("/api/calendars/preview", notice())).json()
        assert not view["known_before"]
        days = {one["day"]: (one["worked_before"], one["worked_after"]) for one in view["differences"]}
        assert days["2027-02-05"] == (True, False)
        assert days["2027-02-14"] == (False, True)
        assert "2027-01-01" not in days, "off in every year"

    async def test_no_marked_secret_comes_in(self, chief: Caller) -> None:
        answer = await chief.post("/api/calendars", {"id": str(new_id()), "notice": notice(source="【秘密】通知")})
        assert answer.json()["code"] == "state_secret_refused"

    async def test_another_organisation_sees_none_of_it(self, office: Office, chief: Caller) -> None:
        draft = await imported(chief)
        other = await (await Office.founded(office.http)).caller("other", Role.OFFICE)
        assert (await other.get(f"/api/calendars/{draft['id']}")).status_code == 404
        assert len((await other.get("/api/calendars")).json()["calendars"]) == 1


class TestRegions:
    async def test_a_sample_is_imported_checked_and_enacted(
        self, office: Office, chief: Caller, leader: Caller
    ) -> None:
        sample = next(one for one in (await chief.get("/api/calendars/samples")).json()["samples"])
        assert sample["region"] == "凉山"
        assert [one["name"] for one in sample["off"]] == ["火把节", "彝族年"]
        draft = await imported(chief, **{**sample, "source": "州政府办公室通知（样稿）"})
        assert draft["label"] == "凉山v1"
        await leader.post(f"/api/calendars/{draft['id']}/enact")
        assert (await calendar_in_force(office.org_id)).label(2026) == "2026v1+凉山v1"
        year = (await leader.get("/api/calendars/years/2026")).json()
        torches = next(one for one in year["days"] if one["day"] == "2026-08-06")
        assert torches == {"day": "2026-08-06", "worked": False, "name": "火把节", "region": "凉山"}

    def test_no_sample_is_in_force_by_itself(self) -> None:
        assert shipped.national().overlays == ()


class TestCount:
    async def test_shows_the_last_day_and_what_it_passed_over(self, chief: Caller) -> None:
        view = (await chief.get("/api/calendars/count?received=2026-04-30&n=15&unit=WORKING_DAYS")).json()
        assert (view["last_day"], view["at"], view["calendar"]) == ("2026-05-25", "2026-05-25T16:00:00Z", "2026v1")
        assert [one["day"] for one in view["skipped"] if one["worked"]] == ["2026-05-09"]
        assert not view["provisional"]

    async def test_says_which_year_is_missing(self, chief: Caller) -> None:
        view = (await chief.get("/api/calendars/count?received=2026-12-21&n=15")).json()
        assert (view["provisional"], view["unknown_years"]) == (True, [2027])

    @pytest.mark.parametrize(
        "query",
        ["received=2026-02-30&n=3", "received=2026-05-01&n=-1", "n=3", "received=x&n=1", "received=9999-12-31&n=9"],
    )
    async def test_refuses_what_is_no_count(self, chief: Caller, query: str) -> None:
        assert (await chief.get(f"/api/calendars/count?{query}")).status_code in (400, 422)


class TestTheTableItself:
    async def test_keeps_every_version(self, chief: Caller) -> None:
        draft = await imported(chief)
        for sql in (
            "DELETE FROM calendar_versions WHERE id = $1",
            "UPDATE calendar_versions SET source = 'x' WHERE id = $1",
            "UPDATE calendar_versions SET enacted_by = imported_by, enacted_at = now() WHERE id = $1",
        ):
            with pytest.raises(asyncpg.PostgresError):
                await db.execute(sql, draft["id"])
        with pytest.raises(asyncpg.PostgresError):
            await db.execute("TRUNCATE calendar_versions")
