"""The programme of the year in the story, an amendment of it before the leader, and the tray of this morning."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from server.demo import people
from server.demo.people import story_id
from server.intake import commands as tray
from server.intake.schemas import ReceiveMatter
from server.items.sources import ItemCategory, SourceKind, Urgency
from server.kit import clock, db
from server.programmes.commands import links, versions
from server.programmes.lifecycle import ProgrammeKind
from server.programmes.schemas import (
    AmendProgramme,
    ApproveProgramme,
    DraftProgramme,
    Entry,
    PutUnder,
    ReviseProgramme,
)

_MOST = 3
_BASIS = "县政府年度重点工作安排"
# Key, what is supervised, the unit or a kind of units, from which month to which, visits to each, who is responsible.
_ENTRIES = (
    ("safety", "在建工地安全生产督查", people.HOUSING, None, 1, 12, 3, "zhouheng"),
    ("roads", "农村公路建设与养护督查", people.TRANSPORT, None, 3, 11, 1, "linxia"),
    ("schools", "学校建设与秋季开学保障督查", people.EDUCATION, None, 7, 10, 1, "linxia"),
    ("report", "《政府工作报告》重点任务落实情况", None, "department", 6, 12, 0, "qinfeng"),
    ("water", "饮用水源地保护督查", people.ECOLOGY, None, 4, 12, 1, "zhouheng"),
)
# Items put under an entry; what else meets its object and period is left to be confirmed.
_PUT = (("winter", "safety"), ("dust", "safety"), ("hospital", "safety"), ("road", "roads"), ("school", "schools"))
_ADDED = ("winter", "冬季防火与供暖保障督查", people.TOWN, None, 11, 12, 1, "linxia")

_K = SourceKind
# Key, source, from whom, document, what it is about, hours ago, urgency.
_MATTERS = (
    ("pond", _K.PETITION, "县信访局", "云信呈〔2026〕23号", "青石镇柳河村民反映鱼塘被占", 31, Urgency.ORDINARY),
    ("lamps", _K.LEADER_MAILBOX, "县长信箱", "", "文昌街路灯损坏半月未修", 9, Urgency.ORDINARY),
    ("bus", _K.NPC_CPPCC_PROPOSAL, "县政协提案委", "县政协第58号提案", "优化城乡公交线路", 5, Urgency.ORDINARY),
    ("wall", _K.HIGHER_ASSIGNMENT, "市政府督查室", "市府督〔2026〕9号", "核查老旧围墙安全隐患", 2, Urgency.URGENT),
)


async def load() -> None:
    """Draft, approve and amend the programme; put today's matters into the tray. Once."""
    if await db.fetch_value("SELECT EXISTS (SELECT 1 FROM programmes WHERE org_id = $1)", people.ORG_ID):
        return
    now = clock.now()
    await _programme(now, clock.today().year)
    for key, source, sender, ref, subject, hours, urgency in _MATTERS:
        at = now - timedelta(hours=hours)
        with clock.held_at(lambda at=at: at):  # type: ignore[misc]
            await tray.receive(
                people.actor("tanglan"),
                ReceiveMatter(
                    id=story_id(f"intake/{key}"),
                    source_kind=source,
                    from_whom=sender,
                    subject=subject,
                    source_ref=ref,
                    urgency=urgency,
                ),
            )


async def _programme(now: datetime, year: int) -> None:
    chief, leader, programme_id = people.actor("hejing"), people.actor("luming"), story_id(f"programme/{year}")
    begun = now - timedelta(days=50)
    with clock.held_at(lambda: begun):
        await versions.draft(
            chief,
            DraftProgramme(
                id=programme_id,
                kind=ProgrammeKind.YEAR,
                title=f"{year}年度督查计划",
                from_on=date(year, 1, 1),
                to_on=date(year, 12, 31),
                most_visits=_MOST,
                entries=tuple(_entry(year, *one) for one in _ENTRIES),
            ),
        )
        await versions.submit(chief, programme_id)
    with clock.held_at(lambda: begun + timedelta(days=1)):
        await versions.approve(leader, programme_id, ApproveProgramme(opinion="同意，按计划组织实施"))
    with clock.held_at(lambda: now - timedelta(hours=30)):
        for item, entry in _PUT:
            put = PutUnder(item_id=story_id(f"item/{item}"), entry_key=story_id(f"programme/{entry}"))
            await links.put_under(people.actor("linxia"), programme_id, put)
    with clock.held_at(lambda: now - timedelta(hours=26)):
        reason = "按县政府常务会议要求，增加冬季防火与供暖保障督查"
        await versions.amend(chief, programme_id, AmendProgramme(id=story_id("programme/amended"), reason=reason))
        entries = tuple(_entry(year, *one) for one in (*_ENTRIES, _ADDED))
        await versions.revise(chief, programme_id, ReviseProgramme(entries=entries, most_visits=_MOST))
        await versions.submit(chief, programme_id)


def _entry(
    year: int, key: str, subject: str, unit: str | None, kind: str | None, first: int, last: int, visits: int, who: str
) -> Entry:
    to_on = date(year, 12, 31) if last == 12 else date(year, last + 1, 1) - timedelta(days=1)
    responsible = people.actor(who).person_id
    assert responsible is not None
    return Entry(
        key=story_id(f"programme/{key}"),
        subject=subject,
        unit_id=story_id(f"unit/{unit}") if unit else None,
        unit_kind=kind,
        category=ItemCategory.DECISION if kind else None,
        from_on=date(year, first, 1),
        to_on=to_on,
        visits=visits,
        responsible_id=responsible,
        basis=_BASIS,
    )
