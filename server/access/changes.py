"""Names, units and the tree, corrected: an administrator asks, a secrecy officer confirms; neither for himself.

A unit is a view: whoever belongs to it sees what is handed to it. A name is what others know somebody by who choose a
team or read who signed. So both take two persons, as a role does (decision 0016), and what was written before stays.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server.access import signin
from server.access.account_events import (
    PersonChangeAsked,
    PersonChanged,
    PersonChangeRefused,
    UnitChangeAsked,
    UnitChanged,
    UnitChangeRefused,
)
from server.access.account_schemas import AskPersonChange, AskUnitChange
from server.access.accounts import has_unit, held_person, hold_org
from server.access.actor import Actor
from server.access.errors import ChangeWaits, NothingChanged, UnitBelowItself, UnitNameTaken
from server.access.names import digest, plain_name
from server.access.two_persons import decide, to_decide
from server.journal.work import UnitOfWork, unit_of_work
from server.kit.errors import ChangedMeanwhile, IdReused, NotFound, WrongState

_FIELDS = ("org_id", "person_id", "unit_id", "name", "place_id", "kind")
_BELOW = (
    "WITH RECURSIVE below AS (SELECT $1::uuid AS id UNION SELECT u.id FROM units u JOIN below b ON u.parent_id = b.id)"
    " SELECT EXISTS (SELECT 1 FROM below WHERE id = $2)"
)


async def ask_person(actor: Actor, person_id: UUID, cmd: AskPersonChange, *, expected: int | None = None) -> None:
    """Ask that somebody be called otherwise or belong to another unit; the same id again changes nothing.

    Raises:
        NotForOneself; NotFound: no such person or unit; WrongState: the account is closed; ChangedMeanwhile;
        NothingChanged; ChangeWaits; IdReused; NameUnreadable, StateSecretRefused.
    """
    name = plain_name(cmd.name)
    async with unit_of_work(actor, command_id=cmd.id) as work:
        await hold_org(work, actor)
        person = await held_person(work, actor, person_id)
        if await _asked_before(work, cmd.id, (actor.org_id, person_id, None, name, cmd.unit_id, None)):
            return
        if not person["active"]:
            raise WrongState
        _must_be_version(person, expected)
        if not await has_unit(work, actor, cmd.unit_id):
            raise NotFound
        if (name, cmd.unit_id) == (person["name"], person["unit_id"]):
            raise NothingChanged
        row = await _insert(
            work, cmd.id, person["version"], (person_id, None), (person["name"], name), (person["unit_id"], cmd.unit_id)
        )
        work.record(PersonChangeAsked(subject_id=person_id, **_of_person(row)))


async def ask_unit(actor: Actor, unit_id: UUID, cmd: AskUnitChange, *, expected: int | None = None) -> None:
    """Ask that a unit be called otherwise, be of another kind or lie elsewhere; the same id again changes nothing.

    Raises:
        NotFound: no such unit, or none to put it under; UnitBelowItself; UnitNameTaken; ChangedMeanwhile;
        NothingChanged; ChangeWaits; IdReused; NameUnreadable, StateSecretRefused.
    """
    name = plain_name(cmd.name)
    async with unit_of_work(actor, command_id=cmd.id) as work:
        await hold_org(work, actor)
        unit = await _held_unit(work, actor, unit_id)
        if await _asked_before(work, cmd.id, (actor.org_id, None, unit_id, name, cmd.parent_id, cmd.kind)):
            return
        _must_be_version(unit, expected)
        if (name, cmd.parent_id, cmd.kind) == (unit["name"], unit["parent_id"], unit["kind"]):
            raise NothingChanged
        await _must_fit(work, actor, unit, name, cmd.parent_id)
        row = await _insert(
            work,
            cmd.id,
            unit["version"],
            (None, unit_id),
            (unit["name"], name),
            (unit["parent_id"], cmd.parent_id),
            (unit["kind"], cmd.kind),
        )
        work.record(UnitChangeAsked(subject_id=unit_id, **_of_unit(row)))


async def confirm_person(actor: Actor, change_id: UUID) -> None:
    """Confirm as the second person: from now on somebody is called so, belongs there and sees what that unit sees.

    Raises:
        NotFound; SecondPersonNeeded; WrongState: decided before; ChangedMeanwhile: the account is another since.
    """
    async with unit_of_work(actor) as work:
        await hold_org(work, actor)
        row = await to_decide(work, actor, "directory_changes", change_id)
        if row["person_id"] is None:
            raise NotFound
        person = await held_person(work, actor, row["person_id"])
        _must_be_version(person, row["version"])
        await work.conn.execute(
            "UPDATE people SET name = $2, unit_id = $3, version = version + 1 WHERE id = $1",
            person["id"],
            row["name"],
            row["place_id"],
        )
        if row["place_id"] != row["place_before"]:
            # Whom a unit named as its contact belongs to it; coming back, he is one when he is named again.
            await work.conn.execute(
                "UPDATE unit_contacts SET ended_at = $2 WHERE person_id = $1 AND ended_at IS NULL",
                person["id"],
                work.at,
            )
        await decide(work, actor, "directory_changes", change_id, "CONFIRMED")
        work.record(PersonChanged(subject_id=person["id"], **_of_person(row), asked_by_id=row["asked_by"]))
    signin.forget_recent()


async def confirm_unit(actor: Actor, change_id: UUID) -> None:
    """Confirm as the second person: from now on the unit is called so, and lies there.

    Raises:
        NotFound; SecondPersonNeeded; WrongState: decided before; ChangedMeanwhile, UnitBelowItself, UnitNameTaken: the
        unit or the tree is another since.
    """
    async with unit_of_work(actor) as work:
        await hold_org(work, actor)
        row = await to_decide(work, actor, "directory_changes", change_id)
        if row["unit_id"] is None:
            raise NotFound
        unit = await _held_unit(work, actor, row["unit_id"])
        _must_be_version(unit, row["version"])
        await _must_fit(work, actor, unit, row["name"], row["place_id"])
        await work.conn.execute(
            "UPDATE units SET name = $2, parent_id = $3, kind = $4, version = version + 1 WHERE id = $1",
            unit["id"],
            row["name"],
            row["place_id"],
            row["kind"],
        )
        await decide(work, actor, "directory_changes", change_id, "CONFIRMED")
        work.record(UnitChanged(subject_id=unit["id"], **_of_unit(row), asked_by_id=row["asked_by"]))
    signin.forget_recent()


async def refuse(actor: Actor, change_id: UUID, *, of_unit: bool) -> None:
    """Turn down as the second person what another asked for, of a person or of a unit.

    Raises:
        NotFound; SecondPersonNeeded; WrongState: decided before.
    """
    async with unit_of_work(actor) as work:
        row = await to_decide(work, actor, "directory_changes", change_id)
        subject = row["unit_id" if of_unit else "person_id"]
        if subject is None:
            raise NotFound
        await decide(work, actor, "directory_changes", change_id, "REFUSED")
        event = UnitChangeRefused if of_unit else PersonChangeRefused
        work.record(event(subject_id=subject, change_id=change_id, asked_by_id=row["asked_by"]))


def _must_be_version(row: Any, expected: int | None) -> None:
    if expected is not None and row["version"] != expected:
        raise ChangedMeanwhile(params={"version": row["version"]})


async def _asked_before(work: UnitOfWork, change_id: UUID, told: tuple[Any, ...]) -> bool:
    before = await work.conn.fetchrow(f"SELECT {', '.join(_FIELDS)} FROM directory_changes WHERE id = $1", change_id)
    if before is None:
        return False
    if tuple(before) != told:
        raise IdReused
    return True


async def _held_unit(work: UnitOfWork, actor: Actor, unit_id: UUID) -> Any:
    row = await work.conn.fetchrow(
        "SELECT * FROM units WHERE id = $1 AND org_id = $2 FOR NO KEY UPDATE", unit_id, actor.org_id
    )
    if row is None:
        raise NotFound
    return row


async def _must_fit(work: UnitOfWork, actor: Actor, unit: Any, name: str, parent_id: UUID | None) -> None:
    """The tree stays one tree, with other names below the same unit. The organisation must be held."""
    if (parent_id is None) is not (unit["parent_id"] is None):
        raise UnitBelowItself
    if parent_id is not None:
        if not await has_unit(work, actor, parent_id):
            raise NotFound
        if await work.conn.fetchval(_BELOW, unit["id"], parent_id):
            raise UnitBelowItself
    if await work.conn.fetchval(
        "SELECT 1 FROM units WHERE org_id = $1 AND parent_id IS NOT DISTINCT FROM $2 AND name = $3 AND id <> $4",
        actor.org_id,
        parent_id,
        name,
        unit["id"],
    ):
        raise UnitNameTaken


async def _insert(
    work: UnitOfWork,
    change_id: UUID,
    version: int,
    about: tuple[UUID | None, UUID | None],
    name: tuple[str, str],
    place: tuple[UUID | None, UUID | None],
    kind: tuple[str | None, str | None] = (None, None),
) -> Any:
    """Write what is asked for, each as it was and as it is to be; the account or unit must be held.

    Raises:
        ChangeWaits: another change of it waits.
    """
    if await work.conn.fetchval(
        "SELECT 1 FROM directory_changes WHERE coalesce(person_id, unit_id) = $1 AND outcome IS NULL",
        about[0] or about[1],
    ):
        raise ChangeWaits
    return await work.conn.fetchrow(
        "INSERT INTO directory_changes (id, org_id, version, person_id, unit_id, name_before, name, place_before,"
        " place_id, kind_before, kind, asked_by, asked_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING *",
        change_id,
        work.actor.org_id,
        version,
        *about,
        *name,
        *place,
        *kind,
        work.actor.person_id,
        work.at,
    )


def _of_person(row: Any) -> dict[str, Any]:
    """What the act holds: ids as they are, names as digests."""
    return {
        "change_id": row["id"],
        "unit_before": row["place_before"],
        "unit_after": row["place_id"],
        "before_sha256": digest(name=row["name_before"], unit_id=str(row["place_before"])),
        "after_sha256": digest(name=row["name"], unit_id=str(row["place_id"])),
    }


def _of_unit(row: Any) -> dict[str, Any]:
    sides = {
        side: digest(name=row[name], parent_id=str(row[place]) if row[place] else None, kind=row[kind])
        for side, name, place, kind in (
            ("before_sha256", "name_before", "place_before", "kind_before"),
            ("after_sha256", "name", "place_id", "kind"),
        )
    }
    return {"change_id": row["id"], "parent_before": row["place_before"], "parent_after": row["place_id"], **sides}
