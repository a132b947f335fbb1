"""The visits of the story: last week's, released with its evidence; today's, ready to depart; one awaiting approval."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from media.store import MediaStore
from server.access.devices import enrol_device
from server.access.schemas import EnrolDevice
from server.cases import commands as cases
from server.cases.schemas import DraftCase
from server.demo import people, pictures
from server.demo.ledger import site_at
from server.demo.people import actor, story_id
from server.demo.phone import Session
from server.evidence.commands.review import review_capture
from server.findings import commands as findings
from server.findings.kinds import FindingCategory, Severity
from server.findings.schemas import DecideFinding, RecordFinding
from server.kit import clock, db
from server.visits import commands as visits
from server.visits.schemas import (
    AdvanceVisit,
    Clause,
    Clauses,
    FieldStep,
    LockTeam,
    PlanVisit,
    Position,
    VisitMethod,
)

# Photographs of last week: scene, minutes after arrival, metres north and east of the site's point, note, decision.
_SHOTS = (
    ("scaffold", 6, (24, -18), "东立面二至四层脚手架连墙件缺失，安全网脱开", "accepted"),
    ("edge", 14, (31, 12), "四层楼板临边防护栏杆只装一段", "accepted"),
    ("switchbox", 22, (-12, 40), "二级配电箱敞开，线路拖地", "accepted"),
    ("exit", 31, (8, 22), "地下室疏散通道堆放模板和钢管", "accepted"),
    ("heap", 43, (-64, 70), "土方未覆盖，仅西侧有少量防尘网", "pending"),
    ("hoarding", 52, (-88, -46), "北侧围挡缺两块，行人可进入", "pending"),
)

# Findings of last week: text, category, severity, photographs by number, decision.
_FINDINGS = (
    (
        "东立面脚手架二至四层连墙件缺失十一处，安全网脱开，四层临边防护不连续，属应立即消除的隐患。",
        FindingCategory.SAFETY,
        Severity.MAJOR,
        (0, 1),
        "与现场照片及监理日志一致",
    ),
    (
        "二级配电箱敞开使用，线路拖地，未见当日巡查记录。",
        FindingCategory.SAFETY,
        Severity.SERIOUS,
        (2,),
        "现场照片清楚，属实",
    ),
    ("住建部门五月以来三次巡查记录均为“正常”，与现场状况不符。", FindingCategory.DUTY, Severity.SERIOUS, (3,), ""),
    ("土方裸露未覆盖，北侧围挡缺口未封闭。", FindingCategory.ENVIRONMENT, Severity.MINOR, (4, 5), ""),
)


@dataclass(frozen=True, slots=True)
class _Plan:
    """A visit of the story, on one day."""

    key: str
    item: str
    title: str
    method: VisitMethod
    day: date
    leader: str
    team: tuple[str, ...]
    brief: str
    approver: str = "guyuan"
    hours: tuple[time, time] = (time(9, 30), time(12))

    @property
    def id(self) -> UUID:
        return story_id(f"visit/{self.key}")

    def at(self, hour: int, minute: int = 0, *, days: int = 0) -> datetime:
        """An instant of the visit's own day, or so many days after it, Shanghai time."""
        return datetime.combine(self.day + timedelta(days=days), time(hour, minute), clock.SHANGHAI)


async def load(store: MediaStore) -> None:
    """Everything that happened, up to now; what exists stays as it is."""
    today = clock.today()
    if not await db.fetch_value("SELECT EXISTS (SELECT 1 FROM cases WHERE org_id = $1)", people.ORG_ID):
        await _last_week(store, today - timedelta(days=6))
    with _held(datetime.combine(today - timedelta(days=1), time(16, 5), clock.SHANGHAI)):
        # Nobody has confirmed this one yet: a task for the head of the office.
        await enrol_device(
            actor("qinfeng"), EnrolDevice(id=story_id("device/qinfeng"), name="秦峰的手机", platform="Android 14")
        )
    for plan in _of_today(today):
        await _until_locked(plan)
    await _plan_once(
        _Plan(
            "school",
            "school",
            "东溪小学迁建工程进度暗访",
            VisitMethod.COVERT,
            today + timedelta(days=1),
            "zhouheng",
            ("linxia", "qinfeng"),
            "核实主体封顶节点；看现场实际用工人数；不与校方、住建和教育部门联系。",
        )
    )


