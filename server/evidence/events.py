"""What can happen to evidence. Entries hold ids, states and digests; never texts or positions."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

import msgspec

from server.journal.events import Change, Event, Untold


class SessionOpened(Untold):
    """A chain of statements was opened and its key enrolled."""

    KIND: ClassVar[str] = "capture_session.opened"
    SUBJECT: ClassVar[str] = "capture_session"

    visit_id: UUID
    device_id: UUID
    kid: str
    statement_sha256: str


class ChainSealed(Untold):
    """A chain was closed with its count."""

    KIND: ClassVar[str] = "capture_session.sealed"
    SUBJECT: ClassVar[str] = "capture_session"

    visit_id: UUID
    count: int
    statement_sha256: str


class ChainForked(Untold):
    """A known key signed something beside what stands in its chain; it was refused, and kept with its signature."""

    KIND: ClassVar[str] = "device.chain_forked"
    SUBJECT: ClassVar[str] = "device"

    fork_id: UUID
    session_id: UUID
    fork: str
    seq: int
    stands_sha256: str
    statement_sha256: str
    env_sha256: str


class CaptureRecorded(Event):
    """A signed capture arrived and was added to its chain.

    ``flags`` are what was remarkable then (a revoked phone, a late arrival): once logged, it cannot be left out later.
    """

    KIND: ClassVar[str] = "capture.recorded"
    SUBJECT: ClassVar[str] = "capture"

    visit_id: UUID
    session_id: UUID
    seq: int
    statement_sha256: str
    flags: tuple[str, ...]


class CaptureDiscarded(Event):
    """The inspector signed that a capture is void; its original stays."""

    KIND: ClassVar[str] = "capture.discarded"
    SUBJECT: ClassVar[str] = "capture"

    visit_id: UUID
    statement_sha256: str


class DiscardWithoutEffect(Event):
    """The inspector signed that a capture is void, but a case cites it (CITED) or it is not known (UNKNOWN)."""

    KIND: ClassVar[str] = "capture.discard_without_effect"
    SUBJECT: ClassVar[str] = "capture"

    visit_id: UUID
    outcome: str
    statement_sha256: str


class NoteAdded(Event):
    """The inspector signed a note, on the visit or on the capture named."""

    KIND: ClassVar[str] = "capture_session.noted"
    SUBJECT: ClassVar[str] = "capture_session"

    visit_id: UUID
    note_id: UUID
    capture_id: UUID | None
    statement_sha256: str

    def changes(self) -> tuple[Change, ...]:
        """The capture that it is about."""
        return (Change("capture", self.capture_id),) if self.capture_id else ()


class ChainCosigned(Untold):
    """A second officer or the unit signed a seal (SIGNED), or refused to (REFUSED)."""

    KIND: ClassVar[str] = "capture_session.cosigned"
    SUBJECT: ClassVar[str] = "capture_session"

    visit_id: UUID
    seal_sha256: str
    party: str
    outcome: str
    statement_sha256: str


class _MediumReceived(Event):
    SUBJECT: ClassVar[str] = "capture"

    visit_id: UUID
    sha256: str
    bytes: int

    def changes(self) -> tuple[Change, ...]:
        """The capture's counts, and the receipt for the phone."""
        return (Change("capture", self.subject_id), Change("receipt", self.subject_id))


class OriginalReceived(_MediumReceived):
    """The bytes of an original are durable and have the digest that was signed."""

    KIND: ClassVar[str] = "capture.original_received"


class PreviewReceived(_MediumReceived):
    """The phone's own preview is durable."""

    KIND: ClassVar[str] = "capture.preview_received"


class CopyMade(msgspec.Struct, frozen=True):
    """A copy and how it was drawn; ``recipe`` names the way of drawing, sizes are pixels."""

    kind: str
    sha256: str
    recipe: str
    width: int
    height: int


class DerivativesMade(Event):
    """Copies were drawn from an original."""

    KIND: ClassVar[str] = "capture.derivatives_made"
    SUBJECT: ClassVar[str] = "capture"

    sha256: str
    kinds: tuple[str, ...]
    copies: tuple[CopyMade, ...]


class OriginalViewed(Untold):
    """A person opened an original at full size or downloaded it: the first time on that day.

    Who looks at what is told to nobody's phone.
    """

    KIND: ClassVar[str] = "capture.viewed"
    SUBJECT: ClassVar[str] = "capture"

    sha256: str


class CaptureOpened(Untold):
    """A person who may judge took up an undecided capture: the first time on that day.

    ``way``: OPENED on its own page, or PICKED in the list to be judged together with others.
    """

    KIND: ClassVar[str] = "capture.opened"
    SUBJECT: ClassVar[str] = "capture"

    visit_id: UUID
    way: str


class OriginalDiffers(Event):
    """Read again from the store, an original was not what was signed; ``found_sha256`` is empty when it is gone."""

    KIND: ClassVar[str] = "capture.original_differs"
    SUBJECT: ClassVar[str] = "capture"

    sha256: str
    found_sha256: str


class OriginalsReread(Untold):
    """All originals of an organisation were read again and compared with their signed digests."""

    KIND: ClassVar[str] = "evidence.reread"
    SUBJECT: ClassVar[str] = "rehash_run"

    month: str
    checked: int
    bytes: int
    differing: int
    missing: int


class OriginalUnreadable(Event):
    """No copy could be drawn from an original; the original itself is untouched."""

    KIND: ClassVar[str] = "capture.original_unreadable"
    SUBJECT: ClassVar[str] = "capture"

    sha256: str
    reason: str


class CaptureReviewed(Event):
    """A supervisor accepted or rejected a capture as evidence."""

    KIND: ClassVar[str] = "capture.reviewed"
    SUBJECT: ClassVar[str] = "capture"

    visit_id: UUID
    review_id: UUID
    decision: str


class QueryAsked(Event):
    """A supervisor asked the inspector about a capture."""

    KIND: ClassVar[str] = "query.asked"
    SUBJECT: ClassVar[str] = "query"

    visit_id: UUID
    capture_id: UUID

    def changes(self) -> tuple[Change, ...]:
        """The question, and the capture that is now queried."""
        return (Change("query", self.subject_id), Change("capture", self.capture_id))


class QueryAnswered(Event):
    """The inspector answered."""

    KIND: ClassVar[str] = "query.answered"
    SUBJECT: ClassVar[str] = "query"

    visit_id: UUID
    capture_id: UUID

    def changes(self) -> tuple[Change, ...]:
        """The question, and the capture that may be judged again."""
        return (Change("query", self.subject_id), Change("capture", self.capture_id))


class CommentMade(Event):
    """The office remarked on a capture."""

    KIND: ClassVar[str] = "capture.commented"
    SUBJECT: ClassVar[str] = "capture"

    comment_id: UUID
