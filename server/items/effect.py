"""What another rule pack would make of due dates, side by side: of invented matters and of present open items."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from server.access.actor import Actor
from server.access.roles import Permission
from server.calendars.queries import calendar_in_force
from server.calendars.rules import Calendar
from server.items.deadlines import compute
from server.items.due_schemas import AskEffect, DueView, EffectRow, EffectView
from server.items.lifecycle import OPEN
from server.items.numbers import register_no
from server.items.scope import visible_to
from server.kit import clock, db
from server.kit.errors import FieldProblem, InvalidInput
from server.rulepacks import queries as packs
from server.rulepacks.reader import read_pack
from server.rulepacks.rules import RulePack
from server.rulepacks.schemas import ProblemView, WordsView

MOST_ITEMS: Final = 50

_PLAIN: Final[Mapping[str, Any]] = {
    "source_kind": "LEADER_INSTRUCTION",
    "category": "SPECIAL",
    "urgency": "ORDINARY",
    "importance": "ORDINARY",
    "immediate": False,
}
SAMPLE: Final[tuple[tuple[str, str, Mapping[str, Any]], ...]] = (
    ("县长批示：医院扩建工程安全生产（平件）", "Instruction: safety at a hospital site (ordinary)", {}),
    ("县长批示：河道排污（特急）", "Instruction: waste in the river (extra urgent)", {"urgency": "EXTRA_URGENT"}),
    (
        "领导交办：窗口服务（加急）",
        "Assigned: service at the counter (urgent)",
        {"source_kind": "LEADER_ASSIGNMENT", "urgency": "URGENT"},
    ),
    ("督查调研：农村道路养护", "Research: upkeep of country roads", {"category": "RESEARCH"}),
    (
        "常务会议议定事项：学校改造（重要）",
        "Decision of a meeting: a school (important)",
        {"source_kind": "EXECUTIVE_MEETING", "category": "DECISION", "importance": "IMPORTANT"},
    ),
    (
        "政府工作报告：年度目标",
        "Work report: a goal of the year",
        {"source_kind": "WORK_REPORT", "category": "DECISION"},
    ),
    (
        "网民留言：小区水电费",
        "Message on the net: utility fees",
        {"source_kind": "ONLINE_OPINION", "category": "COORDINATION"},
    ),
    ("特事特办：突发险情", "Immediate: sudden danger", {"immediate": True}),
)


async def effect(actor: Actor, ask: AskEffect) -> EffectView:
    """Due dates under the pack in force and under the other.

    Raises:
        InvalidInput: neither a label nor a text, or both.
        UnknownPack: no such label for the actor.
    """
    if (ask.label is None) == (ask.text is None):
        problem = FieldProblem(field="label", code="one_of_two", detail="Give a label or a text.")
        raise InvalidInput(errors=(problem,))
    before = await packs.pack_in_force(actor.org_id)
    if ask.text is not None:
        actor.must(Permission.RULE_EDIT)
        after, problems = await asyncio.to_thread(read_pack, ask.text, version=1)
        if after is None:
            told = tuple(ProblemView(line=one.line, path=one.path, zh=one.zh, en=one.en) for one in problems)
            return EffectView(before=before.label, after="", sample=(), items=(), problems=told)
    else:
        await packs.readable(actor, ask.label or "")
        after = await packs.pack_of(actor.org_id, ask.label or "")
    calendar = await calendar_in_force(actor.org_id)
    now = clock.now()
    return EffectView(
        before=before.label,
        after=after.label,
        sample=tuple(
            _row(before, after, calendar, {**_PLAIN, **special}, now, WordsView(zh=zh, en=en))
            for zh, en, special in SAMPLE
        ),
        items=await _items(actor, before, after, calendar) if actor.may(Permission.ITEM_READ) else (),
        problems=(),
    )


async def _items(actor: Actor, before: RulePack, after: RulePack, calendar: Calendar) -> tuple[EffectRow, ...]:
    condition, args = visible_to(actor, 3)
    rows = await db.fetch(
        f"SELECT i.* FROM items i WHERE i.state = ANY($1::text[]) AND {condition}"
        " ORDER BY i.created_at DESC, i.id DESC LIMIT $2",
        [state.value for state in OPEN],
        MOST_ITEMS,
        *args,
    )
    found = []
    for row in rows:
        name = WordsView(zh=row["title"], en=row["title"])
        # As if it were handed over anew; what it has already stays as it was frozen (R36).
        made = _row(before, after, calendar, row, row["assigned_at"] or row["received_at"], name)
        made.item_id = row["id"]
        made.register_no = register_no(row["register_year"], row["register_seq"])
        found.append(made)
    return tuple(found)


def _row(
    before: RulePack,
    after: RulePack,
    calendar: Calendar,
    item: Mapping[str, Any],
    received_at: datetime,
    name: WordsView,
) -> EffectRow:
    was, becomes = _due(before, calendar, item, received_at), _due(after, calendar, item, received_at)
    return EffectRow(
        item_id=None,
        register_no=None,
        name=name,
        received_on=clock.day_of(received_at),
        before=was,
        after=becomes,
        changed=was.at != becomes.at,
    )


def _due(pack: RulePack, calendar: Calendar, item: Mapping[str, Any], received_at: datetime) -> DueView:
    due = compute(pack, calendar, item, received_at=received_at)
    return DueView(at=due.at, rule=due.rule, words=due.words, words_en=due.words_en, provisional=due.provisional)
