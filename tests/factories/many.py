"""Twenty thousand of everything in one office's ledger, written past the commands: what lists look like in years."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from server.kit import db

MANY: Final = 20_000
# Whatever a list must not read from one end to the other.
LARGE: Final = (
    "items",
    "item_steps",
    "item_tasks",
    "item_instructions",
    "item_extensions",
    "intake_matters",
    "slips",
    "slip_recipients",
    "milestones",
    "milestone_progress",
    "meetings",
    "meeting_decisions",
    "circulations",
    "circulation_desks",
    "programme_entries",
    "programme_links",
)


@dataclass(frozen=True, slots=True)
class Ledger:
    """A unit like all the others, and the programme of the year."""

    unit: UUID
    programme: UUID


async def seed(org_id: UUID, worker: UUID, leader: UUID, many: int = MANY) -> Ledger:
    """Fill the ledger of an organisation.

    Args:
        org_id: the organisation.
        worker: who of the office did all of it.
        leader: who signed, and before whom the papers lie.
        many: how many of each.
    """
    sql = Path(__file__).with_suffix(".sql").read_text()
    for word, given in (("org", org_id), ("worker", worker), ("leader", leader)):
        sql = sql.replace(f":{word}", f"'{given}'::uuid")
    async with db.transaction() as conn:
        await conn.execute(sql.replace(":many", str(many)))
    await db.execute("ANALYZE")
    return Ledger(
        unit=await db.fetch_value("SELECT id FROM units WHERE org_id = $1 AND name = '第7局'", org_id),
        programme=await db.fetch_value("SELECT id FROM programmes WHERE org_id = $1 AND kind = 'YEAR'", org_id),
    )
