"""The organisation of the story, its units as a tree, and its people: somebody for every role that has work to do."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from server.access.actor import Actor
from server.access.passwords import hash_password
from server.access.roles import Role
from server.kit import clock, db

PASSWORD = "zhicha-demo"  # noqa: S105  (public: the story is for trying out only)


def story_id(what: str) -> UUID:
    """The id of a thing of the story, the same at every start, so that loading again finds it."""
    return uuid5(NAMESPACE_URL, f"https://zhicha.example/demo/{what}")


ORG_ID = story_id("org")
OFFICE = "督查室"
HOUSING = "住房和城乡建设局"
TRANSPORT = "交通运输局"
EDUCATION = "教育局"
HEALTH = "卫生健康局"
ECOLOGY = "生态环境局"
TOWN = "青石镇人民政府"

# Name, superior, kind (733 art. 5: departments and lower governments).
UNITS: tuple[tuple[str, str | None, str], ...] = (
    ("云溪县人民政府", None, "government"),
    ("政府办公室", "云溪县人民政府", "department"),
    (OFFICE, "政府办公室", "office"),
    (HOUSING, "云溪县人民政府", "department"),
    (TRANSPORT, "云溪县人民政府", "department"),
    (EDUCATION, "云溪县人民政府", "department"),
    (HEALTH, "云溪县人民政府", "department"),
    (ECOLOGY, "云溪县人民政府", "department"),
    (TOWN, "云溪县人民政府", "lower_government"),
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the story; ``group`` is under which heading the account is printed at the start."""

    login: str
    name: str
    unit: str
    roles: tuple[Role, ...]
    function: str
    group: str


IN_OFFICE, LEADERS, IN_UNIT, OTHERS = "督查室 office", "领导 leaders", "住建局 a unit", "其他 others"
GROUPS = (IN_OFFICE, LEADERS, IN_UNIT, OTHERS)

# Observers, discipline and assessment have nothing to do before cases are handed over and points are counted.
PEOPLE = (
    Person("linxia", "林夏", OFFICE, (Role.SUP, Role.TM), "督查员 supervisor, inspector", IN_OFFICE),
    Person("zhouheng", "周衡", OFFICE, (Role.SUP, Role.TL), "督查组组长 team leader", IN_OFFICE),
    Person("hejing", "何静", OFFICE, (Role.OFFICE,), "督查室主任 head of the office", IN_OFFICE),
    Person("luming", "陆明", "政府办公室", (Role.LEADER,), "分管领导 leader in charge", LEADERS),
    Person("guyuan", "顾远", "云溪县人民政府", (Role.HEAD,), "县长 head of government", LEADERS),
    Person("unit", "许诺", HOUSING, (Role.LIAISON,), "联络员 liaison", IN_UNIT),
    Person("admin", "系统管理员", "政府办公室", (Role.ADM,), "系统管理员 administrator", OTHERS),
    Person("audit", "审计员", "政府办公室", (Role.AUD,), "安全审计员 auditor", OTHERS),
    Person("tanglan", "唐岚", OFFICE, (Role.REG,), "登记员 registrar", IN_OFFICE),
    Person("qinfeng", "秦峰", OFFICE, (Role.SUP, Role.TM), "督查员 supervisor, inspector", IN_OFFICE),
    Person("shenyue", "沈岳", "云溪县人民政府", (Role.ORIGIN,), "批示领导 instructing leader", LEADERS),
    Person("zhuhan", "朱瀚", HOUSING, (Role.UHEAD,), "局长 principal leader", IN_UNIT),
    Person("fangzhi", "方芷", HOUSING, (Role.UDEP,), "分管副局长 leader in charge", IN_UNIT),
    Person("luhai", "卢海", HOUSING, (Role.UH,), "承办人 handler", IN_UNIT),
    Person("ningxin", "宁馨", "政府办公室", (Role.SEC,), "保密员 secrecy officer", OTHERS),
    Person("yanshu", "严述", "政府办公室", (Role.ARC,), "档案员 archivist", OTHERS),
)


def actor(login: str) -> Actor:
    """A person of the story, acting."""
    who = next(one for one in PEOPLE if one.login == login)
    return Actor(
        person_id=story_id(f"person/{login}"),
        org_id=ORG_ID,
        unit_id=story_id(f"unit/{who.unit}"),
        name=who.name,
        roles=frozenset(who.roles),
    )


async def load() -> None:
    """Found the organisation with its units and people; what exists stays as it is."""
    if await db.fetch_value("SELECT count(*) FROM people WHERE org_id = $1", ORG_ID) == len(PEOPLE):
        return
    at = clock.now() - timedelta(days=60)
    # One hash for all: argon2id is meant to be slow.
    hashed = await asyncio.to_thread(hash_password, PASSWORD)
    async with db.transaction() as conn:
        await conn.execute(
            "INSERT INTO organisations (id, name, name_en, created_at)"
            " VALUES ($1, '云溪县人民政府督查室', 'Supervision Office of Yunxi County', $2) ON CONFLICT DO NOTHING",
            ORG_ID,
            at,
        )
        await conn.execute("INSERT INTO feed_counters (org_id, n) VALUES ($1, 0) ON CONFLICT DO NOTHING", ORG_ID)
        for name, superior, kind in UNITS:
            await conn.execute(
                "INSERT INTO units (id, org_id, parent_id, name, kind) VALUES ($1, $2, $3, $4, $5)"
                " ON CONFLICT DO NOTHING",
                story_id(f"unit/{name}"),
                ORG_ID,
                story_id(f"unit/{superior}") if superior else None,
                name,
                kind,
            )
        for one in PEOPLE:
            person_id = story_id(f"person/{one.login}")
            await conn.execute(
                "INSERT INTO people (id, org_id, unit_id, name, login, password_hash, created_at)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
                person_id,
                ORG_ID,
                story_id(f"unit/{one.unit}"),
                one.name,
                one.login,
                hashed,
                at,
            )
            for role in one.roles:
                await conn.execute(
                    "INSERT INTO role_grants (id, org_id, person_id, role, granted_at) VALUES ($1, $2, $3, $4, $5)"
                    " ON CONFLICT DO NOTHING",
                    story_id(f"grant/{one.login}/{role}"),
                    ORG_ID,
                    person_id,
                    role.value,
                    at,
                )
