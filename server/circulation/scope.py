"""Who may see what lies on the desks.

The secretary (registrar) and the head of the office see all; a leader what lies or lay on his own desk; a supervisor
the documents that belong to an item of the ledger. A confidential stub exists only for those who keep the desks and for
the leader on whose desk it lies.
"""

from __future__ import annotations

from typing import Any

from server.access.actor import Actor
from server.access.roles import Permission, Role

_DESKS = (Role.LEADER, Role.HEAD, Role.ORIGIN)


def visible_to(actor: Actor, first: int, circulation: str = "c") -> tuple[str, list[Any]]:
    """A SQL condition over the circulations table under the alias ``circulation``, and its five arguments.

    Args:
        actor: who reads.
        first: number of the first positional parameter the condition may use; it uses five.
        circulation: alias of ``circulations`` in the query.
    """
    org, keeps, person, leads, follows = (f"${first + i}" for i in range(5))
    condition = (
        f"({circulation}.org_id = {org} AND ({keeps}::bool"
        f" OR ({leads}::bool AND EXISTS (SELECT 1 FROM circulation_desks od"
        f" WHERE od.circulation_id = {circulation}.id AND od.leader_id = {person}::uuid"
        " AND od.delivered_at IS NOT NULL))"
        f" OR ({follows}::bool AND {circulation}.item_id IS NOT NULL)))"
    )
    return condition, [
        actor.org_id,
        actor.may(Permission.CIRCULATION_KEEP),
        actor.person_id,
        actor.has(*_DESKS),
        actor.has(Role.SUP),
    ]
