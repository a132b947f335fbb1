"""What is left behind by each step, and what waits for whom."""

from __future__ import annotations

import pytest

from server.access.roles import Role
from server.kit import db
from tests.factories.people import Caller, Office
from tests.factories.process import Process, ok

pytestmark = pytest.mark.anyio


@pytest.fixture
async def process(office: Office) -> Process:
    return await Process.prepared(office)


class TestTrail:
    @pytest.mark.requirement("R12")
    @pytest.mark.requirement("R16")
    async def test_shows_every_step_with_who_when_and_what_was_said(self, process: Process) -> None:
        item = await process.confirmed()
        steps = (await process.chief.get(f"/api/items/{item}/steps")).json()["steps"]
        assert [(one["act"], one["actor"]["name"], one["to_state"]) for one in steps] == [
            ("register", "tang", "REGISTERED"),
            ("propose", "lin", "PROPOSED"),
            ("submit", "lin", "UNDER_APPROVAL"),
            ("review_first", "lu", "UNDER_APPROVAL"),
            ("establish", "gu", "ESTABLISHED"),
            ("confirm_method", "he", "METHOD_CONFIRMED"),
        ]
        assert steps[3]["opinion"] == "同意"
        with pytest.raises(Exception, match="append-only"):
            await db.execute("UPDATE item_steps SET opinion = ''")

    async def test_is_not_there_for_whom_the_item_is_not(self, process: Process) -> None:
        item = await process.confirmed()
        assert (await process.liaison.get(f"/api/items/{item}/steps")).status_code == 404


class TestWaiting:
    async def test_each_finds_what_waits_for_him(self, process: Process) -> None:
        new, up, half, ready = (
            await process.registered(title="新件"),
            await process.submitted(await process.registered(title="待审核")),
            await process.submitted(await process.registered(title="待审定", immediate=True), immediate=True),
            await process.established(await process.registered(title="待确认")),
        )
        await ok(process.sign(process.leader, half, "FIRST"))

        async def mine(who: Caller) -> list[tuple[str, str]]:
            body = await ok(who.get("/api/items/waiting"))
            assert body["total"] == len(body["waiting"])
            return [(one["act"], one["item"]["id"]) for one in body["waiting"]]

        assert await mine(process.supervisor) == [("propose", new)]
        assert await mine(process.leader) == [("review_first", up)]
        assert await mine(process.deputy) == [("establish", half), ("review_first", up)]
        assert await mine(process.head) == [("establish", half)]
        assert await mine(process.chief) == [("confirm_method", ready)]
        assert await mine(process.liaison) == []

    async def test_a_leader_who_proposed_it_is_not_asked(self, process: Process) -> None:
        both = await process.office.caller("both", Role.SUP, Role.LEADER)
        item = await process.registered()
        await ok(both.request("PUT", f"/api/items/{item}/proposal", json=process.proposal()))
        assert [one["act"] for one in (await ok(both.get("/api/items/waiting")))["waiting"]] == ["submit"]
        await ok(both.post(f"/api/items/{item}/submit"))
        assert (await ok(both.get("/api/items/waiting")))["waiting"] == []
