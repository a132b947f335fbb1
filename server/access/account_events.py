"""What can happen to units, accounts and roles. Nobody's feed is told; the log has a leaf for each."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from server.access.roles import Role
from server.journal.events import Change, Event


class _Untold(Event):
    def changes(self) -> tuple[Change, ...]:
        """People and units are not part of the feed."""
        return ()


class _OfPerson(_Untold):
    SUBJECT: ClassVar[str] = "person"


class OrganisationFounded(_Untold):
    """An organisation was founded on this installation, from its command line."""

    KIND: ClassVar[str] = "org.founded"
    SUBJECT: ClassVar[str] = "org"


class UnitAdded(_Untold):
    """A unit came into the tree."""

    KIND: ClassVar[str] = "unit.added"
    SUBJECT: ClassVar[str] = "unit"

    parent_id: UUID | None


class PersonAdded(_OfPerson):
    """Somebody got an account, with a first password and no role."""

    KIND: ClassVar[str] = "person.added"

    unit_id: UUID


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
