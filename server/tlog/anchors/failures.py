"""Attempts at outside bodies that came to nothing: counted, shown, and the reason for waiting before the next one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from server.kit import clock, db
from server.kit.ids import new_id

Party = Literal["tsa", "witness"]

_LONGEST: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Failures:
    """How many attempts failed since the last success, when the last one did, and why."""

    count: int
    last_at: datetime
    code: str
    detail: str

    @property
    def again_at(self) -> datetime:
        """When the next attempt is due: after one minute, two, four …, at most a quarter of an hour."""
        return self.last_at + min(timedelta(minutes=2 ** min(self.count - 1, 8)), _LONGEST)


async def failed(conn: db.Connection, party: Party, name: str, code: str, detail: str) -> None:
    """Note a failed attempt."""
    await conn.execute(
        "INSERT INTO log_outside_failures (id, party, name, code, detail, at) VALUES ($1, $2, $3, $4, $5, $6)",
        new_id(),
        party,
        name,
        code,
        detail,
        clock.now(),
    )


async def failures_since(conn: db.Connection, party: Party, name: str, success: datetime | None) -> Failures | None:
    """The failed attempts since the last success; ``None`` when there is none."""
    row = await conn.fetchrow(
        "SELECT count(*) OVER () AS n, at, code, detail FROM log_outside_failures"
        " WHERE party = $1 AND name = $2 AND at > coalesce($3::timestamptz, '-infinity')"
        " ORDER BY at DESC, id DESC LIMIT 1",
        party,
        name,
        success,
    )
    return None if row is None else Failures(row["n"], row["at"], row["code"], row["detail"])
