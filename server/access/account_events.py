"""What can happen to units, accounts and roles. Those who answer for them are told; the log has a leaf for each."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from server.access.roles import Role
from server.journal.events import Change, Event, Untold


class _OfPerson(Event):
    SUBJECT: ClassVar[str] = "person"

    def changes(self) -> tuple[Change, ...]:
        """Whoever has the list of accounts open reads it again; phones have no use for it."""
        return (Change("account", self.subject_id),)


class _OfUnit(Event):
    SUBJECT: ClassVar[str] = "unit"


class OrganisationFounded(Untold):
    """An organisation was founded on this installation, from its command line."""

    KIND: ClassVar[str] = "org.founded"
    SUBJECT: ClassVar[str] = "org"


class UnitAdded(_OfUnit):
    """A unit came into the tree."""

    KIND: ClassVar[str] = "unit.added"

    parent_id: UUID | None
    sha256: str


class PersonAdded(_OfPerson):
    """Somebody got an account, with a first password and no role; the name is held as a digest (``names.digest``)."""

    KIND: ClassVar[str] = "person.added"

    unit_id: UUID
    sha256: str


class OfficerNamed(_OfPerson):
    """At the founding somebody became administrator, secrecy officer or auditor; there was nobody yet to confirm it."""

    KIND: ClassVar[str] = "person.officer_named"

    role: Role


class RoleAsked(_OfPerson):
    """An administrator asked that somebody be given a role, or lose it."""

    KIND: ClassVar[str] = "person.role_asked"

    request_id: UUID
    role: Role
    ends: bool


class RoleConfirmed(_OfPerson):
    """A secrecy officer confirmed it: from now on the person has the role, or has it no longer."""

    KIND: ClassVar[str] = "person.role_confirmed"

    request_id: UUID
    role: Role
    ends: bool
    asked_by_id: UUID


class RoleRefused(_OfPerson):
    """A secrecy officer turned it down; nothing changed."""

    KIND: ClassVar[str] = "person.role_refused"

    request_id: UUID
    role: Role
    ends: bool
    asked_by_id: UUID


class AccountClosed(_OfPerson):
    """An account was closed: its sign-ins ended, and its roles with them."""

    KIND: ClassVar[str] = "person.account_closed"

    roles: tuple[Role, ...]


class AccountReopened(_OfPerson):
    """A closed account was opened again, with a first password and no role."""

    KIND: ClassVar[str] = "person.account_reopened"


class PasswordChanged(_OfPerson):
    """A person chose another password; all other sign-ins of that person ended with it."""

    KIND: ClassVar[str] = "person.password_changed"


class OfficerRecovered(_OfPerson):
    """At the server's console an officer got a first password again; nobody confirmed it."""

    KIND: ClassVar[str] = "person.officer_recovered"

    roles: tuple[Role, ...]


class PersonChangeAsked(_OfPerson):
    """An administrator asked that somebody be called otherwise, or belong to another unit.

    Names are held as digests of what the account says before and after (``names.digest``).
    """

    KIND: ClassVar[str] = "person.change_asked"

    change_id: UUID
    unit_before: UUID
    unit_after: UUID
    before_sha256: str
    after_sha256: str


class PersonChanged(_OfPerson):
    """A secrecy officer confirmed it: from now on the person is called so and belongs there."""

    KIND: ClassVar[str] = "person.changed"

    change_id: UUID
    unit_before: UUID
    unit_after: UUID
    before_sha256: str
    after_sha256: str
    asked_by_id: UUID


class PersonChangeRefused(_OfPerson):
    """A secrecy officer turned it down; nothing changed."""

    KIND: ClassVar[str] = "person.change_refused"

    change_id: UUID
    asked_by_id: UUID


class UnitChangeAsked(_OfUnit):
    """An administrator asked that a unit be called otherwise, be of another kind or lie elsewhere in the tree."""

    KIND: ClassVar[str] = "unit.change_asked"

    change_id: UUID
    parent_before: UUID | None
    parent_after: UUID | None
    before_sha256: str
    after_sha256: str


class UnitChanged(_OfUnit):
    """A secrecy officer confirmed it: from now on the unit is called so and lies there."""

    KIND: ClassVar[str] = "unit.changed"

    change_id: UUID
    parent_before: UUID | None
    parent_after: UUID | None
    before_sha256: str
    after_sha256: str
    asked_by_id: UUID


class UnitChangeRefused(_OfUnit):
    """A secrecy officer turned it down; nothing changed."""

    KIND: ClassVar[str] = "unit.change_refused"

    change_id: UUID
    asked_by_id: UUID
