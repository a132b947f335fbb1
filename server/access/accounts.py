"""Units and accounts, kept by the administrator. An account alone opens nothing: see ``role_requests``."""

from __future__ import annotations

import asyncio
from typing import Any, Final
from uuid import UUID

import asyncpg

from server.access import signin
from server.access.account_events import AccountClosed, AccountReopened, PersonAdded, UnitAdded
from server.access.account_schemas import AddAccount, AddUnit, ReopenAccount, UnitKind
from server.access.actor import Actor
from server.access.errors import FirstPasswordUnfit, LastOfficer, LoginTaken, NotForOneself, UnitNameTaken
from server.access.names import digest, plain_name
from server.access.passwords import fit, hash_password
from server.access.roles import OFFICERS, Role
from server.access.two_persons import lapse
from server.journal.work import UnitOfWork, unit_of_work
from server.kit.errors import IdReused, NotFound, WrongState
from server.kit.secrecy import refuse_state_secrets

_ANOTHER: Final = (
    "SELECT 1 FROM role_grants g JOIN people p ON p.id = g.person_id"
    " WHERE g.org_id = $1 AND g.role = $2 AND g.revoked_at IS NULL AND p.active AND p.id <> $3"
)


async def add_unit(actor: Actor, cmd: AddUnit) -> None:
    """Add a unit below another; the same id again with the same content changes nothing.

    Raises:
        NotFound: no such unit to put it under. UnitNameTaken; IdReused; NameUnreadable, StateSecretRefused.
    """
    name = plain_name(cmd.name)
    async with unit_of_work(actor, command_id=cmd.id) as work:
        await hold_org(work, actor)
        if not await has_unit(work, actor, cmd.parent_id):
            raise NotFound
        before = await work.conn.fetchrow("SELECT org_id, parent_id, name, kind FROM units WHERE id = $1", cmd.id)
        if before is not None:
            if tuple(before) != (actor.org_id, cmd.parent_id, name, cmd.kind):
                raise IdReused
            return
        if await work.conn.fetchval("SELECT 1 FROM units WHERE parent_id = $1 AND name = $2", cmd.parent_id, name):
            raise UnitNameTaken
        await insert_unit(work, cmd.id, name, cmd.kind, cmd.parent_id)


async def insert_unit(work: UnitOfWork, unit_id: UUID, name: str, kind: UnitKind, parent_id: UUID | None) -> None:
    """Write a unit and its entry."""
    await work.conn.execute(
        "INSERT INTO units (id, org_id, parent_id, name, kind) VALUES ($1, $2, $3, $4, $5)",
        unit_id,
        work.actor.org_id,
        parent_id,
        name,
        kind,
    )
    told = digest(name=name, parent_id=str(parent_id) if parent_id else None, kind=kind)
    work.record(UnitAdded(subject_id=unit_id, parent_id=parent_id, sha256=told))


async def add_account(actor: Actor, cmd: AddAccount) -> None:
    """Give somebody an account without any role; the same id again for the same person changes nothing.

    Raises:
        FirstPasswordUnfit; NotFound: no such unit here; LoginTaken; IdReused; NameUnreadable,
        StateSecretRefused.
    """
    name = plain_name(cmd.name)
    refuse_state_secrets(login=cmd.login)
    hashed = await first_hash(cmd.login, cmd.password)
    async with unit_of_work(actor, command_id=cmd.id) as work:
        await hold_org(work, actor)
        if not await has_unit(work, actor, cmd.unit_id):
            raise NotFound
        before = await work.conn.fetchrow("SELECT org_id, name, login, unit_id FROM people WHERE id = $1", cmd.id)
        if before is not None:
            if tuple(before) != (actor.org_id, name, cmd.login, cmd.unit_id):
                raise IdReused
            return
        await insert_person(work, cmd.id, name, cmd.login, cmd.unit_id, hashed)


async def first_hash(login: str, password: str) -> str:
    """The hash of a first password.

    Raises:
        FirstPasswordUnfit: too short, or the account name.
    """
    if not fit(password, login):
        raise FirstPasswordUnfit
    return await asyncio.to_thread(hash_password, password)


