"""What is recorded about visits. Only ids, states and reasons: the audit role reads these entries, not the content."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from server.journal.events import Change, Event


class _ToTeam(Event):
    """A visit that its team must be able to open: the item and the site go to each member, and to nobody else."""

    SUBJECT: ClassVar[str] = "visit"

    item_id: UUID
    site_id: UUID
    team: tuple[UUID, ...]

    def changes(self) -> tuple[Change, ...]:
        """Changes of item and site are narrowed to the members: a change for all would betray the visit (R81)."""
        return (
            Change("visit", self.subject_id),
            *(Change("item", self.item_id, person_id=member) for member in self.team),
            *(Change("site", self.site_id, person_id=member) for member in self.team),
        )


class VisitPlanned(_ToTeam):
    """A plan was drawn up and waits for its approver."""

    KIND: ClassVar[str] = "visit.planned"

    approver_id: UUID


class VisitApproved(Event):
    """The approver accepted the plan."""

    KIND: ClassVar[str] = "visit.approved"
    SUBJECT: ClassVar[str] = "visit"

    planned_by: UUID


class TeamLocked(_ToTeam):
    """The team is fixed; from now on its members may depart."""

    KIND: ClassVar[str] = "visit.team_locked"

    leader_id: UUID


class VisitAdvanced(Event):
    """The team took a step in the field."""

    KIND: ClassVar[str] = "visit.advanced"
    SUBJECT: ClassVar[str] = "visit"

    step: str
    state: str


class VisitAborted(Event):
    """The visit was stopped before the team left the site."""

    KIND: ClassVar[str] = "visit.aborted"
    SUBJECT: ClassVar[str] = "visit"

    reason: str


class VisitReleased(Event):
    """The visit became known to the office at large and to the unit under supervision."""

    KIND: ClassVar[str] = "visit.released"
    SUBJECT: ClassVar[str] = "visit"
