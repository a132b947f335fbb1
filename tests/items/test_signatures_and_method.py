"""As many signatures as the rules ask for, necessity of going further down, and changes of a confirmed method."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from asyncpg import IntegrityConstraintViolationError

from server.access.roles import Role
from server.kit import db
from server.kit.ids import new_id
from tests.factories.people import Caller, Office
from tests.factories.process import Process, fields, ok
from tests.factories.rulepacks import enacted_pack, own_text

pytestmark = pytest.mark.anyio


@pytest.fixture
async def process(office: Office) -> Process:
    return await Process.prepared(office)


async def one_signature(process: Process) -> None:
    """A pack of the office's own that asks for one signature, in force."""
    text = own_text(**{"  two_signatures:\n    value: true": "  two_signatures:\n    value: false"})
    await enacted_pack(process.office, text=text)


@pytest.mark.requirement("R13")
class TestOneSignature:
    async def test_establishes_where_the_rules_ask_for_one(self, process: Process) -> None:
        await one_signature(process)
        item_id = await process.submitted()
        seen = await ok(process.leader.get(f"/api/items/{item_id}"))
        assert seen["process"]["signatures_needed"] == 1
        assert "review_first" not in seen["acts"]
        assert "establish" in seen["acts"]
        assert (await process.sign(process.leader, item_id, "FIRST")).json()["code"] == "one_signature_decides"
        assert (await ok(process.sign(process.leader, item_id, "SECOND")))["state"] == "ESTABLISHED"

    async def test_is_still_never_the_proposers_own(self, process: Process) -> None:
        await one_signature(process)
        both = await process.office.caller("both", Role.SUP, Role.LEADER)
        item_id = await process.registered()
        await ok(both.request("PUT", f"/api/items/{item_id}/proposal", json=process.proposal()))
        await ok(process.supervisor.post(f"/api/items/{item_id}/submit"))
        assert (await process.sign(both, item_id, "SECOND")).json()["code"] == "own_item_proposal"

    async def test_of_an_own_proposal_is_the_heads(self, process: Process) -> None:
        await one_signature(process)
        item_id = await process.submitted(basis_kind="PROPOSAL")
        assert (await process.sign(process.leader, item_id, "SECOND")).json()["code"] == "head_must_sign"
        assert (await ok(process.sign(process.head, item_id, "SECOND")))["state"] == "ESTABLISHED"

    async def test_is_one_when_two_sign_at_once(self, process: Process) -> None:
        await one_signature(process)
        item_id = await process.submitted()
        answers = await asyncio.gather(
            process.sign(process.leader, item_id, "SECOND"), process.sign(process.head, item_id, "SECOND")
        )
        assert sorted(one.status_code for one in answers) == [200, 409]

    async def test_a_round_keeps_the_number_under_which_it_went_up(self, process: Process) -> None:
        item_id = await process.submitted()
        await one_signature(process)
        assert (await process.sign(process.leader, item_id, "SECOND")).json()["code"] == "first_signature_missing"
        with pytest.raises(IntegrityConstraintViolationError):
            await db.execute("UPDATE items SET state = 'ESTABLISHED' WHERE id = $1", item_id)


@pytest.mark.requirement("R10")
class TestMoreThanOneLevelDown:
    async def test_needs_its_necessity_on_record(self, process: Process) -> None:
        office = process.office
        township, village = new_id(), new_id()
        for unit, parent in ((township, None), (village, township)):
            await db.execute(
                "INSERT INTO units (id, org_id, parent_id, name, kind) VALUES ($1, $2, $3, $4, 'lower_government')",
                unit, office.org_id, parent, f"下级政府{unit}",
            )  # fmt: skip
        near = await office.person("mayor", Role.UDEP, unit=township)
        far = await office.person("chair", Role.UDEP, unit=village)
        item_id = await process.proposed(handling_unit_id=str(township), responsible_person_id=str(near))
        await ok(process.supervisor.post(f"/api/items/{item_id}/submit"))
        item_id = await process.proposed(handling_unit_id=str(village), responsible_person_id=str(far))
        refused = await process.supervisor.post(f"/api/items/{item_id}/submit")
        assert fields(refused) == {("level_reason", "necessity_missing")}
        item_id = await process.proposed(
            item_id,
            handling_unit_id=str(village),
            responsible_person_id=str(far),
            level_reason="涉及群众生命安全，确有必要直接督查到村",
        )
        done = await ok(process.supervisor.post(f"/api/items/{item_id}/submit"))
        assert done["process"]["level_reason"].startswith("涉及群众")


def change(**changed: Any) -> dict[str, Any]:
    return {
        "id": str(new_id()),
        "reason": "增加实地查看",
        "channels": ["HEARING", "INSPECTION"],
        "visits": False,
        "interval_days": 3,
        **changed,
    }


