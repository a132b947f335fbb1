"""Rules of planning that need neither database nor clock: dates as people write them, schedules planned backwards
from a deadline (倒排工期), where a plan stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from server.items.lifecycle import ItemState

# Parent, child, grandchild, great-grandchild: 省、市、县、乡 break a goal down no further.
MAX_LEVELS: Final = 4

DONE_STATES: Final = frozenset(
    {ItemState.CLOSED, ItemState.REPORTED_BACK, ItemState.CANCELLED_FROM_LEDGER, ItemState.ARCHIVED}
)
# They neither wait nor are done: no unit owes them any more, so they are left out of the share.
VOID_STATES: Final = frozenset({ItemState.NOT_ESTABLISHED, ItemState.TERMINATED, ItemState.MERGED})
# From feedback on the parent's own result stands; before that it may still be broken down.
DECOMPOSABLE: Final = frozenset(
    {
        ItemState.REGISTERED,
        ItemState.PROPOSED,
        ItemState.UNDER_APPROVAL,
        ItemState.ESTABLISHED,
        ItemState.METHOD_CONFIRMED,
        ItemState.ASSIGNED,
        ItemState.IN_PROGRESS,
    }
)

_DATE = re.compile(
    r"(?P<y>\d{4})\s*(?:年|[-./])\s*(?P<m>\d{1,2})\s*(?:月|[-./])\s*(?P<d>\d{1,2})\s*[日号]?"
    r"(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?|(?P<y8>\d{4})(?P<m8>\d{2})(?P<d8>\d{2})"
)


def plain(text: str) -> str:
    """A name in one spelling: full-width letters and digits become ordinary ones, blanks are single."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def read_day(text: str) -> date | None:
    """A day as it is written: 2026年5月25日, 2026-05-25, 2026.5.25, 2026/5/25, 20260525; ``None`` for anything else."""
    match = _DATE.fullmatch(plain(text))
    if match is None:
        return None
    year, month, day = (int(match[one] or match[f"{one}8"]) for one in ("y", "m", "d"))
    try:
        return date(year, month, day)
    except ValueError:
        return None


def near(name: str, known: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """Names like this one, the nearest first: by shared pairs of letters (Dice), or one inside the other."""
    own = _pairs(name)
    found = [(score, other) for other in known if (score := _likeness(name, own, other)) >= 0.34]
    found.sort(key=lambda one: (-one[0], one[1]))
    return tuple(other for _, other in found[:most])


def _pairs(name: str) -> frozenset[str]:
    return frozenset(name[i : i + 2] for i in range(len(name) - 1)) or frozenset(name)


def _likeness(name: str, own: frozenset[str], other: str) -> float:
    theirs = _pairs(other)
    score = 2 * len(own & theirs) / (len(own) + len(theirs)) if own and theirs else 0.0
    # 住建局 is meant for 住房和城乡建设局: short names are made of letters of the long ones, in their order.
    if len(name) >= 2 and _in_order(name, other):
        return max(score, 0.6)
    return score


def _in_order(short: str, long: str) -> bool:
    letters = iter(long)
    return all(letter in letters for letter in short)


class Standing(StrEnum):
    """Where a milestone, or the plan of an item, stands; computed on every reading, stored nowhere."""

    DONE = "DONE"
    DONE_LATE = "DONE_LATE"
    ON_PLAN = "ON_PLAN"
    BEHIND = "BEHIND"
    LATE = "LATE"


STANDING_NAMES: Final[dict[Standing, tuple[str, str]]] = {
    Standing.DONE: ("已完成", "Done"),
    Standing.DONE_LATE: ("已完成（晚于计划）", "Done, later than planned"),
    Standing.ON_PLAN: ("按计划", "On plan"),
    Standing.BEHIND: ("进度滞后", "Behind"),
    Standing.LATE: ("已逾期", "Late"),
}


def milestone_standing(planned_on: date, done_on: date | None, today: date) -> Standing:
    """A milestone is behind from the day after the planned one."""
    if done_on is not None:
        return Standing.DONE if done_on <= planned_on else Standing.DONE_LATE
    return Standing.BEHIND if planned_on < today else Standing.ON_PLAN


def plan_standing(
    state: ItemState, due_on: date | None, milestones: Sequence[tuple[date, date | None]], today: date
) -> Standing:
    """The plan of an item: late past its deadline, behind when a milestone is, on plan otherwise.

    Args:
        state: the item's state; from CLOSED on nothing is late any more.
        due_on: last day of the item's limit, if it has one.
        milestones: (planned, done or ``None``) of each.
        today: the office's day.
    """
    if state in DONE_STATES or state in VOID_STATES:
        return Standing.DONE
    if due_on is not None and due_on < today:
        return Standing.LATE
    if any(milestone_standing(planned, done, today) is Standing.BEHIND for planned, done in milestones):
        return Standing.BEHIND
    return Standing.ON_PLAN


@dataclass(frozen=True, slots=True)
class BackwardStep:
    """A milestone to be: at a share of the whole time, or so many days before the deadline (one of the two)."""

    name: str
    percent: int | None = None
    days_before: int | None = None


def backward(
    begins: date, due: date, steps: Sequence[BackwardStep], is_working_day: Callable[[date], bool] | None
) -> list[date]:
    """The days of a schedule planned backwards from the deadline (倒排工期, R26), in the order of the steps.

    With a calendar, ``days_before`` counts working days, and a day of rest becomes the working day before it; so no
    milestone falls after the deadline or on a day when nobody works. None lies before the beginning.
    """
    span = max(0, (due - begins).days)
    planned = []
    for step in steps:
        if step.days_before is not None:
            day = _days_back(due, step.days_before, is_working_day)
        else:
            day = due - timedelta(days=span - round(span * (step.percent or 0) / 100))
        planned.append(max(begins, _not_resting(day, begins, is_working_day)))
    return planned


def _days_back(due: date, days: int, is_working_day: Callable[[date], bool] | None) -> date:
    if is_working_day is None:
        return due - timedelta(days=days)
    day = due
    for _ in range(days):
        day -= timedelta(days=1)
        while not is_working_day(day):
            day -= timedelta(days=1)
    return day


def _not_resting(day: date, begins: date, is_working_day: Callable[[date], bool] | None) -> date:
    if is_working_day is None:
        return day
    resting = day
    while resting > begins and not is_working_day(resting):
        resting -= timedelta(days=1)
    return resting if is_working_day(resting) else day
