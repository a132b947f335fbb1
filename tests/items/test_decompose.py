"""Decomposing items: children with numbers of their own, the roll-up, imports of whole tables."""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from server.access.roles import Role
from server.items.planning_sheet import is_heading, missing_headings
from server.items.sheets import read_table
from server.kit import clock, db
from server.kit.ids import new_id
from tests.factories.items import registered_item
from tests.factories.people import Caller, Office
from tests.factories.sheets import goals, imported, previewed, text_table, workbook
from tests.factories.trail import moved

pytestmark = pytest.mark.anyio


@dataclass
class Desk:
    """The head of the office, a parent item, and the person who will be responsible."""

    office: Office
    chief: Caller
    parent: str
    person: str
    due: date

    def child(self, **changed: Any) -> dict[str, Any]:
        return {
            "id": str(new_id()),
            "task": "完成排水管网改造",
            "requirement": "12公里，不含支管",
            "unit_id": str(self.office.handling_unit),
            "person_id": self.person,
            "due_on": self.due.isoformat(),
            **changed,
        }

    def row(self, n: int = 1, **changed: Any) -> list[Any]:
        cells = {"task": f"第{n}项", "requirement": "按季度报送", "unit": "住房和城乡建设局", "person": "许诺"}
        cells |= {"due": self.due, **changed}
        return list(cells.values())

    async def decompose(self, *children: dict[str, Any], parent: str | None = None) -> Any:
        return await self.chief.post(f"/api/items/{parent or self.parent}/children", {"children": children})

    async def family(self, caller: Caller | None = None) -> dict[str, Any]:
        view: dict[str, Any] = (await (caller or self.chief).get(f"/api/items/{self.parent}/family")).json()
        return view

    async def children(self, caller: Caller | None = None, **params: Any) -> dict[str, Any]:
        answer = await (caller or self.chief).get(f"/api/items/{self.parent}/children", params=params)
        view: dict[str, Any] = answer.json()
        return view


@pytest.fixture
async def desk(office: Office) -> Desk:
    chief = await office.caller("hejing", Role.OFFICE)
    person = await office.person("unit", Role.LIAISON, unit=office.handling_unit, name="许诺")
    due = clock.now().astimezone(clock.SHANGHAI).date() + timedelta(days=60)
    parent = await registered_item(
        chief, title="2026年政府工作报告", source_kind="WORK_REPORT", source_ref="云府发〔2026〕1号"
    )
    return Desk(office, chief, parent["id"], str(person), due)


