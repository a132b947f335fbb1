"""Acts on programmes: draft, revise, submit, return, approve, amend, withdraw; items put under an entry (R106)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from server.access.actor import Actor
from server.access.people import active_holders
from server.access.roles import Permission
from server.access.steps import must_take
from server.items import queries as items
from server.items.errors import NotAnObject, UnknownPerson, UnknownUnit
from server.items.secrecy import refuse_state_secrets
from server.journal.events import Event
from server.journal.work import UnitOfWork, unit_of_work
from server.kit.errors import ChangedMeanwhile, IdReused, NotFound
from server.kit.ids import new_id
from server.kit.lifecycle import Step, next_step
from server.programmes import rules
from server.programmes.errors import AmendmentUnderWay, NothingApproved, ProgrammeEmpty, UnknownEntry
from server.programmes.events import (
    ItemPutUnder,
    ItemTakenOff,
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
    PutUnder,
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
        version_id = await _insert_version(work, actor, cmd.id, 1, cmd.most_visits, "")
        await _write_entries(work, actor, version_id, cmd.entries)
        work.record(ProgrammeDrafted(subject_id=cmd.id, no=1))


async def revise(actor: Actor, programme_id: UUID, cmd: ReviseProgramme, *, expected: int | None = None) -> None:
    """Rewrite the draft. Whoever writes at it will not approve it.

    Raises:
        NotFound, WrongState, NotYourStep, ChangedMeanwhile, InvalidInput, StateSecretRefused, UnknownUnit,
        UnknownPerson, NotAnObject: as named.
    """
    _refuse_secrets(cmd.entries, reason=cmd.reason or "")
    async with unit_of_work(actor) as work:
        programme, version, _ = await _begin(work, actor, programme_id, "revise", expected)
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
        await _write_entries(work, actor, version["id"], cmd.entries)
        await _touch(work, programme_id)
        work.record(ProgrammeRevised(subject_id=programme_id, no=version["no"], entries=len(cmd.entries)))


async def submit(actor: Actor, programme_id: UUID, *, expected: int | None = None) -> None:
    """Lay the draft before a leader; who does so does not approve it.

    Raises:
        NotFound, WrongState, NotYourStep, ChangedMeanwhile, ProgrammeEmpty: as named.
    """
    async with unit_of_work(actor) as work:
        _, version, step = await _begin(work, actor, programme_id, "submit", expected)
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
        await _finish(work, programme_id, ProgrammeSubmitted(subject_id=programme_id, no=version["no"]))


async def send_back(actor: Actor, programme_id: UUID, cmd: ReturnProgramme, *, expected: int | None = None) -> None:
    """Return a version to be changed.

    Raises:
        NotFound, WrongState, NotYourStep, ChangedMeanwhile, StateSecretRefused: as named.
    """
    refuse_state_secrets(reason=cmd.reason)
    async with unit_of_work(actor) as work:
        _, version, step = await _begin(work, actor, programme_id, "return", expected)
        await work.conn.execute(
            "UPDATE programme_versions SET state = $2, returned_why = $3 WHERE id = $1",
            version["id"],
            step.target,
            cmd.reason.strip(),
        )
        await _finish(work, programme_id, ProgrammeReturned(subject_id=programme_id, no=version["no"]))


async def approve(actor: Actor, programme_id: UUID, cmd: ApproveProgramme, *, expected: int | None = None) -> None:
    """Approve a version: it takes the place of the one before, which stays readable.

    Raises:
        NotFound, WrongState, NotYourStep, ChangedMeanwhile, OwnProgramme, StateSecretRefused: as named.
    """
    refuse_state_secrets(opinion=cmd.opinion)
    async with unit_of_work(actor) as work:
        _, version, step = await _begin(work, actor, programme_id, "approve", expected)
        rules.check_approver(actor.person_id, version["authors"])
        await work.conn.execute(
            "UPDATE programme_versions SET state = $2, approved_by = $3, approved_at = $4, opinion = $5 WHERE id = $1",
            version["id"],
            step.target,
            actor.person_id,
            work.at,
            cmd.opinion.strip(),
        )
        await _finish(work, programme_id, ProgrammeApproved(subject_id=programme_id, no=version["no"]))


async def withdraw(actor: Actor, programme_id: UUID, *, expected: int | None = None) -> None:
    """Give the version under way up; what was approved before holds on.

    Raises:
        NotFound, WrongState, NotYourStep, ChangedMeanwhile: as named.
    """
    async with unit_of_work(actor) as work:
        _, version, step = await _begin(work, actor, programme_id, "withdraw", expected)
        await work.conn.execute("UPDATE programme_versions SET state = $2 WHERE id = $1", version["id"], step.target)
        await _finish(work, programme_id, ProgrammeWithdrawn(subject_id=programme_id, no=version["no"]))


async def amend(actor: Actor, programme_id: UUID, cmd: AmendProgramme, *, expected: int | None = None) -> None:
    """Begin a new version with the entries of the last; after a withdrawn first draft it simply begins anew.

    Raises:
        NotFound, ChangedMeanwhile, NotYourStep, AmendmentUnderWay, NothingApproved, StateSecretRefused, IdReused.
    """
    refuse_state_secrets(reason=cmd.reason)
    must_take(next_step(LIFECYCLE, None, "draft"), actor.roles)
    async with unit_of_work(actor) as work:
        await _locked(work, actor, programme_id, None)
        earlier = await work.conn.fetchrow("SELECT programme_id FROM programme_versions WHERE id = $1", cmd.id)
        if earlier is not None:
            if earlier["programme_id"] != programme_id:
                raise IdReused
            return
        await _locked(work, actor, programme_id, expected)
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
        await _insert_version(
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
        await _finish(work, programme_id, ProgrammeDrafted(subject_id=programme_id, no=no))


async def put_under(actor: Actor, programme_id: UUID, cmd: PutUnder) -> None:
    """Put an item under an entry of the version in force, in place of the entry under which it stood.

    Raises:
        NotFound: no such programme, or no such item in the actor's scope.
        UnknownEntry, NothingApproved: as named.
    """
    async with unit_of_work(actor) as work:
        await _locked(work, actor, programme_id, None)
        await items.item_row(actor, cmd.item_id)
        version_id = await work.conn.fetchval(
            "SELECT id FROM programme_versions WHERE programme_id = $1 AND state = 'APPROVED' ORDER BY no DESC LIMIT 1",
            programme_id,
        )
        if version_id is None:
            raise NothingApproved
        if not await work.conn.fetchval(
            "SELECT 1 FROM programme_entries WHERE version_id = $1 AND key = $2", version_id, cmd.entry_key
        ):
            raise UnknownEntry
        now = await work.conn.fetchval(
            "SELECT entry_key FROM programme_links WHERE programme_id = $1 AND item_id = $2 AND ended_at IS NULL",
            programme_id,
            cmd.item_id,
        )
        if now == cmd.entry_key:
            return
        await _end_link(work, actor, programme_id, cmd.item_id)
        await work.conn.execute(
            "INSERT INTO programme_links (id, org_id, programme_id, entry_key, item_id, linked_by, linked_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7)",
            new_id(),
            actor.org_id,
            programme_id,
            cmd.entry_key,
            cmd.item_id,
            actor.person_id,
            work.at,
        )
        work.record(ItemPutUnder(subject_id=programme_id, item_id=cmd.item_id, entry_key=cmd.entry_key))


async def take_off(actor: Actor, programme_id: UUID, item_id: UUID) -> None:
    """Take an item off the entry under which it was put; from then on it counts where it is matched.

    Raises:
        NotFound: no such programme, or the item stands under no entry.
    """
    async with unit_of_work(actor) as work:
        await _locked(work, actor, programme_id, None)
        await items.item_row(actor, item_id)
        if not await _end_link(work, actor, programme_id, item_id):
            raise NotFound
        work.record(ItemTakenOff(subject_id=programme_id, item_id=item_id))


async def _end_link(work: UnitOfWork, actor: Actor, programme_id: UUID, item_id: UUID) -> bool:
    ended = await work.conn.fetchval(
        "UPDATE programme_links SET ended_by = $3, ended_at = $4"
        " WHERE programme_id = $1 AND item_id = $2 AND ended_at IS NULL RETURNING id",
        programme_id,
        item_id,
        actor.person_id,
        work.at,
    )
    return ended is not None


async def _begin(
    work: UnitOfWork, actor: Actor, programme_id: UUID, act: str, expected: int | None
) -> tuple[Any, Any, Step]:
    programme = await _locked(work, actor, programme_id, expected)
    version = await work.conn.fetchrow(
        "SELECT * FROM programme_versions WHERE programme_id = $1 ORDER BY no DESC LIMIT 1", programme_id
    )
    step = next_step(LIFECYCLE, ProgrammeState(version["state"]), act)
    must_take(step, actor.roles)
    return programme, version, step


async def _locked(work: UnitOfWork, actor: Actor, programme_id: UUID, expected: int | None) -> Any:
    row = await work.conn.fetchrow(
        "SELECT * FROM programmes WHERE id = $1 AND org_id = $2 FOR UPDATE", programme_id, actor.org_id
    )
    if row is None:
        raise NotFound
    if expected is not None and row["version"] != expected:
        raise ChangedMeanwhile(params={"version": row["version"]})
    return row


async def _finish(work: UnitOfWork, programme_id: UUID, event: Event) -> None:
    await _touch(work, programme_id)
    work.record(event)


async def _touch(work: UnitOfWork, programme_id: UUID) -> None:
    await work.conn.execute("UPDATE programmes SET version = version + 1 WHERE id = $1", programme_id)


async def _insert_version(
    work: UnitOfWork,
    actor: Actor,
    programme_id: UUID,
    no: int,
    most: int | None,
    reason: str,
    *,
    version_id: UUID | None = None,
) -> UUID:
    made = version_id or new_id()
    await work.conn.execute(
        "INSERT INTO programme_versions (id, org_id, programme_id, no, state, reason, most_visits, authors, drafted_by,"
        " drafted_at) VALUES ($1, $2, $3, $4, 'DRAFT', $5, $6, ARRAY[$7::uuid], $7, $8)",
        made,
        actor.org_id,
        programme_id,
        no,
        reason,
        most,
        actor.person_id,
        work.at,
    )
    return made


async def _write_entries(work: UnitOfWork, actor: Actor, version_id: UUID, entries: Sequence[Entry]) -> None:
    named = {one.unit_id for one in entries if one.unit_id is not None}
    kinds = {
        row["id"]: row["kind"]
        for row in await work.conn.fetch(
            "SELECT id, kind FROM units WHERE org_id = $1 AND id = ANY($2::uuid[])", actor.org_id, list(named)
        )
    }
    if named - set(kinds):
        raise UnknownUnit
    # 733 art. 5: no company, no citizen, and not the office itself.
    if set(kinds.values()) - set(rules.UNIT_KINDS):
        raise NotAnObject
    if not await active_holders(actor, [one.responsible_id for one in entries], Permission.PROGRAMME_READ):
        raise UnknownPerson
    await work.conn.executemany(
        "INSERT INTO programme_entries (id, org_id, version_id, key, no, subject, unit_id, unit_kind, category,"
        " from_on, to_on, visits, responsible_id, basis)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        [
            (
                new_id(),
                actor.org_id,
                version_id,
                one.key,
                no,
                one.subject.strip(),
                one.unit_id,
                one.unit_kind,
                one.category,
                one.from_on,
                one.to_on,
                one.visits,
                one.responsible_id,
                one.basis.strip(),
            )
            for no, one in enumerate(entries, start=1)
        ],
    )


def _refuse_secrets(entries: Sequence[Entry], **texts: str) -> None:
    told = {
        f"entries.{place}.{name}": getattr(one, name)
        for place, one in enumerate(entries)
        for name in ("subject", "basis")
    }
    refuse_state_secrets(**texts, **told)
