"""S13 and S14: papers that lie too long, and papers of a leader who is away."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.factories.circulation import Desks, hands
from tests.factories.people import Office

pytestmark = pytest.mark.anyio

MONDAY = datetime(2026, 5, 25, 2, 0, tzinfo=UTC)


@pytest.mark.requirement("S13")
async def test_s13_an_emergency_after_61_minutes_and_a_document_after_3_days_and_a_minute(office: Office) -> None:
    desks = await Desks.staffed(office)

    async def breached() -> dict[str, bool]:
        return {row["title"]: row["desk"]["breached"] for row in await desks.listed()}

    with hands(MONDAY) as clock:
        await desks.on_desk(title="山洪险情报告", desk_class="EMERGENCY")
        await desks.on_desk(title="季度工作要点", desk_class="NORMAL")
        clock.pass_(minutes=60)
        assert await breached() == {"山洪险情报告": False, "季度工作要点": False}
        clock.pass_(minutes=1)
        assert await breached() == {"山洪险情报告": True, "季度工作要点": False}
        clock.pass_(days=2, hours=22, minutes=59)
        assert await breached() == {"山洪险情报告": True, "季度工作要点": False}
        clock.pass_(minutes=1)
        assert await breached() == {"山洪险情报告": True, "季度工作要点": True}
        # Nothing follows from it but a mark: no state has changed.
        assert {row["state"] for row in await desks.listed()} == {"ON_DESK"}


@pytest.mark.requirement("S14")
async def test_s14_a_leader_away_for_four_days_with_two_papers(office: Office) -> None:
    desks = await Desks.staffed(office)
    with hands(MONDAY) as clock:
        before = await desks.on_desk(title="危桥限载通行的请示")
        await desks.on_desk(desks.other, title="与此无关的一件")
        board = await desks.away(desks.leader.person_id, "2026-05-25", "2026-05-28", reason="赴省开会")
        assert board["absences"][0]["to_reroute"] == 1
        clock.pass_(days=1)
        during = await desks.on_desk(title="外出期间送到的一件")
        listed = await desks.listed("reroute")
        assert {row["id"] for row in listed} == {before["id"], during["id"]}
        assert all(
            row["away"] == {"from_on": "2026-05-25", "to_on": "2026-05-28", "days": 4, "reroute": True}
            for row in listed
        )
        await desks.act(before, "reroute", leader_id=str(desks.leader.person_id), way="FAX")
        await desks.act(during, "reroute", leader_id=str(desks.head.person_id), way="DESK")
        assert await desks.listed("reroute") == []
