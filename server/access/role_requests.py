"""Roles: an administrator asks, a secrecy officer confirms; neither for himself.

Whoever makes accounts must not be able to make an inspector, or a head of the office, alone (decision 0016).
"""

from __future__ import annotations

from uuid import UUID

from server.access import signin
from server.access.account_events import RoleAsked, RoleConfirmed, RoleRefused
from server.access.account_schemas import AskRole
from server.access.accounts import held_person, hold_org, keep_officers, roles_of
from server.access.actor import Actor
from server.access.errors import OfficersApart, RoleAlready
from server.access.roles import Role, stay_apart
from server.access.two_persons import decide, to_decide
from server.journal.work import UnitOfWork, unit_of_work
from server.kit.errors import ChangedMeanwhile, IdReused, WrongState
from server.kit.ids import new_id


async def ask_role(actor: Actor, person_id: UUID, cmd: AskRole) -> None:
    """Ask that somebody be given a role, or lose it; nothing is in force by it. The same id again changes nothing.

    Raises:
        NotForOneself; NotFound; WrongState: the account is closed; RoleAlready; OfficersApart; LastOfficer; IdReused.
    """
    async with unit_of_work(actor, command_id=cmd.id) as work:
        await hold_org(work, actor)
        person = await held_person(work, actor, person_id)
        before = await work.conn.fetchrow("SELECT person_id, role, ends FROM role_requests WHERE id = $1", cmd.id)
        if before is not None:
            if tuple(before) != (person_id, cmd.role.value, cmd.ends):
                raise IdReused
            return
        if not person["active"]:
            raise WrongState
        await _must_be_possible(work, actor, person_id, cmd.role, ends=cmd.ends)
        waits = await work.conn.fetch(
            "SELECT role, ends FROM role_requests WHERE person_id = $1 AND outcome IS NULL", person_id
        )
        if any(one["role"] == cmd.role for one in waits):
            raise RoleAlready
        await work.conn.execute(
            "INSERT INTO role_requests (id, org_id, person_id, role, ends, asked_by, asked_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7)",
            cmd.id,
            actor.org_id,
            person_id,
            cmd.role.value,
            cmd.ends,
            actor.person_id,
            work.at,
        )
        work.record(RoleAsked(subject_id=person_id, request_id=cmd.id, role=cmd.role, ends=cmd.ends))


async def confirm_role(actor: Actor, request_id: UUID, *, expected: int | None = None) -> None:
    """Confirm as the second person: the role is in force, or over, from now on.

    ``expected`` is the version of the account that was looked at: a role is confirmed for who is called so and belongs
    there, not for whoever that account became meanwhile.

    Raises:
        NotFound; SecondPersonNeeded: one asked for it, or it is about oneself; WrongState: decided before;
        OfficersApart, LastOfficer, RoleAlready: other roles changed since it was asked for; ChangedMeanwhile.
    """
    async with unit_of_work(actor) as work:
        await hold_org(work, actor)
        asked = await to_decide(work, actor, "role_requests", request_id)
        person_id, role = asked["person_id"], Role(asked["role"])
        version = await work.conn.fetchval("SELECT version FROM people WHERE id = $1", person_id)
        if expected is not None and version != expected:
            raise ChangedMeanwhile(params={"version": version})
        await _must_be_possible(work, actor, person_id, role, ends=asked["ends"])
        if asked["ends"]:
            await work.conn.execute(
                "UPDATE role_grants SET revoked_at = $3 WHERE person_id = $1 AND role = $2 AND revoked_at IS NULL",
                person_id,
                role.value,
                work.at,
            )
        else:
            await grant(work, person_id, role)
        await decide(work, actor, "role_requests", request_id, "CONFIRMED")
        work.record(
            RoleConfirmed(
                subject_id=person_id,
                request_id=request_id,
                role=role,
                ends=asked["ends"],
                asked_by_id=asked["asked_by"],
            )
        )
    signin.forget_recent()


async def refuse_role(actor: Actor, request_id: UUID) -> None:
    """Turn down as the second person what another asked for.

    Raises:
        NotFound; SecondPersonNeeded; WrongState: as ``confirm_role``.
    """
    async with unit_of_work(actor) as work:
        asked = await to_decide(work, actor, "role_requests", request_id)
        await decide(work, actor, "role_requests", request_id, "REFUSED")
        work.record(
            RoleRefused(
                subject_id=asked["person_id"],
                request_id=request_id,
                role=Role(asked["role"]),
                ends=asked["ends"],
                asked_by_id=asked["asked_by"],
            )
        )


async def grant(work: UnitOfWork, person_id: UUID, role: Role) -> None:
    """Put a role in force."""
    await work.conn.execute(
        "INSERT INTO role_grants (id, org_id, person_id, role, granted_at) VALUES ($1, $2, $3, $4, $5)",
        new_id(),
        work.actor.org_id,
        person_id,
        role.value,
        work.at,
    )


async def _must_be_possible(work: UnitOfWork, actor: Actor, person_id: UUID, role: Role, *, ends: bool) -> None:
    held = await roles_of(work, person_id)
    if (role in held) is not ends:
        raise RoleAlready
    if ends:
        await keep_officers(work, actor, person_id, frozenset({role}))
    elif not stay_apart(held | {role}):
        raise OfficersApart
