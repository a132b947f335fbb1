"""A phone's clock is set back two hours between two photos: flagged with reasons, and the order still stands."""

from __future__ import annotations

from server.kit import clock
from tests.faults.conftest import Site

TWO_HOURS_MS = 2 * 3_600_000


async def test_a_clock_set_back_is_flagged_and_does_not_disturb_the_order(site: Site) -> None:
    chain = await site.leader.chain(site.visit)
    now = clock.now_ms()
    anchor = {"cp": None, "size": 0, "srv_ms": now - 60_000, "mono_ms": now - 60_000}

    def at(mono_ms: int, wall_ms: int) -> dict[str, object]:
        return {"clock": {"wall_ms": wall_ms, "mono_ms": mono_ms, "tz_min": 480}, "anchor": anchor}

    before = chain.capture(**at(now, now))
    back = chain.capture(**at(now + 5_000, now + 5_000 - TWO_HOURS_MS))
    after = chain.capture(**at(now + 10_000, now + 10_000 - TWO_HOURS_MS))
    results = await site.leader.push(*(one.operation for one in (before, back, after)))
    assert [result["status"] for result in results] == ["applied"] * 3

    seen = []
    for one in (before, back, after):
        answer = await site.head.get(f"/api/evidence/{one.id}")
        assert answer.status_code == 200, answer.text
        seen.append({reason["code"]: reason for reason in answer.json()["plausibility"]})
    assert not {"clock_set_back", "clock_differs_from_server"} & set(seen[0])
    assert seen[1]["clock_set_back"] == {"code": "clock_set_back", "level": "warn", "params": {"seconds": 7200}}
    assert seen[1]["clock_differs_from_server"]["level"] == "warn"
    assert seen[1]["clock_differs_from_server"]["params"] == {"seconds": -7200}
    # It was set once; later photos only differ from the server's time.
    assert "clock_set_back" not in seen[2]
    assert seen[2]["clock_differs_from_server"]["level"] == "warn"

    rows = site.product.sql(
        "SELECT id, wall_ms, mono_ms FROM captures WHERE visit_id = $1 ORDER BY mono_ms", site.visit.id
    )
    assert [row["id"] for row in rows] == [one.id for one in (before, back, after)]
    assert rows[1]["wall_ms"] < rows[0]["wall_ms"]
