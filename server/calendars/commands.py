"""Importing the notice of a year and taking it into force: two acts of two people."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from server.access.actor import Actor
from server.calendars import queries, shipped
from server.calendars.errors import OwnImport
from server.calendars.events import CalendarEnacted, CalendarImported, CalendarRejected
from server.calendars.rules import YearRules
from server.calendars.schemas import ImportCalendar, RejectCalendar
from server.journal.work import UnitOfWork, unit_of_work
from server.kit.errors import IdReused, NotFound, WrongState
from server.kit.secrecy import refuse_state_secrets


async def import_calendar(actor: Actor, cmd: ImportCalendar) -> None:
    """Read a notice in as the next version of its year, a draft; the same id with the same notice changes nothing.

    Raises:
        CalendarProblems: the notice cannot be right.
        StateSecretRefused, IdReused: as named.
    """
    notice = cmd.notice
    refuse_state_secrets(source=notice.source, region=notice.region, name="\n".join(one.name for one in notice.off))
    rules = queries.read(notice, 1)
    async with unit_of_work(actor, command_id=cmd.id) as work:
        # Two imports of one year wait for each other, so that each gets a number of its own.
        await work.conn.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"calendar:{actor.org_id}")
        earlier = await work.conn.fetchrow("SELECT * FROM calendar_versions WHERE id = $1", cmd.id)
        if earlier is not None:
            if earlier["org_id"] != actor.org_id or not _same(queries.rules_of(earlier), rules):
                raise IdReused
            return
        given = 1 if not rules.region and rules.year in shipped.national().years else 0
        version = await work.conn.fetchval(
            "SELECT greatest(coalesce(max(version), 0), $4) + 1 FROM calendar_versions"
            " WHERE org_id = $1 AND year = $2 AND region = $3",
            actor.org_id,
            rules.year,
            rules.region,
            given,
        )
        off = [{"from": one.first.strip(), "to": one.last.strip(), "name": one.name.strip()} for one in notice.off]
        await work.conn.execute(
            "INSERT INTO calendar_versions (id, org_id, year, region, version, source, off, work, imported_by,"
            " imported_at) VALUES ($1, $2, $3, $4, $5, $6, $7::text::jsonb, $8::text::jsonb, $9, $10)",
            cmd.id,
            actor.org_id,
            rules.year,
            rules.region,
            version,
            rules.source,
            msgspec.json.encode(off).decode(),
            msgspec.json.encode(sorted(rules.work)).decode(),
            actor.person_id,
            work.at,
        )
        work.record(CalendarImported(subject_id=cmd.id, year=rules.year, region=rules.region, version=version))


async def enact(actor: Actor, calendar_id: UUID) -> None:
    """Take a draft into force. Dates that are frozen already do not move.

    Raises:
        NotFound: no such version.
        WrongState: it is no draft, or a later version is in force already.
        OwnImport: the actor imported it.
    """
    async with unit_of_work(actor) as work:
        row = await _draft(work, actor, calendar_id, "enact")
        if row["imported_by"] == actor.person_id:
            raise OwnImport
        later = await work.conn.fetchval(
            "SELECT 1 FROM calendar_versions WHERE org_id = $1 AND year = $2 AND region = $3 AND version > $4"
            " AND enacted_at IS NOT NULL",
            actor.org_id,
            row["year"],
            row["region"],
            row["version"],
        )
        if later:
            raise WrongState(params={"act": "enact", "state": "REPLACED", "allowed": ["reject"]})
        await work.conn.execute(
            "UPDATE calendar_versions SET enacted_by = $2, enacted_at = $3 WHERE id = $1",
            calendar_id,
            actor.person_id,
            work.at,
        )
        work.record(CalendarEnacted(subject_id=calendar_id, **_of(row)))


async def reject(actor: Actor, calendar_id: UUID, cmd: RejectCalendar) -> None:
    """Refuse a draft with a reason; it stays on record.

    Raises:
        NotFound, WrongState, StateSecretRefused: as named.
    """
    refuse_state_secrets(reason=cmd.reason)
    async with unit_of_work(actor) as work:
        row = await _draft(work, actor, calendar_id, "reject")
        await work.conn.execute(
            "UPDATE calendar_versions SET rejected_by = $2, rejected_at = $3, rejected_why = $4 WHERE id = $1",
            calendar_id,
            actor.person_id,
            work.at,
            cmd.reason.strip(),
        )
        work.record(CalendarRejected(subject_id=calendar_id, **_of(row)))


async def _draft(work: UnitOfWork, actor: Actor, calendar_id: UUID, act: str) -> Any:
    # Enacting two versions of a year at once is decided one after the other.
    await work.conn.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"calendar:{actor.org_id}")
    row = await work.conn.fetchrow(
        "SELECT * FROM calendar_versions WHERE id = $1 AND org_id = $2 FOR UPDATE", calendar_id, actor.org_id
    )
    if row is None:
        raise NotFound
    if row["enacted_at"] is not None or row["rejected_at"] is not None:
        state = "IN_FORCE" if row["enacted_at"] is not None else "REJECTED"
        raise WrongState(params={"act": act, "state": state, "allowed": []})
    return row


def _of(row: Any) -> dict[str, Any]:
    return {"year": row["year"], "region": row["region"], "version": row["version"]}


def _same(one: YearRules, other: YearRules) -> bool:
    return (one.year, one.region, one.source, one.off, one.work) == (
        other.year,
        other.region,
        other.source,
        other.off,
        other.work,
    )
