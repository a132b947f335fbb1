"""A visit ready for its team: item, site, plan and members, as rows; planning itself is tested elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from server.kit import clock, db
from server.kit.ids import new_id
from tests.factories.chain import Visit
from tests.factories.people import Office

SITE = (30.25, 114.31)


@dataclass
class Fieldwork(Visit):
    """A visit whose team may capture."""

    title: str = ""


async def planned_visit(
    office: Office, *members: UUID, released: bool = False, state: str = "ON_SITE", title: str = "医院扩建工程暗访"
) -> Fieldwork:
    """A visit with this team; the first member leads. Not released unless asked for."""
    now = clock.now()
    item, site, visit = new_id(), new_id(), new_id()
    planner = office.people.get("planner") or await office.person("planner")
    approver = office.people.get("approver") or await office.person("approver")
    seq = await db.fetch_value("SELECT coalesce(max(register_seq), 0) + 1 FROM items")
    await db.execute(
        "INSERT INTO items (id, org_id, register_year, register_seq, title, source_kind, category, state,"
        " handling_unit_id, received_at, registered_by, created_at)"
        " VALUES ($1, $2, 2026, $3, '云溪县人民医院扩建工程安全生产督查', 'DECISION', 'DECISION_DEPLOYMENT',"
        " 'ASSIGNED', $4, $5, $6, $5)",
        item,
        office.org_id,
        seq,
        office.handling_unit,
        now,
        planner,
    )
    await db.execute(
        "INSERT INTO sites (id, org_id, item_id, name, address, lat_e7, lon_e7, radius_m, created_at)"
        " VALUES ($1, $2, $3, '医院扩建工地', '云溪县青石路', $4, $5, 300, $6)",
        site,
        office.org_id,
        item,
        round(SITE[0] * 1e7),
        round(SITE[1] * 1e7),
        now,
    )
    await db.execute(
        "INSERT INTO visits (id, org_id, item_id, site_id, object_unit_id, title, state, method, planned_for,"
        " created_by, approver_id, created_at, released_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, 'COVERT', $8, $9, $10, $11, $12)",
        visit,
        office.org_id,
        item,
        site,
        office.handling_unit,
        title,
        "RELEASED" if released else state,
        now.date(),
        planner,
        approver,
        now,
        now if released else None,
    )
    for position, person in enumerate(members):
        await db.execute(
            "INSERT INTO visit_members (id, org_id, visit_id, person_id, role) VALUES ($1, $2, $3, $4, $5)",
            new_id(),
            office.org_id,
            visit,
            person,
            "LEADER" if position == 0 else "MEMBER",
        )
    return Fieldwork(visit, item, site, title)
