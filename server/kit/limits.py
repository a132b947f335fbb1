"""How long something may take: so many working days, days or hours, which are never mixed. Pure.

Rule packs say limits and calendars count them, without knowing each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

LONGEST: Final = 3660
"""No limit is longer than ten years of days; a longer one is a slip of the finger."""


class LimitUnit(StrEnum):
    """工作日, 日, 小时: three units that are never mixed."""

    WORKING_DAYS = "WORKING_DAYS"
    DAYS = "DAYS"
    HOURS = "HOURS"


LIMIT_UNIT_NAMES: Final[dict[LimitUnit, tuple[str, str]]] = {
    LimitUnit.WORKING_DAYS: ("个工作日", "working days"),
    LimitUnit.DAYS: ("日", "days"),
    LimitUnit.HOURS: ("小时", "hours"),
}


@dataclass(frozen=True, slots=True)
class Limit:
    """So many of a unit; 0 means at once (即送即阅)."""

    n: int
    unit: LimitUnit

    def __post_init__(self) -> None:
        if not 0 <= self.n <= LONGEST:
            raise ValueError(f"a limit of {self.n} is none")

    def words(self) -> str:
        """For example 7 个工作日."""
        return "立即" if self.n == 0 else f"{self.n} {LIMIT_UNIT_NAMES[self.unit][0]}"

    def words_en(self) -> str:
        """For example 7 working days."""
        name = LIMIT_UNIT_NAMES[self.unit][1]
        return "at once" if self.n == 0 else f"{self.n} {name.removesuffix('s') if self.n == 1 else name}"
