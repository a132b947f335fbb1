"""Recording meetings, and completing what is known of them (R98)."""

from __future__ import annotations

from uuid import UUID

import asyncpg

from server.access.actor import Actor
from server.attachments.queries import must_be_own
from server.items.errors import UnknownPerson
from server.items.secrecy import refuse_state_secrets
from server.journal.work import UnitOfWork, unit_of_work
from server.kit.errors import FieldProblem, IdReused, InvalidInput
from server.meetings.commands.decisions import insert_decisions, texts_of
from server.meetings.commands.locking import meeting_for_update
from server.meetings.errors import MeetingThere, MeetingUnnamed
from server.meetings.events import MeetingRecorded, MeetingRevised
from server.meetings.schemas import RecordMeeting, ReviseMeeting


async def record(actor: Actor, cmd: RecordMeeting) -> None:
    """Record a meeting; the same id with the same content again changes nothing.

    Raises:
        MeetingUnnamed, MeetingThere, DecisionNumberTaken, UnknownUnit, UnknownPerson, ForeignAttachment,
        StateSecretRefused, IdReused: as named.
    """
    refuse_state_secrets(chair=cmd.chair, title=cmd.title, **texts_of(cmd.decisions))
    if cmd.no is None and not cmd.title.strip():
        raise MeetingUnnamed
    async with unit_of_work(actor, command_id=cmd.id) as work:
        await _must_know_person(work, actor, cmd.attended_by)
        await must_be_own(work, actor, cmd.minutes_id)
        try:
            made = await work.conn.fetchval(
                "INSERT INTO meetings (id, org_id, kind, year, no, title, held_on, chair, attended_by, minutes_id,"
                " recorded_by, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
                " ON CONFLICT (id) DO NOTHING RETURNING id",
                cmd.id,
                actor.org_id,
                cmd.kind,
                cmd.held_on.year,
                cmd.no,
                cmd.title.strip(),
                cmd.held_on,
                cmd.chair.strip(),
                cmd.attended_by,
                cmd.minutes_id,
                actor.person_id,
                work.at,
            )
        except asyncpg.UniqueViolationError as error:
            raise MeetingThere(params={"kind": cmd.kind, "year": cmd.held_on.year, "no": cmd.no}) from error
        if made is None:
            await _must_be_same(work, actor, cmd)
            return
        work.record(MeetingRecorded(subject_id=cmd.id, kind=cmd.kind, year=cmd.held_on.year, no=cmd.no))
        await insert_decisions(work, actor, cmd.id, cmd.decisions)


async def revise(actor: Actor, meeting_id: UUID, cmd: ReviseMeeting, *, expected: int | None = None) -> None:
    """Correct or complete a meeting; its kind and number stay, and so does the year that its number belongs to.

    Raises:
        NotFound, ChangedMeanwhile, UnknownPerson, ForeignAttachment, StateSecretRefused: as named.
        InvalidInput: the day lies in another year.
    """
    refuse_state_secrets(chair=cmd.chair or "", title=cmd.title or "")
    changed = {name: value for name in cmd.__struct_fields__ if (value := getattr(cmd, name)) is not None}
    if not changed:
        return
    async with unit_of_work(actor) as work:
        meeting = await meeting_for_update(work, actor, meeting_id, expected)
        if cmd.held_on is not None and cmd.held_on.year != meeting["year"]:
            problem = FieldProblem(field="held_on", code="another_year", detail="Record it anew for another year.")
            raise InvalidInput(errors=(problem,))
        if meeting["no"] is None and cmd.title is not None and not cmd.title.strip():
            raise MeetingUnnamed
        await _must_know_person(work, actor, cmd.attended_by)
        await must_be_own(work, actor, cmd.minutes_id)
        new = {**dict(meeting), **changed}
        await work.conn.execute(
            "UPDATE meetings SET held_on = $2, chair = $3, title = $4, attended_by = $5, minutes_id = $6,"
            " version = version + 1 WHERE id = $1",
            meeting_id,
            new["held_on"],
            new["chair"].strip(),
            new["title"].strip(),
            new["attended_by"],
            new["minutes_id"],
        )
        work.record(MeetingRevised(subject_id=meeting_id, fields=tuple(changed)))


async def _must_know_person(work: UnitOfWork, actor: Actor, person_id: UUID | None) -> None:
    if person_id is not None and not await work.conn.fetchval(
        "SELECT 1 FROM people WHERE id = $1 AND org_id = $2 AND active", person_id, actor.org_id
    ):
        raise UnknownPerson


async def _must_be_same(work: UnitOfWork, actor: Actor, cmd: RecordMeeting) -> None:
    row = await work.conn.fetchrow("SELECT org_id, kind, no, held_on, recorded_by FROM meetings WHERE id = $1", cmd.id)
    if tuple(row) != (actor.org_id, cmd.kind, cmd.no, cmd.held_on, actor.person_id):
        raise IdReused
