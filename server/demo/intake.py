"""Items of the story on their way to approval: one for each thing that somebody has to do with a new item today."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from PIL import Image, ImageDraw

from media.images.lettering import font
from server.attachments.commands import hand_in
from server.demo import people
from server.demo.people import story_id
from server.items.commands import approve, method, propose, register
from server.items.kinds import (
    AttachmentKind,
    BasisKind,
    Channel,
    ContentKind,
    Importance,
    LeaderLevel,
    Mode,
    SignatureKind,
    SupervisionKind,
)
from server.items.process_schemas import ConfirmMethod, ProposeItem, SignItem
from server.items.schemas import AttachFile, RecordInstruction, RegisterItem
from server.items.sources import ItemCategory, SourceKind, Urgency
from server.kit import clock, db

_K, _C, _U = SourceKind, ItemCategory, Urgency
# How far each item has come: the acts that were taken on it, each a few hours after the other.
_PATH = ("register", "propose", "submit", "first", "second", "method")


@dataclass(frozen=True, slots=True)
class Early:
    """A new item of the story; ``told`` is the leader's instruction, ``until`` the last act taken."""

    key: str
    title: str
    source: SourceKind
    ref: str
    until: str
    hours_ago: int
    task: str = ""
    standard: str = ""
    proposal: str = ""
    told: str = ""
    basis: BasisKind = BasisKind.DECISION
    basis_text: str = ""
    urgency: Urgency = Urgency.ORDINARY
    importance: Importance = Importance.ORDINARY
    immediate: bool = False


EARLY = (
    Early(
        "winter",
        "冬季建筑工地安全生产检查",
        _K.EXECUTIVE_MEETING,
        "县政府第21次常务会议纪要",
        "method",
        96,
        "全面检查在建工地冬季施工安全",
        "在建工地检查率百分之百，重大隐患全部整改销号",
        "拟转住房和城乡建设局办理，十个工作日内报检查和整改情况。",
        basis_text="县政府第21次常务会议决定",
        importance=Importance.IMPORTANT,
    ),
    Early(
        "homes",
        "棚户区改造安置房交付进度",
        _K.WORK_REPORT,
        "云府发〔2026〕1号",
        "second",
        80,
        "按期交付安置房320套",
        "验收合格并交付入住，逐户登记",
        "拟转住房和城乡建设局办理，每月报一次进度。",
        basis_text="2026年《政府工作报告》",
    ),
    Early(
        "gas",
        "老旧燃气管道更新改造专项督查",
        _K.KEY_WORK,
        "云府办函〔2026〕46号",
        "first",
        54,
        "查清更新改造进度滞后的原因并督促加快",
        "列出未开工点位、原因、责任人和完成日期",
        "近期走访发现进度滞后。建议开展专项督查，由住房和城乡建设局承办。",
        basis=BasisKind.PROPOSAL,
        basis_text="督查室建议",
        urgency=_U.URGENT,
    ),
    Early(
        "drain",
        "东湖片区污水直排整改",
        _K.LEADER_INSTRUCTION,
        "云信呈〔2026〕17号",
        "submit",
        30,
        "查明东湖片区三处直排口的来源并完成截流",
        "三处直排口全部封堵，水质抽检达标",
        "拟转住房和城乡建设局办理，按批示要求十日内报整改结果。",
        "请督查室牵头，住建局十日内查清来源、完成整改，结果报我。",
        basis=BasisKind.HEAD_ORDER,
        basis_text="顾远县长批示",
        urgency=_U.EXTRA_URGENT,
        immediate=True,
    ),
    Early("charging", "小区充电设施建设进度", _K.LEADER_MAILBOX, "", "propose", 20, "核实各小区充电设施建设进度"),
    Early(
        "busstop",
        "县城公交站台改造群众意见办理",
        _K.LEADER_INSTRUCTION,
        "云府阅〔2026〕62号",
        "register",
        3,
        told="群众意见集中，请督查室跟踪办理情况。",
    ),
)


async def load() -> None:
    """Take each item as far as it has come, the oldest first; what exists stays as it is."""
    for one in EARLY:
        if not await db.fetch_value("SELECT EXISTS (SELECT 1 FROM items WHERE id = $1)", story_id(f"item/{one.key}")):
            await _walk(one)


