"""From the rows of a table to the children of an item, with every error of every row (R8). Pure.

Units and persons are named as they are registered; a name that is not gets the nearest ones suggested, never taken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from server.items.planning_rules import near, plain, read_day
from server.items.planning_sheet import EXAMPLE, Column, meanings
from server.items.sheets import Cell, Table

MAX_TASK: Final = 300
MAX_REQUIREMENT: Final = 2_000
_FORMULA_ERRORS: Final = frozenset(
    {"#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}
)

# What is wrong and what to do, by code; {value}, {near} and the like are filled in.
SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "missing": (
        "未填写。每一行都须有任务、工作要求、责任单位、责任人和完成时限。",
        "Nothing is written here. Fill it in.",
    ),
    "too_long": ("超过 {most} 字，请精简。", "This is longer than {most} characters; shorten it."),
    "formula_error": (
        "公式结果为 {value}，请改填数值或文字。",
        "The formula ended in {value}; write the value itself.",
    ),
    "unknown_unit": (
        "没有名为“{value}”的单位。请填写单位全称{near}。",
        "No unit is called “{value}”. Write its full name{near}.",
    ),
    "unknown_person": (
        "“{unit}”没有名为“{value}”的人员。请核对姓名{near}。",
        "Nobody called “{value}” belongs to {unit}. Check the name{near}.",
    ),
    "person_of_another_unit": (
        "“{value}”不属于“{unit}”，而属于“{near}”。请改正责任单位或责任人。",
        "{value} belongs to {near}, not to {unit}. Correct the unit or the person.",
    ),
    "several_persons": (
        "“{unit}”有多人名为“{value}”，请写作“姓名（登录名）”，如“{near}”。",
        "Several people of {unit} are called {value}; write name(login), for example {near}.",
    ),
    "several_units": (
        "有多个单位名为“{value}”，请管理员先区分其名称。",
        "Several units are called {value}; ask the administrator to tell their names apart.",
    ),
    "not_a_day": (
        "“{value}”不是完整的日期。请写作 2026年5月25日、2026-05-25 或 2026.5.25。",
        "“{value}” is no complete date. Write 2026-05-25, 2026.5.25 or 2026年5月25日.",
    ),
    "in_the_past": ("完成时限早于今天，请核对年份。", "This deadline lies before today; check the year."),
    "after_parent": (
        "晚于上级事项的完成时限（{near}）。请改为不晚于该日。",
        "This is after the deadline of the parent item ({near}). Name a day not later than that.",
    ),
    "same_as_row": (
        "与第 {value} 行的任务和责任单位相同，请删去一行或写清区别。",
        "Row {value} has the same task and unit; delete one or say how they differ.",
    ),
    "there_already": (
        "该任务和责任单位已是本事项的第 {value} 号子项，请删去此行。",
        "The same task and unit is child {value} of this item already; delete this row.",
    ),
}


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with one cell of one row, and what to do about it, in both languages."""

    row: int
    column: Column
    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class ChildRow:
    """A row as it was understood; ids are there only where the names were."""

    row: int
    task: str
    requirement: str
    unit_name: str
    unit_id: UUID | None
    person_name: str
    person_id: UUID | None
    due_text: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class UnderstoodTable:
    """All rows with their errors; to be made only if there is none."""

    rows: tuple[ChildRow, ...]
    problems: tuple[RowProblem, ...]
    ignored: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person who may be named as responsible."""

    id: UUID
    name: str
    login: str
    unit_id: UUID


@dataclass
class Directory:
    """Units and people by the names in which they are registered."""

    units: dict[UUID, str]
    people: Sequence[KnownPerson]
    _units: dict[str, list[UUID]] = field(init=False)
    _people: dict[str, list[KnownPerson]] = field(init=False)
    _staff: dict[UUID, list[str]] = field(init=False)
    _near: dict[tuple[UUID | None, str], tuple[str, ...]] = field(init=False)

    def __post_init__(self) -> None:
        self._units, self._people, self._staff, self._near = defaultdict(list), defaultdict(list), defaultdict(list), {}
        for unit_id, name in self.units.items():
            self._units[plain(name)].append(unit_id)
        for person in self.people:
            self._people[plain(person.name)].append(person)
            self._people[f"{plain(person.name)}({person.login})"].append(person)
            self._staff[person.unit_id].append(person.name)

    def units_called(self, name: str) -> list[UUID]:
        """The units of exactly this name."""
        return self._units.get(name, [])

    def people_called(self, name: str) -> list[KnownPerson]:
        """The people of exactly this name, or of this name with the login in brackets."""
        return self._people.get(name, [])

    def near_units(self, name: str) -> tuple[str, ...]:
        """Names of units like this one."""
        return self._nearest(None, name, self.units.values())

    def near_people(self, unit_id: UUID, name: str) -> tuple[str, ...]:
        """Names of people of that unit like this one."""
        return self._nearest(unit_id, name, self._staff.get(unit_id, ()))

    def _nearest(self, of: UUID | None, name: str, known: Iterable[str]) -> tuple[str, ...]:
        # The same wrong name usually stands in many rows.
        key = (of, name)
        if key not in self._near:
            self._near[key] = near(name, known)
        return self._near[key]


def understand(
    table: Table,
    directory: Directory,
    *,
    today: date,
    latest: date | None,
    present: dict[tuple[str, UUID], int],
) -> UnderstoodTable:
    """Every row as a child to be, and everything that is wrong with it.

    Args:
        table: the rows below the headings, none of the needed headings missing.
        directory: whom and what the rows may name.
        today: no deadline lies before it.
        latest: the last day of the parent's limit; no child's deadline lies after it.
        present: the parent's children so far: (task, unit) → number within the parent.
    """
    where = {column: at for at, column in reversed(meanings(table.headings).items())}
    problems: list[RowProblem] = []
    rows: list[ChildRow] = []
    seen: dict[tuple[str, UUID], int] = {}
    for row in table.rows:
        cells = {column: row.cells[at] if at < len(row.cells) else "" for column, at in where.items()}
        if not any(cells.values()) or str(cells[Column.TASK]).startswith(EXAMPLE):
            continue
        reader = _RowReader(row.number, cells, directory, problems)
        child = reader.child(today, latest)
        rows.append(child)
        if child.unit_id is None or not child.task:
            continue
        key = (plain(child.task), child.unit_id)
        if key in present:
            reader.wrong(Column.TASK, "there_already", value=present[key])
        elif key in seen:
            reader.wrong(Column.TASK, "same_as_row", value=seen[key])
        else:
            seen[key] = row.number
    known = meanings(table.headings)
    ignored = tuple(text for at, text in enumerate(table.headings) if text and at not in known)
    return UnderstoodTable(tuple(rows), tuple(problems), ignored)


class _RowReader:
    """One row: its cells by column, and the list that its errors go to."""

    def __init__(
        self, number: int, cells: dict[Column, Cell], directory: Directory, problems: list[RowProblem]
    ) -> None:
        self._number, self._cells, self._directory, self._problems = number, cells, directory, problems

    def wrong(self, column: Column, code: str, **params: object) -> None:
        zh, en = SENTENCES[code]
        self._problems.append(RowProblem(self._number, column, code, zh.format_map(params), en.format_map(params)))

    def child(self, today: date, latest: date | None) -> ChildRow:
        unit_name, unit_id = self._unit()
        person_name, person_id = self._person(unit_name, unit_id)
        due_text, due_on = self._due(today, latest)
        return ChildRow(
            self._number,
            self._text(Column.TASK, MAX_TASK),
            self._text(Column.REQUIREMENT, MAX_REQUIREMENT),
            unit_name,
            unit_id,
            person_name,
            person_id,
            due_text,
            due_on,
        )

    def _text(self, column: Column, most: int) -> str:
        cell = self._cells[column]
        text = cell if isinstance(cell, str) else cell.isoformat()
        if not text:
            self.wrong(column, "missing")
        elif text in _FORMULA_ERRORS:
            self.wrong(column, "formula_error", value=text)
        elif len(text) > most:
            self.wrong(column, "too_long", most=most)
        return text

    def _unit(self) -> tuple[str, UUID | None]:
        name = plain(self._text(Column.UNIT, MAX_TASK))
        if not name:
            return "", None
        found = self._directory.units_called(name)
        if len(found) == 1:
            return name, found[0]
        if found:
            self.wrong(Column.UNIT, "several_units", value=name)
        else:
            self._suggest(Column.UNIT, "unknown_unit", self._directory.near_units(name), value=name)
        return name, None

    def _person(self, unit_name: str, unit_id: UUID | None) -> tuple[str, UUID | None]:
        name = plain(self._text(Column.PERSON, MAX_TASK))
        if not name or unit_id is None:
            return name, None
        found = self._directory.people_called(name)
        own = [person for person in found if person.unit_id == unit_id]
        if len(own) == 1:
            return name, own[0].id
        if own:
            example = f"{own[0].name}({own[0].login})"
            self.wrong(Column.PERSON, "several_persons", value=name, unit=unit_name, near=example)
        elif found:
            theirs = self._directory.units.get(found[0].unit_id, "")
            self.wrong(Column.PERSON, "person_of_another_unit", value=name, unit=unit_name, near=theirs)
        else:
            people = self._directory.near_people(unit_id, name)
            self._suggest(Column.PERSON, "unknown_person", people, value=name, unit=unit_name)
        return name, None

    def _due(self, today: date, latest: date | None) -> tuple[str, date | None]:
        cell = self._cells[Column.DUE]
        if isinstance(cell, date):
            text, day = cell.isoformat(), cell
        else:
            text = self._text(Column.DUE, MAX_TASK)
            if not text:
                return "", None
            found = read_day(text)
            if found is None:
                self.wrong(Column.DUE, "not_a_day", value=text[:40])
                return text, None
            day = found
        if day < today:
            self.wrong(Column.DUE, "in_the_past")
        elif latest is not None and day > latest:
            self.wrong(Column.DUE, "after_parent", near=latest.isoformat())
        return text, day

    def _suggest(self, column: Column, code: str, names: tuple[str, ...], **params: object) -> None:
        zh, en = SENTENCES[code]
        like_zh = f"，相近的有：{'、'.join(names)}" if names else ""
        like_en = f"; did you mean {', '.join(names)}" if names else ""
        self._problems.append(
            RowProblem(
                self._number,
                column,
                code,
                zh.format_map({**params, "near": like_zh}),
                en.format_map({**params, "near": like_en}),
            )
        )
