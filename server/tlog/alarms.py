"""Alarms: something that an honest log, phone or store never does. Recorded once, in the log that it may accuse.

Phones raise some (``server.evidence.alarms``), others are found here: a witness that saw another log, a tree that is
not the one that was signed, a chain that forked, an original that is no longer what was signed. All of them reach the
people who hold ``alarm.read`` (``server.push``); what they are about is told on the desk, to whom may see it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar, Final
from uuid import UUID

from server.access.actor import system_actor
from server.journal.events import Untold
from server.journal.work import UnitOfWork, unit_of_work
from server.kit import clock, db
from server.kit.ids import new_id

_AGAIN: Final = timedelta(days=1)


class LogAlarmRaised(Untold):
    """An alarm was raised, by a phone or by the installation itself."""

    KIND: ClassVar[str] = "log.alarm"
    SUBJECT: ClassVar[str] = "log_alarm"

    alarm: str
    device_id: UUID | None


@dataclass(frozen=True, slots=True)
class Alarm:
    """What was found; ``kind`` as the database spells it, ``text`` holds what proves it.

    ``person_id`` is who raised it, or whose phone it concerns.
    """

    kind: str
    text: str
    person_id: UUID | None = None
    device_id: UUID | None = None
    capture_id: UUID | None = None
    witness: str = ""
    raised_at: datetime | None = None
    id: UUID = field(default_factory=new_id)


async def sound(work: UnitOfWork, alarm: Alarm, *, found_here: bool = False) -> bool:
    """Record an alarm; whether it is new.

    Args:
        found_here: it is the installation's own act, not that of whoever is at work, who would not be told of it.
    """
    made = await work.conn.fetchval(
        "INSERT INTO log_alarms (id, org_id, person_id, device_id, capture_id, witness, kind, text, raised_at,"
        " received_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING RETURNING id",
        alarm.id,
        work.actor.org_id,
        alarm.person_id,
        alarm.device_id,
        alarm.capture_id,
        alarm.witness,
        alarm.kind,
        alarm.text.replace("\0", ""),  # no text of PostgreSQL's
        alarm.raised_at or work.at,
        work.at,
    )
    if made is not None:
        work.record(
            LogAlarmRaised(subject_id=alarm.id, alarm=alarm.kind, device_id=alarm.device_id),
            by=system_actor(work.actor.org_id) if found_here else None,
        )
    return made is not None


async def sound_everywhere(kind: str, text: str, *, witness: str = "", org_id: UUID | None = None) -> None:
    """Record an alarm about the log itself, which is every organisation's; what lasts is told again each day.

    Args:
        org_id: where only one organisation is concerned.
    """
    for org in await db.fetch("SELECT id FROM organisations WHERE $1::uuid IS NULL OR id = $1 ORDER BY id", org_id):
        async with unit_of_work(system_actor(org["id"])) as work:
            # Of two workers that find it at once, the second finds it told.
            await work.conn.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"alarm {org['id']}")
            told = await work.conn.fetchval(
                "SELECT EXISTS (SELECT 1 FROM log_alarms WHERE org_id = $1 AND kind = $2 AND witness = $3"
                " AND received_at > $4)",
                org["id"],
                kind,
                witness,
                clock.now() - _AGAIN,
            )
            if not told:
                await sound(work, Alarm(kind, text, witness=witness))
