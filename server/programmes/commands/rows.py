"""The rows of a programme inside an open transaction: locked, begun, written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from server.access.actor import Actor
from server.access.people import active_holders
from server.access.roles import Permission
from server.access.steps import must_take
from server.items.errors import NotAnObject, UnknownPerson, UnknownUnit
from server.journal.events import Event
from server.journal.work import UnitOfWork
from server.kit.errors import ChangedMeanwhile, NotFound
from server.kit.ids import new_id
from server.kit.lifecycle import Step, next_step
from server.programmes import rules
from server.programmes.lifecycle import LIFECYCLE, ProgrammeState
from server.programmes.schemas import Entry


async def begin(
    work: UnitOfWork, actor: Actor, programme_id: UUID, act: str, expected: int | None
) -> tuple[Any, Any, Step]:
    """The programme, locked, its latest version, and the step that the act is.

    Raises:
        NotFound, ChangedMeanwhile, WrongState, NotYourStep: as named.
    """
    programme = await locked(work, actor, programme_id, expected)
    version = await work.conn.fetchrow(
        "SELECT * FROM programme_versions WHERE programme_id = $1 ORDER BY no DESC LIMIT 1", programme_id
    )
    step = next_step(LIFECYCLE, ProgrammeState(version["state"]), act)
    must_take(step, actor.roles)
    return programme, version, step


async def locked(work: UnitOfWork, actor: Actor, programme_id: UUID, expected: int | None) -> Any:
    """The programme's row, locked.

    Raises:
        NotFound, ChangedMeanwhile: as named.
    """
    row = await work.conn.fetchrow(
        "SELECT * FROM programmes WHERE id = $1 AND org_id = $2 FOR UPDATE", programme_id, actor.org_id
    )
    if row is None:
        raise NotFound
    if expected is not None and row["version"] != expected:
        raise ChangedMeanwhile(params={"version": row["version"]})
    return row


async def finish(work: UnitOfWork, programme_id: UUID, event: Event) -> None:
    """Record what was done to a programme under its next version number of the row."""
    await touch(work, programme_id)
    work.record(event)


async def touch(work: UnitOfWork, programme_id: UUID) -> None:
    """Count the row's version up, so that whoever read the one before is told."""
    await work.conn.execute("UPDATE programmes SET version = version + 1 WHERE id = $1", programme_id)


async def insert_version(
    work: UnitOfWork,
    actor: Actor,
    programme_id: UUID,
    no: int,
    most: int | None,
    reason: str,
    *,
    version_id: UUID | None = None,
) -> UUID:
    """Begin a version in DRAFT, written by the actor."""
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


async def write_entries(work: UnitOfWork, actor: Actor, version_id: UUID, entries: Sequence[Entry]) -> None:
    """Insert a version's entries.

    Raises:
        UnknownUnit, NotAnObject, UnknownPerson: an entry names what cannot be meant.
    """
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
