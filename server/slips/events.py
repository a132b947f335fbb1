"""What is recorded about slips, receipts and what units settle among themselves: ids and states, never the texts."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from server.journal.events import Change, Event


class _OfSlip(Event):
    SUBJECT: ClassVar[str] = "slip"

    item_id: UUID

    def changes(self) -> tuple[Change, ...]:
        """The item's page shows its slips."""
        return (Change("slip", self.subject_id), Change("item", self.item_id))


class SlipDrafted(_OfSlip):
    """A slip was drafted."""

    KIND: ClassVar[str] = "slip.drafted"

    series: str


class SlipRevised(_OfSlip):
    """A draft was changed."""

    KIND: ClassVar[str] = "slip.revised"


class SlipDiscarded(_OfSlip):
    """A draft was discarded; it never had a number."""

    KIND: ClassVar[str] = "slip.discarded"


class SlipIssued(_OfSlip):
    """A slip was signed off and got its number."""

    KIND: ClassVar[str] = "slip.issued"

    series: str
    year: int
    seq: int
    units: tuple[UUID, ...]


class SlipWithdrawn(_OfSlip):
    """An issued slip was withdrawn; the number stays used."""

    KIND: ClassVar[str] = "slip.withdrawn"

    units: tuple[UUID, ...]


class SlipSigned(_OfSlip):
    """A unit signed for a slip."""

    KIND: ClassVar[str] = "slip.signed"

    unit_id: UUID


class SlipRefused(_OfSlip):
    """A unit declined a slip; the leader in charge is to decide."""

    KIND: ClassVar[str] = "slip.refused"

    unit_id: UUID


class RefusalDecided(_OfSlip):
    """The leader decided on a refusal."""

    KIND: ClassVar[str] = "slip.refusal_decided"

    unit_id: UUID
    upheld: bool


class _OfItem(Event):
    SUBJECT: ClassVar[str] = "item"


class ContributionGiven(_OfItem):
    """An assisting unit gave its contribution to the lead unit."""

    KIND: ClassVar[str] = "item.contribution_given"

    unit_id: UUID
    lead_unit_id: UUID


class CoordinationTaskDone(_OfItem):
    """A unit reported its task of a coordination slip done; ``left`` says how many of the slip are not."""

    KIND: ClassVar[str] = "item.coordination_task_done"

    slip_id: UUID
    task_id: UUID
    unit_id: UUID
    left: int


class DisagreementRaised(_OfItem):
    """A unit recorded a disagreement with another about an item."""

    KIND: ClassVar[str] = "item.disagreement_raised"

    disagreement_id: UUID


class ConsultationRecorded(_OfItem):
    """A consultation of principal leaders, or a meeting, was recorded."""

    KIND: ClassVar[str] = "item.consultation_recorded"

    disagreement_id: UUID
    kind: str


class DisagreementSentUp(_OfItem):
    """A disagreement that was consulted on was sent up for instruction."""

    KIND: ClassVar[str] = "item.disagreement_sent_up"

    disagreement_id: UUID


class DisagreementSettled(_OfItem):
    """A disagreement was settled."""

    KIND: ClassVar[str] = "item.disagreement_settled"

    disagreement_id: UUID
