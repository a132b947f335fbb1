"""What is recorded about programmes."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from server.journal.events import Event


class _OfProgramme(Event):
    SUBJECT: ClassVar[str] = "programme"


class ProgrammeDrafted(_OfProgramme):
    """A version was drafted: the first, or an amendment."""

    KIND: ClassVar[str] = "programme.drafted"

    no: int


class ProgrammeRevised(_OfProgramme):
    """A draft was rewritten."""

    KIND: ClassVar[str] = "programme.revised"

    no: int
    entries: int


class ProgrammeSubmitted(_OfProgramme):
    """A version was laid before a leader."""

    KIND: ClassVar[str] = "programme.submitted"

    no: int


class ProgrammeReturned(_OfProgramme):
    """A leader returned a version to be changed."""

    KIND: ClassVar[str] = "programme.returned"

    no: int


class ProgrammeApproved(_OfProgramme):
    """A leader approved a version; it holds from now on."""

    KIND: ClassVar[str] = "programme.approved"

    no: int


class ProgrammeWithdrawn(_OfProgramme):
    """A version was given up before it was approved."""

    KIND: ClassVar[str] = "programme.withdrawn"

    no: int


class ItemPutUnder(_OfProgramme):
    """A person put an item under an entry, or, without one, said that it lies outside the programme."""

    KIND: ClassVar[str] = "programme.item_put_under"

    item_id: UUID
    entry_key: UUID | None


class ItemTakenOff(_OfProgramme):
    """An item was taken off an entry again."""

    KIND: ClassVar[str] = "programme.item_taken_off"

    item_id: UUID
