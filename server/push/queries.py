"""Reading one's inbox. A notice exists as long as what it is about exists for the reader."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from server.access.actor import Actor
from server.access.roles import Permission
from server.circulation.scope import visible_to as circulation_visible_to
from server.departures.queries import anything
from server.intake.scope import visible_to as intake_visible_to
from server.items.numbers import register_no
from server.items.scope import visible_to as item_visible_to
from server.kit import db
from server.kit.errors import NotFound
from server.kit.keyset import PAGE, page, read_cursor
from server.push.schemas import Inbox, NoticeView
from server.slips.kinds import slip_no
from server.slips.scope import visible_to as slip_visible_to
from server.visits.scope import visible_to as visit_visible_to

# A notice keeps no words of its own: what it is about is read when it is shown, in the reader's present scope.
COLUMNS: Final = (
    "n.id, n.kind, n.subject_kind, n.subject_id, n.created_at, n.read_at, v.title AS visit_title,"
    " s.series AS slip_series, s.year AS slip_year, s.seq AS slip_seq, ni.register_year, ni.register_seq,"
    " np.id AS account_id, np.name AS account_name, nu.name AS unit_name"
)
# Every kind of subject brings its own scope (``visible_to``); without visit, slip or item a row exists for nobody.
SOURCE: Final = (
    "notices n LEFT JOIN visits v ON v.id = CASE n.subject_kind WHEN 'visit' THEN n.subject_id"
    " WHEN 'capture' THEN (SELECT nc.visit_id FROM captures nc WHERE nc.id = n.subject_id) END"
    " LEFT JOIN slips s ON n.subject_kind = 'slip' AND s.id = n.subject_id"
    " LEFT JOIN items ni ON n.subject_kind = 'item' AND ni.id = n.subject_id"
    " LEFT JOIN circulations nd ON n.subject_kind = 'circulation' AND nd.id = n.subject_id"
    " LEFT JOIN intake_matters nm ON n.subject_kind = 'intake' AND nm.id = n.subject_id"
    " LEFT JOIN log_alarms na ON n.subject_kind = 'log_alarm' AND na.id = n.subject_id"
    # What waited for a second person is no notice any more once it was decided.
    " LEFT JOIN role_requests nr ON n.subject_kind = 'role_request' AND nr.id = n.subject_id AND nr.outcome IS NULL"
    " LEFT JOIN directory_changes ne ON n.subject_kind = 'directory_change' AND ne.id = n.subject_id"
    " AND ne.outcome IS NULL LEFT JOIN units nu ON nu.id = ne.unit_id"
    " LEFT JOIN people np ON np.id = coalesce(nr.person_id, ne.person_id,"
    " CASE WHEN n.subject_kind IN ('person', 'departure') THEN n.subject_id END)"
)

TITLE_KEYS: Final = {
    "assignment": "assigned",
    "query": "queried",
    "review": "reviewed",
    "answer": "answered",
    "slip": "slip_issued",
    "slip_withdrawn": "slip_withdrawn",
    "slip_refused": "slip_refused",
    "slip_decided": "slip_decided",
    "contribution": "contribution",
    "desk_late": "desk_late",
    "intake_late": "intake_late",
    "item_feedback": "item_feedback",
    "extension": "extension_requested",
    "extension_decided": "extension_decided",
    "alarm_log": "alarm_log",
    "alarm_fork": "alarm_fork",
    "alarm_original": "alarm_original",
    "role_asked": "role_asked",
    "change_asked": "change_asked",
    "unit_change_asked": "unit_change_asked",
    "officer_recovered": "officer_recovered",
    "left_behind": "left_behind",
}


def visible_to(actor: Actor, first: int) -> tuple[str, list[Any]]:
    """A SQL condition over ``SOURCE``: the actor's own notices, of what exists for him; twenty-four arguments."""
    visit, visit_args = visit_visible_to(actor, first)
    slip, slip_args = slip_visible_to(actor, first + len(visit_args))
    item, item_args = item_visible_to(actor, first + len(visit_args) + len(slip_args), "ni")
    args = [*visit_args, *slip_args, *item_args]
    desk, desk_args = circulation_visible_to(actor, first + len(args), "nd")
    args += desk_args
    matter, matter_args = intake_visible_to(actor, first + len(args), "nm")
    args += matter_args
    if not actor.may(Permission.ITEM_REGISTER):
        matter = f"({matter} AND false)"
    person = f"${first + 1}::uuid"  # the second argument of the visit's scope
    alarm = f"(${first + len(args)}::bool AND na.org_id = n.org_id)"
    args.append(actor.may(Permission.ALARM_READ))
    second = f"${first + len(args)}::bool"
    args.append(actor.may(Permission.ROLE_CONFIRM))
    asked = (
        f"({second} AND {person} NOT IN (nr.asked_by, nr.person_id)"
        f" OR {second} AND ne.id IS NOT NULL AND {person} <> ne.asked_by AND {person} IS DISTINCT FROM ne.person_id)"
    )
    officer = f"${first + len(args)}::bool"
    args.append(actor.may(Permission.ALARM_READ) or actor.may(Permission.PEOPLE_MANAGE))
    account = f"(n.subject_kind = 'person' AND np.org_id = n.org_id AND ({officer} OR np.id = {person}))"
    directs = f"${first + len(args)}::bool"
    args.append(actor.may(Permission.ITEM_DIRECT))
    # Gone once everything has been given to others.
    left = f"({directs} AND n.subject_kind = 'departure' AND np.org_id = n.org_id AND {anything('np.id')})"
    seen = " OR ".join((visit, slip, item, desk, matter, alarm, asked, account, left))
    return f"(n.person_id = {person} AND ({seen}))", args


