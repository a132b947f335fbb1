"""Who may see an item of the ledger.

The office and its leaders see all; a unit sees its own, and those it assists in or holds a task of, once they have
been handed over (ASSIGNED on), also after an end that came while it had them (D1.24); a member of a visiting team who
is not of the office sees the items of that team's visits; an instructing leader sees those that rest on an instruction
of his in force, and no others (D1.13).
"""

from __future__ import annotations

from typing import Any

from server.access.actor import Actor
from server.access.roles import Role
from server.items.errors import AssistingUnitCannotReport
from server.items.lifecycle import WITH_UNIT

INSIDE = (Role.SUP, Role.OFFICE, Role.LEADER, Role.HEAD, Role.REG, Role.ARC)


def inside(actor: Actor) -> bool:
    """Whether somebody is of the office or one of its leaders, who see how an item came to be and is watched."""
    return actor.has(*INSIDE)


def visible_to(actor: Actor, first: int, item: str = "i") -> tuple[str, list[Any]]:
    """A SQL condition over the items table under the alias ``item``, and its five arguments.

    Args:
        actor: who reads.
        first: number of the first positional parameter the condition may use; it uses five.
        item: alias of ``items`` in the query.
    """
    org, within, unit, states, person = (f"${first + i}" for i in range(5))
    # The team's rows lie one layer up; only their existence is asked for here.
    condition = (
        f"({item}.org_id = {org} AND ({within}::bool"
        f" OR (({item}.handling_unit_id = {unit}::uuid OR EXISTS (SELECT 1 FROM item_tasks it"
        f" WHERE it.item_id = {item}.id AND it.unit_id = {unit}::uuid AND it.ended_at IS NULL))"
        f" AND ({item}.state = ANY({states}::text[]) OR ({item}.state = 'TERMINATED' AND EXISTS (SELECT 1"
        f" FROM item_steps ts WHERE ts.item_id = {item}.id AND ts.act = 'terminate'"
        f" AND ts.from_state = ANY({states}::text[])))))"
        f" OR EXISTS (SELECT 1 FROM visits tv JOIN visit_members tm ON tm.visit_id = tv.id"
        f" WHERE tv.item_id = {item}.id AND tm.person_id = {person}::uuid)"
        f"{_or_instructed(actor, item, person)}))"
    )
    return condition, [
        actor.org_id,
        inside(actor),
        actor.unit_id,
        [state.value for state in WITH_UNIT],
        actor.person_id,
    ]


def rests_on(actor: Actor, first: int, item: str = "i") -> tuple[str, list[Any]]:
    """A SQL condition: the item rests on an instruction in force of this very person; one argument."""
    return _instructed(item, f"${first}"), [actor.person_id]


def _or_instructed(actor: Actor, item: str, person: str) -> str:
    return f" OR {_instructed(item, person)}" if actor.has(Role.ORIGIN) else ""


def _instructed(item: str, person: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM item_instructions oi WHERE oi.item_id = {item}.id AND oi.leader_person_id ="
        f" {person}::uuid AND NOT EXISTS (SELECT 1 FROM item_instructions oc WHERE oc.replaces_id = oi.id))"
    )


def must_lead(actor: Actor, item_row: Any) -> None:
    """Refuse whatever goes upward about an item unless it comes from the lead unit (R45, S10).

    Raises:
        AssistingUnitCannotReport: the actor's unit only assists.
    """
    if actor.unit_id != item_row["handling_unit_id"]:
        raise AssistingUnitCannotReport
