"""Wire shapes of calendars."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta, field

from server.access.schemas import NamedView
from server.kit.structs import NOT_BLANK, Input, View

Year = Annotated[int, Meta(ge=2000, le=2199)]


class CalendarState(StrEnum):
    """Where a version stands. It is never changed, only followed by another."""

    DRAFT = "DRAFT"
    IN_FORCE = "IN_FORCE"
    REPLACED = "REPLACED"
    REJECTED = "REJECTED"


class OffDays(Input):
    """Days off from one to another, both included, written 2026-05-01."""

    first: Annotated[str, Meta(max_length=40)] = field(name="from")
    last: Annotated[str, Meta(max_length=40)] = field(name="to")
    name: Annotated[str, Meta(max_length=60)] = ""


class Notice(Input):
    """The arrangement of holidays of a year; ``region`` is empty for that of the whole country."""

    year: Year
    source: Annotated[str, Meta(max_length=300)]
    off: Annotated[list[OffDays], Meta(max_length=100)]
    work: Annotated[list[Annotated[str, Meta(max_length=40)]], Meta(max_length=100)]
    region: Annotated[str, Meta(max_length=20)] = ""


class ImportCalendar(Input):
    """Read a notice in as a draft, under an id minted by whoever sends it."""

    id: UUID
    notice: Notice


class RejectCalendar(Input):
    """Refuse a draft, saying why."""

    reason: Annotated[str, Meta(min_length=1, max_length=500, pattern=NOT_BLANK)]


class OffDaysView(View):
    """Days off from one to another, both included."""

    first: date = field(name="from")
    last: date = field(name="to")
    name: str


class Difference(View):
    """A day on which a version decides otherwise than what is in force."""

    day: date
    worked_before: bool
    worked_after: bool


class CalendarPreview(View):
    """What a notice would change, before anything is stored."""

    year: int
    region: str
    known_before: bool
    differences: tuple[Difference, ...]
    working_days_before: int
    working_days_after: int


class CalendarVersionView(View):
    """One version of one year. Those that come with the program have no id and nobody's name."""

    id: UUID | None
    year: int
    region: str
    version: int
    label: str
    source: str
    state: CalendarState
    off: tuple[OffDaysView, ...]
    work: tuple[date, ...]
    imported_by: NamedView | None
    imported_at: datetime | None
    enacted_by: NamedView | None
    enacted_at: datetime | None
    rejected_by: NamedView | None
    rejected_at: datetime | None
    rejected_why: str
    differences: tuple[Difference, ...]


class CalendarVersionList(View):
    """All versions, the latest first."""

    calendars: tuple[CalendarVersionView, ...]


class SpecialDay(View):
    """A day that is not as its weekday: off, or an exchanged working day."""

    day: date
    worked: bool
    name: str
    region: str


class YearView(View):
    """A year at a glance. Where it is not known, the working days are supposed and only weekends and fixed holidays."""

    year: int
    known: bool
    label: str
    sources: tuple[str, ...]
    days: tuple[SpecialDay, ...]
    months: tuple[int, ...]
    known_years: tuple[int, ...]


class SampleView(View):
    """A region's holidays that come with the program as a sample; they count only once imported and enacted."""

    year: int
    region: str
    source: str
    off: tuple[OffDaysView, ...]
    work: tuple[date, ...]


class SampleList(View):
    """All samples."""

    samples: tuple[SampleView, ...]


class CountView(View):
    """A counted limit."""

    last_day: date
    at: datetime
    calendar: str
    provisional: bool
    unknown_years: tuple[int, ...]
    skipped: tuple[SpecialDay, ...]
