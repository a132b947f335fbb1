"""The text of a slip put together from its draft, its item and the rules in force: for preview and issue alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from server.access.roles import Role
from server.access.schemas import NamedView, named
from server.calendars.queries import calendar_in_force
from server.calendars.rules import count
from server.items.deadlines import Due, due_for
from server.items.numbers import register_no
from server.kit import clock
from server.kit.errors import FieldProblem
from server.kit.limits import Limit, LimitUnit
from server.rulepacks.queries import pack_in_force
from server.slips.kinds import SERIES_NAMES, Part, Series, SlipChannel
from server.slips.rules import Addressee, Matter, lacks
from server.slips.schemas import SlipContent, SlipLimitView, SlipPhoneView, SlipUnitView

_UNITS = (
    "SELECT r.*, u.name AS unit_name, u.kind AS unit_kind, (r.unit_id = i.handling_unit_id OR EXISTS ("
    "SELECT 1 FROM item_tasks t WHERE t.item_id = i.id AND t.unit_id = r.unit_id AND t.ended_at IS NULL)) AS holds_task"
    " FROM slip_recipients r JOIN slips s ON s.id = r.slip_id JOIN items i ON i.id = s.item_id"
    " JOIN units u ON u.id = r.unit_id WHERE r.slip_id = $1 ORDER BY r.position"
)


@dataclass(frozen=True, slots=True)
class _Person:
    name: str
    unit_id: UUID
    active: bool
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A draft as it would be issued now: its text, what bars that, and the limits as instants."""

    content: SlipContent
    lacks: tuple[FieldProblem, ...]
    due: Due | None
    received_at: datetime
    stated: Limit | None
    stated_by: str
    units: tuple[Any, ...]
    unit_due: Mapping[UUID, datetime]


async def prepare(
    conn: Any, slip: Any, item: Any, *, at: datetime, signer: NamedView | None = None, number: str | None = None
) -> Prepared:
    """Read what a slip speaks of and put its text together.

    Args:
        conn: the connection to read on, that of the transaction when it is being issued.
        slip: the row of the draft.
        item: the row of its item.
        at: the instant to count limits from (a telephone notice counts from the call).
        signer: who signs it off; ``None`` for a preview.
        number: its number; ``None`` for a preview.
    """
    units = tuple(await conn.fetch(_UNITS, slip["id"]))
    people = await _people(conn, slip, item, units)
    by_phone = slip["channel"] == SlipChannel.TELEPHONE and slip["phone_at"] is not None
    received_at = min(slip["phone_at"], at) if by_phone else at
    stated = _limit(slip)
    due = await _due(slip, item, received_at, stated)
    unit_due, unit_words = await _unit_due(slip["org_id"], units, received_at)
    pack = await pack_in_force(slip["org_id"])
    org = await conn.fetchval("SELECT name FROM organisations WHERE id = $1", slip["org_id"])
    content = SlipContent(
        org=org,
        number=number,
        series=slip["series"],
        item_no=register_no(item["register_year"], item["register_seq"]),
        item_title=item["title"],
        source_kind=item["source_kind"],
        source_ref=item["source_ref"],
        basis=item["basis_text"],
        urgency=item["urgency"],
        immediate=item["immediate"],
        mode=slip["mode"],
        mode_reason=slip["mode_reason"],
        channel=slip["channel"],
        meeting=slip["meeting"],
        phone=_phone(slip, people),
        delivery=slip["delivery"],
        copies=slip["copies"],
        task=slip["task"],
        standard=slip["standard"],
        limit=_limit_view(due),
        milestone=slip["milestone"],
        obstacle=slip["obstacle"],
        result=slip["result"],
        verifier=_named(people, slip["verifier_id"]),
        verified_on=slip["verified_on"],
        follow_up=_named(people, slip["follow_up_id"]),
        units=tuple(
            SlipUnitView(
                unit=NamedView(id=one["unit_id"], name=one["unit_name"]),
                part=one["part"],
                person=_named(people, one["person_id"]),
                task=one["task"],
                due_at=unit_due.get(one["id"]),
                due_words=unit_words.get(one["id"], ("", ""))[0],
                due_words_en=unit_words.get(one["id"], ("", ""))[1],
            )
            for one in units
        ),
        drafted_by=_named(people, slip["drafted_by"]) or NamedView(id=slip["drafted_by"], name=""),
        issued_by=signer,
        issued_at=at if number else None,
    )
    follow_up, verifier = people.get(slip["follow_up_id"]), people.get(slip["verifier_id"])
    matter = Matter(
        importance=item["importance"],
        source_kind=item["source_kind"],
        urgency=item["urgency"],
        has_limit=due is not None and due.at is not None,
        limit_passed=slip["limit_at"] is not None and slip["limit_at"] <= at,
        oral_allowed=pack.settings.oral_notice_allowed,
        oral_needs_confirmation=pack.settings.oral_notice_needs_confirmation,
        self_allowed=pack.settings.self_handling_allowed,
        responsible_person_id=item["responsible_person_id"],
        verifier_roles=verifier.roles if verifier and verifier.active else frozenset(),
        follow_up_roles=follow_up.roles if follow_up and follow_up.active else frozenset(),
        today=clock.day_of(at),
    )
    addressees = [_addressee(one, people, one["id"] in unit_due) for one in units]
    return Prepared(
        content, lacks(slip, addressees, matter), due, received_at, stated, _stated_by(slip), units, unit_due
    )


