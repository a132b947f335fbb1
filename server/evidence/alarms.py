"""Alarms that phones raise about the log: each phone checks that the log only ever grew as it was promised to.

An alarm is an act of the person whose phone saw it, so the log that it accuses must itself hold it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, ClassVar, Final, Literal
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter
from msgspec import Meta

from server.access.actor import Actor
from server.access.roles import Permission
from server.access.schemas import NamedView, named
from server.journal.events import Change, Event
from server.journal.work import unit_of_work
from server.kit import db
from server.kit.errors import IdReused
from server.kit.keyset import page, read_cursor
from server.kit.secrecy import refuse_state_secrets
from server.kit.structs import Input, View

AlarmKind = Literal["inconsistent", "key_changed", "promise_broken", "proof_wrong"]


class LogAlarmRaised(Event):
    """A phone saw the log do what an honest log never does."""

    KIND: ClassVar[str] = "log.alarm"
    SUBJECT: ClassVar[str] = "log_alarm"

    alarm: str
    device_id: UUID | None

    def changes(self) -> tuple[Change, ...]:
        """Alarms are not part of phones' feed."""
        return ()


class RaiseAlarm(Input):
    """What the phone saw; ``text`` holds what proves it: checkpoints as signed, leaf, promise."""

    id: UUID
    kind: AlarmKind
    text: Annotated[str, Meta(max_length=4000)]
    raised_at: Annotated[datetime, Meta(tz=True)]
    device_id: UUID | None


class LogAlarmView(View):
    """An alarm as it was raised."""

    id: UUID
    kind: AlarmKind
    text: str
    person: NamedView
    device: NamedView | None
    raised_at: datetime
    received_at: datetime


class LogAlarmList(View):
    """A page of alarms, the newest first."""

    alarms: list[LogAlarmView]
    next_cursor: str | None


_ROWS: Final = (
    "SELECT a.*, p.name AS person_name, d.name AS device_name FROM log_alarms a"
    " JOIN people p ON p.id = a.person_id LEFT JOIN devices d ON d.id = a.device_id"
)


async def raise_alarm(actor: Actor, cmd: RaiseAlarm) -> None:
    """Record an alarm; the same id again changes nothing. A phone that is not the person's own is left out.

    Raises:
        IdReused: another person raised one with this id. StateSecretRefused.
    """
    refuse_state_secrets(text=cmd.text)
    async with unit_of_work(actor, command_id=cmd.id) as work:
        device_id = await work.conn.fetchval(
            "SELECT id FROM devices WHERE id = $1 AND person_id = $2", cmd.device_id, actor.person_id
        )
        made = await work.conn.fetchval(
            "INSERT INTO log_alarms (id, org_id, person_id, device_id, kind, text, raised_at, received_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING id",
            cmd.id,
            actor.org_id,
            actor.person_id,
            device_id,
            cmd.kind.upper(),
            cmd.text.replace("\0", ""),  # no text of PostgreSQL's
            cmd.raised_at,
            work.at,
        )
        if made is not None:
            work.record(LogAlarmRaised(subject_id=cmd.id, alarm=cmd.kind.upper(), device_id=device_id))
        elif not await work.conn.fetchval(
            "SELECT true FROM log_alarms WHERE id = $1 AND person_id = $2", cmd.id, actor.person_id
        ):
            raise IdReused


async def alarms(actor: Actor, cursor: str | None, limit: int) -> LogAlarmList:
    """The organisation's alarms, the newest first."""
    at, last = read_cursor(cursor, datetime)
    rows = await db.fetch(
        f"{_ROWS} WHERE a.org_id = $1 AND ($2::timestamptz IS NULL OR (a.received_at, a.id) < ($2, $3::uuid))"
        " ORDER BY a.received_at DESC, a.id DESC LIMIT $4",
        actor.org_id,
        at,
        last,
        limit + 1,
    )
    shown, after = page(list(rows), limit, "received_at")
    return LogAlarmList(alarms=[_view(row) for row in shown], next_cursor=after)


def _view(row: Any) -> LogAlarmView:
    return LogAlarmView(
        id=row["id"],
        kind=row["kind"].lower(),
        text=row["text"],
        person=NamedView(id=row["person_id"], name=row["person_name"]),
        device=named(row["device_id"], row["device_name"]),
        raised_at=row["raised_at"],
        received_at=row["received_at"],
    )


@post("/log/alarms", opt={"permission": Permission.SELF})
async def post_alarm(data: JSONBody[RaiseAlarm], actor: NamedDependency[Actor]) -> LogAlarmView:
    """Raise an alarm about the log."""
    await raise_alarm(actor, data)
    return _view(await db.fetch_one(f"{_ROWS} WHERE a.id = $1", data.id))


@get("/log/alarms", opt={"permission": Permission.ALARM_READ})
async def list_alarms(
    actor: NamedDependency[Actor],
    cursor: Annotated[str | None, QueryParameter()] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=100)] = 50,
) -> LogAlarmList:
    """What phones saw the log do, for those who must look into it."""
    return await alarms(actor, cursor, limit)


router = Router("/", route_handlers=[post_alarm, list_alarms])
