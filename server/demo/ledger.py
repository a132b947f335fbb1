"""The ledger of the story: seventeen items on their way, six sites under them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from server.demo import people
from server.demo.people import story_id
from server.items.commands import register, sites
from server.items.lifecycle import ItemState
from server.items.schemas import RecordSite, RegisterItem, TakeOverItem
from server.items.sources import ItemCategory, SiteKind, SourceKind, Urgency
from server.kit import clock, db

_S, _C, _K, _U = ItemState, ItemCategory, SourceKind, Urgency


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the story; ``due`` is in days from now."""

    key: str
    title: str
    source: SourceKind
    category: ItemCategory
    state: ItemState
    unit: str | None
    due: int | None = None
    urgency: Urgency = _U.ORDINARY
    ref: str = ""


ITEMS = (
    Item("report-18", "2026年《政府工作报告》重点任务分解落实", _K.WORK_REPORT, _C.DECISION, _S.IN_PROGRESS, None, 40),
    Item("bridge", "云溪二桥危桥改造进度", _K.KEY_PROJECT, _C.SPECIAL, _S.IN_PROGRESS, people.TRANSPORT, 12),
    Item("kiln", "砖瓦窑厂大气污染整治", _K.HIGHER_ASSIGNMENT, _C.SPECIAL, _S.UNDER_REVIEW, people.ECOLOGY, 3),
    Item("wages", "农民工工资支付保障督查", _K.HIGHER_DEPLOYMENT, _C.SPECIAL, _S.CLOSED, people.HOUSING),
    Item(
        "canteen", "校园食堂食品安全问题整改", _K.MEDIA_REPORT, _C.SPECIAL, _S.REPORTED, people.EDUCATION, 2, _U.URGENT
    ),
    Item("pipes", "老城区雨污分流管网改造", _K.NPC_CPPCC_PROPOSAL, _C.COORDINATION, _S.IN_PROGRESS, people.HOUSING, 25),
    Item("clinic", "村卫生室药品配备情况调研", _K.SPECIAL_MEETING, _C.RESEARCH, _S.ARCHIVED, people.HEALTH),
    Item("hall", "政务服务大厅“一窗通办”落实情况", _K.OFFICE_MEETING, _C.DECISION, _S.ASSIGNED, None, 9),
    Item("dust", "县城在建工地扬尘治理", _K.COMPLAINT, _C.SPECIAL, _S.IN_PROGRESS, people.HOUSING, -4, _U.URGENT),
    Item("road", "青石镇至柳河村公路路面破损", _K.LEADER_MAILBOX, _C.SPECIAL, _S.IN_PROGRESS, people.TRANSPORT, 6),
    Item(
        "exam",
        "中高考考点周边施工噪声管控",
        _K.OFFICE_MEETING,
        _C.COORDINATION,
        _S.CANCELLED_FROM_LEDGER,
        people.HOUSING,
    ),
    Item("flood", "汛期地质灾害隐患点巡查", _K.HIGHER_DEPLOYMENT, _C.DECISION, _S.IN_PROGRESS, people.TOWN, 15),
    Item("lift", "老旧小区加装电梯推进情况", _K.TARGET_ASSESSMENT, _C.DECISION, _S.UNDER_APPROVAL, people.HOUSING),
    Item("school", "东溪小学迁建工程进度", _K.KEY_PROJECT, _C.SPECIAL, _S.ASSIGNED, people.EDUCATION, 20),
    Item("water", "柳河村饮用水水质问题", _K.PETITION, _C.SPECIAL, _S.METHOD_CONFIRMED, people.TOWN, 7, _U.URGENT),
    Item("market", "城南集贸市场占道经营", _K.ONLINE_OPINION, _C.SPECIAL, _S.PROPOSED, None),
    Item(
        "hospital",
        "云溪县人民医院扩建工程安全生产督查",
        _K.LEADER_INSTRUCTION,
        _C.SPECIAL,
        _S.IN_PROGRESS,
        people.HOUSING,
        5,
        _U.EXTRA_URGENT,
        "云府阅〔2026〕31号",
    ),
)


@dataclass(frozen=True, slots=True)
class Site:
    """A place of the story: WGS-84 degrees, invented."""

    key: str
    item: str
    name: str
    address: str
    kind: SiteKind
    lat: float
    lon: float
    radius_m: int = 300


SITES = (
    Site(
        "hospital", "hospital", "县人民医院扩建工地", "云溪镇青石路18号", SiteKind.CONSTRUCTION, 29.763_412, 113.921_845
    ),
    Site(
        "dust", "dust", "溪山府二期工地", "云溪镇滨河大道与梅岭路交叉口", SiteKind.CONSTRUCTION, 29.771_906, 113.934_270
    ),
    Site("school", "school", "东溪小学迁建工地", "东溪社区杏林街", SiteKind.SCHOOL, 29.758_133, 113.947_682),
    Site("bridge", "bridge", "云溪二桥", "云溪镇南门码头", SiteKind.ROAD, 29.752_870, 113.926_318, 500),
    Site("road", "road", "青柳线 K3+200", "青石镇柳河村口", SiteKind.ROAD, 29.801_554, 113.882_037, 800),
    Site("pipes", "pipes", "老城区管网改造三标段", "云溪镇文昌街", SiteKind.CONSTRUCTION, 29.766_049, 113.915_521),
)


def site_at(key: str) -> tuple[float, float]:
    """Latitude and longitude of a site."""
    found = next(one for one in SITES if one.key == key)
    return found.lat, found.lon


async def load() -> None:
    """Register the items over the past weeks, oldest first, then record the sites; what exists stays as it is."""
    now, today = clock.now(), clock.today()
    chief = people.actor("hejing")
    for position, one in enumerate(ITEMS):
        item_id = story_id(f"item/{one.key}")
        if await db.fetch_value("SELECT EXISTS (SELECT 1 FROM items WHERE id = $1)", item_id):
            continue
        at = now - timedelta(days=2 * (len(ITEMS) - position) + 8, minutes=37 * position)
        matter = RegisterItem(
            id=item_id,
            title=one.title,
            source_kind=one.source,
            category=one.category,
            received_at=at - timedelta(minutes=20),
            source_ref=one.ref,
            urgency=one.urgency,
            handling_unit_id=story_id(f"unit/{one.unit}") if one.unit else None,
            follow_up_id=people.actor("linxia").person_id,
            due_at=clock.end_of_day(today + timedelta(days=one.due)) if one.due is not None else None,
        )
        with clock.held_at(lambda at=at: at):  # type: ignore[misc]
            await register.take_over(people.actor("tanglan"), TakeOverItem(item=matter, state=one.state))
    for place in SITES:
        with clock.held_at(lambda: now - timedelta(days=9)):
            await sites.record_site(
                chief,
                RecordSite(
                    id=story_id(f"site/{place.key}"),
                    item_id=story_id(f"item/{place.item}"),
                    name=place.name,
                    address=place.address,
                    kind=place.kind,
                    lat_e7=round(place.lat * 1e7),
                    lon_e7=round(place.lon * 1e7),
                    radius_m=place.radius_m,
                ),
            )