@pytest.mark.requirement("R15")
class TestAmendingTheMethod:
    async def test_holds_only_once_a_leader_has_signed_and_keeps_the_old(self, process: Process) -> None:
        item_id = await process.confirmed()
        path = f"/api/items/{item_id}/method/amendments"
        body = change()
        asked = await ok(process.chief.post(path, body))
        assert asked["process"]["method"]["interval_days"] == 7
        assert asked["process"]["amendments"][0]["outcome"] is None
        waiting = (await process.leader.get("/api/items/waiting")).json()["waiting"]
        assert [(one["act"], one["item"]["id"]) for one in waiting] == [("decide_method", item_id)]
        done = await ok(process.leader.post(f"{path}/{body['id']}/decide", {"approve": True, "opinion": "同意"}))
        assert done["process"]["method"] == {
            "channels": ["HEARING", "INSPECTION"],
            "visits": False,
            "interval_days": 3,
            "note": "",
        }
        (kept,) = done["process"]["amendments"]
        assert (kept["outcome"], kept["before"]["interval_days"]) == ("APPROVED", 7)
        assert done["state"] == "METHOD_CONFIRMED"

    async def test_is_not_signed_by_who_proposed_it(self, process: Process) -> None:
        both = await process.office.caller("both", Role.OFFICE, Role.LEADER)
        item_id = await process.confirmed()
        path, body = f"/api/items/{item_id}/method/amendments", change()
        await ok(both.post(path, body))
        refused = await both.post(f"{path}/{body['id']}/decide", {"approve": True})
        assert refused.json()["code"] == "own_item_proposal"
        withdrawn = await ok(both.post(f"{path}/{body['id']}/decide", {"approve": False}))
        assert withdrawn["process"]["amendments"][0]["outcome"] == "WITHDRAWN"

    async def test_is_offered_to_be_withdrawn_by_who_proposed_it_and_to_nobody_else(self, process: Process) -> None:
        colleague = await process.office.caller("colleague", Role.OFFICE)
        item_id = await process.confirmed()
        path, body = f"/api/items/{item_id}/method/amendments", change()

        async def offered(who: Caller) -> set[str]:
            acts = set((await ok(who.get(f"/api/items/{item_id}")))["acts"])
            return acts & {"amend_method", "withdraw_method", "decide_method", "assign"}

        assert await offered(process.chief) == {"amend_method", "assign"}
        await ok(process.chief.post(path, body))
        assert await offered(process.chief) == {"withdraw_method"}
        assert await offered(colleague) == set()
        assert await offered(process.leader) == {"decide_method"}
        # What is being changed is not handed over meanwhile, and waits for no hand-over.
        waiting = (await process.supervisor.get("/api/items/waiting")).json()["waiting"]
        assert waiting == []
        await ok(process.chief.post(f"{path}/{body['id']}/decide", {"approve": False}))
        assert await offered(process.chief) == {"amend_method", "assign"}
        trail = (await process.chief.get(f"/api/items/{item_id}/steps")).json()["steps"]
        assert [one["act"] for one in trail][-2:] == ["amend_method", "withdraw_method"]

    async def test_refused_changes_nothing(self, process: Process) -> None:
        item_id = await process.confirmed()
        path, body = f"/api/items/{item_id}/method/amendments", change()
        await ok(process.chief.post(path, body))
        done = await ok(process.head.post(f"{path}/{body['id']}/decide", {"approve": False, "opinion": "按原方案"}))
        assert done["process"]["method"]["interval_days"] == 7
        assert done["process"]["amendments"][0]["outcome"] == "REFUSED"

    async def test_is_one_at_a_time_and_before_the_item_is_handed_over(self, process: Process) -> None:
        item_id = await process.confirmed()
        path = f"/api/items/{item_id}/method/amendments"
        answers = await asyncio.gather(*(process.chief.post(path, change()) for _ in range(2)))
        assert sorted(one.status_code for one in answers) == [200, 409]
        fresh = await process.established()
        refused = await process.chief.post(f"/api/items/{fresh}/method/amendments", change())
        assert refused.json()["code"] == "wrong_state"

    async def test_with_visits_needs_a_plan(self, process: Process) -> None:
        item_id = await process.confirmed()
        path = f"/api/items/{item_id}/method/amendments"
        assert fields(await process.chief.post(path, change(visits=True))) == {("plan_ids", "plan_missing")}
        body = change(visits=True, plan_ids=[await process.plan()])
        await ok(process.chief.post(path, body))
        done = await ok(process.leader.post(f"{path}/{body['id']}/decide", {"approve": True}))
        assert [one["kind"] for one in done["process"]["attachments"]] == ["PLAN"]