def _of_today(today: date) -> tuple[_Plan, ...]:
    return (
        _Plan(
            f"{today}/dust",
            "dust",
            "溪山府二期工地扬尘治理暗访",
            VisitMethod.COVERT,
            today,
            "zhouheng",
            ("linxia",),
            "一看喷淋是否开启，二看土方是否覆盖，三看车辆冲洗；着便装，不进项目部。",
        ),
        _Plan(
            f"{today}/road",
            "road",
            "青柳线路面修复现场走访",
            VisitMethod.WALK_THROUGH,
            today,
            "linxia",
            ("zhouheng",),
            "沿线走访三至五户，听群众对修复质量的意见；量坑槽。",
            "luming",
            (time(14, 30), time(17)),
        ),
    )


@contextmanager
def _held(instant: datetime) -> Iterator[None]:
    with clock.held_at(lambda: instant):
        yield


async def _state(plan: _Plan) -> str | None:
    state: str | None = await db.fetch_value("SELECT state FROM visits WHERE id = $1", plan.id)
    return state


async def _plan_once(plan: _Plan) -> None:
    """Plan the visit the afternoon before its day, or now if that is still to come."""
    if await _state(plan) is not None:
        return
    start, end = (datetime.combine(plan.day, hour, clock.SHANGHAI) for hour in plan.hours)
    with _held(min(plan.at(16, 5, days=-1), clock.now())):
        await visits.plan(
            actor("hejing"),
            PlanVisit(
                id=plan.id,
                item_id=story_id(f"item/{plan.item}"),
                site_id=story_id(f"site/{plan.item}"),
                title=plan.title,
                method=plan.method,
                planned_for=plan.day,
                team=[story_id(f"person/{login}") for login in (plan.leader, *plan.team)],
                leader_id=story_id(f"person/{plan.leader}"),
                approver_id=story_id(f"person/{plan.approver}"),
                brief=plan.brief,
                starts_at=start,
                ends_at=end,
            ),
        )


async def _until_locked(plan: _Plan) -> None:
    await _plan_once(plan)
    if await _state(plan) == "DRAFT":
        with _held(min(plan.at(17, 20, days=-1), clock.now())):
            await visits.approve(actor(plan.approver), plan.id)
    if await _state(plan) == "PLAN_APPROVED":
        with _held(min(plan.at(17, 45, days=-1), clock.now())):
            await visits.lock_team(actor("hejing"), plan.id, LockTeam())


async def _last_week(store: MediaStore, day: date) -> None:
    plan = _Plan(
        "hospital",
        "hospital",
        "县人民医院扩建工地安全生产暗访",
        VisitMethod.COVERT,
        day,
        "zhouheng",
        ("linxia",),
        "按批示要求直插现场：脚手架、临边、用电、疏散通道四项必看，逐项拍照。",
    )
    await _until_locked(plan)
    await _advance(plan, "TEAM_LOCKED", "depart", plan.at(8, 40))
    await _advance(plan, "DEPARTED", "arrive", plan.at(9, 32))
    shots = await _photographs(plan, store)
    await _record_findings(plan, shots)
    await _advance(plan, "ON_SITE", "leave", plan.at(10, 50))
    await _advance(plan, "LEFT", "sign", plan.at(11, 35))
    await _decide(plan, shots)
    if await _state(plan) == "RECORD_SIGNED":
        with _held(plan.at(10, 10, days=2)):
            await visits.release(actor("hejing"), plan.id)
    with _held(plan.at(15, 20, days=2)):
        await cases.draft(
            actor("hejing"),
            DraftCase(
                id=story_id("case/hospital"),
                finding_id=story_id("finding/0"),
                title="关于县人民医院扩建工程安全监管履职不到位的情况",
                facts="现场督查发现东立面脚手架连墙件缺失十一处、四层临边防护不连续；"
                "住建部门五月以来三次巡查记录均为“正常”，与现场状况不符。",
                capture_ids=tuple(shots[:2]),
            ),
        )