async def insert_person(work: UnitOfWork, person_id: UUID, name: str, login: str, unit_id: UUID, hashed: str) -> None:
    """Write an account with a first password and its entry.

    Raises:
        LoginTaken: in whatever spelling, on the whole installation.
    """
    try:
        await work.conn.execute(
            "INSERT INTO people (id, org_id, unit_id, name, login, password_hash, must_change_password, locale, active,"
            " created_at) VALUES ($1, $2, $3, $4, $5, $6, true, 'zh', true, $7)",
            person_id,
            work.actor.org_id,
            unit_id,
            name,
            login,
            hashed,
            work.at,
        )
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name != "people_login":
            raise
        raise LoginTaken from error
    told = digest(name=name, unit_id=str(unit_id))
    work.record(PersonAdded(subject_id=person_id, unit_id=unit_id, sha256=told))


async def close_account(actor: Actor, person_id: UUID) -> None:
    """Close an account: its sign-ins and its roles end at once, and what was asked for it lapses.

    Raises:
        NotForOneself; NotFound; WrongState: closed before; LastOfficer.
    """
    async with unit_of_work(actor) as work:
        await hold_org(work, actor)
        person = await held_person(work, actor, person_id)
        if not person["active"]:
            raise WrongState
        roles = await roles_of(work, person_id)
        await keep_officers(work, actor, person_id, roles)
        await work.conn.execute("UPDATE people SET active = false, version = version + 1 WHERE id = $1", person_id)
        await work.conn.execute(
            "UPDATE role_grants SET revoked_at = $2 WHERE person_id = $1 AND revoked_at IS NULL", person_id, work.at
        )
        await lapse(work, actor, "role_requests", person_id)
        await lapse(work, actor, "directory_changes", person_id)
        await signin.end_others(work.conn, actor, person_id, work.at)
        work.record(AccountClosed(subject_id=person_id, roles=tuple(sorted(roles))))
    signin.forget_recent()


async def reopen_account(actor: Actor, person_id: UUID, cmd: ReopenAccount) -> None:
    """Open a closed account again: with a first password, and with no role until two persons have given one.

    Raises:
        NotForOneself; NotFound; WrongState: it is open; FirstPasswordUnfit.
    """
    async with unit_of_work(actor) as work:
        person = await held_person(work, actor, person_id)
        if person["active"]:
            raise WrongState
        hashed = await first_hash(person["login"], cmd.password)
        await work.conn.execute(
            "UPDATE people SET active = true, password_hash = $2, must_change_password = true, recovered_at = NULL,"
            " version = version + 1 WHERE id = $1",
            person_id,
            hashed,
        )
        work.record(AccountReopened(subject_id=person_id))


async def hold_org(work: UnitOfWork, actor: Actor) -> None:
    """Let others who change the tree, or who is an officer, wait until this is done."""
    await work.conn.execute("SELECT 1 FROM organisations WHERE id = $1 FOR NO KEY UPDATE", actor.org_id)


async def held_person(work: UnitOfWork, actor: Actor, person_id: UUID) -> Any:
    """The row of somebody else's account, locked.

    Raises:
        NotFound: there is none here. NotForOneself: it is one's own.
    """
    row = await work.conn.fetchrow(
        "SELECT * FROM people WHERE id = $1 AND org_id = $2 FOR NO KEY UPDATE", person_id, actor.org_id
    )
    if row is None:
        raise NotFound
    if person_id == actor.person_id:
        raise NotForOneself
    return row


async def roles_of(work: UnitOfWork, person_id: UUID) -> frozenset[Role]:
    """The roles in force."""
    rows = await work.conn.fetch("SELECT role FROM role_grants WHERE person_id = $1 AND revoked_at IS NULL", person_id)
    return frozenset(Role(row["role"]) for row in rows)


async def keep_officers(work: UnitOfWork, actor: Actor, person_id: UUID, losing: frozenset[Role]) -> None:
    """Refuse that the last administrator, secrecy officer or auditor goes: nobody could name the next one.

    Raises:
        LastOfficer: so it would be. The organisation must be held (``hold_org``).
    """
    for role in losing & OFFICERS:
        if not await work.conn.fetchval(_ANOTHER, actor.org_id, role.value, person_id):
            raise LastOfficer


async def has_unit(work: UnitOfWork, actor: Actor, unit_id: UUID) -> bool:
    """Whether the unit is one of the organisation."""
    found = await work.conn.fetchval("SELECT 1 FROM units WHERE id = $1 AND org_id = $2", unit_id, actor.org_id)
    return found is not None
