"""What is frozen stays, what was provisional is settled by a person, and what other rules would do is only shown."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

import pytest

from server.access.actor import system_actor
from server.access.roles import Role
from server.calendars import shipped
from server.calendars.rules import Calendar, Limit, LimitUnit, YearRules, count
from server.items import steps
from server.items.deadlines import Due, due_for, freeze_due
from server.items.settling import proposal
from server.journal.work import UnitOfWork, unit_of_work
from server.kit import db
from server.kit.clock import SHANGHAI
from server.kit.ids import new_id
from tests.factories.items import registered_item
from tests.factories.people import Caller, Office
from tests.factories.rulepacks import enacted_pack, own_text
from tests.factories.trail import moved

NATIONAL = shipped.national()


async def frozen_item(office: Office, received_at: datetime) -> UUID:
    """An ordinary matter of a leader whose due date is frozen."""
    registrar = await office.caller("reg", Role.REG)
    view = await registered_item(registrar, source_kind="KEY_WORK")
    item_id = UUID(view["id"])
    async with unit_of_work(system_actor(office.org_id)) as work:
        await work.conn.execute("UPDATE items SET source_kind = 'LEADER_INSTRUCTION' WHERE id = $1", item_id)
        row = await work.conn.fetchrow("SELECT * FROM items WHERE id = $1", item_id)
        await frozen(work, item_id, await due_for(office.org_id, row, received_at=received_at))
    await moved("IN_PROGRESS")
    return item_id


async def frozen(work: UnitOfWork, item_id: UUID, due: Due) -> None:
    """The answer kept with the item, and said in its trail."""
    assert due.at is not None
    await freeze_due(work, item_id, due)
    state = await work.conn.fetchval("SELECT state FROM items WHERE id = $1", item_id)
    await steps.add(work, item_id, "settle_due", state, state, data={"due_at": due.at.isoformat()})


async def kept(item_id: UUID) -> dict[str, Any]:
    row = await db.fetch_one(
        "SELECT due_at, original_due_at, due_rule, due_words, due_words_en, due_pack, due_calendar, due_provisional"
        " FROM items WHERE id = $1",
        item_id,
    )
    return dict(row)


async def enact_calendar(office: Office, **notice: Any) -> None:
    chief = await office.caller("chief", Role.OFFICE)
    leader = await office.caller("leader", Role.LEADER)
    body = {"id": str(new_id()), "notice": {"source": "通知（样稿）", "work": [], **notice}}
    answer = await chief.post("/api/calendars", body)
    assert answer.status_code == 201, answer.text
    assert (await leader.post(f"/api/calendars/{body['id']}/enact")).status_code == 200


def noon(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=SHANGHAI)


@pytest.mark.anyio
class TestFrozen:
    @pytest.mark.requirement("R36")
    async def test_rule_calendar_and_instant_are_kept_with_the_item(self, office: Office) -> None:
        item_id = await frozen_item(office, noon("2026-04-30"))
        assert await kept(item_id) == {
            "due_at": datetime(2026, 5, 14, tzinfo=SHANGHAI),
            "original_due_at": datetime(2026, 5, 14, tzinfo=SHANGHAI),
            "due_rule": "DL-TR-7",
            "due_words": "7 个工作日，铜仁规则「领导交办一般事项」，日历 2026v1",
            "due_words_en": "7 working days, Tongren rules (Assigned by a leader, ordinary), calendar 2026v1",
            "due_pack": "tongren-hitech-2014@1",
            "due_calendar": "2026v1",
            "due_provisional": False,
        }

    @pytest.mark.requirement("R36")
    async def test_neither_new_rules_nor_a_new_calendar_move_it(self, office: Office) -> None:
        item_id = await frozen_item(office, noon("2026-04-30"))
        before = await kept(item_id)
        await enacted_pack(office, text=own_text())
        await enact_calendar(office, year=2026, off=[{"from": "2026-05-01", "to": "2026-05-13"}])
        assert await kept(item_id) == before
        row = await db.fetch_one("SELECT * FROM items WHERE id = $1", item_id)
        anew = await due_for(office.org_id, row, received_at=noon("2026-04-30"))
        assert (anew.pack, anew.calendar) == ("yunxi@1", "2026v2")
        assert anew.at == datetime(2026, 5, 21, tzinfo=SHANGHAI)

    async def test_freezing_again_keeps_the_first_date_as_the_original(self, office: Office) -> None:
        item_id = await frozen_item(office, noon("2026-04-30"))
        async with unit_of_work(system_actor(office.org_id)) as work:
            row = await work.conn.fetchrow("SELECT * FROM items WHERE id = $1", item_id)
            later = await due_for(office.org_id, row, received_at=noon("2026-06-17"))
            await frozen(work, item_id, later)
        now = await kept(item_id)
        assert (now["due_at"], now["original_due_at"]) == (later.at, datetime(2026, 5, 14, tzinfo=SHANGHAI))


@pytest.mark.anyio
class TestProvisional:
    YEAR: ClassVar[dict[str, Any]] = {
        "year": 2027,
        "off": [{"from": "2027-01-01", "to": "2027-01-05", "name": "元旦"}],
        "work": ["2027-01-10"],
    }

    async def test_is_proposed_when_the_year_is_published_and_settled_by_a_person(self, office: Office) -> None:
        item_id = await frozen_item(office, noon("2026-12-28"))
        before = await kept(item_id)
        assert (before["due_provisional"], before["due_at"]) == (True, datetime(2027, 1, 8, tzinfo=SHANGHAI))
        chief = await office.caller("chief", Role.OFFICE)
        [row] = (await chief.get("/api/due-dates/provisional")).json()["items"]
        assert (row["item_id"], row["proposed_at"]) == (str(item_id), None)
        await enact_calendar(office, **self.YEAR)
        assert await kept(item_id) == before, "never silently"
        [row] = (await chief.get("/api/due-dates/provisional")).json()["items"]
        assert row["proposed_at"] == "2027-01-10T16:00:00Z"
        path = f"/api/due-dates/provisional/{item_id}"
        wrong = await chief.post(path, {"due_at": "2027-01-09T16:00:00Z"})
        assert wrong.json()["code"] == "changed_meanwhile"
        left = await chief.post(path, {"due_at": row["proposed_at"]})
        assert left.json()["items"] == []
        after = await kept(item_id)
        assert (after["due_provisional"], after["due_calendar"]) == (False, "2026v1/2027v1")
        assert after["due_words"] == "7 个工作日，铜仁规则「领导交办一般事项」，日历 2026v1/2027v1"
        assert after["due_words_en"].endswith("calendar 2026v1/2027v1")
        assert after["original_due_at"] == after["due_at"]
        again = await chief.post(path, {"due_at": row["proposed_at"]})
        assert again.json()["code"] == "nothing_to_settle"

    async def test_is_settled_by_nobody_but_the_office(self, office: Office) -> None:
        item_id = await frozen_item(office, noon("2026-12-28"))
        await enact_calendar(office, **self.YEAR)
        unit = await office.caller("liaison", Role.LIAISON, unit=office.handling_unit)
        body = {"due_at": "2027-01-10T16:00:00Z"}
        assert (await unit.post(f"/api/due-dates/provisional/{item_id}", body)).status_code == 403
        assert (await unit.get("/api/due-dates/provisional")).json()["items"] == []
        strangers = await (await Office.founded(office.http)).caller("other", Role.OFFICE)
        assert (await strangers.post(f"/api/due-dates/provisional/{item_id}", body)).status_code == 404


@pytest.mark.parametrize("n", range(1, 31))
@pytest.mark.parametrize("region", [False, True])
def test_the_proposal_is_what_the_whole_count_would_have_given(n: int, region: bool) -> None:
    off = frozenset(date(2027, 1, day) for day in (1, 4, 5, 20))
    year = YearRules(2027, 1, off, frozenset({date(2027, 1, 10)}))
    torches = YearRules(2027, 1, frozenset({date(2027, 1, 13)}), region="凉山")
    earlier = YearRules(2026, 1, frozenset(), region="凉山")
    partly = Calendar({**NATIONAL.years, 2027: year}, (earlier,)) if region else NATIONAL
    whole = Calendar({**NATIONAL.years, 2027: year}, (earlier, torches) if region else ())
    limit = Limit(n, LimitUnit.WORKING_DAYS)
    supposed, certain = count(partly, noon("2026-12-21"), limit), count(whole, noon("2026-12-21"), limit)
    found = proposal(whole, supposed.at, supposed.calendar)
    if not supposed.provisional:
        assert found is None
        return
    assert found is not None
    assert (found.at, found.calendar) == (certain.at, whole.label(2026) + "/" + whole.label(2027))


@pytest.mark.anyio
class TestEffect:
    @pytest.fixture
    async def chief(self, office: Office) -> Caller:
        return await office.caller("chief", Role.OFFICE)

    async def test_shows_invented_and_present_matters_side_by_side(self, office: Office, chief: Caller) -> None:
        item_id = await frozen_item(office, noon("2026-04-30"))
        before = await kept(item_id)
        view = (await chief.post("/api/due-dates/effect", {"label": "liangshan-2010@1"})).json()
        assert (view["before"], view["after"]) == ("tongren-hitech-2014@1", "liangshan-2010@1")
        assert len(view["sample"]) >= 6
        instruction = view["sample"][0]
        assert (instruction["before"]["rule"], instruction["after"]["rule"]) == ("DL-TR-7", "DL-LS-15")
        assert instruction["changed"]
        [item] = view["items"]
        assert (item["item_id"], item["after"]["rule"]) == (str(item_id), "DL-LS-15")
        assert await kept(item_id) == before

    async def test_of_a_text_still_being_written(self, chief: Caller) -> None:
        view = (await chief.post("/api/due-dates/effect", {"text": own_text()})).json()
        changed = [one for one in view["sample"] if one["changed"]]
        assert {one["after"]["rule"] for one in changed} == {"DL-TR-7"}
        assert all(one["after"]["words"].startswith("5 个工作日") for one in changed)

    async def test_of_a_broken_text_are_its_problems(self, chief: Caller) -> None:
        view = (await chief.post("/api/due-dates/effect", {"text": "id: x"})).json()
        assert view["sample"] == []
        assert view["problems"]

    async def test_is_of_one_thing(self, chief: Caller) -> None:
        assert (await chief.post("/api/due-dates/effect", {})).status_code == 422
        assert (await chief.post("/api/due-dates/effect", {"label": "nowhere@1"})).status_code == 404

    async def test_a_unit_sees_only_its_own_items(self, office: Office) -> None:
        await frozen_item(office, noon("2026-04-30"))
        unit = await office.caller("liaison", Role.LIAISON, unit=office.handling_unit)
        view = (await unit.post("/api/due-dates/effect", {"label": "liangshan-2010@1"})).json()
        assert view["items"] == []
        assert (await unit.post("/api/due-dates/effect", {"text": own_text()})).status_code == 403


def test_a_provisional_date_by_the_hour_keeps_its_hour() -> None:
    at = datetime(2027, 1, 8, 17, 30, tzinfo=SHANGHAI)
    year = YearRules(2027, 1, frozenset(date(2027, 1, 1) + timedelta(days=k) for k in range(5)))
    found = proposal(Calendar({**NATIONAL.years, 2027: year}), at, "2026v1/2027暂")
    assert found is not None
    assert found.at == datetime(2027, 1, 12, 17, 30, tzinfo=SHANGHAI)
