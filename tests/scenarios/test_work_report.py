"""S5: a government work report of 262 goals is imported, each with unit, person and deadline; progress rolls up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server.access.roles import Role
from server.kit import clock, db
from tests.factories.items import registered_item
from tests.factories.people import Office
from tests.factories.sheets import goals, imported, previewed, workbook
from tests.factories.trail import moved

pytestmark = pytest.mark.anyio


@pytest.mark.requirement("S5")
@pytest.mark.requirement("R7")
@pytest.mark.requirement("R8")
async def test_one_parent_and_262_children_with_progress(office: Office) -> None:
    chief = await office.caller("hejing", Role.OFFICE)
    await office.person("xunuo", Role.LIAISON, unit=office.handling_unit, name="许诺")
    await office.person("zhouheng", Role.SUP, name="周衡")
    parent = await registered_item(
        chief, title="2026年政府工作报告目标任务", source_kind="WORK_REPORT", category="DECISION"
    )
    due = clock.now().astimezone(clock.SHANGHAI).date() + timedelta(days=200)
    rows = goals(262, [("住房和城乡建设局", "许诺"), ("督查室", "周衡")], due)

    wrong = [rows[0], (*rows[1][:2], "住建局", *rows[1][3:]), (*rows[2][:4], "年底"), *rows[3:]]
    looked_at = (await previewed(chief, parent["id"], workbook(wrong))).json()
    assert [(one["row"], one["problems"][0]["column"]) for one in looked_at["rows"] if one["problems"]] == [
        (3, "unit"),
        (4, "due"),
    ]
    answer = await imported(chief, parent["id"], workbook(rows))
    assert answer.json()["row_count"] == 262

    children = await db.fetch("SELECT * FROM items WHERE parent_id = $1 ORDER BY child_no", parent["id"])
    assert [row["child_no"] for row in children] == list(range(1, 263))
    assert [row["register_seq"] for row in children] == list(range(2, 264))
    assert all(row["handling_unit_id"] and row["responsible_person_id"] and row["stated_due_at"] for row in children)
    assert {row["source_kind"] for row in children} == {"WORK_REPORT"}

    await moved("CLOSED", "o.parent_id = $2 AND o.child_no <= 131", parent["id"])
    family = (await chief.get(f"/api/items/{parent['id']}/family")).json()
    assert (family["total"], family["counted"], family["done"]) == (262, 262, 131)
