"""A notice on its way: from the cause through the inbox to a locked screen, which learns nothing."""

from __future__ import annotations

import pytest

from server.access.roles import Role
from server.evidence.events import CaptureReviewed, QueryAnswered, QueryAsked
from server.kit import clock, db, jobs
from server.kit.ids import new_id
from server.push.jobs import NOTIFY
from server.settings import Settings
from tests.factories.device import Phone
from tests.factories.fieldwork import Fieldwork, planned_visit
from tests.factories.people import Caller, Office
from tests.factories.pulling import Puller
from tests.factories.worker import run_jobs_once
from tests.push.happenings import happen, locked, notices

pytestmark = pytest.mark.anyio


class TestInbox:
    async def test_every_member_of_a_locked_team_is_told_once(
        self, office: Office, settings: Settings, mine: Caller
    ) -> None:
        other = await office.caller("zhouheng", Role.SUP, Role.TM)
        visit = await planned_visit(office, mine.person_id, other.person_id)
        await happen(office, locked(visit, mine.person_id, other.person_id))
        await run_jobs_once(settings)
        for caller in (mine, other):
            (notice,) = await notices(caller)
            assert (notice["kind"], notice["title_key"]) == ("assignment", "assigned")
            assert (notice["subject_kind"], notice["subject_id"]) == ("visit", str(visit.id))
            assert notice["params"] == {"visit": visit.title}
            assert notice["read_at"] is None

    async def test_the_same_cause_delivered_twice_is_one_notice(
        self, office: Office, settings: Settings, mine: Caller, visit: Fieldwork
    ) -> None:
        await happen(office, locked(visit, mine.person_id))
        entry = await db.fetch_value("SELECT id FROM journal_entries WHERE kind = 'visit.team_locked'")
        await run_jobs_once(settings)
        async with db.transaction() as conn:
            await jobs.enqueue(conn, [(NOTIFY, jobs.Task(org_id=office.org_id, entry_id=entry, subject_id=visit.id))])
        await run_jobs_once(settings)
        assert len(await notices(mine)) == 1

    async def test_query_review_and_answer_reach_those_concerned(
        self, office: Office, settings: Settings, mine: Caller, reviewer: Caller, visit: Fieldwork
    ) -> None:
        phone = await Phone.enrolled(mine)
        (capture,) = await phone.record(await phone.chain(visit))
        query = new_id()
        await db.execute(
            "INSERT INTO queries (id, org_id, capture_id, text, asked_by, asked_at)"
            " VALUES ($1, $2, $3, '方位?', $4, $5)",
            query,
            office.org_id,
            capture.id,
            reviewer.person_id,
            clock.now(),
        )
        await happen(office, QueryAsked(subject_id=query, visit_id=visit.id, capture_id=capture.id), reviewer.person_id)
        await happen(
            office,
            CaptureReviewed(subject_id=capture.id, visit_id=visit.id, review_id=new_id(), decision="REJECTED"),
            reviewer.person_id,
        )
        await happen(office, QueryAnswered(subject_id=query, visit_id=visit.id, capture_id=capture.id), mine.person_id)
        await run_jobs_once(settings)
        assert sorted(notice["kind"] for notice in await notices(mine)) == ["query", "review"]
        (answered,) = await notices(reviewer)
        assert (answered["kind"], answered["subject_id"]) == ("answer", str(capture.id))

    async def test_the_desks_own_acts_lead_there(
        self, office: Office, settings: Settings, mine: Caller, reviewer: Caller, visit: Fieldwork
    ) -> None:
        phone = await Phone.enrolled(mine)
        (capture,) = await phone.record(await phone.chain(visit))
        query = str(new_id())
        asked = await reviewer.post(f"/api/evidence/{capture.id}/queries", {"id": query, "text": "方位?"})
        assert asked.status_code == 201, asked.text
        (answered,) = await phone.push(
            {"id": str(new_id()), "kind": "query.answer", "query_id": query, "text": "正对北门。"}
        )
        assert answered["status"] == "applied", answered
        body = {"id": str(new_id()), "decision": "accepted", "reason": ""}
        reviewed = await reviewer.post(f"/api/evidence/{capture.id}/review", body)
        assert reviewed.status_code in {200, 201}, reviewed.text
        await run_jobs_once(settings)
        assert sorted(notice["title_key"] for notice in await notices(mine)) == ["queried", "reviewed"]
        assert [notice["title_key"] for notice in await notices(reviewer)] == ["answered"]

    async def test_nobody_is_told_of_what_they_did_themselves(
        self, office: Office, settings: Settings, mine: Caller, visit: Fieldwork
    ) -> None:
        await happen(office, locked(visit, mine.person_id), by=mine.person_id)
        await run_jobs_once(settings)
        assert await notices(mine) == []

    async def test_reading_a_notice_is_kept_and_pulled(
        self, office: Office, settings: Settings, mine: Caller, visit: Fieldwork
    ) -> None:
        puller = Puller(mine)
        await puller.all()
        await happen(office, locked(visit, mine.person_id))
        await run_jobs_once(settings)
        await puller.all()
        ((notice_id, pulled),) = puller.of("notice").items()
        assert pulled["read_at"] is None
        first = await mine.post(f"/api/inbox/{notice_id}/read")
        again = await mine.post(f"/api/inbox/{notice_id}/read")
        assert first.status_code == again.status_code == 200
        assert first.json() == again.json()
        await puller.all()
        assert puller.of("notice")[notice_id] == first.json()

    @pytest.mark.requirement("R81")
    async def test_notices_of_others_and_of_a_visit_one_has_left_do_not_exist(
        self, office: Office, settings: Settings, mine: Caller, visit: Fieldwork
    ) -> None:
        other = await office.caller("zhouheng", Role.SUP, Role.TM)
        await happen(office, locked(visit, mine.person_id))
        await run_jobs_once(settings)
        (notice,) = await notices(mine)
        hidden = await other.post(f"/api/inbox/{notice['id']}/read")
        absent = await other.post(f"/api/inbox/{new_id()}/read")
        assert hidden.status_code == absent.status_code == 404
        assert hidden.content == absent.content
        await db.execute("UPDATE visit_members SET person_id = $1", other.person_id)
        assert await notices(mine) == []
        assert (await mine.post(f"/api/inbox/{notice['id']}/read")).content == absent.content