class TestDecompose:
    @pytest.mark.requirement("R7")
    async def test_children_carry_who_does_what_by_when_and_the_source_of_their_parent(self, desk: Desk) -> None:
        answer = await desk.decompose(desk.child(), desk.child(task="建成智慧工地平台"))
        assert answer.status_code == 201, answer.text
        first, second = (await desk.children())["children"]
        assert (first["child_no"], second["child_no"]) == (1, 2)
        assert (first["title"], first["requirement"]) == ("完成排水管网改造", "12公里，不含支管")
        assert (first["unit"]["name"], first["person"]["name"]) == ("住房和城乡建设局", "许诺")
        assert (first["due_on"], first["state"], first["late"]) == (desk.due.isoformat(), "REGISTERED", False)
        rows = await db.fetch("SELECT source_kind, source_ref FROM items")
        assert {tuple(row) for row in rows} == {("WORK_REPORT", "云府发〔2026〕1号")}

    @pytest.mark.requirement("R7")
    @pytest.mark.requirement("R1")
    async def test_numbers_stay_without_gaps_when_parents_are_decomposed_at_once(self, desk: Desk) -> None:
        other = await registered_item(desk.chief)
        await asyncio.gather(
            *(desk.decompose(*(desk.child(task=f"{n}-{m}") for m in range(5))) for n in range(4)),
            *(desk.decompose(*(desk.child(task=f"{n}-{m}") for m in range(5)), parent=other["id"]) for n in range(4)),
            *(registered_item(desk.chief) for _ in range(3)),
        )
        seqs = [row["register_seq"] for row in await db.fetch("SELECT register_seq FROM items ORDER BY 1")]
        assert seqs == list(range(1, 46))
        for parent in (desk.parent, other["id"]):
            rows = await db.fetch("SELECT child_no FROM items WHERE parent_id = $1 ORDER BY 1", parent)
            assert [row["child_no"] for row in rows] == list(range(1, 21))

    @pytest.mark.requirement("R7")
    async def test_the_parent_rolls_up_its_children_with_equal_weights(self, desk: Desk) -> None:
        await desk.decompose(*(desk.child(task=f"第{n}项") for n in range(6)))
        for no, state in enumerate(("CLOSED", "REPORTED_BACK", "ARCHIVED", "TERMINATED", "IN_PROGRESS"), start=1):
            await moved(state, "o.child_no = $2", no)
        view = await desk.family()
        assert (view["total"], view["counted"], view["done"]) == (6, 5, 3)
        assert {one["state"]: one["n"] for one in view["by_state"]} == {
            "REGISTERED": 1,
            "IN_PROGRESS": 1,
            "CLOSED": 1,
            "REPORTED_BACK": 1,
            "ARCHIVED": 1,
            "TERMINATED": 1,
        }

    @pytest.mark.requirement("R7")
    async def test_four_levels_and_no_more(self, desk: Desk) -> None:
        parent = desk.parent
        for _ in range(3):
            child = desk.child()
            assert (await desk.decompose(child, parent=parent)).status_code == 201
            parent = child["id"]
        assert (await desk.decompose(desk.child(), parent=parent)).json()["code"] == "too_deep"
        assert (await desk.chief.get(f"/api/items/{parent}/family")).json()["level"] == 4

    @pytest.mark.requirement("R7")
    async def test_no_item_becomes_its_own_descendant_whatever_is_written(self, desk: Desk) -> None:
        child = desk.child()
        await desk.decompose(child)
        with pytest.raises(Exception, match="append-only"):
            await db.execute("UPDATE items SET parent_id = $1, child_no = 1 WHERE id = $2", child["id"], desk.parent)

    async def test_sending_it_twice_makes_each_child_once(self, desk: Desk) -> None:
        first, second = desk.child(), desk.child(task="另一项")
        await asyncio.gather(*(desk.decompose(first) for _ in range(3)))
        await desk.decompose(first, second)
        assert [one["id"] for one in (await desk.children())["children"]] == [first["id"], second["id"]]
        assert (await desk.decompose({**first, "task": "又一项"})).json()["code"] == "id_reused"

    async def test_a_wrong_child_makes_none(self, desk: Desk) -> None:
        stranger = await desk.office.person("stranger", Role.SUP)
        for wrong, code in (
            (desk.child(unit_id=str(new_id())), "unknown_unit"),
            (desk.child(person_id=str(stranger)), "person_of_another_unit"),
            (desk.child(task="绝密★30年 某事"), "state_secret_refused"),
        ):
            answer = await desk.decompose(desk.child(), wrong)
            assert answer.json()["code"] == code
            assert answer.json()["errors"][0]["field"].startswith("children.1.")
        assert (await desk.family())["total"] == 0

    async def test_no_child_is_due_after_its_parent(self, desk: Desk) -> None:
        await db.execute("UPDATE items SET stated_due_at = $2 WHERE id = $1", desk.parent, clock.now())
        answer = await desk.decompose(desk.child())
        assert answer.json()["code"] == "after_deadline"

    async def test_an_item_already_reported_is_not_decomposed(self, desk: Desk) -> None:
        await moved("REPORTED")
        assert (await desk.decompose(desk.child())).json()["code"] == "not_to_decompose"
        assert (await desk.family())["may_decompose"] is False

    async def test_who_looked_at_an_older_version_decides_again(self, desk: Desk) -> None:
        await desk.decompose(desk.child())
        answer = await desk.chief.request(
            "POST",
            f"/api/items/{desk.parent}/children",
            json={"children": [desk.child(task="二")]},
            headers={"If-Match": '"1"'},
        )
        assert answer.json()["code"] == "changed_meanwhile"

    async def test_each_child_has_its_own_entry_and_its_place_in_the_feed(self, desk: Desk) -> None:
        await desk.decompose(desk.child(), desk.child(task="二"))
        kinds = [row["kind"] for row in await db.fetch("SELECT kind FROM journal_entries ORDER BY id")]
        assert kinds == ["item.registered", "item.registered", "item.registered", "item.decomposed"]
        numbers = [row["n"] for row in await db.fetch("SELECT n FROM feed_changes ORDER BY n")]
        assert numbers == list(range(1, len(numbers) + 1))

    async def test_a_unit_sees_only_its_children_and_counts_no_others(self, desk: Desk) -> None:
        liaison = await desk.office.caller("unit")
        await desk.decompose(desk.child(), desk.child(task="二"), desk.child(task="三"))
        assert (await liaison.get(f"/api/items/{desk.parent}/family")).status_code == 404
        unit = desk.office.handling_unit
        await moved("ASSIGNED", "o.parent_id IS NULL", unit, also=", handling_unit_id = $2")
        await moved("ASSIGNED", "o.child_no = 2")
        assert [one["child_no"] for one in (await desk.children(liaison))["children"]] == [2]
        assert (await desk.family(liaison))["total"] == 1
        assert (await liaison.post(f"/api/items/{desk.parent}/children", {"children": [desk.child()]})).json()[
            "code"
        ] == "not_permitted"

    async def test_a_unit_is_not_told_how_many_parts_of_its_part_it_may_not_see(self, desk: Desk) -> None:
        liaison = await desk.office.caller("unit")
        child = desk.child()
        await desk.decompose(child)
        made = await desk.decompose(desk.child(task="二"), desk.child(task="三"), parent=child["id"])
        assert made.status_code == 201, made.text
        await moved(
            "ASSIGNED",
            "o.parent_id IS NULL OR o.id = $3::uuid",
            desk.office.handling_unit,
            child["id"],
            also=", handling_unit_id = $2",
        )
        assert (await desk.children())["children"][0]["children"] == 2
        assert (await desk.children(liaison))["children"][0]["children"] == 0


