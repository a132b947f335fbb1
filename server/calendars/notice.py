"""Reading the notice of a year (放假安排): every problem at once, each with its line of the input. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from server.calendars.errors import CalendarProblems
from server.calendars.rules import YearRules
from server.kit.errors import FieldProblem

MOST_OFF: Final = 60
"""More days off than this in one year is a mistake in the input and not a notice."""


@dataclass(frozen=True, slots=True)
class OffRange:
    """Days off from one day to another, both included, with the name of the holiday."""

    first: date
    last: date
    name: str = ""

    def days(self) -> list[date]:
        """Every day of the range."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]


def read_notice(
    year: int, version: int, region: str, source: str, off: Sequence[OffRange], work: Sequence[date]
) -> YearRules:
    """The rules of a year from its notice.

    Raises:
        CalendarProblems: names every line that cannot be right.
    """
    problems: list[FieldProblem] = []

    def wrong(field: str, code: str, zh: str, en: str) -> None:
        problems.append(FieldProblem(field=field, code=code, detail=f"{zh} / {en}"))

    if not source.strip():
        wrong("source", "source_missing", "请写明依据的通知。", "Name the notice that this comes from.")
    if not off and not region:
        wrong("off", "nothing_off", "没有任何放假日。", "There is no day off at all.")
    names: dict[date, str] = {}
    seen: dict[date, int] = {}
    for n, one in enumerate(off):
        where = f"off[{n}]"
        if one.last < one.first:
            wrong(
                where, "ends_before_start", f"{one.first} 至 {one.last}:止早于起。", "The range ends before it begins."
            )
            continue
        if (one.last - one.first).days >= MOST_OFF:
            wrong(where, "too_long", f"{one.first} 至 {one.last} 过长。", "No holiday is that long.")
            continue
        if one.first.year != year or one.last.year != year:
            wrong(where, "wrong_year", f"{one.first} 至 {one.last} 不在 {year} 年内。", f"Not within {year}.")
        clash = sorted({seen[day] for day in one.days() if day in seen})
        if clash:
            others = "、".join(f"第 {index + 1} 行" for index in clash)
            rows = ", ".join(str(index + 1) for index in clash)
            wrong(where, "overlapping", f"与{others}的放假日重叠。", f"Overlaps row {rows} of the days off.")
        for day in one.days():
            seen.setdefault(day, n)
            names[day] = one.name
    for n, day in enumerate(work):
        where = f"work[{n}]"
        if day.year != year:
            wrong(where, "wrong_year", f"{day} 不在 {year} 年内。", f"{day} is not within {year}.")
        if day in seen:
            row = seen[day] + 1
            wrong(where, "off_and_work", f"{day} 已列为放假日(第 {row} 行)。", f"{day} is off by row {row}.")
        elif day.weekday() < 5:
            wrong(
                where,
                "weekday",
                f"{day} 本来就是工作日({_weekday(day)}),调休上班日应在周末。",
                f"{day} is a weekday already; an exchanged working day falls on a weekend.",
            )
        if work.index(day) != n:
            wrong(where, "twice", f"{day} 重复。", f"{day} is given twice.")
    if len(seen) > MOST_OFF:
        wrong("off", "too_many", f"全年放假 {len(seen)} 天,请核对。", f"{len(seen)} days off in a year; check them.")
    if problems:
        raise CalendarProblems(errors=tuple(problems))
    return YearRules(
        year=year,
        version=version,
        off=frozenset(seen),
        work=frozenset(work),
        region=region.strip(),
        source=source.strip(),
        names={day: name for day, name in names.items() if name},
    )


def _weekday(day: date) -> str:
    return "周" + "一二三四五六日"[day.weekday()]
