"""Reading calendars: what is in force, all versions, a year at a glance."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec

from server.access.actor import Actor
from server.access.schemas import NamedView, named
from server.calendars import schemas, shipped
from server.calendars.notice import OffRange, read_notice
from server.calendars.rules import Calendar, Counted, Limit, YearRules, count
from server.kit import db
from server.kit.clock import start_of_day
from server.kit.errors import NotFound

_SELECT = (
    "SELECT c.*, i.name AS imported_name, e.name AS enacted_name, r.name AS rejected_name FROM calendar_versions c"
    " JOIN people i ON i.id = c.imported_by LEFT JOIN people e ON e.id = c.enacted_by"
    " LEFT JOIN people r ON r.id = c.rejected_by WHERE c.org_id = $1"
)


async def calendar_in_force(org_id: UUID) -> Calendar:
    """All years in force for an organisation: its own versions before those that come with the program."""
    rows = await db.fetch(
        "SELECT DISTINCT ON (year, region) year, region, version, source, off, work FROM calendar_versions"
        " WHERE org_id = $1 AND enacted_at IS NOT NULL ORDER BY year, region, version DESC",
        org_id,
    )
    calendar = shipped.national()
    for row in rows:
        calendar = calendar.with_year(rules_of(row))
    return calendar


def rules_of(row: Any) -> YearRules:
    """The rules of a stored version."""
    off = [OffRange(one["from"], one["to"], one["name"]) for one in _json(row["off"])]
    return read_notice(row["year"], row["version"], row["region"], row["source"], off, _json(row["work"]))


async def versions(actor: Actor) -> tuple[schemas.CalendarVersionView, ...]:
    """Every version of every year, the latest year first."""
    rows = await db.fetch(f"{_SELECT} ORDER BY c.year DESC, c.region, c.version DESC", actor.org_id)
    calendar = await calendar_in_force(actor.org_id)
    own = [_view(row, calendar) for row in rows]
    given = [_shipped_view(one, calendar) for one in shipped.national().years.values()]
    return tuple(sorted([*own, *given], key=lambda one: (-one.year, one.region, -one.version)))


async def version(actor: Actor, calendar_id: UUID) -> schemas.CalendarVersionView:
    """One version, with what it would change of what is in force.

    Raises:
        NotFound: no such version.
    """
    row = await db.fetch_one(f"{_SELECT} AND c.id = $2", actor.org_id, calendar_id)
    if row is None:
        raise NotFound
    return _view(row, await calendar_in_force(actor.org_id))


async def year_view(actor: Actor, year: int) -> schemas.YearView:
    """A year at a glance."""
    calendar = await calendar_in_force(actor.org_id)
    here = [one for one in (calendar.years.get(year), *calendar.overlays) if one is not None and one.year == year]
    return schemas.YearView(
        year=year,
        known=calendar.knows(year),
        label=calendar.label(year),
        sources=tuple(f"{one.label} {one.source}" for one in here),
        days=special_days(calendar, date(year, 1, 1), date(year, 12, 31)),
        months=calendar.days_worked(year),
        known_years=tuple(sorted(one for one in calendar.years if calendar.knows(one))),
    )


async def preview(actor: Actor, notice: schemas.Notice) -> schemas.CalendarPreview:
    """What a notice would change.

    Raises:
        CalendarProblems: it cannot be right.
    """
    before = await calendar_in_force(actor.org_id)
    after = before.with_year(read(notice, 1))
    return schemas.CalendarPreview(
        year=notice.year,
        region=notice.region.strip(),
        known_before=before.knows(notice.year),
        differences=_differences(before, after, notice.year),
        working_days_before=sum(before.days_worked(notice.year)),
        working_days_after=sum(after.days_worked(notice.year)),
    )


async def counted(actor: Actor, received: date, limit: Limit, *, roll_forward: bool) -> schemas.CountView:
    """Where a limit ends that begins with a receipt on that day, and which days it passed over."""
    calendar = await calendar_in_force(actor.org_id)
    start = start_of_day(received)
    answer: Counted = count(calendar, start, limit, roll_forward=roll_forward)
    years = range(received.year, answer.last_day.year + 1) if answer.calendar else ()
    return schemas.CountView(
        last_day=answer.last_day,
        at=answer.at,
        calendar=answer.calendar,
        provisional=answer.provisional,
        unknown_years=tuple(year for year in years if not calendar.knows(year)) if answer.provisional else (),
        skipped=special_days(calendar, received + timedelta(days=1), answer.last_day) if answer.calendar else (),
    )


def samples() -> tuple[schemas.SampleView, ...]:
    """The shipped notices of regions."""
    return tuple(
        schemas.SampleView(
            year=one["year"],
            region=one["region"],
            source=one["source"],
            off=_ranges(one["off"]),
            work=tuple(date.fromisoformat(day) for day in one["work"]),
        )
        for one in shipped.notices()
        if one["region"]
    )


def read(notice: schemas.Notice, number: int) -> YearRules:
    """The rules that a notice lays down.

    Raises:
        CalendarProblems: it cannot be right.
    """
    off = [OffRange(one.first, one.last, one.name) for one in notice.off]
    return read_notice(notice.year, number, notice.region, notice.source, off, notice.work)


def special_days(calendar: Calendar, first: date, last: date) -> tuple[schemas.SpecialDay, ...]:
    """The days of a span that are not as their weekday, and those that a notice names."""
    found = []
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        worked, name = calendar.supposed_working_day(day), calendar.name_of(day)
        if worked != (day.weekday() < 5) or name:
            region = next((one.region for one in calendar.overlays if day in one.off | one.work), "")
            found.append(schemas.SpecialDay(day=day, worked=worked, name=name, region=region))
    return tuple(found)


def _view(row: Any, in_force: Calendar) -> schemas.CalendarVersionView:
    rules = rules_of(row)
    state = _state(row, in_force)
    return schemas.CalendarVersionView(
        id=row["id"],
        year=rules.year,
        region=rules.region,
        version=rules.version,
        label=rules.label,
        source=rules.source,
        state=state,
        off=_ranges(_json(row["off"])),
        work=tuple(sorted(rules.work)),
        imported_by=NamedView(id=row["imported_by"], name=row["imported_name"]),
        imported_at=row["imported_at"],
        enacted_by=named(row["enacted_by"], row["enacted_name"]),
        enacted_at=row["enacted_at"],
        rejected_by=named(row["rejected_by"], row["rejected_name"]),
        rejected_at=row["rejected_at"],
        rejected_why=row["rejected_why"],
        differences=_differences(in_force, in_force.with_year(rules), rules.year)
        if state == schemas.CalendarState.DRAFT
        else (),
    )


def _shipped_view(rules: YearRules, in_force: Calendar) -> schemas.CalendarVersionView:
    now = in_force.years[rules.year].version == rules.version
    source = next(one for one in shipped.notices() if one["year"] == rules.year and not one["region"])
    return schemas.CalendarVersionView(
        id=None,
        year=rules.year,
        region="",
        version=rules.version,
        label=rules.label,
        source=rules.source,
        state=schemas.CalendarState.IN_FORCE if now else schemas.CalendarState.REPLACED,
        off=_ranges(source["off"]),
        work=tuple(sorted(rules.work)),
        imported_by=None,
        imported_at=None,
        enacted_by=None,
        enacted_at=None,
        rejected_by=None,
        rejected_at=None,
        rejected_why="",
        differences=(),
    )


def _state(row: Any, in_force: Calendar) -> schemas.CalendarState:
    if row["rejected_at"] is not None:
        return schemas.CalendarState.REJECTED
    if row["enacted_at"] is None:
        return schemas.CalendarState.DRAFT
    current = [*in_force.years.values(), *in_force.overlays]
    key = (row["year"], row["region"], row["version"])
    now = any((one.year, one.region, one.version) == key for one in current)
    return schemas.CalendarState.IN_FORCE if now else schemas.CalendarState.REPLACED


def _differences(before: Calendar, after: Calendar, year: int) -> tuple[schemas.Difference, ...]:
    return tuple(
        schemas.Difference(day=day, worked_before=was, worked_after=becomes)
        for day, was, becomes in before.differences(after, year)
    )


def _ranges(rows: Iterable[Any]) -> tuple[schemas.OffDaysView, ...]:
    return tuple(
        schemas.OffDaysView(first=date.fromisoformat(one["from"]), last=date.fromisoformat(one["to"]), name=one["name"])
        for one in rows
    )


def _json(value: Any) -> Any:
    return msgspec.json.decode(value) if isinstance(value, str | bytes) else value
