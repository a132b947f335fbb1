"""Acts on versions of a programme: draft, revise, submit, return, approve, amend, withdraw (R106)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from server.access.actor import Actor
from server.access.steps import must_take
from server.items.secrecy import refuse_state_secrets
from server.journal.work import unit_of_work
from server.kit.errors import IdReused
from server.kit.lifecycle import next_step
from server.programmes import rules
from server.programmes.commands.rows import begin, finish, insert_version, locked, touch, write_entries
from server.programmes.errors import AmendmentUnderWay, NothingApproved, ProgrammeEmpty
from server.programmes.events import (
    ProgrammeApproved,
    ProgrammeDrafted,
    ProgrammeReturned,
    ProgrammeRevised,
    ProgrammeSubmitted,
    ProgrammeWithdrawn,
)
from server.programmes.lifecycle import LIFECYCLE, ProgrammeState
from server.programmes.schemas import (
    AmendProgramme,
    ApproveProgramme,
    DraftProgramme,
    Entry,
    ReturnProgramme,
    ReviseProgramme,
)


async def draft(actor: Actor, cmd: DraftProgramme) -> None:
    """Draft a programme; the same id with the same content again changes nothing.

    Raises:
        InvalidInput, StateSecretRefused, UnknownUnit, UnknownPerson, NotAnObject, IdReused: as named.
    """
    _refuse_secrets(cmd.entries, title=cmd.title)
    rules.check_period(cmd.from_on, cmd.to_on)
    rules.check_entries(cmd.entries, cmd.from_on, cmd.to_on)
    step = next_step(LIFECYCLE, None, "draft")
    must_take(step, actor.roles)
    async with unit_of_work(actor, command_id=cmd.id) as work:
        made = await work.conn.fetchval(
            "INSERT INTO programmes (id, org_id, kind, title, from_on, to_on, created_by, created_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING RETURNING id",
            cmd.id,
            actor.org_id,
            cmd.kind,
            cmd.title.strip(),
            cmd.from_on,
            cmd.to_on,
            actor.person_id,
            work.at,
        )
        if made is None:
            row = await work.conn.fetchrow(
                "SELECT org_id, kind, title, from_on, to_on, created_by FROM programmes WHERE id = $1", cmd.id
            )
            if tuple(row) != (actor.org_id, cmd.kind, cmd.title.strip(), cmd.from_on, cmd.to_on, actor.person_id):
                raise IdReused
            return
        version_id = await insert_version(work, actor, cmd.id, 1, cmd.most_visits, "")
        await write_entries(work, actor, version_id, cmd.entries)
        work.record(ProgrammeDrafted(subject_id=cmd.id, no=1))


async def revise(actor: Actor, programme_id: UUID, cmd: ReviseProgramme, *, expected: int | None = None) -> None:
    """Rewrite the draft. Whoever writes at it will not approve it.

    Raises:
        NotFound, WrongState, NotYourStep, ChangedMeanwhile, InvalidInput, StateSecretRefused, UnknownUnit,
        UnknownPerson, NotAnObject: as named.
    """
    _refuse_secrets(cmd.entries, reason=cmd.reason or "")
    async with unit_of_work(actor) as work:
        programme, version, _ = await begin(work, actor, programme_id, "revise", expected)
        rules.check_entries(cmd.entries, programme["from_on"], programme["to_on"])
        reason = (cmd.reason or "").strip() or version["reason"]
        await work.conn.execute(
            "UPDATE programme_versions SET most_visits = $2, reason = $3,"
            " authors = CASE WHEN $4 = ANY (authors) THEN authors ELSE authors || $4::uuid END WHERE id = $1",
            version["id"],
            cmd.most_visits,
            reason,
            actor.person_id,
        )
        await work.conn.execute("DELETE FROM programme_entries WHERE version_id = $1", version["id"])
        await write_entries(work, actor, version["id"], cmd.entries)
        await touch(work, programme_id)
        work.record(ProgrammeRevised(subject_id=programme_id, no=version["no"], entries=len(cmd.entries)))


async def submit(actor: Actor, programme_id: UUID, *, expected: int | None = None) -> None:
    """Lay the draft before a leader; who does so does not approve it.

    Raises:
        NotFound, WrongState, NotYourStep, ChangedMeanwhile, ProgrammeEmpty: as named.
    """
    async with unit_of_work(actor) as work:
        _, version, step = await begin(work, actor, programme_id, "submit", expected)
        if not await work.conn.fetchval(
            "SELECT EXISTS (SELECT 1 FROM programme_entries WHERE version_id = $1)", version["id"]
        ):
            raise ProgrammeEmpty
        await work.conn.execute(
            "UPDATE programme_versions SET state = $2, submitted_by = $3, submitted_at = $4, returned_why = '',"
            " authors = CASE WHEN $3 = ANY (authors) THEN authors ELSE authors || $3::uuid END WHERE id = $1",
            version["id"],
            step.target,
            actor.person_id,
            work.at,
        )
        await finish(work, programme_id, ProgrammeSubmitted(subject_id=programme_id, no=version["no"]))


async def send_back(actor: Actor, programme_id: UUID, cmd: ReturnProgramme, *, expected: int | None = None) -> None:
    """Return a version to be changed.

    Raises:
        NotFound, WrongState, NotYourStep, ChangedMeanwhile, StateSecretRefused: as named.
    """
    refuse_state_secrets(reason=cmd.reason)
    async with unit_of_work(actor) as work:
        _, version, step = await begin(work, actor, programme_id, "return", expected)
        await work.conn.execute(
            "UPDATE programme_versions SET state = $2, returned_why = $3 WHERE id = $1",
            version["id"],
            step.target,
            cmd.reason.strip(),
        )
        await finish(work, programme_id, ProgrammeReturned(subject_id=programme_id, no=version["no"]))


async def approve(actor: Actor, programme_id: UUID, cmd: ApproveProgramme, *, expected: int | None = None) -> None:
    """Approve a version: it takes the place of the one before, which stays readable.

    Raises:
        NotFound, WrongState, NotYourStep, ChangedMeanwhile, OwnProgramme, StateSecretRefused: as named.
    """
    refuse_state_secrets(opinion=cmd.opinion)
    async with unit_of_work(actor) as work:
        _, version, step = await begin(work, actor, programme_id, "approve", expected)
        rules.check_approver(actor.person_id, version["authors"])
        await work.conn.execute(
            "UPDATE programme_versions SET state = $2, approved_by = $3, approved_at = $4, opinion = $5 WHERE id = $1",
            version["id"],
            step.target,
            actor.person_id,
            work.at,
            cmd.opinion.strip(),
        )
        await finish(work, programme_id, ProgrammeApproved(subject_id=programme_id, no=version["no"]))


async def withdraw(actor: Actor, programme_id: UUID, *, expected: int | None = None) -> None:
    """Give the version under way up; what was approved before holds on.

    Raises:
        NotFound, WrongState, NotYourStep, ChangedMeanwhile: as named.
    """
    async with unit_of_work(actor) as work:
        _, version, step = await begin(work, actor, programme_id, "withdraw", expected)
        await work.conn.execute("UPDATE programme_versions SET state = $2 WHERE id = $1", version["id"], step.target)
        await finish(work, programme_id, ProgrammeWithdrawn(subject_id=programme_id, no=version["no"]))


async def amend(actor: Actor, programme_id: UUID, cmd: AmendProgramme, *, expected: int | None = None) -> None:
    """Begin a new version with the entries of the last; after a withdrawn first draft it simply begins anew.

    Raises:
        NotFound, ChangedMeanwhile, NotYourStep, AmendmentUnderWay, NothingApproved, StateSecretRefused, IdReused.
    """
    refuse_state_secrets(reason=cmd.reason)
    must_take(next_step(LIFECYCLE, None, "draft"), actor.roles)
    async with unit_of_work(actor) as work:
        await locked(work, actor, programme_id, None)
        earlier = await work.conn.fetchrow("SELECT programme_id FROM programme_versions WHERE id = $1", cmd.id)
        if earlier is not None:
            if earlier["programme_id"] != programme_id:
                raise IdReused
            return
        await locked(work, actor, programme_id, expected)
        last = await work.conn.fetchrow(
            "SELECT * FROM programme_versions WHERE programme_id = $1 ORDER BY no DESC LIMIT 1", programme_id
        )
        if last["state"] in (ProgrammeState.DRAFT, ProgrammeState.SUBMITTED):
            raise AmendmentUnderWay
        source = await work.conn.fetchrow(
            "SELECT * FROM programme_versions WHERE programme_id = $1 AND state = 'APPROVED' ORDER BY no DESC LIMIT 1",
            programme_id,
        )
        if source is None:
            raise NothingApproved
        no = last["no"] + 1
        await insert_version(
            work, actor, programme_id, no, source["most_visits"], cmd.reason.strip(), version_id=cmd.id
        )
        await work.conn.execute(
            "INSERT INTO programme_entries (id, org_id, version_id, key, no, subject, unit_id, unit_kind, category,"
            " from_on, to_on, visits, responsible_id, basis) SELECT gen_random_uuid(), org_id, $2, key, no, subject,"
            " unit_id, unit_kind, category, from_on, to_on, visits, responsible_id, basis"
            " FROM programme_entries WHERE version_id = $1",
            source["id"],
            cmd.id,
        )
        await finish(work, programme_id, ProgrammeDrafted(subject_id=programme_id, no=no))


def _refuse_secrets(entries: Sequence[Entry], **texts: str) -> None:
    told = {
        f"entries.{place}.{name}": getattr(one, name)
        for place, one in enumerate(entries)
        for name in ("subject", "basis")
    }
    refuse_state_secrets(**texts, **told)