class TestImport:
    @pytest.mark.requirement("R8")
    async def test_a_preview_tells_every_error_and_makes_nothing(self, desk: Desk) -> None:
        rows = [desk.row(1), desk.row(2, unit="住建局"), desk.row(3, due="年底"), desk.row(4, task="", person="谁")]
        answer = await previewed(desk.chief, desk.parent, workbook(rows))
        assert answer.status_code == 200, answer.text
        view = answer.json()
        assert (len(view["rows"]), view["wrong_rows"], view["problems"], view["first_child_no"]) == (4, 3, 4, 1)
        unit = view["rows"][1]["problems"][0]
        assert (view["rows"][1]["row"], unit["column"], unit["code"]) == (3, "unit", "unknown_unit")
        assert "住房和城乡建设局" in unit["zh"]
        assert "住房和城乡建设局" in unit["en"]
        assert (await desk.family())["total"] == 0
        assert await db.fetch_value("SELECT count(*) FROM item_imports") == 0

    @pytest.mark.requirement("R8")
    async def test_an_import_makes_all_rows_or_none(self, desk: Desk) -> None:
        refused = await imported(desk.chief, desk.parent, workbook([desk.row(1), desk.row(2, unit="没有的局")]))
        assert (refused.status_code, refused.json()["code"]) == (422, "import_refused")
        assert [one["field"] for one in refused.json()["errors"]] == ["rows.3.unit"]
        assert (await desk.family())["total"] == 0
        made = await imported(desk.chief, desk.parent, workbook([desk.row(n) for n in range(1, 31)]))
        assert (made.status_code, made.json()["row_count"], made.json()["first_child_no"]) == (201, 30, 1)
        assert (await desk.family())["total"] == 30

    @pytest.mark.requirement("R8")
    async def test_the_same_import_twice_at_once_is_one(self, desk: Desk) -> None:
        content, import_id = workbook([desk.row(n) for n in range(1, 11)]), str(new_id())
        answers = await asyncio.gather(
            *(imported(desk.chief, desk.parent, content, import_id=import_id) for _ in range(4))
        )
        assert [one.status_code for one in answers] == [201] * 4
        assert (await desk.family())["total"] == 10
        other = await imported(desk.chief, desk.parent, workbook([desk.row(99)]), import_id=import_id)
        assert other.json()["code"] == "id_reused"

    async def test_a_table_imported_before_is_noticed_row_by_row(self, desk: Desk) -> None:
        content = workbook([desk.row(1), desk.row(2)])
        await imported(desk.chief, desk.parent, content)
        again = await imported(desk.chief, desk.parent, content)
        assert {one["code"] for one in again.json()["errors"]} == {"there_already"}

    async def test_numbers_go_on_after_those_of_earlier_children(self, desk: Desk) -> None:
        await desk.decompose(desk.child())
        made = await imported(desk.chief, desk.parent, text_table([desk.row(1)], "gb18030"), "分解.csv")
        assert made.json()["first_child_no"] == 2

    async def test_a_marked_table_leaves_no_trace(self, desk: Desk) -> None:
        before = await db.fetch_value("SELECT count(*) FROM journal_entries")
        for content, name in (
            (workbook([desk.row(1), desk.row(2, requirement="【机密】某事")]), "分解.xlsx"),
            (workbook([desk.row(1)]), "绝密★分解.xlsx"),
        ):
            for send in (previewed, imported):
                answer = await send(desk.chief, desk.parent, content, name)
                assert (answer.status_code, answer.json()["code"]) == (422, "state_secret_refused")
                assert "某事" not in answer.text
        assert await db.fetch_value("SELECT count(*) FROM journal_entries") == before

    async def test_what_is_wrong_with_the_whole_table_is_said(self, desk: Desk) -> None:
        for content, code in (
            (b"PK\x03\x04 broken", "table_unreadable"),
            (workbook([desk.row()], headings=("任务", "要求", "x", "y", "z")), "headings_missing"),
            (workbook([]), "table_empty"),
            (workbook([desk.row(n) for n in range(20_001)]), "table_too_large"),
        ):
            answer = await previewed(desk.chief, desk.parent, content)
            assert (answer.status_code, answer.json()["code"]) == (422, code)

    async def test_only_the_office_imports_and_into_what_it_sees(self, desk: Desk) -> None:
        liaison = await desk.office.caller("unit")
        content = workbook([desk.row()])
        assert (await imported(liaison, desk.parent, content)).json()["code"] == "not_permitted"
        assert (await imported(desk.chief, str(new_id()), content)).status_code == 404
        assert (await previewed(desk.chief, str(new_id()), content)).status_code == 404

    async def test_an_import_needs_its_id(self, desk: Desk) -> None:
        answer = await imported(desk.chief, desk.parent, workbook([desk.row()]), import_id="x")
        assert answer.json()["errors"][0]["field"] == "Idempotency-Key"

    @pytest.mark.parametrize("lang", ["zh", "en"])
    async def test_the_template_can_be_filled_in_and_sent_back(self, desk: Desk, lang: str) -> None:
        answer = await desk.chief.get("/api/items/import-template", params={"lang": lang})
        assert answer.headers["content-type"].startswith("application/vnd.openxmlformats")
        found = read_table("t.xlsx", answer.content, is_heading)
        assert found is not None
        assert missing_headings(found) == ()
        assert (await previewed(desk.chief, desk.parent, answer.content)).json()["code"] == "table_empty"

    async def test_a_name_that_looks_like_a_formula_is_text_in_the_template(self, desk: Desk) -> None:
        name = '=HYPERLINK("http://x.test","x")'
        await db.execute("UPDATE units SET name = $1", name)
        await db.execute("UPDATE people SET name = $1", name)
        answer = await desk.chief.get("/api/items/import-template")
        book = load_workbook(io.BytesIO(answer.content))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert sum(cell.value == name for cell in cells) > 2
        assert not [cell.coordinate for cell in cells if cell.data_type == "f"]

    async def test_children_are_read_page_by_page(self, desk: Desk) -> None:
        await imported(desk.chief, desk.parent, workbook(goals(230, [("住房和城乡建设局", "许诺")], desk.due)))
        first = await desk.children()
        second = await desk.children(after=first["next_after"])
        numbers = [one["child_no"] for one in first["children"] + second["children"]]
        assert numbers == list(range(1, 231))
        assert second["next_after"] is None
        assert (await desk.children(state="CLOSED"))["children"] == []


@pytest.mark.requirement("R5")
async def test_children_are_no_second_registration_of_their_source(desk: Desk) -> None:
    await desk.decompose(desk.child(), desk.child(task="二"))
    first = (await desk.children())["children"][0]["id"]
    for item in (desk.parent, first):
        assert (await desk.chief.get(f"/api/items/{item}")).json()["same_source"] == []
    again = await registered_item(desk.chief, source_ref="云府发〔2026〕1号", same_source_reason="补充文件")
    assert [one["id"] for one in again["same_source"]] == [desk.parent]
