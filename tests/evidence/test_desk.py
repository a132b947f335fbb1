"""Evidence on the desk: who sees it, what is decided about it, what it says of itself."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from server.access.actor import Actor
from server.access.roles import Role
from server.evidence import queries
from server.kit import clock, db
from server.kit.ids import new_id
from tests.factories.chain import Captured, gps
from tests.factories.device import Phone
from tests.factories.fieldwork import SITE, Fieldwork, planned_visit
from tests.factories.items import recorded_site
from tests.factories.people import Caller, Office

pytestmark = pytest.mark.anyio


@pytest.fixture
async def phone(office: Office, head: Caller) -> Phone:
    phone = await Phone.enrolled(await office.caller("linxia", Role.SUP, Role.TM))
    await phone.confirmed_by(head)
    return phone


@pytest.fixture
async def visit(office: Office, phone: Phone) -> Fieldwork:
    return await planned_visit(office, phone.caller.person_id)


@pytest.fixture
async def head(office: Office) -> Caller:
    return await office.caller("hejing", Role.OFFICE)


async def one(phone: Phone, visit: Fieldwork, **options: Any) -> Captured:
    return (await phone.record(await phone.chain(visit), **options))[0]


async def listed(caller: Caller, **params: Any) -> list[str]:
    answer = await caller.get("/api/evidence", params=params)
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()["evidence"]]


class TestReading:
    async def test_a_capture_with_all_that_is_known_of_it(self, phone: Phone, visit: Fieldwork, head: Caller) -> None:
        taken = await one(phone, visit, gps=gps(*SITE), note="三层临边")
        view = (await head.get(f"/api/evidence/{taken.id}")).json()
        assert view["visit"]["title"] == visit.title
        assert view["item"]["register_no"] == "督〔2026〕1号"
        assert view["site"]["name"] == "医院扩建工地"
        assert view["author"]["name"] == "linxia"
        assert view["note"] == "三层临边"
        assert view["distance_m"] == 0
        assert view["chain"] == {
            "session_id": view["chain"]["session_id"],
            "seq": 1,
            "prev_ok": True,
            "signature_ok": True,
            "sealed": False,
            "seal_sha256": None,
            "cosignatures": [],
            "passkeys": [],
        }
        assert [(o["sha256"], o["state"]) for o in view["originals"]] == [(taken.sha256, "awaited")]
        assert {reason["code"] for reason in view["plausibility"]} == {"at_site", "nothing_unusual"}
        assert view["decision"] == "pending"

    @pytest.mark.parametrize(
        ("named", "lat", "codes"),
        [
            ("own", SITE[0], {"at_site"}),
            ("other", SITE[0] + 0.09, {"at_other_site"}),
            ("own", SITE[0] + 0.09, {"at_other_site"}),
            ("none", SITE[0] + 0.09, {"at_other_site"}),
            ("own", SITE[0] + 0.04, {"away_from_site"}),
        ],
    )
    async def test_another_site_of_the_item_is_told(
        self, phone: Phone, visit: Fieldwork, head: Caller, named: str, lat: float, codes: set[str]
    ) -> None:
        point = {"lat_e7": round((SITE[0] + 0.09) * 1e7), "lon_e7": round(SITE[1] * 1e7)}
        other = await recorded_site(head, str(visit.item_id), name="医院停车场", **point)
        site = {"own": str(visit.site_id), "other": other["id"], "none": None}[named]
        taken = await one(phone, visit, gps=gps(lat, SITE[1]), site=site)
        view = (await head.get(f"/api/evidence/{taken.id}")).json()
        assert {reason["code"] for reason in view["plausibility"]} - {"nothing_unusual"} == codes
        assert (view["site"] or {}).get("id") == site

    async def test_what_was_tampered_with_in_the_database_shows(
        self, phone: Phone, visit: Fieldwork, head: Caller
    ) -> None:
        taken = await one(phone, visit)
        await db.execute("ALTER TABLE statements DISABLE TRIGGER statements_append_only")
        await db.execute("UPDATE statements SET signature = set_byte(signature, 9, (get_byte(signature, 9) + 1) % 256)")
        view = (await head.get(f"/api/evidence/{taken.id}")).json()
        assert view["chain"]["signature_ok"] is False

    @pytest.mark.requirement("R81")
    async def test_before_release_only_the_team_and_the_office_know(
        self, office: Office, phone: Phone, visit: Fieldwork, head: Caller
    ) -> None:
        taken = await one(phone, visit)
        await phone.upload(taken)
        supervisor = await office.caller("zhouheng", Role.SUP)
        liaison = await office.caller("unit", Role.LIAISON, unit=office.handling_unit)
        for stranger in (supervisor, liaison):
            assert await listed(stranger) == []
            for path in ("/api/evidence/{}", "/api/media/{}/original", "/api/media/{}/thumb"):
                hidden = await stranger.get(path.format(taken.id))
                absent = await stranger.get(path.format(new_id()))
                assert hidden.status_code == absent.status_code == 404
                assert hidden.content == absent.content
                assert dict(hidden.headers) == dict(absent.headers)
        for insider in (phone.caller, head):
            assert await listed(insider) == [str(taken.id)]
        hidden = await supervisor.post(
            f"/api/evidence/{taken.id}/review", {"id": str(new_id()), "decision": "accepted"}
        )
        assert (hidden.status_code, hidden.json()["code"]) == (404, "not_found")
        await db.execute("UPDATE visits SET released_at = now(), state = 'RELEASED'")
        assert await listed(supervisor) == await listed(liaison) == [str(taken.id)]

    @pytest.mark.parametrize("other", [(), (Role.OBS,), (Role.TM,)], ids=["alone", "observer", "on_another_team"])
    async def test_the_unit_sees_neither_questions_nor_remarks(
        self, other: tuple[Role, ...], office: Office, phone: Phone, visit: Fieldwork, head: Caller
    ) -> None:
        taken = await one(phone, visit)
        await db.execute("UPDATE visits SET released_at = now(), state = 'RELEASED'")
        await head.post(f"/api/evidence/{taken.id}/comments", {"id": str(new_id()), "text": "内部意见"})
        await head.post(f"/api/evidence/{taken.id}/queries", {"id": str(new_id()), "text": "内部问题"})
        liaison = await office.caller("unit", Role.LIAISON, *other, unit=office.handling_unit)
        seen = await liaison.get(f"/api/evidence/{taken.id}")
        assert "内部" not in seen.text
        assert "内部意见" in (await head.get(f"/api/evidence/{taken.id}")).text

    async def test_pages_and_filters(self, office: Office, phone: Phone, visit: Fieldwork, head: Caller) -> None:
        first = [str(taken.id) for taken in await phone.record(await phone.chain(visit), 3)]
        other = await planned_visit(office, phone.caller.person_id, title="敬老院消防暗访")
        second = await phone.record(await phone.chain(other), 2)
        newest = [str(taken.id) for taken in reversed(second)] + first[::-1]
        for caller in (head, phone.caller):
            assert await listed(caller) == newest
            page = (await caller.get("/api/evidence", params={"limit": 2})).json()
            walked = [row["id"] for row in page["evidence"]]
            while page["next_cursor"]:
                page = (await caller.get("/api/evidence", params={"limit": 2, "cursor": page["next_cursor"]})).json()
                walked += [row["id"] for row in page["evidence"]]
            assert walked == newest
            assert await listed(caller, visit_id=str(other.id)) == newest[:2]
            assert await listed(caller, item_id=str(visit.item_id)) == newest[2:]
            assert await listed(caller, q="敬老院") == newest[:2]
            assert await listed(caller, q="%") == []
        await phone.upload(second[0])
        assert await listed(head, received="complete") == [str(second[0].id)]
        assert len(await listed(head, received="partial")) == 4
        await head.post(f"/api/evidence/{first[0]}/review", {"id": str(new_id()), "decision": "accepted"})
        assert await listed(head, decision="accepted") == [first[0]]
        assert len(await listed(head, decision="pending")) == 4
        assert (await head.get("/api/evidence", params={"cursor": "nonsense"})).status_code == 422
        assert (await head.get("/api/evidence", params={"limit": 101})).status_code == 422


class TestDeciding:
    async def test_accept_then_reject_keeps_both_decisions(self, phone: Phone, visit: Fieldwork, head: Caller) -> None:
        taken = await one(phone, visit)
        path = f"/api/evidence/{taken.id}/review"
        accepted = await head.post(path, {"id": str(new_id()), "decision": "accepted"})
        assert accepted.status_code == 201, accepted.text
        assert accepted.json()["review"]["decision"] == "accepted"
        missing = await head.post(path, {"id": str(new_id()), "decision": "rejected", "reason": " "})
        assert (missing.status_code, missing.json()["code"]) == (422, "reason_missing")
        rejected = await head.post(path, {"id": str(new_id()), "decision": "rejected", "reason": "画面模糊"})
        assert rejected.json()["review"]["reason"] == "画面模糊"
        assert rejected.json()["decision"] == "rejected"
        assert [one["decision"] for one in rejected.json()["reviews"]] == ["accepted", "rejected"]
        assert await db.fetch_value("SELECT count(*) FROM reviews") == 2
        with pytest.raises(Exception, match="append-only"):
            await db.execute("UPDATE reviews SET decision = 'ACCEPTED'")

    async def test_the_same_decision_delivered_twice_at_once(
        self, phone: Phone, visit: Fieldwork, head: Caller
    ) -> None:
        taken = await one(phone, visit)
        body = {"id": str(new_id()), "decision": "accepted", "reason": ""}
        path = f"/api/evidence/{taken.id}/review"
        answers = await asyncio.gather(*(head.post(path, body) for _ in range(4)))
        assert {answer.status_code for answer in answers} == {201}
        assert await db.fetch_value("SELECT count(*) FROM reviews") == 1
        other = await head.post(path, {**body, "decision": "rejected", "reason": "x"})
        assert (other.status_code, other.json()["code"]) == (409, "id_reused")

    async def test_what_changed_since_one_looked(self, phone: Phone, visit: Fieldwork, head: Caller) -> None:
        taken = await one(phone, visit)
        seen = (await head.get(f"/api/evidence/{taken.id}")).headers["etag"]
        await head.post(f"/api/evidence/{taken.id}/comments", {"id": str(new_id()), "text": "请核对楼层"})
        body = {"id": str(new_id()), "decision": "accepted"}
        path = f"/api/evidence/{taken.id}/review"
        late = await head.request("POST", path, json=body, headers={"If-Match": seen})
        assert (late.status_code, late.json()["code"]) == (409, "changed_meanwhile")
        now = (await head.get(f"/api/evidence/{taken.id}")).headers["etag"]
        assert (await head.request("POST", path, json=body, headers={"If-Match": now})).status_code == 201
        again = await head.request("POST", path, json=body, headers={"If-Match": now})
        assert again.status_code == 201

    async def test_nobody_judges_their_own_evidence(self, phone: Phone, visit: Fieldwork) -> None:
        taken = await one(phone, visit)
        answer = await phone.caller.post(
            f"/api/evidence/{taken.id}/review", {"id": str(new_id()), "decision": "accepted"}
        )
        assert (answer.status_code, answer.json()["code"]) == (403, "own_evidence")

    async def test_a_discarded_capture_is_no_longer_judged(self, phone: Phone, visit: Fieldwork, head: Caller) -> None:
        chain = await phone.chain(visit)
        taken = (await phone.record(chain))[0]
        await phone.push(chain.discard(taken.id))
        answer = await head.post(f"/api/evidence/{taken.id}/review", {"id": str(new_id()), "decision": "accepted"})
        assert (answer.status_code, answer.json()["code"]) == (409, "capture_discarded")
        assert (await head.get(f"/api/evidence/{taken.id}")).json()["discarded_at"] is not None

    async def test_what_was_declared_void_waits_for_nobody(self, phone: Phone, visit: Fieldwork, head: Caller) -> None:
        chain = await phone.chain(visit)
        kept, void = (await phone.record(chain))[0], (await phone.record(chain))[0]
        await phone.push(chain.discard(void.id, "拍到无关人员"))

        async def listed(decision: str) -> list[str]:
            page = (await head.get(f"/api/evidence?decision={decision}")).json()
            return [one["id"] for one in page["evidence"]]

        assert await listed("pending") == [str(kept.id)]
        assert await listed("discarded") == [str(void.id)]

    async def test_who_may_not_judge(self, office: Office, phone: Phone, visit: Fieldwork) -> None:
        taken = await one(phone, visit)
        member = await office.caller("member", Role.TM)
        for act in ("review", "queries", "comments"):
            assert (await member.post(f"/api/evidence/{taken.id}/{act}", {})).status_code == 403
        anonymous = await office.http.get(f"/api/evidence/{taken.id}")
        assert anonymous.status_code == 401


class TestReasons:
    async def codes(self, head: Caller, taken: Captured) -> dict[str, str]:
        view = (await head.get(f"/api/evidence/{taken.id}")).json()
        return {reason["code"]: reason["level"] for reason in view["plausibility"]}

    async def test_five_kilometres_in_thirty_seconds(self, phone: Phone, visit: Fieldwork, head: Caller) -> None:
        chain = await phone.chain(visit)
        now = clock.now_ms() - 60_000
        near = {"wall_ms": now, "mono_ms": now, "tz_min": 480}
        late = {"wall_ms": now + 30_000, "mono_ms": now + 30_000, "tz_min": 480}
        first = chain.capture(gps=gps(*SITE, at_ms=now), wall_ms=now, clock=near)
        second = chain.capture(gps=gps(SITE[0] + 0.045, SITE[1], at_ms=now + 30_000), wall_ms=now + 30_000, clock=late)
        await phone.push(first.operation, second.operation)
        assert await self.codes(head, first) == {"at_site": "ok", "nothing_unusual": "ok"}
        assert await self.codes(head, second) == {"too_fast": "warn", "away_from_site": "warn"}

    async def test_a_clock_set_back_two_hours(self, phone: Phone, visit: Fieldwork, head: Caller) -> None:
        chain = await phone.chain(visit)
        now = clock.now_ms()
        first = chain.capture(clock={"wall_ms": now, "mono_ms": 1_000_000, "tz_min": 480})
        back = {"wall_ms": now - 7_200_000, "mono_ms": 1_010_000, "tz_min": 480}
        anchor = {"cp": None, "size": 0, "srv_ms": now - 5_000, "mono_ms": 995_000}
        second = chain.capture(clock=back, anchor=anchor)
        await phone.push(first.operation, second.operation)
        found = await self.codes(head, second)
        assert found["clock_set_back"] == found["clock_differs_from_server"] == "warn"


async def plan(sql: str, *args: Any) -> Sequence[str]:
    return [row[0] for row in await db.fetch(f"EXPLAIN {sql}", *args)]


async def test_lists_stay_on_indexes_with_a_hundred_thousand_captures(
    office: Office, phone: Phone, visit: Fieldwork, head: Caller
) -> None:
    await one(phone, visit)
    await db.execute(
        "INSERT INTO visits (id, org_id, item_id, site_id, object_unit_id, title, state, method, planned_for,"
        " created_by, approver_id, created_at) SELECT gen_random_uuid(), org_id, item_id, site_id, object_unit_id,"
        " title, state, method, planned_for, created_by, approver_id, created_at FROM visits, generate_series(1, 999)"
    )
    await db.execute(
        "INSERT INTO captures (id, org_id, session_id, visit_id, item_id, person_id, device_id, seq,"
        " statement_sha256, env_sha256, captured_at, received_at, wall_ms, mono_ms, originals_received, facts,"
        " decision)"
        " SELECT gen_random_uuid(), c.org_id, c.session_id, v.id, c.item_id, c.person_id, c.device_id, n + 1, '', '',"
        " c.captured_at, c.received_at - n * interval '1 second', 1, 1, 1, c.facts,"
        " CASE WHEN n = 1 THEN 'PENDING' ELSE 'ACCEPTED' END"
        " FROM captures c, (SELECT id, row_number() OVER () AS r FROM visits) v, generate_series(1, 100) n"
    )
    await db.execute("ANALYZE captures, visits, visit_members")
    office_head = Actor(head.person_id, office.org_id, office.office_unit, "", frozenset({Role.OFFICE}))
    member = Actor(phone.caller.person_id, office.org_id, office.office_unit, "", frozenset({Role.TM}))
    narrowed = (
        queries.Wanted(),
        queries.Wanted(standing="pending"),
        queries.Wanted(standing="discarded"),
        queries.Wanted(received="partial"),
        queries.Wanted(visit_id=visit.id),
        queries.Wanted(item_id=visit.item_id, standing="accepted"),
    )
    for actor in (office_head, member):
        for wanted in narrowed:
            for at in (None, clock.now()):
                steps = await plan(*queries.page_query(actor, wanted, at, new_id() if at else None, 51))
                assert not any("Seq Scan on captures" in step for step in steps), "\n".join(steps)
    for caller in (head, phone.caller):
        assert (await caller.get("/api/evidence")).status_code == 200
