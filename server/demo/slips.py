"""Slips of the story: one for the head of the office to sign off, one for a unit to sign for, and whom to call."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from server.access import contacts_commands
from server.access.contacts_schemas import ContactKind, NameContact
from server.demo import people
from server.demo.people import story_id
from server.items.commands import register
from server.items.kinds import Mode
from server.items.lifecycle import ItemState
from server.items.schemas import RegisterItem, TakeOverItem
from server.items.sources import ItemCategory, SourceKind
from server.kit import clock, db
from server.kit.limits import LimitUnit
from server.slips.commands import draft, issue
from server.slips.kinds import Series
from server.slips.schemas import DraftSlip, SlipLimit, SlipRecipient

_LEAK = story_id("item/leak")
_TO_SIGN_FOR, _TO_SIGN_OFF = story_id("slip/leak"), story_id("slip/winter")


async def load() -> None:
    """Name the contacts, issue one notice yesterday and leave the next as a draft; what exists stays as it is."""
    if await db.fetch_value("SELECT EXISTS (SELECT 1 FROM slips WHERE id = $1)", _TO_SIGN_OFF):
        return
    now = clock.now()
    with clock.held_at(lambda: now - timedelta(days=40)):
        await _contact("unit", people.HOUSING, "0000-5220126")
        await _contact("linxia", people.OFFICE, "0000-5220018")
    with clock.held_at(lambda: now - timedelta(days=2)):
        await _take_over()
    with clock.held_at(lambda: now - timedelta(hours=27)):
        await draft.draft(people.actor("linxia"), notice(_TO_SIGN_FOR, _LEAK, *_LEAK_TEXT, SlipLimit(n=10, unit=_DAYS)))
    with clock.held_at(lambda: now - timedelta(hours=26)):
        await issue.issue(people.actor("hejing"), _TO_SIGN_FOR)
    with clock.held_at(lambda: now - timedelta(hours=2)):
        winter = story_id("item/winter")
        await draft.draft(
            people.actor("linxia"), notice(_TO_SIGN_OFF, winter, *_WINTER_TEXT, SlipLimit(n=10, unit=_DAYS))
        )


_DAYS = LimitUnit.WORKING_DAYS
_LEAK_TEXT = ("完成文昌街供水管网漏损点修复", "漏损点全部修复，管网漏损率降到百分之九以下，附修复前后检测记录")
_WINTER_TEXT = ("全面检查在建工地冬季施工安全", "在建工地检查率百分之百，重大隐患全部整改销号")


async def _contact(login: str, unit: str, phone: str) -> None:
    cmd = NameContact(kind=ContactKind.LIAISON, person_id=story_id(f"person/{login}"), phone=phone)
    await contacts_commands.name_contact(people.actor("hejing"), story_id(f"unit/{unit}"), cmd)


async def _take_over() -> None:
    item = RegisterItem(
        id=_LEAK,
        title="文昌街供水管网漏损修复",
        source_kind=SourceKind.LEADER_ASSIGNMENT,
        category=ItemCategory.SPECIAL,
        source_ref="云府阅〔2026〕58号",
        handling_unit_id=story_id(f"unit/{people.HOUSING}"),
        follow_up_id=people.actor("linxia").person_id,
    )
    await register.take_over(people.actor("tanglan"), TakeOverItem(item=item, state=ItemState.METHOD_CONFIRMED))


def notice(
    slip_id: UUID,
    item_id: UUID,
    task: str,
    standard: str,
    limit: SlipLimit,
    *,
    to: str = "unit",
    followed_up_by: str = "linxia",
) -> DraftSlip:
    """A task notice to somebody of the housing bureau."""
    housing = SlipRecipient(unit_id=story_id(f"unit/{people.HOUSING}"), person_id=story_id(f"person/{to}"))
    return DraftSlip(
        id=slip_id,
        item_id=item_id,
        series=Series.TASK_NOTICE,
        mode=Mode.FORWARD,
        task=task,
        standard=standard,
        limit=limit,
        follow_up_id=people.actor(followed_up_by).person_id,
        recipients=(housing,),
    )
