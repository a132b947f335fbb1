"""Tables from anybody's spreadsheet: what is read, what is refused, in which row."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.items.planning_errors import TableTooLarge, TableUnreadable, WorkbookTooLarge
from server.items.planning_judging import Directory, KnownPerson, UnderstoodTable, understand
from server.items.planning_rules import near, read_day
from server.items.planning_sheet import is_heading, marked_cells, missing_headings
from server.items.sheets import MAX_ROWS, Table, read_table
from server.kit.ids import new_id
from tests.factories.sheets import HEADINGS, text_table, workbook

DUE = date(2026, 12, 31)
MB = 1024 * 1024
HOUSING, WATER = new_id(), new_id()
PEOPLE = [
    KnownPerson(new_id(), "许诺", "xunuo", HOUSING),
    KnownPerson(new_id(), "方原", "fangyuan", WATER),
    KnownPerson(new_id(), "王敏", "wangmin1", WATER),
    KnownPerson(new_id(), "王敏", "wangmin2", WATER),
]
DIRECTORY = Directory({HOUSING: "住房和城乡建设局", WATER: "水利局"}, PEOPLE)
ROW = ("排水管网改造", "完成12公里", "住房和城乡建设局", "许诺", DUE)


def table_of(content: bytes, name: str = "a.xlsx") -> Table:
    found = read_table(name, content, is_heading)
    assert found is not None
    return found


def understood(
    *rows: tuple[Any, ...], latest: date | None = None, present: dict[tuple[str, UUID], int] | None = None
) -> UnderstoodTable:
    return understand(table_of(workbook(rows)), DIRECTORY, today=date(2026, 5, 1), latest=latest, present=present or {})


def codes(found: UnderstoodTable) -> list[tuple[int, str, str]]:
    return [(one.row, one.column.value, one.code) for one in found.problems]


class TestReading:
    @pytest.mark.requirement("R8")
    @pytest.mark.parametrize(
        ("encoding", "delimiter"),
        [("utf-8", ","), ("utf-8-sig", ","), ("gb18030", ","), ("utf-16", "\t"), ("gb18030", "\t")],
    )
    def test_text_files_of_every_office_program(self, encoding: str, delimiter: str) -> None:
        rows = table_of(text_table([ROW], encoding, delimiter=delimiter), "分解.csv").rows
        assert rows[0].cells == ("排水管网改造", "完成12公里", "住房和城乡建设局", "许诺", "2026-12-31")

    def test_row_numbers_are_those_of_the_spreadsheet(self) -> None:
        found = table_of(workbook([ROW, (), (None, "  ", ""), ROW]))
        assert [row.number for row in found.rows] == [2, 5]

    def test_a_title_above_the_headings_is_passed_over(self) -> None:
        def titled(sheet: Any) -> None:
            sheet.insert_rows(1, 2)
            sheet["A1"] = "2026年政府工作报告目标任务分解表"
            sheet.merge_cells("A1:E1")

        found = table_of(workbook([ROW], change=titled))
        assert (found.headings, found.rows[0].number) == (HEADINGS, 4)

    def test_a_cell_merged_downwards_counts_for_every_row(self) -> None:
        def merged(sheet: Any) -> None:
            sheet.merge_cells("C2:C4")
            sheet.merge_cells("D2:D3")

        rows = [ROW, ("二", "要求", None, None, DUE), ("三", "要求", None, "许诺", DUE)]
        found = table_of(workbook(rows, change=merged)).rows
        assert [row.cells[2] for row in found] == ["住房和城乡建设局"] * 3
        assert [row.cells[3] for row in found] == ["许诺"] * 3

    def test_a_formula_counts_as_its_value_and_is_never_taken_as_text(self) -> None:
        found = table_of(workbook([("=1+1", *ROW[1:])])).rows
        assert found[0].cells[0] == ""  # written by no spreadsheet program, so no value was ever computed

    def test_the_hidden_sheet_is_not_read(self) -> None:
        def hidden(sheet: Any) -> None:
            other = sheet.parent.create_sheet("x")
            other.append(list(HEADINGS))
            sheet.sheet_state = "hidden"

        assert table_of(workbook([ROW], change=hidden)).rows == ()

    def test_numbers_are_written_as_they_are_seen(self) -> None:
        assert table_of(workbook([(12.0, 1.5, *ROW[2:])])).rows[0].cells[:2] == ("12", "1.5")

    @pytest.mark.parametrize(
        "content",
        [
            b"PK\x03\x04 nothing of a workbook",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old binary workbook",
            b"\x00\x01\x02\xff\xfe",
            b"",
        ],
    )
    def test_what_is_no_table_is_refused(self, content: bytes) -> None:
        try:
            assert read_table("a.xlsx", content, is_heading) is None
        except TableUnreadable:
            return

    def test_entities_are_refused(self) -> None:
        bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
        with pytest.raises(TableUnreadable):
            read_table("a.xlsx", _replaced(workbook([ROW]), "xl/worksheets/sheet1.xml", bomb.encode(), 0), is_heading)

    def test_what_unpacks_without_end_is_refused_before_it_is_unpacked(self) -> None:
        padding = b" " * (100 * MB)
        packed = _replaced(workbook([ROW]), "xl/worksheets/sheet1.xml", padding, None)
        assert len(packed) < MB
        with pytest.raises(WorkbookTooLarge) as refused:
            read_table("a.xlsx", packed, is_heading)
        assert refused.value.params == {"limit": "sheet", "most": 32 * MB}

    @pytest.mark.parametrize(
        ("part", "piece", "times", "limit"),
        [
            ("xl/sharedStrings.xml", b" ", 90 * MB, "shared_strings"),
            ("xl/sharedStrings.xml", b"<si><t>a</t></si>", 400_000, "strings"),
            ("xl/sharedStrings.xml", b"<x:si />", 400_000, "strings"),
            ("xl/worksheets/sheet1.xml", b"<c/>", 700_000, "cells"),
            ("xl/styles.xml", b" ", 5 * MB, "styles"),
            ("xl/media/image1.png", b" ", 11 * MB, "media"),
            ("xl/media/image1.png", b"<si/>", 400_000, "strings"),  # a part is what the contents call it
            ("xl/anything.xml", b" ", 2 * MB, "part"),
        ],
    )
    def test_every_part_has_a_limit_of_its_own(self, part: str, piece: bytes, times: int, limit: str) -> None:
        with pytest.raises(WorkbookTooLarge) as refused:
            read_table("a.xlsx", _with_part(workbook([ROW]), part, piece * times), is_heading)
        assert refused.value.params["limit"] == limit

    def test_all_parts_together_have_one_too(self) -> None:
        packed = workbook([ROW])
        for n in range(2, 6):
            packed = _with_part(packed, f"xl/worksheets/sheet{n}.xml", b" " * (15 * MB))
        with pytest.raises(WorkbookTooLarge) as refused:
            read_table("a.xlsx", packed, is_heading)
        assert refused.value.params == {"limit": "unpacked", "most": 48 * MB}

    def test_the_largest_table_that_is_taken_stays_below_them(self) -> None:
        rows = [
            (f"第{n}项工作任务", "按季度报送进展" * 8, "住房和城乡建设局", "高芸", "2099-12-31")
            for n in range(MAX_ROWS)
        ]
        table = read_table("a.xlsx", workbook(rows), is_heading)
        assert table is not None and len(table.rows) == MAX_ROWS

    def test_more_rows_than_the_limit_are_refused(self) -> None:
        rows = [("任务", "要求")] * (MAX_ROWS + 1)
        with pytest.raises(TableTooLarge) as refused:
            read_table("a.csv", text_table(rows), is_heading)
        assert refused.value.params == {"limit": "rows", "most": MAX_ROWS}

    def test_a_row_at_the_end_of_the_sheet_holds_nobody_up(self) -> None:
        def far(sheet: Any) -> None:
            sheet["A1048576"] = "x"

        with pytest.raises(TableTooLarge):
            read_table("a.xlsx", workbook([ROW], change=far), is_heading)

    @given(st.binary(max_size=400))
    def test_any_bytes_end_in_a_table_or_a_refusal(self, content: bytes) -> None:
        try:
            read_table("a.csv", content, is_heading)
        except (TableUnreadable, TableTooLarge):
            return

    def test_lacking_columns_are_named(self) -> None:
        found = table_of(workbook([], headings=("序号", "任务", "责任单位")))
        assert [column.value for column in missing_headings(found)] == ["requirement", "person", "due"]

    def test_a_table_without_headings_is_none(self) -> None:
        assert read_table("a.csv", "甲，乙\n1,2\n".encode(), is_heading) is None

    @pytest.mark.parametrize("where", ["file", "heading", "cell", "other column"])
    def test_a_marking_is_found_wherever_it_stands(self, where: str) -> None:
        headings = (*HEADINGS, "机密★" if where == "heading" else "备注")
        row = ("绝密★30年 甲" if where == "cell" else "任务", *ROW[1:], "秘密" if where == "other column" else "无")
        name = "【机密】分解.xlsx" if where == "file" else "分解.xlsx"
        found = marked_cells(name, table_of(workbook([ROW, row], headings=headings)))
        assert found == {"file": ("file_name",), "heading": ("headings",)}.get(where, ("rows.3",))

    def test_ordinary_words_about_secrets_are_no_marking(self) -> None:
        row = ("保守国家秘密法宣传", "商业秘密保护", *ROW[2:])
        assert marked_cells("保密工作.xlsx", table_of(workbook([row]))) == ()


class TestUnderstanding:
    @pytest.mark.requirement("R8")
    def test_a_right_row_becomes_a_child(self) -> None:
        found = understood(ROW)
        assert found.problems == ()
        child = found.rows[0]
        assert (child.unit_id, child.person_id, child.due_on) == (HOUSING, PEOPLE[0].id, DUE)

    @pytest.mark.requirement("R8")
    def test_every_error_of_every_row_is_told(self) -> None:
        found = understood(("", "", "", "", ""), ROW, ("甲", "", "教育部门", "谁", "明年"))
        assert codes(found) == [
            (4, "unit", "unknown_unit"),
            (4, "due", "not_a_day"),
            (4, "requirement", "missing"),
        ]

    def test_a_near_name_is_suggested_and_never_taken(self) -> None:
        found = understood((*ROW[:2], "住建局", "许诺", DUE), (*ROW[:2], "水利居", "方圆", DUE))
        assert [one.unit_id for one in found.rows] == [None, None]
        assert "住房和城乡建设局" in found.problems[0].zh
        assert "住房和城乡建设局" in found.problems[0].en
        assert "水利局" in found.problems[1].zh

    def test_a_person_of_another_unit_is_no_responsible_one(self) -> None:
        found = understood((*ROW[:2], "水利局", "许诺", DUE))
        assert codes(found) == [(2, "person", "person_of_another_unit")]
        assert "住房和城乡建设局" in found.problems[0].zh

    def test_two_of_one_name_are_told_apart_by_their_login(self) -> None:
        assert codes(understood((*ROW[:2], "水利局", "王敏", DUE))) == [(2, "person", "several_persons")]
        found = understood((*ROW[:2], "水利局", "王敏(wangmin2)", DUE))
        assert found.rows[0].person_id == PEOPLE[3].id

    def test_the_same_task_of_the_same_unit_is_told_once(self) -> None:
        assert codes(understood(ROW, ROW)) == [(3, "task", "same_as_row")]
        found = understood(ROW, present={("排水管网改造", HOUSING): 7})
        assert codes(found) == [(2, "task", "there_already")]
        assert "7" in found.problems[0].zh

    def test_a_deadline_lies_between_today_and_that_of_the_parent(self) -> None:
        early, late = (*ROW[:4], date(2026, 4, 30)), ("乙", *ROW[1:4], date(2026, 12, 31))
        found = understood(early, late, latest=date(2026, 12, 30))
        assert codes(found) == [(2, "due", "in_the_past"), (3, "due", "after_parent")]

    def test_the_example_of_the_template_is_passed_over(self) -> None:
        assert understood(("示例：建一座桥", "x", "没有的单位", "谁", "")).rows == ()

    def test_other_columns_are_named_and_passed_over(self) -> None:
        content = workbook([(1, *ROW, "x")], headings=("序号", *HEADINGS, "备注"))
        found = understand(table_of(content), DIRECTORY, today=date(2026, 5, 1), latest=None, present={})
        assert (found.problems, found.ignored) == ((), ("序号", "备注"))

    @pytest.mark.parametrize(
        "heading", ["责任单位*", " 责任 单位 ", "责任单位（全称）", "承办单位", "Responsible unit"]
    )
    def test_headings_as_people_write_them(self, heading: str) -> None:
        assert missing_headings(table_of(workbook([], headings=(*HEADINGS[:2], heading, *HEADINGS[3:])))) == ()


@pytest.mark.parametrize(
    "text",
    ["2026年5月25日", "2026-05-25", "2026.5.25", "2026/5/25", "2026年5月25日", " 2026 年 5 月 25 日 ", "20260525"],
)
def test_days_as_they_are_written(text: str) -> None:
    assert read_day(text) == date(2026, 5, 25)


@pytest.mark.parametrize("text", ["", "5月25日", "2026年5月", "2026-13-01", "2026-02-30", "年底前", "26-5-25", "46167"])
def test_what_is_no_complete_day_is_none(text: str) -> None:
    assert read_day(text) is None


def test_the_nearest_name_comes_first() -> None:
    units = ["住房和城乡建设局", "自然资源局", "城市管理局", "水利局"]
    assert near("城乡建设局", units)[0] == "住房和城乡建设局"
    assert near("资源局", units)[0] == "自然资源局"
    assert near("某某公司", units) == ()


def _with_part(packed: bytes, name: str, content: bytes) -> bytes:
    """The archive with this part added, or another in its place."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(packed)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target,
    ):
        for member in source.infolist():
            if member.filename != name:
                target.writestr(member, source.read(member))
        target.writestr(name, content)
    return out.getvalue()


def _replaced(content: bytes, name: str, new: bytes, before: int | None) -> bytes:
    """The workbook with one part replaced, or (``before`` = 0) with something put before it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for member in old.namelist():
            kept = old.read(member)
            made.writestr(member, kept if member != name else new if before is None else new + kept)
    return out.getvalue()