async def _advance(plan: _Plan, state: str, step: FieldStep, at: datetime) -> None:
    if await _state(plan) != state:
        return
    lat, lon = site_at(plan.item)
    near = step in ("arrive", "leave")
    clauses = None
    if step == "sign":
        kept = {name: Clause(kept=True) for name in Clauses.__struct_fields__}
        clauses = Clauses(**kept)
    with _held(at + timedelta(minutes=4)):
        await visits.advance(
            actor(plan.leader),
            AdvanceVisit(
                id=story_id(f"step/{plan.key}/{step}"),
                visit_id=plan.id,
                step=step,
                at=at,
                position=Position(lat_e7=round(lat * 1e7), lon_e7=round(lon * 1e7), acc_cm=820) if near else None,
                clauses=clauses,
            ),
        )


async def _photographs(plan: _Plan, store: MediaStore) -> list[UUID]:
    """The captures of the visit, taken and handed over once; in the order of their chain."""
    session_id = story_id(f"session/{plan.key}")
    if not await db.fetch_value("SELECT EXISTS (SELECT 1 FROM captures WHERE session_id = $1)", session_id):
        begun = plan.at(9, 33)
        session = Session(
            actor("linxia"),
            session_id,
            plan.id,
            story_id(f"item/{plan.item}"),
            story_id(f"site/{plan.item}"),
            story_id("device/linxia"),
            begun,
        )
        with _held(plan.at(8, 40)):
            await session.enrol("林夏的手机", actor("hejing"))
        with _held(plan.at(10, 30)):
            await session.open()
        lat, lon = site_at(plan.item)
        for number, (scene, minutes, (north, east), note, _) in enumerate(_SHOTS):
            at = begun + timedelta(minutes=minutes)
            photo = await asyncio.to_thread(pictures.photograph, scene, number, at)
            # A metre is 1/111 320 degree of latitude and, at 30° north, 1/96 600 of longitude.
            place = (lat + north / 111_320, lon + east / 96_600)
            with _held(plan.at(10, 31) + timedelta(seconds=9 * number)):
                await session.capture(store, photo, pictures.SIZE, at, place, note)
        with _held(plan.at(10, 46)):
            await session.seal(plan.at(10, 45))
    rows = await db.fetch("SELECT id FROM captures WHERE session_id = $1 ORDER BY seq", session_id)
    return [row["id"] for row in rows]


async def _record_findings(plan: _Plan, shots: list[UUID]) -> None:
    for number, (text, category, severity, shown, _) in enumerate(_FINDINGS):
        with _held(plan.at(10, 40) + timedelta(minutes=number)):
            await findings.record_finding(
                actor("linxia"),
                RecordFinding(
                    id=story_id(f"finding/{number}"),
                    visit_id=plan.id,
                    item_id=story_id(f"item/{plan.item}"),
                    text=text,
                    category=category,
                    severity=severity,
                    capture_ids=[shots[one] for one in shown],
                    found_at=plan.at(9, 40 + number),
                ),
            )


async def _decide(plan: _Plan, shots: list[UUID]) -> None:
    """The head of the office reviews the next day."""
    chief = actor("hejing")
    for number, ((*_, decision), shot) in enumerate(zip(_SHOTS, shots, strict=True)):
        review_id = story_id(f"review/{number}")
        known = await db.fetch_value("SELECT EXISTS (SELECT 1 FROM reviews WHERE id = $1)", review_id)
        if decision == "accepted" and not known:
            with _held(plan.at(9, 5 + number, days=1)):
                await review_capture(chief, shot, review_id, "accepted", "")
    for number, (*_, reason) in enumerate(_FINDINGS):
        finding_id = story_id(f"finding/{number}")
        state = await db.fetch_value("SELECT state FROM findings WHERE id = $1", finding_id)
        if reason and state == "FOUND":
            with _held(plan.at(9, 20 + number, days=1)):
                await findings.confirm(chief, finding_id, DecideFinding(reason=reason))
