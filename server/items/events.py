"""What is recorded about items and sites."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from server.journal.events import Change, Event, Untold


class ItemRegistered(Event):
    """A matter got its number."""

    KIND: ClassVar[str] = "item.registered"
    SUBJECT: ClassVar[str] = "item"

    register_year: int
    register_seq: int
    source_kind: str


class ItemTakenOver(Event):
    """An item came from the paper ledger with the state that it had there."""

    KIND: ClassVar[str] = "item.taken_over"
    SUBJECT: ClassVar[str] = "item"

    state: str


class ItemPaperRecorded(Event):
    """An instruction's record or a file was added to an item; ``what`` says which."""

    KIND: ClassVar[str] = "item.paper_recorded"
    SUBJECT: ClassVar[str] = "item"

    what: str
    paper_id: UUID


class ItemProposed(Event):
    """How to handle an item was proposed, or proposed anew."""

    KIND: ClassVar[str] = "item.proposed"
    SUBJECT: ClassVar[str] = "item"

    basis_kind: str | None
    mode: str | None


class ItemSubmitted(Event):
    """A proposal went up for approval."""

    KIND: ClassVar[str] = "item.submitted"
    SUBJECT: ClassVar[str] = "item"

    round: int


class ItemSigned(Event):
    """The first signature was given (审核)."""

    KIND: ClassVar[str] = "item.signed"
    SUBJECT: ClassVar[str] = "item"

    round: int


class ItemEstablished(Event):
    """The second signature was given (审定): the item is official."""

    KIND: ClassVar[str] = "item.established"
    SUBJECT: ClassVar[str] = "item"

    round: int


class ItemSentBack(Event):
    """A leader sent a proposal back; signatures of the round are void."""

    KIND: ClassVar[str] = "item.sent_back"
    SUBJECT: ClassVar[str] = "item"

    round: int


class ItemRefused(Event):
    """A matter was not established (不予立项); its origin is told."""

    KIND: ClassVar[str] = "item.refused"
    SUBJECT: ClassVar[str] = "item"

    source_kind: str


class ItemMerged(Event):
    """An item was merged into another, so that nothing is supervised twice."""

    KIND: ClassVar[str] = "item.merged"
    SUBJECT: ClassVar[str] = "item"

    into_id: UUID

    def changes(self) -> tuple[Change, ...]:
        """Both items show it."""
        return (Change("item", self.subject_id), Change("item", self.into_id))


class ItemFeedbackGiven(Event):
    """The origins of an item are to be told that it is not taken up or that its unit refuses it."""

    KIND: ClassVar[str] = "item.feedback_given"
    SUBJECT: ClassVar[str] = "item"

    kind: str
    people: tuple[UUID, ...]


class ItemFeedbackTold(Event):
    """An origin without an account here was told."""

    KIND: ClassVar[str] = "item.feedback_told"
    SUBJECT: ClassVar[str] = "item"

    feedback_id: UUID


class ItemMethodAmended(Event):
    """A change of the confirmed method was proposed, signed, refused or withdrawn."""

    KIND: ClassVar[str] = "item.method_amended"
    SUBJECT: ClassVar[str] = "item"

    amendment_id: UUID
    outcome: str


class ItemMethodConfirmed(Event):
    """How to supervise was confirmed (办法确认)."""

    KIND: ClassVar[str] = "item.method_confirmed"
    SUBJECT: ClassVar[str] = "item"

    intensity: str


class ItemAssigned(Event):
    """An item was handed over to its unit; the due time is frozen."""

    KIND: ClassVar[str] = "item.assigned"
    SUBJECT: ClassVar[str] = "item"

    unit_id: UUID
    due_rule: str


class ItemReceived(Event):
    """The unit signed for an item."""

    KIND: ClassVar[str] = "item.received"
    SUBJECT: ClassVar[str] = "item"

    unit_id: UUID | None


class ItemTakenBack(Event):
    """A leader followed a unit's refusal: the item is to be assigned anew."""

    KIND: ClassVar[str] = "item.taken_back"
    SUBJECT: ClassVar[str] = "item"

    unit_id: UUID


class IntakeLimitSet(Untold):
    """The office set within how many hours a matter is to be registered (R2)."""

    KIND: ClassVar[str] = "intake.limit_set"
    SUBJECT: ClassVar[str] = "organisation"

    hours: int


class SiteRecorded(Event):
    """A place was recorded under an item."""

    KIND: ClassVar[str] = "site.recorded"
    SUBJECT: ClassVar[str] = "site"

    item_id: UUID
