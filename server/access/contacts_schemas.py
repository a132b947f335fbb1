"""Wire shapes of a unit's contacts."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from server.access.schemas import NamedView, PersonView
from server.kit.structs import Input, View

Phone = Annotated[str, Meta(max_length=40, pattern=r"^[0-9+() \-]*$")]


class ContactKind(StrEnum):
    """The two that every unit names (R24)."""

    LEADER = "LEADER"
    LIAISON = "LIAISON"


CONTACT_NAMES: dict[ContactKind, tuple[str, str]] = {
    ContactKind.LEADER: ("分管负责同志", "Leader in charge"),
    ContactKind.LIAISON: ("联络员", "Liaison"),
}


class NameContact(Input):
    """Name the person whom the office calls; whoever was named before steps back."""

    kind: ContactKind
    person_id: UUID
    phone: Phone = ""


class ContactView(View):
    """A contact of a unit."""

    kind: ContactKind
    person: NamedView
    phone: str


class UnitContactsView(View):
    """A unit and its contacts. ``missing`` flags what it has not named; ``may_name`` tells whether the reader may."""

    unit: NamedView
    contacts: tuple[ContactView, ...]
    missing: tuple[ContactKind, ...]
    may_name: bool


class UnitContactsDetail(UnitContactsView):
    """A unit's contacts with the people it may choose from (none for whoever may not name)."""

    people: tuple[PersonView, ...]
