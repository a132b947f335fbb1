"""The way back for an officer who forgot the password while nobody is left who could give another one.

It is gone at the console of the server alone: no route leads here. Whoever runs the machine could write the row
himself; this way it is an act, told to the officers, to the head of the office and to the person.
"""

from __future__ import annotations

from uuid import UUID

from server.access import signin
from server.access.account_events import OfficerRecovered
from server.access.accounts import first_hash, roles_of
from server.access.actor import system_actor
from server.access.errors import NoOfficer
from server.access.roles import OFFICERS
from server.journal.work import unit_of_work
from server.kit import db
from server.kit.errors import NotFound, WrongState


async def must_be_officer(login: str) -> tuple[UUID, UUID, str, str]:
    """The organisation, id, name and login of an officer in service, before anybody is asked for a password.

    Raises:
        NotFound: no such account. WrongState: it is closed. NoOfficer.
    """
    row = await db.fetch_one(
        "SELECT p.org_id, p.id, p.name, p.login, p.active, EXISTS (SELECT 1 FROM role_grants g WHERE g.person_id = p.id"
        " AND g.revoked_at IS NULL AND g.role = ANY($2::text[])) AS officer FROM people p WHERE lower(p.login) = $1",
        login.strip().lower(),
        [role.value for role in OFFICERS],
    )
    if row is None:
        raise NotFound
    if not row["active"]:
        raise WrongState
    if not row["officer"]:
        raise NoOfficer
    return row["org_id"], row["id"], row["name"], row["login"]


async def recover(login: str, password: str) -> str:
    """Give an officer a first password; all sign-ins end, the role stays. Returns whose account it is.

    Raises:
        As ``must_be_officer``; FirstPasswordUnfit.
    """
    org_id, person_id, name, known = await must_be_officer(login)
    hashed = await first_hash(known, password)
    actor = system_actor(org_id)
    async with unit_of_work(actor) as work:
        active = await work.conn.fetchval("SELECT active FROM people WHERE id = $1 FOR NO KEY UPDATE", person_id)
        roles = await roles_of(work, person_id)
        if not active:
            raise WrongState
        if roles.isdisjoint(OFFICERS):
            raise NoOfficer
        await work.conn.execute(
            "UPDATE people SET password_hash = $2, must_change_password = true, recovered_at = $3,"
            " version = version + 1 WHERE id = $1",
            person_id,
            hashed,
            work.at,
        )
        await signin.end_others(work.conn, actor, person_id, work.at)
        work.record(OfficerRecovered(subject_id=person_id, roles=tuple(sorted(roles))))
    signin.forget_recent()
    return name
