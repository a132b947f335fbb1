"""An item on an instruction with its own limit, and the unit that asks the leader who stated it to wait longer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from server.access import contacts_commands
from server.access.contacts_schemas import ContactKind, NameContact
from server.attachments.commands import hand_in
from server.demo import people
from server.demo.intake import annotated
from server.demo.people import story_id
from server.demo.slips import notice
from server.items.commands import approve, extend, method, propose, register
from server.items.kinds import (
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
from server.items.schemas import RecordInstruction, RegisterItem
from server.items.sources import ItemCategory, SourceKind
from server.items.timing_schemas import RequestExtension
from server.kit import clock, db
from server.kit.limits import LimitUnit
from server.slips.commands import draft, issue, receipt
from server.slips.schemas import SignSlip, SlipLimit

_ITEM, _SLIP = story_id("item/hydrants"), story_id("slip/hydrants")
_TITLE = "沿街商铺消防通道占用整治"
_TOLD = "请督查室督办，住建局十五个工作日内清理到位，结果报我。"
_TASK = "清理文昌街、青石路沿街商铺占用的消防通道"
_STANDARD = "占用点位全部清理，逐点附清理前后照片和复查记录"
_LIMIT = SlipLimit(n=15, unit=LimitUnit.WORKING_DAYS)


async def load() -> None:
    """Take the item from its registration to the unit's request for more time; what exists stays as it is."""
    if await db.fetch_value("SELECT EXISTS (SELECT 1 FROM items WHERE id = $1)", _ITEM):
        return
    with _ago(days=13):
        await _register()
    with _ago(days=12, hours=20):
        await propose.propose(people.actor("qinfeng"), _ITEM, _proposal())
        await propose.submit(people.actor("qinfeng"), _ITEM)
    for hours, who, kind in ((12, "luming", SignatureKind.FIRST), (8, "guyuan", SignatureKind.SECOND)):
        with _ago(days=12, hours=hours):
            await approve.sign(people.actor(who), _ITEM, SignItem(kind=kind, opinion="同意。"))
    with _ago(days=12):
        confirm = ConfirmMethod(channels=(Channel.HEARING, Channel.INSPECTION), visits=False, interval_days=5)
        await method.confirm_method(people.actor("hejing"), _ITEM, confirm)
        slip = notice(_SLIP, _ITEM, _TASK, _STANDARD, _LIMIT, to="fangzhi", followed_up_by="qinfeng")
        await draft.draft(people.actor("qinfeng"), slip)
    with _ago(days=11, hours=20):
        await issue.issue(people.actor("hejing"), _SLIP)
        deputy = NameContact(kind=ContactKind.LEADER, person_id=story_id("person/fangzhi"), phone="0000-5220127")
        await contacts_commands.name_contact(people.actor("hejing"), story_id(f"unit/{people.HOUSING}"), deputy)
    with _ago(days=11, hours=16):
        await receipt.sign(people.actor("unit"), _SLIP, SignSlip(words="收到，按要求办理。"))
    with _ago(hours=5):
        await extend.request(
            people.actor("fangzhi"),
            _ITEM,
            RequestExtension(
                id=story_id("extension/hydrants"),
                reason="青石路三处占用点位涉及产权纠纷，调解尚需时日",
                progress="十九处点位已清理十六处",
                n=5,
                unit=LimitUnit.WORKING_DAYS,
            ),
        )


async def _register() -> None:
    registrar, paper = people.actor("tanglan"), story_id("attachment/hydrants")
    await hand_in(registrar, paper, f"{_TITLE}(批示件).png", annotated(_TITLE, _TOLD, "沈岳"))
    await register.register(
        registrar,
        RegisterItem(
            id=_ITEM,
            title=_TITLE,
            source_kind=SourceKind.LEADER_INSTRUCTION,
            category=ItemCategory.SPECIAL,
            received_at=clock.now() - timedelta(minutes=50),
            source_ref="云府阅〔2026〕55号",
            follow_up_id=people.actor("qinfeng").person_id,
            instruction=RecordInstruction(
                id=story_id("instruction/hydrants"),
                leader_name="沈岳",
                leader_level=LeaderLevel.COUNTY,
                leader_person_id=people.actor("shenyue").person_id,
                instructed_on=clock.today(),
                wording=_TOLD,
                attachment_id=paper,
            ),
        ),
    )


def _proposal() -> ProposeItem:
    return ProposeItem(
        proposal_text="拟转住房和城乡建设局办理，按批示要求的时限报结果。",
        task=_TASK,
        requirement=_STANDARD,
        mode=Mode.FORWARD,
        handling_unit_id=story_id(f"unit/{people.HOUSING}"),
        responsible_person_id=story_id("person/fangzhi"),
        follow_up_id=people.actor("qinfeng").person_id,
        importance=Importance.IMPORTANT,
        category=ItemCategory.SPECIAL,
        kind=SupervisionKind.DAILY,
        content_kind=ContentKind.DEPLOYMENTS,
        basis_kind=BasisKind.HEAD_ORDER,
        basis_text="沈岳同志批示",
        scope_text="限两条街道的消防通道，不涉及商铺经营许可。",
        stated_limit_n=_LIMIT.n,
        stated_limit_unit=_LIMIT.unit,
        stated_by="沈岳",
    )


@contextmanager
def _ago(**how: int) -> Iterator[None]:
    instant = clock.now() - timedelta(**how)
    with clock.held_at(lambda: instant):
        yield
