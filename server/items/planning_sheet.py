"""Reading a table of children: which columns mean something, and where a marking of secrets stands (R8, B13). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from server.items.planning_rules import plain
from server.items.secrecy import carries_marking
from server.items.sheets import Cell, Table

EXAMPLE: Final = ("示例", "Example")


class Column(StrEnum):
    """The columns that mean something; others are passed over and named to the reader."""

    TASK = "task"
    REQUIREMENT = "requirement"
    UNIT = "unit"
    PERSON = "person"
    DUE = "due"


HEADINGS: Final[dict[Column, tuple[str, ...]]] = {
    Column.TASK: ("任务", "工作任务", "目标任务", "重点任务", "任务名称", "事项", "task"),
    Column.REQUIREMENT: ("要求", "工作要求", "工作标准", "目标要求", "工作目标", "requirement"),
    Column.UNIT: ("责任单位", "承办单位", "牵头单位", "主办单位", "responsible unit", "unit"),
    Column.PERSON: ("责任人", "负责人", "responsible person", "person"),
    Column.DUE: ("完成时限", "办结时限", "完成日期", "截止日期", "时限", "deadline"),
}
COLUMN_NAMES: Final[dict[Column, tuple[str, str]]] = {
    Column.TASK: ("任务", "Task"),
    Column.REQUIREMENT: ("工作要求", "Requirement"),
    Column.UNIT: ("责任单位", "Responsible unit"),
    Column.PERSON: ("责任人", "Responsible person"),
    Column.DUE: ("完成时限", "Deadline"),
}
_MEANING: Final = {name: column for column, names in HEADINGS.items() for name in names}


def is_heading(cells: Sequence[Cell]) -> bool:
    """Whether a row names the task and at least one more of the columns."""
    found = set(meanings(cells).values())
    return Column.TASK in found and len(found) > 1


def missing_headings(table: Table) -> tuple[Column, ...]:
    """Columns that every child needs and the table lacks."""
    found = set(meanings(table.headings).values())
    return tuple(column for column in Column if column not in found)


def marked_cells(name: str, table: Table) -> tuple[str, ...]:
    """Where the file carries a mark of state secrets: in its name, a heading, or a cell of any column (B13)."""
    lines = ["\n".join(str(cell) for cell in row.cells) for row in table.rows]
    if not carries_marking("\n".join((name, *table.headings, *lines))):
        return ()
    found = ["file_name"] if carries_marking(name) else []
    if carries_marking("\n".join(table.headings)):
        found.append("headings")
    found.extend(f"rows.{row.number}" for row, line in zip(table.rows, lines, strict=True) if carries_marking(line))
    return tuple(found) or ("file",)


def meanings(cells: Sequence[Cell]) -> dict[int, Column]:
    """Which column of the table means what; blanks, brackets and width of a heading do not matter."""
    found: dict[int, Column] = {}
    for at, cell in enumerate(cells):
        if isinstance(cell, str) and len(cell) <= 60:
            heading = plain(cell).replace("*", "").split("(")[0].strip().lower()
            meaning = _MEANING.get(heading.replace(" ", "")) or _MEANING.get(heading)
            if meaning is not None and meaning not in found.values():
                found[at] = meaning
    return found
