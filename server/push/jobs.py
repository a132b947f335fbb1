"""From an entry of the journal to the pockets of those concerned: first the inbox, then each browser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
import structlog

from server.access import contacts_queries
from server.access.account_events import (
    AccountClosed,
    OfficerRecovered,
    PersonChangeAsked,
    PersonChanged,
    RoleAsked,
    UnitChangeAsked,
)
from server.access.actor import system_actor
from server.access.roles import ROLE_PERMISSIONS, Permission
from server.circulation.events import DeskReminded
from server.departures.queries import anything
from server.evidence.events import CaptureReviewed, QueryAnswered, QueryAsked
from server.evidence.hearing import may_hear
from server.intake.events import MatterReminded
from server.items.events import ItemFeedbackGiven
from server.items.timing_events import ExtensionGranted, ExtensionRefused, ExtensionRequested
from server.journal.events import Event
from server.journal.work import UnitOfWork, unit_of_work
from server.kit import clock, db, jobs
from server.kit.errors import DomainError
from server.kit.ids import new_id
from server.kit.jobs import Handler, Job, Task, TryAgain
from server.push.delivery import Outcome, Target, push_service
from server.push.events import NoticeGiven, SubscriptionLapsed
from server.slips.events import ContributionGiven, RefusalDecided, SlipIssued, SlipRefused, SlipWithdrawn
from server.tlog.alarms import LogAlarmRaised
from server.visits.events import TeamLocked

log = structlog.get_logger(__name__)

NOTIFY: Final = Job("notify", attempts=12, concurrency=4)
# Retried for as long as the notice is worth it (see _WORTH_IT), not for a number of times.
DELIVER: Final = Job("deliver_push", attempts=1000, first_pause=timedelta(seconds=5), concurrency=4)

_WORTH_IT: Final = timedelta(hours=6)
# A phone that finds the log broken may find it a hundred times: one notice of a sort while the last lies unread.
_ONE_ALARM: Final = timedelta(days=1)
_ALARM_SORTS: Final = {"CHAIN_FORK": "alarm_fork", "ORIGINAL_DIFFERS": "alarm_original"}
_ALARM_READERS: Final = [role.value for role, may in ROLE_PERMISSIONS.items() if Permission.ALARM_READ in may]
_CONFIRMING: Final = [role.value for role, may in ROLE_PERMISSIONS.items() if Permission.ROLE_CONFIRM in may]

ON_EVENT: Final[dict[type[Event], tuple[Job, ...]]] = {
    TeamLocked: (NOTIFY,),
    QueryAsked: (NOTIFY,),
    QueryAnswered: (NOTIFY,),
    CaptureReviewed: (NOTIFY,),
    SlipIssued: (NOTIFY,),
    SlipWithdrawn: (NOTIFY,),
    SlipRefused: (NOTIFY,),
    RefusalDecided: (NOTIFY,),
    ContributionGiven: (NOTIFY,),
    DeskReminded: (NOTIFY,),
    ItemFeedbackGiven: (NOTIFY,),
    MatterReminded: (NOTIFY,),
    ExtensionRequested: (NOTIFY,),
    ExtensionGranted: (NOTIFY,),
    ExtensionRefused: (NOTIFY,),
    LogAlarmRaised: (NOTIFY,),
    RoleAsked: (NOTIFY,),
    PersonChangeAsked: (NOTIFY,),
    UnitChangeAsked: (NOTIFY,),
    OfficerRecovered: (NOTIFY,),
    AccountClosed: (NOTIFY,),
    PersonChanged: (NOTIFY,),
}

# A phone that was reported lost lies in a stranger's hand; that it lights up would already tell him something.
_IN_OWN_HANDS: Final = (
    "NOT EXISTS (SELECT 1 FROM devices d WHERE d.id = s.device_id"
    " AND (d.revocation_asked_at IS NOT NULL OR d.revoked_at IS NOT NULL))"
)


@dataclass(frozen=True, slots=True)
class _Telling:
    """Who is told of an entry, as what, and where to look."""

    kind: str
    subject_kind: str
    subject_id: UUID
    people: tuple[UUID, ...]


async def notify(task: Task) -> None:
    """Put a notice into the inbox of everybody whom an entry concerns; once, however often this runs."""
    entry = await db.fetch_one(
        "SELECT id, org_id, kind, subject_id, actor_id, data FROM journal_entries WHERE id = $1 AND org_id = $2",
        task.entry_id,
        task.org_id,
    )
    if entry is None:
        return
    telling = await _telling(entry)
    if telling is None:
        return
    async with unit_of_work(system_actor(task.org_id)) as work:
        for person_id in telling.people:
            if person_id != entry["actor_id"]:  # nobody is told of what they did themselves
                await _give(work, task, telling, person_id)


async def _telling(entry: Any) -> _Telling | None:
    subject_id, data = entry["subject_id"], msgspec.json.decode(entry["data"])
    match entry["kind"]:
        case TeamLocked.KIND:
            return _Telling("assignment", "visit", subject_id, tuple(UUID(one) for one in data["team"]))
        case QueryAsked.KIND:
            return _Telling("query", "capture", UUID(data["capture_id"]), await _author(UUID(data["capture_id"])))
        case CaptureReviewed.KIND:
            return _Telling("review", "capture", subject_id, await _author(subject_id))
        case QueryAnswered.KIND:
            asker = await db.fetch_value("SELECT asked_by FROM queries WHERE id = $1", subject_id)
            return _Telling("answer", "capture", UUID(data["capture_id"]), (asker,) if asker else ())
        case SlipIssued.KIND:
            return _Telling("slip", "slip", subject_id, await _liaisons(*data["units"]))
        case SlipWithdrawn.KIND:
            return _Telling("slip_withdrawn", "slip", subject_id, await _liaisons(*data["units"]))
        case SlipRefused.KIND:
            return _Telling("slip_refused", "slip", subject_id, await _leaders(entry["org_id"]))
        case RefusalDecided.KIND:
            return _Telling("slip_decided", "slip", subject_id, await _liaisons(data["unit_id"]))
        case ContributionGiven.KIND:
            return _Telling("contribution", "item", subject_id, await _liaisons(data["lead_unit_id"]))
        case DeskReminded.KIND:
            return _Telling("desk_late", "circulation", subject_id, await _holders(entry["org_id"], "REG", "OFFICE"))
        case ItemFeedbackGiven.KIND:
            return _Telling("item_feedback", "item", subject_id, tuple(UUID(one) for one in data["people"]))
        case MatterReminded.KIND:
            return _Telling("intake_late", "intake", subject_id, await _holders(entry["org_id"], "REG", "OFFICE"))
        case ExtensionRequested.KIND:
            return _Telling("extension", "item", subject_id, await _deciders(UUID(data["extension_id"])))
        case ExtensionGranted.KIND | ExtensionRefused.KIND:
            return _Telling("extension_decided", "item", subject_id, await _asker(UUID(data["extension_id"])))
        case LogAlarmRaised.KIND:
            sort = _ALARM_SORTS.get(data["alarm"], "alarm_log")
            people = await may_hear(subject_id, await _unwarned(entry["org_id"], sort))
            return _Telling(sort, "log_alarm", subject_id, people)
        case RoleAsked.KIND:
            people = await _seconds(entry["org_id"], about=subject_id)
            return _Telling("role_asked", "role_request", UUID(data["request_id"]), people)
        case PersonChangeAsked.KIND:
            people = await _seconds(entry["org_id"], about=subject_id)
            return _Telling("change_asked", "directory_change", UUID(data["change_id"]), people)
        case UnitChangeAsked.KIND:
            people = await _seconds(entry["org_id"], about=None)
            return _Telling("unit_change_asked", "directory_change", UUID(data["change_id"]), people)
        case OfficerRecovered.KIND:
            people = await _holders(entry["org_id"], *_ALARM_READERS, "ADM")
            return _Telling("officer_recovered", "person", subject_id, tuple({*people, subject_id}))
        case AccountClosed.KIND | PersonChanged.KIND:
            if not await db.fetch_value(f"SELECT {anything('$1::uuid')}", subject_id):
                return None
            return _Telling("left_behind", "departure", subject_id, await _holders(entry["org_id"], "OFFICE"))
        case _:
            return None


async def _seconds(org_id: UUID, about: UUID | None) -> tuple[UUID, ...]:
    """Those who confirm what an administrator asked for, without whom it is about."""
    return tuple(one for one in await _holders(org_id, *_CONFIRMING) if one != about)


async def _unwarned(org_id: UUID, sort: str) -> tuple[UUID, ...]:
    """Those who look into alarms, without those who have not yet read that there is one of this sort."""
    rows = await db.fetch(
        "SELECT person_id FROM notices WHERE org_id = $1 AND kind = $2 AND subject_kind = 'log_alarm'"
        " AND read_at IS NULL AND created_at > $3",
        org_id,
        sort,
        clock.now() - _ONE_ALARM,
    )
    warned = {row["person_id"] for row in rows}
    return tuple(one for one in await _holders(org_id, *_ALARM_READERS) if one not in warned)


async def _liaisons(*unit_ids: str) -> tuple[UUID, ...]:
    """Notices to a unit go to its liaison (R24)."""
    async with db.connection() as conn:
        return await contacts_queries.liaisons(conn, [UUID(one) for one in unit_ids])


async def _leaders(org_id: UUID) -> tuple[UUID, ...]:
    return await _holders(org_id, "LEADER")


async def _holders(org_id: UUID, *roles: str) -> tuple[UUID, ...]:
    rows = await db.fetch(
        "SELECT DISTINCT p.id FROM people p JOIN role_grants g ON g.person_id = p.id AND g.role = ANY($2::text[])"
        " AND g.revoked_at IS NULL WHERE p.org_id = $1 AND p.active ORDER BY p.id",
        org_id,
        list(roles),
    )
    return tuple(row["id"] for row in rows)


async def _deciders(extension_id: UUID) -> tuple[UUID, ...]:
    """The office, or the leaders where a leader stated the limit (D1.13)."""
    row = await db.fetch_one("SELECT org_id, stated_by, stated_by_id FROM item_extensions WHERE id = $1", extension_id)
    if row is None:
        return ()
    if not row["stated_by"]:
        return await _holders(row["org_id"], "OFFICE")
    instructing = await _holders(row["org_id"], "ORIGIN")
    return (*await _holders(row["org_id"], "LEADER"), *(one for one in instructing if one == row["stated_by_id"]))


async def _asker(extension_id: UUID) -> tuple[UUID, ...]:
    asker = await db.fetch_value("SELECT requested_by FROM item_extensions WHERE id = $1", extension_id)
    return (asker,) if asker else ()


async def _author(capture_id: UUID) -> tuple[UUID, ...]:
    author = await db.fetch_value("SELECT person_id FROM captures WHERE id = $1", capture_id)
    return (author,) if author else ()


async def _give(work: UnitOfWork, task: Task, telling: _Telling, person_id: UUID) -> None:
    notice_id = await work.conn.fetchval(
        "INSERT INTO notices (id, org_id, person_id, entry_id, kind, subject_kind, subject_id, params, created_at)"
        " SELECT $1, $2, $3, $4, $5, $6, $7, '{}', $8 WHERE EXISTS (SELECT 1 FROM people WHERE id = $3 AND active)"
        " ON CONFLICT (entry_id, person_id) DO NOTHING RETURNING id",
        new_id(),
        task.org_id,
        person_id,
        task.entry_id,
        telling.kind,
        telling.subject_kind,
        telling.subject_id,
        work.at,
    )
    if notice_id is None:
        return
    work.record(NoticeGiven(subject_id=notice_id, person_id=person_id, cause_id=task.entry_id))
    browsers = await work.conn.fetch(
        f"SELECT s.id FROM push_subscriptions s WHERE s.person_id = $1 AND {_IN_OWN_HANDS}", person_id
    )
    await jobs.enqueue(
        work.conn,
        [(DELIVER, Task(org_id=task.org_id, entry_id=notice_id, subject_id=browser["id"])) for browser in browsers],
    )


async def deliver(task: Task) -> None:
    """Send a notice (``entry_id``) to a browser (``subject_id``), unless it was read or is stale by now.

    Raises:
        TryAgain: the push service is busy or out of reach.
    """
    row = await db.fetch_one(
        "SELECT s.endpoint, s.p256dh, s.auth, s.person_id, n.created_at FROM push_subscriptions s"
        " JOIN notices n ON n.person_id = s.person_id JOIN people p ON p.id = s.person_id"
        f" WHERE s.id = $1 AND n.id = $2 AND n.read_at IS NULL AND p.active AND {_IN_OWN_HANDS}",
        task.subject_id,
        task.entry_id,
    )
    if row is None:
        return
    target = Target(row["endpoint"], row["p256dh"], row["auth"])
    try:
        outcome = await push_service().deliver(target, task.entry_id)
    except DomainError as refused:
        outcome = Outcome(400, refused.code, None)
    if outcome.arrived:
        await db.execute("UPDATE push_subscriptions SET failures = 0, last_failure = '' WHERE id = $1", task.subject_id)
    elif outcome.gone:
        await _lapse(task, row["person_id"], outcome)
    else:
        await db.execute(
            "UPDATE push_subscriptions SET failures = failures + 1, last_failure = $2 WHERE id = $1",
            task.subject_id,
            f"{outcome.status} {outcome.detail}"[:200],
        )
        if outcome.worth_retrying and clock.now() - row["created_at"] < _WORTH_IT:
            raise TryAgain(f"the push service answered {outcome.status}", after=outcome.retry_after)
        log.warning("push_given_up", subscription=str(task.subject_id), status=outcome.status)


async def _lapse(task: Task, person_id: UUID, outcome: Outcome) -> None:
    async with unit_of_work(system_actor(task.org_id)) as work:
        gone = await work.conn.fetchval("DELETE FROM push_subscriptions WHERE id = $1 RETURNING id", task.subject_id)
        if gone is not None:
            work.record(SubscriptionLapsed(subject_id=task.subject_id, person_id=person_id, status=outcome.status))


HANDLERS: Final[dict[Job, Handler]] = {NOTIFY: notify, DELIVER: deliver}
