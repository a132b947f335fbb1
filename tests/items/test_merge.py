"""The same matter is supervised once: merging items."""

from __future__ import annotations

import anyio
import pytest

from server.kit import db
from tests.factories.people import Office
from tests.factories.process import Process, ok

pytestmark = pytest.mark.anyio


@pytest.fixture
async def process(office: Office) -> Process:
    return await Process.prepared(office)


class TestMerge:
    async def test_leads_on_to_where_it_went_and_keeps_what_it_had(self, process: Process) -> None:
        kept, merged = await process.submitted(), await process.registered(title="医院扩建另一来件")
        body = {"into_id": kept, "reason": "同一事项"}
        assert (await process.supervisor.post(f"/api/items/{merged}/merge", body)).status_code == 403
        shown = await ok(process.chief.post(f"/api/items/{merged}/merge", body))
        assert (shown["state"], shown["merged_into"]["id"]) == ("MERGED", kept)
        other = await ok(process.chief.get(f"/api/items/{kept}"))
        assert [one["id"] for one in other["process"]["merged_from"]] == [merged]
        steps = (await process.chief.get(f"/api/items/{kept}/steps")).json()["steps"]
        assert (steps[-1]["act"], steps[-1]["data"]["from"]) == ("merged_here", shown["register_no"])

    async def test_makes_no_chain_and_no_circle(self, process: Process) -> None:
        one, two, three = [await process.registered() for _ in range(3)]
        itself = await process.chief.post(f"/api/items/{one}/merge", {"into_id": one, "reason": "同"})
        assert itself.json()["code"] == "merge_with_itself"
        await ok(process.chief.post(f"/api/items/{one}/merge", {"into_id": two, "reason": "同"}))
        back = await process.chief.post(f"/api/items/{two}/merge", {"into_id": one, "reason": "同"})
        assert back.json()["code"] == "merge_target_closed"
        chain = await process.chief.post(f"/api/items/{three}/merge", {"into_id": one, "reason": "同"})
        assert chain.json()["code"] == "merge_target_closed"
        with pytest.raises(Exception, match="append-only"):
            await db.execute("UPDATE items SET merged_into_id = $1 WHERE id = $2", three, one)

    async def test_two_merged_into_each_other_at_once_do_not_both_vanish(self, process: Process) -> None:
        pair = [await process.registered() for _ in range(2)]
        codes: list[int] = []

        async def merge(one: str, other: str) -> None:
            answer = await process.chief.post(f"/api/items/{one}/merge", {"into_id": other, "reason": "同一事项"})
            codes.append(answer.status_code)

        async with anyio.create_task_group() as group:
            group.start_soon(merge, *pair)
            group.start_soon(merge, *reversed(pair))
        assert sorted(codes) == [200, 409]

    async def test_not_into_a_part_of_itself(self, process: Process) -> None:
        whole, part = [await process.registered() for _ in range(2)]
        await db.execute("ALTER TABLE items DISABLE TRIGGER USER")
        await db.execute("UPDATE items SET parent_id = $1, child_no = 1 WHERE id = $2", whole, part)
        await db.execute("ALTER TABLE items ENABLE TRIGGER USER")
        refused = await process.chief.post(f"/api/items/{whole}/merge", {"into_id": part, "reason": "同"})
        assert refused.json()["code"] == "merge_with_itself"
        assert (await process.chief.post(f"/api/items/{part}/merge", {"into_id": whole, "reason": "同"})).is_success
