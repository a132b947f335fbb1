"""Founding an organisation: its root unit and its three officers. The national calendar and the shipped rules hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import msgspec

from server.access.account_events import OfficerNamed, OrganisationFounded
from server.access.account_schemas import Login, PersonName, UnitName
from server.access.accounts import first_hash, insert_person, insert_unit
from server.access.actor import system_actor
from server.access.errors import OfficersNotThree, OrganisationExists
from server.access.names import plain_name
from server.access.role_requests import grant
from server.access.roles import Role
from server.journal.work import unit_of_work
from server.kit.errors import InvalidInput
from server.kit.ids import new_id

THE_THREE: Final = (Role.ADM, Role.SEC, Role.AUD)


@dataclass(frozen=True, slots=True)
class Officer:
    """One of the three, with the first password."""

    role: Role
    login: str
    name: str
    password: str


async def found(name: str, name_en: str, root_unit: str, officers: tuple[Officer, ...]) -> UUID:
    """Found an organisation; returns its id. All passwords are first passwords: whoever typed them keeps none.

    Raises:
        InvalidInput: a name or a login cannot be used. OfficersNotThree; FirstPasswordUnfit; NameUnreadable,
        StateSecretRefused; OrganisationExists; LoginTaken.
    """
    name, root_unit = plain_name(name), plain_name(root_unit)
    check(name, root_unit, officers)
    hashed = [await first_hash(one.login, one.password) for one in officers]
    org_id, unit_id = new_id(), new_id()
    async with unit_of_work(system_actor(org_id)) as work:
        await work.conn.execute("SELECT pg_advisory_xact_lock(hashtextextended('found', 0))")
        if await work.conn.fetchval("SELECT 1 FROM organisations WHERE lower(name) = lower($1)", name):
            raise OrganisationExists
        await work.conn.execute(
            "INSERT INTO organisations (id, name, name_en, created_at) VALUES ($1, $2, $3, $4)",
            org_id,
            name,
            " ".join(name_en.split()),
            work.at,
        )
        await work.conn.execute("INSERT INTO feed_counters (org_id, n) VALUES ($1, 0)", org_id)
        work.record(OrganisationFounded(subject_id=org_id))
        await insert_unit(work, unit_id, root_unit, "government", None)
        for one, own in zip(officers, hashed, strict=True):
            person_id = new_id()
            await insert_person(work, person_id, plain_name(one.name), one.login, unit_id, own)
            await grant(work, person_id, one.role)
            work.record(OfficerNamed(subject_id=person_id, role=one.role))
    return org_id


def check(name: str, root_unit: str, officers: tuple[Officer, ...]) -> None:
    """Refuse what cannot be founded, before anybody is asked for a password.

    Raises:
        As ``found``, but for passwords and what the database knows.
    """
    try:
        msgspec.convert([name, root_unit], list[UnitName])
        msgspec.convert([" ".join(one.name.split()) for one in officers], list[PersonName])
        msgspec.convert([one.login for one in officers], list[Login])
    except msgspec.ValidationError as error:
        raise InvalidInput(str(error)) from error
    for text in (name, root_unit):
        plain_name(text)
    logins = {one.login.lower() for one in officers}
    names = {plain_name(one.name) for one in officers}
    if [one.role for one in officers] != list(THE_THREE) or len(logins) != 3 or len(names) != 3:
        raise OfficersNotThree
