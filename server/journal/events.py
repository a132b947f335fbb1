"""What an event is: a past-tense fact about one subject, and the changes that phones and desks must hear of."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

import msgspec


class Change(msgspec.Struct, frozen=True):
    """A row of the change feed to come; ``person_id`` narrows it to one person."""

    kind: str
    subject_id: UUID
    person_id: UUID | None = None
    op: str = "put"


class Event(msgspec.Struct):
    """Base of all events. Subclasses set ``KIND`` (``item.assigned``) and ``SUBJECT`` (``item``).

    The fields of a subclass, without ``subject_id``, become the entry's ``data``. They never hold content that the
    audit role may not read (texts, positions): ids, states and reasons only.
    """

    KIND: ClassVar[str]
    SUBJECT: ClassVar[str]

    subject_id: UUID

    def changes(self) -> tuple[Change, ...]:
        """What the change feed announces; by default the subject itself."""
        return (Change(self.SUBJECT, self.subject_id),)


class Untold(Event):
    """Base of acts upon what no phone and no open page shows. The log has a leaf for each all the same."""

    def changes(self) -> tuple[Change, ...]:
        """Nothing to announce."""
        return ()
