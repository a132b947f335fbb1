"""Wire shapes of what rules and calendars do to due dates."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from server.kit.structs import Input, View
from server.rulepacks.schemas import PackLabel, PackText, ProblemView, WordsView


class AskEffect(Input):
    """What would change under another pack: that of a label, or of a text still being written; one of both."""

    label: PackLabel | None = None
    text: PackText | None = None


class SettleDue(Input):
    """Settle a provisional date on the one that was proposed, which is repeated here so that nothing else is signed."""

    due_at: Annotated[datetime, Meta(tz=True)]


class DueView(View):
    """When something is due under one pack."""

    at: datetime | None
    rule: str
    words: str
    words_en: str
    provisional: bool


class EffectRow(View):
    """One matter under the pack in force and under the other."""

    item_id: UUID | None
    register_no: str | None
    name: WordsView
    received_on: date
    before: DueView
    after: DueView
    changed: bool


class EffectView(View):
    """Invented matters received today, and present open items as if they were handed over anew. Nothing changes."""

    before: str
    after: str
    sample: tuple[EffectRow, ...]
    items: tuple[EffectRow, ...]
    problems: tuple[ProblemView, ...]


class ProvisionalRow(View):
    """An item whose due date was counted before a year was published; without a proposal the year still is not."""

    item_id: UUID
    register_no: str
    title: str
    due_at: datetime
    calendar: str
    proposed_at: datetime | None
    proposed_calendar: str | None
    version: int


class ProvisionalList(View):
    """All such items in the actor's scope, those that can be settled first."""

    items: tuple[ProvisionalRow, ...]
