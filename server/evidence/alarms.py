"""Alarms that phones raise about the log, and the list of all alarms for those who must look into them.

Each phone checks that the log only ever grew as it was promised to. An alarm is an act of the person whose phone saw
it, so the log that it accuses must itself hold it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Literal, get_args
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter
from msgspec import Meta

from server.access.actor import Actor
from server.access.roles import Permission
from server.access.schemas import NamedView, named
from server.evidence.errors import TooManyAlarms
from server.evidence.hearing import alarm_kept_from
from server.journal.work import unit_of_work
from server.kit import db
from server.kit.errors import IdReused
from server.kit.keyset import page, read_cursor
from server.kit.secrecy import refuse_state_secrets
from server.kit.structs import Input, View
from server.tlog.alarms import Alarm, sound
from server.visits.scope import visible_to

AlarmKind = Literal["inconsistent", "key_changed", "promise_broken", "proof_wrong"]
AnyAlarmKind = Literal[
    "inconsistent",
    "key_changed",
    "promise_broken",
    "proof_wrong",
    "chain_fork",
    "original_differs",
    "split_view",
    "log_broken",
    "log_stuck",
    "act_missing",
]


_OF_PHONES: Final = [kind.upper() for kind in get_args(AlarmKind)]
# Of one person, whatever phones. One that lacks hundreds of promised leaves tells of the others the next day.
MOST_A_DAY: Final = 200


class RaiseAlarm(Input):
    """What the phone saw; ``text`` holds what proves it: checkpoints as signed, leaf, promise."""

    id: UUID
    kind: AlarmKind
    text: Annotated[str, Meta(max_length=4000)]
    raised_at: Annotated[datetime, Meta(tz=True)]
    device_id: UUID | None


class LogAlarmView(View):
    """An alarm as it was raised: ``person`` by whom or whose phone it concerns, empty where the installation found it.

    ``capture_id`` names the evidence only for who may see that.
    """

    id: UUID
    kind: AnyAlarmKind
    text: str
    person: NamedView | None
    device: NamedView | None
    capture_id: UUID | None
    witness: str | None
    raised_at: datetime
    received_at: datetime


class LogAlarmList(View):
    """A page of alarms, the newest first."""

    alarms: list[LogAlarmView]
    next_cursor: str | None


async def raise_alarm(actor: Actor, cmd: RaiseAlarm) -> None:
    """Record an alarm; the same id again changes nothing. A phone that is not the person's own is left out.

    Raises:
        IdReused: another person raised one with this id. StateSecretRefused.
        TooManyAlarms: as many as are taken in a day.
    """
    refuse_state_secrets(text=cmd.text)
    async with unit_of_work(actor, command_id=cmd.id) as work:
        raised = await work.conn.fetchval(
            "SELECT count(*) FROM log_alarms WHERE person_id = $1 AND received_at > $2 AND kind = ANY($3) AND id <> $4",
            actor.person_id,
            work.at - timedelta(days=1),
            _OF_PHONES,
            cmd.id,
        )
        if raised >= MOST_A_DAY:
            raise TooManyAlarms(params={"most": MOST_A_DAY, "retry": True}, headers={"Retry-After": "3600"})
        device_id = await work.conn.fetchval(
            "SELECT id FROM devices WHERE id = $1 AND person_id = $2", cmd.device_id, actor.person_id
        )
        alarm = Alarm(cmd.kind.upper(), cmd.text, actor.person_id, device_id, raised_at=cmd.raised_at, id=cmd.id)
        if not await sound(work, alarm) and not await work.conn.fetchval(
            "SELECT true FROM log_alarms WHERE id = $1 AND person_id = $2 AND kind = ANY($3)",
            cmd.id,
            actor.person_id,
            _OF_PHONES,
        ):
            raise IdReused


def _rows(actor: Actor, first: int) -> tuple[str, list[Any]]:
    visible, args = visible_to(actor, first)
    return (
        "SELECT a.*, p.name AS person_name, d.name AS device_name, seen.id AS seen_capture FROM log_alarms a"
        " LEFT JOIN people p ON p.id = a.person_id LEFT JOIN devices d ON d.id = a.device_id"
        " LEFT JOIN LATERAL (SELECT c.id FROM captures c JOIN visits v ON v.id = c.visit_id"
        f" WHERE c.id = a.capture_id AND {visible}) seen ON true",
        args,
    )


async def alarms(actor: Actor, cursor: str | None, limit: int) -> LogAlarmList:
    """The organisation's alarms, the newest first; none about a visit that is to be kept from this person."""
    at, last = read_cursor(cursor, datetime)
    rows, args = _rows(actor, 6)
    found = await db.fetch(
        f"{rows} WHERE a.org_id = $1 AND ($2::timestamptz IS NULL OR (a.received_at, a.id) < ($2, $3::uuid))"
        f" AND NOT {alarm_kept_from('$5::uuid')} ORDER BY a.received_at DESC, a.id DESC LIMIT $4",
        actor.org_id,
        at,
        last,
        limit + 1,
        actor.person_id,
        *args,
    )
    shown, after = page(list(found), limit, "received_at")
    return LogAlarmList(alarms=[_view(row) for row in shown], next_cursor=after)


def _view(row: Any) -> LogAlarmView:
    return LogAlarmView(
        id=row["id"],
        kind=row["kind"].lower(),
        text=row["text"],
        person=named(row["person_id"], row["person_name"]),
        device=named(row["device_id"], row["device_name"]),
        capture_id=row["seen_capture"],
        witness=row["witness"] or None,
        raised_at=row["raised_at"],
        received_at=row["received_at"],
    )


@post("/log/alarms", opt={"permission": Permission.SELF})
async def post_alarm(data: JSONBody[RaiseAlarm], actor: NamedDependency[Actor]) -> LogAlarmView:
    """Raise an alarm about the log."""
    await raise_alarm(actor, data)
    rows, args = _rows(actor, 2)
    return _view(await db.fetch_one(f"{rows} WHERE a.id = $1", data.id, *args))


@get("/log/alarms", opt={"permission": Permission.ALARM_READ})
async def list_alarms(
    actor: NamedDependency[Actor],
    cursor: Annotated[str | None, QueryParameter()] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=100)] = 50,
) -> LogAlarmList:
    """What was found that an honest log, phone or store never does, for those who must look into it."""
    return await alarms(actor, cursor, limit)


router = Router("/", route_handlers=[post_alarm, list_alarms])
