"""Who may see a slip.

The office sees all; its leaders what has been issued; a unit what was issued to it, also after its withdrawal, because
it has read it. A draft exists for nobody outside the office.
"""

from __future__ import annotations

from typing import Any

from server.access.actor import Actor
from server.access.roles import Role

_OFFICE = (Role.SUP, Role.OFFICE)
_LEADERS = (Role.LEADER, Role.HEAD, Role.REG, Role.ARC)


def visible_to(actor: Actor, first: int, slip: str = "s") -> tuple[str, list[Any]]:
    """A SQL condition over the slips table under the alias ``slip``, and its four arguments.

    Args:
        actor: who reads.
        first: number of the first positional parameter the condition may use; it uses four.
        slip: alias of ``slips`` in the query.
    """
    org, office, leaders, unit = (f"${first + i}" for i in range(4))
    condition = (
        f"({slip}.org_id = {org} AND ({office}::bool OR ({slip}.seq IS NOT NULL AND ({leaders}::bool"
        f" OR EXISTS (SELECT 1 FROM slip_recipients sr WHERE sr.slip_id = {slip}.id"
        f" AND sr.unit_id = {unit}::uuid)))))"
    )
    return condition, [actor.org_id, actor.has(*_OFFICE), actor.has(*_LEADERS), actor.unit_id]
