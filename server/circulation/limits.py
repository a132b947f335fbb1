"""Which rule pack says how long papers may lie on a desk and how long a leader may be away.

Not every jurisdiction's text has such rules. Where the office's own is silent, the shipped pack that has them is used
and named, so that a desk is never without a watch only because another text was chosen for the limits of items.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from server.calendars.queries import calendar_in_force
from server.circulation.rules import DeskDue, desk_due
from server.rulepacks import shipped
from server.rulepacks.queries import pack_in_force
from server.rulepacks.rules import RulePack
from server.rulepacks.vocabulary import DeskClass


async def due_on_desk(org_id: UUID, desk_class: DeskClass, at: datetime) -> DeskDue:
    """The limit of a stay that begins at that minute, by the rules and the calendar in force.

    Raises:
        CalendarNotPublished: the pack counts working days of a year that is not known.
    """
    own = await pack_in_force(org_id)
    pack = own if own.desk_timers else _with_desks(own)
    return desk_due(pack, await calendar_in_force(org_id), desk_class, at, borrowed=pack is not own)


async def away_days(org_id: UUID) -> tuple[int | None, str]:
    """For how many days a leader may be away before his desk is emptied (R42), and which pack says so."""
    own = await pack_in_force(org_id)
    pack = own if own.settings.leader_away_days is not None else _with_desks(own)
    return pack.settings.leader_away_days, pack.label


def _with_desks(own: RulePack) -> RulePack:
    return next((pack for pack in shipped.packs().values() if pack.desk_timers), own)
