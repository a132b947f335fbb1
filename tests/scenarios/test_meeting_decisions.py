"""S6: 9 executive meetings with 39 decisions and 79 office meetings with 200, counted by meeting and by decision."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import cycle

import pytest

from server.access.roles import Role
from server.kit.ids import new_id
from tests.factories.meetings import decision_body, recorded_meeting
from tests.factories.people import Caller, Office
from tests.factories.trail import moved

pytestmark = pytest.mark.anyio


async def held(caller: Caller, kind: str, meetings: int, decisions: int) -> list[dict[str, object]]:
    """So many meetings of a kind from January on, with so many decisions among them."""
    shares = [decisions // meetings] * meetings
    for at, _ in zip(cycle(range(meetings)), range(decisions % meetings), strict=False):
        shares[at] += 1
    return [
        await recorded_meeting(
            caller,
            kind=kind,
            no=n + 1,
            held_on=(date(2026, 1, 5) + timedelta(days=4 * n)).isoformat(),
            decisions=[decision_body(no + 1) for no in range(share)],
        )
        for n, share in enumerate(shares)
    ]


@pytest.mark.requirement("S6")
async def test_counted_by_meeting_and_by_decision_and_followed_to_the_items(office: Office) -> None:
    chief = await office.caller("hejing", Role.OFFICE)
    executive = await held(chief, "EXECUTIVE", 9, 39)
    await held(chief, "OFFICE", 79, 200)
    await recorded_meeting(chief, held_on="2025-12-30", no=30, decisions=[decision_body()])
    year = {"from": "2026-01-01", "to": "2026-12-31"}

    counts = (await chief.get("/api/meetings/counts", params=year)).json()
    assert {one["kind"]: (one["meetings"], one["decided"]) for one in counts["kinds"]} == {
        "EXECUTIVE": (9, 39),
        "OFFICE": (79, 200),
    }
    assert (counts["meetings"], counts["decided"], counts["in_ledger"]) == (88, 239, 0)

    meeting = executive[0]
    decisions = meeting["decisions"]
    assert isinstance(decisions, list)
    items = [{"id": str(new_id()), "decision_id": one["id"]} for one in decisions[:3]]
    await chief.post(f"/api/meetings/{meeting['id']}/items", {"items": items})
    await moved("CLOSED", "o.register_seq = 1")
    counts = (await chief.get("/api/meetings/counts", params=year)).json()
    found = next(one for one in counts["kinds"] if one["kind"] == "EXECUTIVE")
    assert (found["in_ledger"], found["items"], found["done"]) == (3, 3, 1)

    # Down to the meetings behind a figure, and to the items behind a meeting.
    listed, cursor = [], None
    while True:
        params = {**year, "kind": "OFFICE", **({"cursor": cursor} if cursor else {})}
        page = (await chief.get("/api/meetings", params=params)).json()
        listed += page["meetings"]
        if not (cursor := page["next_cursor"]):
            break
    assert len(listed) == 79
    assert sum(one["decided"] for one in listed) == 200
    whole = (await chief.get(f"/api/meetings/{meeting['id']}")).json()
    assert [len(one["items"]) for one in whole["decisions"]][:4] == [1, 1, 1, 0]
    wrong = await chief.get("/api/meetings/counts", params={"from": "2026-12-31", "to": "2026-01-01"})
    assert wrong.json()["code"] == "invalid_input"
