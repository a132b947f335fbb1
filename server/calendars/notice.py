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
    """Days off from one day to another, both included, as they were typed, with the name of the holiday."""

    first: str
    last: str
    name: str = ""


def read_notice(
    year: int, version: int, region: str, source: str, off: Sequence[OffRange], work: Sequence[str]
) -> YearRules:
    """The rules of a year from its notice.

    Raises:
        CalendarProblems: names every line that cannot be right.
    """
    problems: list[FieldProblem] = []
    rows: list[dict[str, str]] = []

    def wrong(field: str, code: str, zh: str, en: str) -> None:
        problems.append(FieldProblem(field=field, code=code, detail=en))
        rows.append({"field": field, "code": code, "zh": zh, "en": en})

    def day_of(text: str, where: str) -> date | None:
        try:
            return date.fromisoformat(text.strip())
        except ValueError:
            wrong(
                where,
                "no_date",
                f"“{text[:20]}”不是日期，应写作 2026-05-01。",
                f"“{text[:20]}” is no date (2026-05-01).",
            )
            return None

    if not source.strip():
        wrong("source", "source_missing", "请写明依据的通知。", "Name the notice that this comes from.")
    if not off and not region:
        wrong("off", "nothing_off", "没有任何放假日。", "There is no day off at all.")
    names: dict[date, str] = {}
    seen: dict[date, int] = {}
    for n, one in enumerate(off):
        where = f"off[{n}]"
        first, last = day_of(one.first, where), day_of(one.last, where)
        if first is None or last is None:
            continue
        if last < first:
            wrong(where, "ends_before_start", f"{first} 至 {last}：止早于起。", "The range ends before it begins.")
            continue
        if (last - first).days >= MOST_OFF:
            wrong(where, "too_long", f"{first} 至 {last} 过长。", "No holiday is that long.")
            continue
        if first.year != year or last.year != year:
            wrong(where, "wrong_year", f"{first} 至 {last} 不在 {year} 年内。", f"Not within {year}.")
        days = [first + timedelta(days=k) for k in range((last - first).days + 1)]
        clash = sorted({seen[day] for day in days if day in seen})
        if clash:
            others = "、".join(f"第 {index + 1} 行" for index in clash)
            numbers = ", ".join(str(index + 1) for index in clash)
            wrong(where, "overlapping", f"与{others}的放假日重叠。", f"Overlaps row {numbers} of the days off.")
        for day in days:
            seen.setdefault(day, n)
            names[day] = one.name.strip()
    exchanged: set[date] = set()
    for n, text in enumerate(work):
        where = f"work[{n}]"
        on = day_of(text, where)
        if on is None:
            continue
        if on.year != year:
            wrong(where, "wrong_year", f"{on} 不在 {year} 年内。", f"{on} is not within {year}.")
        if on in seen:
            row = seen[on] + 1
            wrong(where, "off_and_work", f"{on} 已列为放假日（第 {row} 行）。", f"{on} is off by row {row}.")
        elif on.weekday() < 5:
            wrong(
                where,
                "weekday",
                f"{on} 本来就是工作日（{_weekday(on)}），调休上班日应在周末。",
                f"{on} is a weekday already; an exchanged working day falls on a weekend.",
            )
        if on in exchanged:
            wrong(where, "twice", f"{on} 写了两次，只留一处。", f"{on} is given twice; keep one.")
        exchanged.add(on)
    if len(seen) > MOST_OFF:
        wrong("off", "too_many", f"全年放假 {len(seen)} 天，请核对。", f"{len(seen)} days off in a year; check them.")
    if problems:
        raise CalendarProblems(params={"problems": rows}, errors=tuple(problems))
    return YearRules(
        year=year,
        version=version,
        off=frozenset(seen),
        work=frozenset(exchanged),
        region=region.strip(),
        source=source.strip(),
        names={day: name for day, name in names.items() if name},
    )


def _weekday(day: date) -> str:
    return "周" + "一二三四五六日"[day.weekday()]
