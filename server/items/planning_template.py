"""The table to fill in: headings, an example row, the units to choose from, whom each of them has."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Final

from server.items.planning_sheet import COLUMN_NAMES, EXAMPLE, Column
from server.items.sheets import MAX_ROWS

_WIDTHS: Final = {Column.TASK: 46, Column.REQUIREMENT: 46, Column.UNIT: 26, Column.PERSON: 16, Column.DUE: 18}


def template(units: Sequence[tuple[str, Sequence[str]]], example_due: date, *, english: bool = False) -> bytes:
    """A workbook with the headings, one example that an import passes over, and the units as a list to choose from.

    Args:
        units: each unit's name with the names of its people, in the order to show.
        example_due: the deadline of the example.
        english: headings and example in English.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "Children" if english else "责任分解"
    names = [COLUMN_NAMES[column][1 if english else 0] for column in Column]
    sheet.append(names)
    sheet.append(_example(units, example_due, english=english))
    for at, column in enumerate(Column, start=1):
        letter = get_column_letter(at)
        sheet.column_dimensions[letter].width = _WIDTHS[column]
        head = sheet[f"{letter}1"]
        head.font = Font(bold=True)
        head.fill = PatternFill("solid", fgColor="DDE7F5")
        sheet[f"{letter}2"].font = Font(italic=True, color="777777")
        sheet[f"{letter}2"].alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    sheet["E2"].number_format = "yyyy-mm-dd"

    listed = workbook.create_sheet("Units and people" if english else "单位和人员")
    listed.append(["Unit", "People"] if english else ["单位", "人员"])
    for name, people in units:
        listed.append([name, "、".join(people)])
    listed.column_dimensions["A"].width = 30
    listed.column_dimensions["B"].width = 80
    if units:
        choice = DataValidation(
            type="list", formula1=f"='{listed.title}'!$A$2:$A${len(units) + 1}", allow_blank=True, showErrorMessage=True
        )
        choice.error = "Choose a unit of the list." if english else "请从列表中选择单位。"
        sheet.add_data_validation(choice)
        choice.add(f"C2:C{MAX_ROWS}")
    for one in workbook.worksheets:
        for row in one.iter_rows():
            for cell in row:
                if cell.data_type == "f":  # a name beginning with «=» is a name; nothing here is a formula
                    cell.data_type = "s"
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _example(units: Sequence[tuple[str, Sequence[str]]], due: date, *, english: bool) -> list[str | date]:
    unit, people = next(((name, people) for name, people in units if people), ("", ("",)))
    if english:
        return [
            f"{EXAMPLE[1]}: rebuild the county hospital",
            "Main structure finished, no arrears",
            unit,
            people[0],
            due,
        ]
    return [f"{EXAMPLE[0]}：县人民医院扩建工程", "主体结构封顶，不拖欠工资", unit, people[0], due]
