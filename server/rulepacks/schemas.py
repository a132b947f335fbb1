"""Wire shapes of rule packs."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from server.access.schemas import NamedView
from server.kit.structs import NOT_BLANK, Input, View
from server.rulepacks.lifecycle import PackState

PackText = Annotated[str, Meta(min_length=1, max_length=100_000)]
PackLabel = Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*@[1-9][0-9]*$", max_length=80)]


class DraftPack(Input):
    """Draft a version of the office's own (``text``) or the taking over of a shipped pack (``shipped``)."""

    id: UUID
    text: PackText | None = None
    shipped: PackLabel | None = None


class RevisePack(Input):
    """Change the text of a draft."""

    text: PackText


class CheckPack(Input):
    """Look for problems in a text; nothing is stored."""

    text: Annotated[str, Meta(max_length=200_000)]


class ReturnPack(Input):
    """Return a submitted version to the office, saying why."""

    reason: Annotated[str, Meta(min_length=1, max_length=500, pattern=NOT_BLANK)]


class EnactPack(Input):
    """Take a version into force from a day on, today or later."""

    in_force_from: date


class ProblemView(View):
    """What is wrong on which line, and what to do."""

    line: int
    path: str
    zh: str
    en: str


class WordsView(View):
    """The same in Chinese and English."""

    zh: str
    en: str


class RuleView(View):
    """One rule as a sentence in both languages, with what it rests on."""

    id: str
    sentence: WordsView
    article: WordsView | None
    quote: str
    reason: WordsView | None


class PartView(View):
    """One part of a pack: its rules, or why there are none."""

    part: str
    rules: tuple[RuleView, ...]
    silence: WordsView | None


class PackView(View):
    """A pack, readable."""

    label: str
    id: str
    version: int
    name: WordsView
    short: WordsView
    source_title: str
    source_number: str
    source_date: str
    parts: tuple[PartView, ...]
    text: str


class CheckView(View):
    """What came of a check: the pack, or its problems."""

    pack: PackView | None
    problems: tuple[ProblemView, ...]


class PackStanding(StrEnum):
    """Where a version stands in time; what is enacted may be in force, to come, or past."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    WITHDRAWN = "WITHDRAWN"
    IN_FORCE = "IN_FORCE"
    COMING = "COMING"
    REPLACED = "REPLACED"


class PackVersionView(View):
    """A version of the organisation's: its own text, or a shipped pack that it took over."""

    id: UUID
    label: str
    name: WordsView
    shipped: bool
    state: PackState
    standing: PackStanding
    drafted_by: NamedView
    drafted_at: datetime
    submitted_at: datetime | None
    returned_why: str
    enacted_by: NamedView | None
    enacted_at: datetime | None
    in_force_from: date | None
    acts: tuple[str, ...]
    version: int


class ShippedView(View):
    """A pack that comes with the program."""

    label: str
    name: WordsView
    source_title: str
    source_number: str


class PackList(View):
    """What is in force, the versions of the organisation, and the packs that come with the program."""

    in_force: str
    in_force_id: UUID | None
    in_force_from: date | None
    versions: tuple[PackVersionView, ...]
    shipped: tuple[ShippedView, ...]
