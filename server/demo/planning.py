"""Meetings of the story with what they decided, schedules planned backwards, a breakdown and an item on the board."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from server.attachments.commands import hand_in
from server.demo import people
from server.demo.people import story_id
from server.items.commands import decompose, listing, milestones
from server.items.planning_schemas import (
    DecideListing,
    DecomposeItem,
    NewChild,
    PlannedMilestone,
    RecordProgress,
    SetSchedule,
)
from server.kit import clock, db
from server.meetings.commands import make_items, record
from server.meetings.kinds import MeetingKind
from server.meetings.schemas import ItemFromDecision, MakeItems, NewDecision, RecordMeeting


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision of the story; ``due`` is in days from now, ``registered`` says whether it is in the ledger."""

    text: str
    requirement: str
    units: tuple[str, ...]
    due: int
    registered: str = ""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting of the story, so many days ago."""

    key: str
    kind: MeetingKind
    days_ago: int
    chair: str
    decided: tuple[Decided, ...]
    no: int | None = None
    title: str = ""
    attended: bool = True


MEETINGS = (
    Meeting(
        "executive",
        MeetingKind.EXECUTIVE,
        12,
        "顾远",
        (
            Decided(
                "原则同意《云溪县城区停车泊位建设方案》，年内新增公共停车泊位600个。",
                "每月5日前报送开工、完工泊位数和点位清单。",
                (people.HOUSING, people.TRANSPORT),
                58,
                "城区公共停车泊位建设",
            ),
            Decided(
                "由教育局牵头，春季开学前完成12所乡村学校供暖改造。",
                "改造完成率百分之百，逐校验收。",
                (people.EDUCATION, people.HOUSING),
                33,
                "乡村学校供暖改造",
            ),
            Decided(
                "县级财政安排专项资金支持村卫生室药品配备。", "资金下达后十个工作日内报配备情况。", (people.HEALTH,), 45
            ),
        ),
        no=22,
    ),
    Meeting(
        "flood",
        MeetingKind.SPECIAL,
        5,
        "陆明",
        (
            Decided(
                "青石镇和生态环境局十日内完成沿河排污口复查。",
                "列出点位、责任人和整改时限。",
                (people.TOWN, people.ECOLOGY),
                6,
            ),
            Decided(
                "住房和城乡建设局会同交通运输局排查易涝点。", "汛前全部整改。", (people.HOUSING, people.TRANSPORT), 24
            ),
        ),
        title="沿河环境整治专题会议",
    ),
    Meeting(
        "office",
        MeetingKind.OFFICE,
        3,
        "顾远",
        (Decided("政务服务大厅延时服务自下月起试行。", "试行一个月后报告群众评价。", (people.OFFICE,), 40),),
        no=31,
        attended=False,
    ),
)

# Item → milestones: name, planned in days from now, done in days from now, or what was reported instead.
SCHEDULES: dict[str, tuple[tuple[str, int, int | str | None], ...]] = {
    "pipes": (
        ("完成管线勘测", -21, -23),
        ("三标段开挖", -6, -4),
        ("二标段开挖", -1, "雨天停工三日，已完成七成"),
        ("管网回填", 12, None),
        ("竣工验收", 24, None),
    ),
    "bridge": (("限高设施到位", -12, -12), ("桥面加固", 4, None), ("荷载试验", 11, None)),
    "flood": (("隐患点清单", -9, -8), ("逐点落实监测员", 2, None), ("巡查报告", 14, None)),
    "hospital": (("重大隐患停工整改", 1, "塔吊已停用，等待检测"), ("复查", 4, None)),
}

CHILDREN = (
    ("棚户区改造安置房交付320套", "验收合格并逐户登记", people.HOUSING, "unit", 30),
    ("新增公共停车泊位600个", "每月报送点位和进度", people.HOUSING, "unit", 36),
    ("老旧燃气管道更新12公里", "完成压力试验并通气", people.HOUSING, "unit", 38),
    ("政务服务“一窗通办”事项达到九成", "事项清单公开，逐项可办", people.OFFICE, "qinfeng", 39),
)


async def load() -> None:
    """Record the meetings, plan the schedules, break the work report down; what exists stays as it is."""
    if await db.fetch_value("SELECT EXISTS (SELECT 1 FROM item_listings WHERE id = $1)", story_id("listing/dust")):
        return
    now, today = clock.now(), clock.today()
    for one in MEETINGS:
        with clock.held_at(lambda one=one: now - timedelta(days=one.days_ago) + timedelta(hours=3)):  # type: ignore[misc]
            await _meeting(one, today)
    for key, lines in SCHEDULES.items():
        await _schedule(key, lines, today)
    with clock.held_at(lambda: now - timedelta(days=7)):
        await _breakdown(today)
    with clock.held_at(lambda: now - timedelta(days=2)):
        await listing.list_publicly(
            people.actor("hejing"),
            story_id("item/dust"),
            DecideListing(
                id=story_id("listing/dust"),
                decided_by=story_id("person/luming"),
                decided_on=clock.today(),
                document="云府督办〔2026〕6号",
                reason="逾期未完成，群众反映集中",
            ),
        )


async def _meeting(one: Meeting, today: date) -> None:
    minutes = story_id(f"attachment/minutes-{one.key}")
    lines = "\n".join(f"{no}. {decided.text}" for no, decided in enumerate(one.decided, start=1))
    await hand_in(people.actor("tanglan"), minutes, "会议纪要.txt", f"会议议定事项\n{lines}\n".encode())
    decisions = tuple(
        NewDecision(
            id=story_id(f"decision/{one.key}/{no}"),
            no=no,
            text=decided.text,
            requirement=decided.requirement,
            unit_ids=tuple(story_id(f"unit/{unit}") for unit in decided.units),
            due_on=today + timedelta(days=decided.due),
        )
        for no, decided in enumerate(one.decided, start=1)
    )
    await record.record(
        people.actor("tanglan"),
        RecordMeeting(
            id=story_id(f"meeting/{one.key}"),
            kind=one.kind,
            held_on=clock.today(),
            chair=one.chair,
            no=one.no,
            title=one.title,
            attended_by=story_id("person/hejing") if one.attended else None,
            minutes_id=minutes,
            decisions=decisions,
        ),
    )
    made = tuple(
        ItemFromDecision(
            id=story_id(f"item/{one.key}-{no}"),
            decision_id=story_id(f"decision/{one.key}/{no}"),
            title=decided.registered,
        )
        for no, decided in enumerate(one.decided, start=1)
        if decided.registered
    )
    if made:
        await make_items.make_items(people.actor("tanglan"), story_id(f"meeting/{one.key}"), MakeItems(items=made))


async def _schedule(key: str, lines: tuple[tuple[str, int, int | str | None], ...], today: date) -> None:
    item_id = story_id(f"item/{key}")
    planned = tuple(
        PlannedMilestone(id=story_id(f"milestone/{key}/{at}"), name=name, planned_on=today + timedelta(days=planned_on))
        for at, (name, planned_on, _) in enumerate(lines)
    )
    await milestones.set_schedule(people.actor("linxia"), item_id, SetSchedule(milestones=planned))
    for at, (_, _, said) in enumerate(lines):
        if said is None:
            continue
        done = today + timedelta(days=said) if isinstance(said, int) else None
        report = RecordProgress(
            id=story_id(f"progress/{key}/{at}"), done_on=done, note=said if isinstance(said, str) else ""
        )
        await milestones.record_progress(people.actor("linxia"), item_id, story_id(f"milestone/{key}/{at}"), report)


async def _breakdown(today: date) -> None:
    await decompose.decompose(
        people.actor("linxia"),
        story_id("item/report-18"),
        DecomposeItem(
            children=tuple(
                NewChild(
                    id=story_id(f"item/report-18/{at}"),
                    task=task,
                    requirement=requirement,
                    unit_id=story_id(f"unit/{unit}"),
                    person_id=story_id(f"person/{person}"),
                    due_on=today + timedelta(days=due),
                )
                for at, (task, requirement, unit, person, due) in enumerate(CHILDREN, start=1)
            )
        ),
    )