async def inbox(actor: Actor, *, cursor: str | None, limit: int = PAGE) -> Inbox:
    """A page of the reader's notices, the newest first."""
    key, last = read_cursor(cursor, datetime)
    condition, args = visible_to(actor, 4)
    rows = await db.fetch(
        f"SELECT {COLUMNS} FROM {SOURCE} WHERE {condition}"
        " AND ($1::timestamptz IS NULL OR (n.created_at, n.id) < ($1, $2::uuid))"
        " ORDER BY n.created_at DESC, n.id DESC LIMIT $3",
        key,
        last,
        limit + 1,
        *args,
    )
    shown, following = page(list(rows), limit, "created_at")
    return Inbox(notices=tuple(notice_view(row) for row in shown), next_cursor=following)


async def notice(actor: Actor, notice_id: UUID) -> NoticeView:
    """One of the reader's notices.

    Raises:
        NotFound: none, or not the reader's.
    """
    condition, args = visible_to(actor, 2)
    row = await db.fetch_one(f"SELECT {COLUMNS} FROM {SOURCE} WHERE n.id = $1 AND {condition}", notice_id, *args)
    if row is None:
        raise NotFound
    return notice_view(row)


def notice_view(row: Any) -> NoticeView:
    """A row of ``COLUMNS`` as a view."""
    return NoticeView(
        id=row["id"],
        kind=row["kind"],
        subject_kind=row["subject_kind"],
        subject_id=row["subject_id"],
        title_key=TITLE_KEYS.get(row["kind"], "other"),
        params=_params(row),
        created_at=row["created_at"],
        read_at=row["read_at"],
    )


def _params(row: Any) -> dict[str, str]:
    """What the sentence of a notice names: visits by title, accounts by name, slips and items by their number."""
    if row["slip_seq"] is not None:
        return {"slip": slip_no(row["slip_series"], row["slip_year"], row["slip_seq"])}
    if row["unit_name"] is not None:
        return {"unit": row["unit_name"]}
    if row["account_id"] is not None:
        return {"person": row["account_name"], "account": str(row["account_id"])}
    if row["subject_kind"] == "log_alarm":
        return {}  # nothing of what it is about: that is told on the desk, to whom may see it
    if row["register_seq"] is not None:
        return {"item": register_no(row["register_year"], row["register_seq"])}
    return {"visit": row["visit_title"] or ""}
