"""Wire shapes of accounts, units and requests for roles."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from server.access.roles import Role
from server.access.schemas import NamedView
from server.kit.structs import NOT_BLANK, Input, View

UnitKind = Literal["government", "department", "lower_government", "office"]
RequestState = Literal["asked", "confirmed", "refused", "lapsed"]
AccountState = Literal["active", "waiting", "closed"]

UnitName = Annotated[str, Meta(min_length=1, max_length=100, pattern=NOT_BLANK)]
PersonName = Annotated[str, Meta(min_length=1, max_length=60, pattern=NOT_BLANK)]
# Letters that are the same in every spelling: what is typed on a phone must find the account.
Login = Annotated[str, Meta(min_length=2, max_length=50, pattern=r"^[A-Za-z0-9._-]+$")]
Password = Annotated[str, Meta(min_length=1, max_length=1000)]


class AddUnit(Input):
    """Add a unit below another; sending it twice is harmless."""

    id: UUID
    name: UnitName
    parent_id: UUID
    kind: UnitKind = "department"


class AddAccount(Input):
    """Give somebody an account; ``password`` is good for choosing one's own at the first sign-in, for nothing else."""

    id: UUID
    name: PersonName
    login: Login
    unit_id: UUID
    password: Password


class AskRole(Input):
    """Ask that a person be given a role, or (``ends``) lose it."""

    id: UUID
    role: Role
    ends: bool = False


class ReopenAccount(Input):
    """Open a closed account again, with a first password and without roles."""

    password: Password


class AskPersonChange(Input):
    """Ask that somebody be called so and belong to this unit; sending it twice is harmless."""

    id: UUID
    name: PersonName
    unit_id: UUID


class AskUnitChange(Input):
    """Ask that a unit be called so, be of this kind and lie below that unit; the root lies below none."""

    id: UUID
    name: UnitName
    parent_id: UUID | None
    kind: UnitKind


class RoleRequestView(View):
    """Who asked for what, and who decided."""

    id: UUID
    role: Role
    ends: bool
    state: RequestState
    asked_by: NamedView
    asked_at: datetime
    decided_by: NamedView | None
    decided_at: datetime | None


class ChangeView(View):
    """What is to be written of a person or a unit instead of what, who asked for it, and who decided.

    ``place`` is the person's unit, or the unit above a unit; ``kind`` is a unit's.
    """

    id: UUID
    state: RequestState
    name: str
    name_before: str
    place: NamedView | None
    place_before: NamedView | None
    kind: str | None
    kind_before: str | None
    asked_by: NamedView
    asked_at: datetime
    decided_by: NamedView | None
    decided_at: datetime | None


class NamesakeView(View):
    """Somebody else who is called alike, so that nobody confirms one for the other."""

    id: UUID
    name: str
    unit: NamedView
    roles: tuple[Role, ...]


class AccountView(View):
    """An account: whose it is, its roles in force, and all that was ever asked for, the newest first.

    ``namesakes`` are people in service called like this one, or as this one is to be called; told with a single
    account, not in lists. ``recovered_at`` is when a first password was last set at the server's console.
    """

    id: UUID
    name: str
    login: str
    unit: NamedView
    state: AccountState
    first_password: bool
    recovered_at: datetime | None
    roles: tuple[Role, ...]
    requests: tuple[RoleRequestView, ...]
    changes: tuple[ChangeView, ...]
    namesakes: tuple[NamesakeView, ...]
    created_at: datetime
    version: int


class UnitRecordView(View):
    """A unit with how many people in service belong to it, and all that was ever asked for, the newest first."""

    id: UUID
    parent_id: UUID | None
    name: str
    kind: str
    people: int
    changes: tuple[ChangeView, ...]
    version: int


class AccountList(View):
    """A page of accounts, the newest first."""

    accounts: list[AccountView]
    next_cursor: str | None