async def _walk(one: Early) -> None:
    item_id = story_id(f"item/{one.key}")
    steps = _PATH[: _PATH.index(one.until) + 1]
    began = clock.now() - timedelta(hours=one.hours_ago)
    for position, step in enumerate(steps):
        with _at(began + position * timedelta(hours=2, minutes=20)):
            match step:
                case "register":
                    await _register(one)
                case "propose":
                    await propose.propose(people.actor("linxia"), item_id, _proposal(one))
                case "submit":
                    await propose.submit(people.actor("linxia"), item_id)
                case "first":
                    cmd = SignItem(kind=SignatureKind.FIRST, opinion="情况属实，拟同意。")
                    await approve.sign(people.actor("luming"), item_id, cmd)
                case "second":
                    cmd = SignItem(kind=SignatureKind.SECOND, opinion="同意。")
                    await approve.sign(people.actor("guyuan"), item_id, cmd)
                case "method":
                    confirm = ConfirmMethod(channels=(Channel.HEARING, Channel.RECORDS), visits=False, interval_days=7)
                    await method.confirm_method(people.actor("hejing"), item_id, confirm)


async def _register(one: Early) -> None:
    registrar = people.actor("tanglan")
    paper = story_id(f"attachment/{one.key}")
    at = clock.now()
    instruction = None
    if one.told:
        await hand_in(registrar, paper, f"{one.title}(批示件).png", annotated(one.title, one.told, "顾远"))
        instruction = RecordInstruction(
            id=story_id(f"instruction/{one.key}"),
            leader_name="顾远",
            leader_level=LeaderLevel.COUNTY,
            leader_person_id=people.actor("guyuan").person_id,
            instructed_on=clock.today(),
            wording=one.told,
            attachment_id=paper,
        )
    elif one.ref:
        await hand_in(registrar, paper, f"{one.ref}.txt", f"{one.ref}\n{one.title}\n{one.task}。\n".encode())
    await register.register(
        registrar,
        RegisterItem(
            id=story_id(f"item/{one.key}"),
            title=one.title,
            source_kind=one.source,
            category=_C.SPECIAL,
            received_at=at - timedelta(minutes=35),
            source_ref=one.ref,
            urgency=one.urgency,
            immediate=one.immediate,
            follow_up_id=people.actor("linxia").person_id,
            instruction=instruction,
            attachments=(AttachFile(paper, AttachmentKind.SOURCE),) if one.ref and not one.told else (),
        ),
    )


def _proposal(one: Early) -> ProposeItem:
    return ProposeItem(
        proposal_text=one.proposal,
        task=one.task,
        requirement=one.standard,
        mode=Mode.FORWARD,
        handling_unit_id=story_id(f"unit/{people.HOUSING}"),
        responsible_person_id=story_id("person/unit"),
        follow_up_id=people.actor("linxia").person_id,
        importance=one.importance,
        urgency=one.urgency,
        immediate=one.immediate,
        category=_C.SPECIAL,
        kind=SupervisionKind.DAILY,
        content_kind=ContentKind.DEPLOYMENTS,
        basis_kind=one.basis,
        basis_text=one.basis_text,
        scope_text="限本事项，不涉及企业经营管理。" if one.proposal else "",
    )


def annotated(title: str, words: str, leader: str) -> bytes:
    """A scanned page with its title, lines of print, and a leader's words across the head in another colour."""
    page = Image.new("RGB", (900, 1240), (249, 246, 238))
    draw = ImageDraw.Draw(page)
    draw.text((450, 330), title, (30, 32, 38), font(38), anchor="mm")
    for row in range(15):
        right = 780 if row % 5 != 4 else 520
        draw.line((120 if row % 5 else 190, 430 + row * 46, right, 430 + row * 46), (96, 98, 104), 5)
    note = Image.new("RGBA", (760, 190), (0, 0, 0, 0))
    pen = ImageDraw.Draw(note)
    for row, line in enumerate([words[start : start + 19] for start in range(0, len(words), 19)]):
        pen.text((10, 6 + row * 48), line, (32, 60, 150, 255), font(36))
    pen.text((560, 130), f"{leader}  {clock.today().month}.{clock.today().day}", (32, 60, 150, 255), font(36))
    page.paste(note.rotate(3, expand=True), (70, 60), note.rotate(3, expand=True))
    held = io.BytesIO()
    page.save(held, "PNG", optimize=True)
    return held.getvalue()


@contextmanager
def _at(instant: datetime) -> Iterator[None]:
    with clock.held_at(lambda: instant):
        yield
