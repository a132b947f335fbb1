"""Wire shapes of co-handling (会办): tasks of units, contributions, disagreements."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from server.access.schemas import NamedView, PersonView
from server.items.kinds import Mode
from server.kit.structs import NOT_BLANK, Input, View
from server.slips.schemas import Instant, SlipItemView, SlipRowView, Words


class DisagreementState(StrEnum):
    """Where a disagreement between units stands."""

    OPEN = "OPEN"
    SENT_UP = "SENT_UP"
    SETTLED = "SETTLED"


DISAGREEMENT_NAMES: dict[DisagreementState, tuple[str, str]] = {
    DisagreementState.OPEN: ("协商中", "Being consulted on"),
    DisagreementState.SENT_UP: ("已报请领导", "Sent up"),
    DisagreementState.SETTLED: ("已有结论", "Settled"),
}


class ConsultationKind(StrEnum):
    """How the units spoke with each other."""

    CONSULTATION = "CONSULTATION"
    MEETING = "MEETING"


CONSULTATION_NAMES: dict[ConsultationKind, tuple[str, str]] = {
    ConsultationKind.CONSULTATION: ("主要负责同志协商", "Principal leaders"),
    ConsultationKind.MEETING: ("主办单位召集会议", "Meeting of the lead unit"),
}


class GiveContribution(Input):
    """An assisting unit's contribution. It goes to the lead unit, which reports for all; never upward (R45)."""

    id: UUID
    text: Annotated[str, Meta(min_length=1, max_length=10_000, pattern=NOT_BLANK)]
    addressed_to: Literal["LEAD", "OFFICE"] = "LEAD"


class RaiseDisagreement(Input):
    """Record that units of an item disagree, and about what."""

    id: UUID
    subject: Words


class RecordConsultation(Input, kw_only=True):
    """Record a consultation of principal leaders, or the meeting chaired by the lead unit's (LS; R46)."""

    id: UUID
    kind: ConsultationKind
    held_at: Instant
    present: Annotated[tuple[UUID, ...], Meta(min_length=1, max_length=60)]
    chair_id: UUID | None = None
    absent_units: Annotated[tuple[UUID, ...], Meta(max_length=60)] = ()
    office_person_id: UUID | None = None
    result: Annotated[str, Meta(min_length=1, max_length=4000, pattern=NOT_BLANK)]


class FinishTask(Input):
    """Report a task of a coordination slip done: what was done, and with what result."""

    result: Annotated[str, Meta(min_length=1, max_length=4000, pattern=NOT_BLANK)]


class SettleDisagreement(Input):
    """Settle a disagreement: what holds from now on."""

    outcome: Annotated[str, Meta(min_length=1, max_length=4000, pattern=NOT_BLANK)]


class TaskView(View):
    """The task of a unit in an item: ``kind`` LEAD, ASSIST or COORDINATE, ``state`` assigned → accepted → given.

    A task of a coordination slip goes assigned → accepted → DONE; its result is for the unit, the lead unit and the
    office. ``acts`` are those that this reader may take now.
    """

    id: UUID
    unit: NamedView
    kind: str
    state: str
    person: NamedView
    due_at: datetime | None
    slip_id: UUID
    done_at: datetime | None
    done_by: NamedView | None
    result: str
    acts: tuple[str, ...]


class ContributionView(View):
    """What an assisting unit gave to the lead unit."""

    id: UUID
    unit: NamedView
    text: str
    given_by: NamedView
    given_at: datetime


class PresentView(View):
    """Somebody who took part."""

    person: NamedView
    unit: NamedView


class ConsultationView(View):
    """A consultation or meeting about a disagreement."""

    id: UUID
    kind: ConsultationKind
    held_at: datetime
    chair: NamedView | None
    present: tuple[PresentView, ...]
    absent_units: tuple[NamedView, ...]
    office_person: NamedView | None
    result: str
    recorded_by: NamedView
    recorded_at: datetime


class DisagreementView(View):
    """A disagreement between units of an item. ``acts`` are those that this reader may take now."""

    id: UUID
    item: SlipItemView
    subject: str
    state: DisagreementState
    raised_by: NamedView
    raised_unit: NamedView
    raised_at: datetime
    consultations: tuple[ConsultationView, ...]
    sent_up_at: datetime | None
    settled_by: NamedView | None
    settled_at: datetime | None
    outcome: str
    acts: tuple[str, ...]
    version: int


class DisagreementList(View):
    """A page of disagreements not settled, the oldest first."""

    disagreements: tuple[DisagreementView, ...]
    next_cursor: str | None


class ProposedView(View):
    """What the item's proposal says, to begin a draft with."""

    unit_id: UUID | None
    person_id: UUID | None
    assist_unit_ids: tuple[UUID, ...]
    task: str
    requirement: str


class AssignmentView(View):
    """Who handles an item and how far that is: its slips, the tasks of units, what they settle among themselves.

    ``contributions`` are there for the lead unit and for who gave them; ``participants`` for who may record a
    consultation; ``drafts`` names the series that the reader may draft now, and
    ``proposed`` is what such a draft begins with.
    """

    item: SlipItemView
    mode: Mode | None
    mode_reason: str
    responsible: NamedView | None
    follow_up: NamedView | None
    mail_permitted: bool
    self_allowed: bool
    oral_allowed: bool
    slips: tuple[SlipRowView, ...]
    tasks: tuple[TaskView, ...]
    contributions: tuple[ContributionView, ...]
    disagreements: tuple[DisagreementView, ...]
    participants: tuple[PersonView, ...]
    drafts: tuple[str, ...]
    proposed: ProposedView | None
    acts: tuple[str, ...]
