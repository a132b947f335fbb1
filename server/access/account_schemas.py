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


class AccountView(View):
    """An account: whose it is, its roles in force, and all that was ever asked for, the newest first."""

    id: UUID
    name: str
    login: str
    unit: NamedView
    state: AccountState
    first_password: bool
    roles: tuple[Role, ...]
    requests: tuple[RoleRequestView, ...]
    created_at: datetime


class AccountList(View):
    """A page of accounts, the newest first."""

    accounts: list[AccountView]
    next_cursor: str | None
