"""Who may know of a visit: the one condition that every query over visits and what hangs on them uses.

Before release a visit exists only for its team, its planner, its designated approver and the head of the supervision
office (D2's information-flow guard, R81). After release it exists for the office and for the unit under supervision:
the one that handles the item, or the object named in the plan. For everybody else it does not exist: same status,
counts, feeds and timing as for an unknown id.
"""

from __future__ import annotations

from typing import Any

from server.access.actor import Actor
from server.access.roles import Role

_OFFICE = (Role.SUP, Role.OFFICE, Role.LEADER, Role.HEAD)
_INSIDE = (Role.SUP, Role.OFFICE, Role.LEADER, Role.HEAD, Role.REG, Role.ARC)


def visible_to(actor: Actor, first: int, visit: str = "v") -> tuple[str, list[Any]]:
    """A SQL condition over the visits table under the alias ``visit``, and its five arguments.

    Args:
        actor: who reads.
        first: number of the first positional parameter the condition may use; it uses five.
        visit: alias of ``visits`` in the query.
    """
    org, person, office, inside, unit = (f"${first + i}" for i in range(5))
    condition = (
        f"({visit}.org_id = {org} AND ({office}::bool OR {visit}.created_by = {person}::uuid"
        f" OR {visit}.approver_id = {person}"
        f" OR EXISTS (SELECT 1 FROM visit_members vm WHERE vm.visit_id = {visit}.id AND vm.person_id = {person})"
        f" OR ({visit}.released_at IS NOT NULL AND ({inside}::bool OR {visit}.object_unit_id = {unit}::uuid"
        f" OR EXISTS (SELECT 1 FROM items vi WHERE vi.id = {visit}.item_id AND vi.handling_unit_id = {unit}::uuid)))))"
    )
    return condition, [
        actor.org_id,
        actor.person_id,
        actor.has(Role.OFFICE),
        actor.has(*_INSIDE),
        actor.unit_id,
    ]


def inside(actor: Actor, first: int, visit: str = "v") -> tuple[str, list[Any]]:
    """A SQL condition: the actor belongs to the inspecting side of this visit, by role or by its team; two arguments.

    Said of who is inside and not of who is outside: somebody of the unit under supervision may hold other roles too,
    or serve on the team of another visit, and learns nothing more of this one by that.
    """
    condition = (
        f"(${first}::bool OR EXISTS (SELECT 1 FROM visit_members im"
        f" WHERE im.visit_id = {visit}.id AND im.person_id = ${first + 1}::uuid))"
    )
    return condition, [actor.has(*_OFFICE), actor.person_id]
