"""Who is away today, and whether that is too long for what lies on the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from server.circulation.limits import away_days
from server.circulation.rules import Away, away_on, too_long_away
from server.kit import clock, db

# No chain of absences that follow on each other is longer.
_LOOK_BACK: Final = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Absent:
    """The absences of today by person, and those of them that are too long for what lies on the desk."""

    away: dict[UUID, Away]
    to_reroute: frozenset[UUID]
    away_days: int | None
    pack: str


async def absent_today(org_id: UUID) -> Absent:
    """Who is away today; the number of days comes from the rule pack (R42)."""
    today = clock.today()
    days, pack = await away_days(org_id)
    rows = await db.fetch(
        "SELECT person_id, from_on, to_on FROM absences WHERE org_id = $1 AND cancelled_at IS NULL AND to_on >= $2",
        org_id,
        today - _LOOK_BACK,
    )
    marked: dict[UUID, list[Away]] = {}
    for row in rows:
        marked.setdefault(row["person_id"], []).append(Away(row["from_on"], row["to_on"]))
    away = {person: found for person, all_of in marked.items() if (found := away_on(today, all_of)) is not None}
    return Absent(
        away,
        frozenset(person for person, one in away.items() if too_long_away(one, days)),
        days,
        pack,
    )