async def _people(conn: Any, slip: Any, item: Any, units: tuple[Any, ...]) -> dict[UUID | None, _Person]:
    ids = {slip[one] for one in ("verifier_id", "follow_up_id", "phone_caller_id", "drafted_by")}
    ids |= {one["person_id"] for one in units}
    rows = await conn.fetch(
        "SELECT p.id, p.name, p.unit_id, p.active, coalesce((SELECT array_agg(g.role) FROM role_grants g"
        " WHERE g.person_id = p.id AND g.revoked_at IS NULL), '{}') AS roles"
        " FROM people p WHERE p.org_id = $1 AND p.id = ANY($2::uuid[])",
        slip["org_id"],
        [one for one in ids if one is not None],
    )
    return {
        row["id"]: _Person(row["name"], row["unit_id"], row["active"], frozenset(Role(one) for one in row["roles"]))
        for row in rows
    }


async def _due(slip: Any, item: Any, received_at: datetime, stated: Limit | None) -> Due | None:
    """The limit of the whole: for a task notice by the rules in force, for the others only if the slip states one."""
    if slip["series"] != Series.TASK_NOTICE and not _stated_by(slip):
        return None
    return await due_for(
        slip["org_id"],
        item,
        received_at=received_at,
        stated=stated,
        stated_at=slip["limit_at"],
        stated_by=_stated_by(slip),
    )


def _stated_by(slip: Any) -> str:
    """What states the limit, when the slip itself does: its own name."""
    stated = slip["limit_n"] is not None or slip["limit_at"] is not None
    return SERIES_NAMES[Series(slip["series"])][0] if stated else ""


async def _unit_due(
    org_id: UUID, units: tuple[Any, ...], received_at: datetime
) -> tuple[dict[UUID, datetime], dict[UUID, tuple[str, str]]]:
    """The limits that single units have, as instants and in words."""
    due: dict[UUID, datetime] = {}
    words: dict[UUID, tuple[str, str]] = {}
    calendar = await calendar_in_force(org_id) if any(one["limit_n"] for one in units) else None
    for one in units:
        limit = _limit(one)
        if one["limit_at"] is not None:
            day = one["limit_at"].astimezone(clock.SHANGHAI)
            due[one["id"]] = one["limit_at"].astimezone(UTC)
            words[one["id"]] = (f"{day:%Y-%m-%d %H:%M} 前", f"by {day:%Y-%m-%d %H:%M}")
        elif limit is not None and calendar is not None:
            due[one["id"]] = count(calendar, received_at, limit).at
            words[one["id"]] = (limit.words(), limit.words_en())
    return due, words


def _limit(row: Any) -> Limit | None:
    return None if row["limit_n"] is None else Limit(row["limit_n"], LimitUnit(row["limit_unit"]))


def _limit_view(due: Due | None) -> SlipLimitView | None:
    if due is None or due.at is None:
        return None
    return SlipLimitView(
        at=due.at,
        rule=due.rule,
        words=due.words,
        words_en=due.words_en,
        pack=due.pack,
        calendar=due.calendar,
        provisional=due.provisional,
    )


def _phone(slip: Any, people: Mapping[UUID | None, _Person]) -> SlipPhoneView | None:
    if slip["channel"] != SlipChannel.TELEPHONE:
        return None
    return SlipPhoneView(
        caller=_named(people, slip["phone_caller_id"]),
        receiver=slip["phone_receiver"],
        at=slip["phone_at"],
        content=slip["phone_content"],
        confirm_in_writing=slip["confirm_in_writing"],
    )


def _named(people: Mapping[UUID | None, _Person], person_id: UUID | None) -> NamedView | None:
    found = people.get(person_id)
    return None if found is None else named(person_id, found.name)


def _addressee(row: Any, people: Mapping[UUID | None, _Person], has_limit: bool) -> Addressee:
    person = people.get(row["person_id"])
    return Addressee(
        unit_id=row["unit_id"],
        unit_name=row["unit_name"],
        unit_kind=row["unit_kind"],
        part=Part(row["part"]),
        person_id=row["person_id"],
        person_unit_id=person.unit_id if person else None,
        person_active=person.active if person else False,
        person_roles=person.roles if person else frozenset(),
        task=row["task"],
        has_limit=has_limit,
        holds_task=bool(row["holds_task"]),
    )
