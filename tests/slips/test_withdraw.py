"""Taking slips back, and who may sign what he wrote: never one person alone."""

from __future__ import annotations

from typing import Any

import pytest

from server.access.roles import Role
from server.kit import db
from tests.factories.people import Office
from tests.factories.process import ok
from tests.factories.slips import Slips

pytestmark = pytest.mark.anyio

NOTICE = {"series": "NOTICE", "mode": None, "standard": ""}


@pytest.fixture
async def slips(office: Office) -> Slips:
    return await Slips.prepared(office)


def rewriting(slips: Slips) -> dict[str, Any]:
    """The whole text of a draft once more, as its form sends it."""
    body = slips.body(follow_up_id=str(slips.process.supervisor.person_id))
    return {key: value for key, value in body.items() if key not in ("id", "item_id", "series")}


async def test_whoever_rewrote_a_draft_does_not_sign_it(slips: Slips) -> None:
    draft = await slips.drafted()
    text = rewriting(slips)
    path = f"/api/slips/{draft['id']}"
    rewritten = await ok(slips.process.chief.request("PUT", path, json={**text, "task": "另外的任务"}))
    assert "issue" not in rewritten["acts"]
    assert (await slips.issue(draft)).json()["code"] == "own_draft"
    # Nor after the drafter has written over it: what was signed would still be his wording, here or there.
    await ok(slips.process.supervisor.request("PUT", path, json=text))
    assert (await slips.issue(draft)).json()["code"] == "own_draft"
    for sql in (
        "UPDATE slips SET writers = '{}'",
        "UPDATE slips SET state = 'ISSUED', seq = 1, year = 2026, content = '{}', issued_at = now(), due_at = now(),"
        " issued_by = writers[2]",
    ):
        with pytest.raises(Exception, match=r"append-only|signed_by_another"):
            await db.execute(sql)


async def test_another_head_of_the_office_signs_what_one_rewrote(slips: Slips, office: Office) -> None:
    draft = await slips.drafted()
    text = rewriting(slips)
    await ok(slips.process.chief.request("PUT", f"/api/slips/{draft['id']}", json=text))
    other = await office.caller("deputy-chief", Role.OFFICE)
    assert (await ok(slips.issue(draft, other)))["state"] == "ISSUED"


async def test_who_signed_a_slip_does_not_take_it_back_alone(slips: Slips, office: Office) -> None:
    await slips.issued()
    notice = await slips.issued(slips.body(**NOTICE))
    path = f"/api/slips/{notice['id']}/withdraw"
    assert "withdraw" not in (await ok(slips.process.chief.get(f"/api/slips/{notice['id']}")))["acts"]
    assert (await slips.process.chief.post(path, {"reason": "内容有误"})).json()["code"] == "own_signature"
    other = await office.caller("deputy-chief", Role.OFFICE)
    assert (await other.post(path, {"reason": "  "})).json()["code"] == "invalid_input"
    withdrawn = await ok(other.post(path, {"reason": "内容有误"}))
    assert (withdrawn["withdrawn_by"]["name"], withdrawn["withdraw_reason"]) == ("deputy-chief", "内容有误")


async def test_nor_a_leader_who_signed_it_as_head_of_the_office(slips: Slips, office: Office) -> None:
    both = await office.caller("both", Role.OFFICE, Role.LEADER)
    notice = await ok(slips.issue(await slips.drafted(), both))
    answer = await both.post(f"/api/slips/{notice['id']}/withdraw", {"reason": "内容有误"})
    assert answer.json()["code"] == "own_signature"
    assert (await slips.item())["state"] == "ASSIGNED"
    with pytest.raises(Exception, match="withdrawn_by_another"):
        await db.execute(
            "UPDATE slips SET state = 'WITHDRAWN', withdrawn_at = now(), withdrawn_by = issued_by WHERE id = $1",
            notice["id"],
        )


async def test_a_cancellation_slip_is_prepared_and_says_clearly_why_it_is_not_issued(slips: Slips) -> None:
    await slips.issued()
    body = slips.body(
        series="CANCELLATION",
        mode=None,
        standard="",
        task="",
        result="路面修复完成",
        verifier_id=str(slips.process.supervisor.person_id),
        verified_on="2026-03-02",
    )
    draft = await slips.drafted(body)
    assert (draft["lacks"], "issue" in draft["acts"]) == ([], False)
    answer = await slips.issue(draft)
    assert (answer.status_code, answer.json()["code"]) == (409, "cancellation_not_yet")
