"""Wire shapes of sign-in, people, units and devices."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from server.access.roles import Permission, Role
from server.kit.structs import NOT_BLANK, Input, View


class SignIn(Input):
    """Sign in; ``bearer`` answers with a token for programs, ``cookie`` sets the browser's cookie.

    ``new_password`` is for whoever signs in with a first password: nothing opens before one's own is chosen.
    """

    login: Annotated[str, Meta(min_length=1, max_length=100)]
    password: Annotated[str, Meta(min_length=1, max_length=1000)]
    transport: Literal["cookie", "bearer"] = "cookie"
    new_password: Annotated[str, Meta(min_length=1, max_length=1000)] | None = None


class ChangePassword(Input):
    """Change one's own password; all other sign-ins end."""

    old_password: Annotated[str, Meta(min_length=1, max_length=1000)]
    new_password: Annotated[str, Meta(min_length=1, max_length=1000)]


class EndedView(View):
    """How many other sign-ins were ended."""

    ended: int


class NamedView(View):
    """Something shown by its name."""

    id: UUID
    name: str


def named(found: UUID | None, name: str | None) -> NamedView | None:
    """What a query found under this id, by its name; nothing where an outer join found nothing."""
    return None if found is None else NamedView(id=found, name=name or "")


class PersonSelfView(View):
    """The signed-in person."""

    id: UUID
    name: str
    unit: NamedView
    roles: tuple[Role, ...]
    permissions: tuple[Permission, ...]


class SessionView(View):
    """A sign-in as its owner sees it. ``token`` is set once, for ``bearer``."""

    person: PersonSelfView
    org: NamedView
    csrf_token: str
    token: str | None
    expires_at: datetime
    server_time: datetime


class PersonView(View):
    """A person in a list to choose from."""

    id: UUID
    name: str
    unit: NamedView
    roles: tuple[Role, ...]


class UnitView(View):
    """A unit of the tree."""

    id: UUID
    parent_id: UUID | None
    name: str
    kind: str


class EnrolDevice(Input):
    """Enrol this phone under the signed-in person; sending it twice is harmless."""

    id: UUID
    name: Annotated[str, Meta(min_length=1, max_length=100, pattern=NOT_BLANK)]
    platform: Annotated[str, Meta(max_length=200)] = ""


DeviceState = Literal["unconfirmed", "confirmed", "revocation_asked", "revoked"]


class AskRevocation(Input):
    """Ask that a phone be revoked, and why: lost, sold, its owner left."""

    reason: Annotated[str, Meta(min_length=1, max_length=500, pattern=NOT_BLANK)]


class DeviceView(View):
    """An enrolled phone, who confirmed it and who asked for its end."""

    id: UUID
    name: str
    platform: str
    person: NamedView
    unit_name: str
    state: DeviceState
    enrolled_at: datetime
    confirmed_by: NamedView | None
    confirmed_at: datetime | None
    revocation_asked_by: NamedView | None
    revocation_asked_at: datetime | None
    revocation_reason: str
    revoked_by: NamedView | None
    revoked_at: datetime | None
    last_seen_at: datetime | None


class DeviceList(View):
    """A page of the register of phones, the newest first."""

    devices: list[DeviceView]
    next_cursor: str | None
