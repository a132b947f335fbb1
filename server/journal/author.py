"""Whose act an entry records; ``server.access.actor.Actor`` is one."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID


class Author(Protocol):
    """A person, or the installation itself (``person_id`` is ``None``), within one organisation."""

    @property
    def org_id(self) -> UUID:
        """The organisation whose journal it is."""

    @property
    def person_id(self) -> UUID | None:
        """The acting person."""
