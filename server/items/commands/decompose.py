"""Decomposing an item into children (责任分解, R7)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from server.access.actor import Actor
from server.items.commands.locking import item_for_update
from server.items.errors import UnknownUnit
from server.items.lifecycle import ItemState
from server.items.planning_errors import AfterDeadline, NotToDecompose, PersonOfAnotherUnit, TooDeep
from server.items.planning_events import ItemDecomposed
from server.items.planning_registration import COMMON, NewItem, register_all
from server.items.planning_rules import DECOMPOSABLE, MAX_LEVELS
from server.items.planning_schemas import DecomposeItem
from server.items.secrecy import refuse_state_secrets
from server.journal.work import UnitOfWork, unit_of_work
from server.kit import clock
from server.kit.errors import FieldProblem, IdReused


async def decompose(actor: Actor, parent_id: UUID, cmd: DecomposeItem, *, expected: int | None = None) -> None:
    """Make children with numbers of their own; the same children under the same ids change nothing.

    Raises:
        NotFound: no such item in the actor's scope.
        ChangedMeanwhile, NotToDecompose, TooDeep, StateSecretRefused, IdReused: as named.
        UnknownUnit, PersonOfAnotherUnit, AfterDeadline: of one of the children; ``errors`` say which.
    """
    for at, child in enumerate(cmd.children):
        refuse_state_secrets(**{f"children.{at}.task": child.task, f"children.{at}.requirement": child.requirement})
    async with unit_of_work(actor) as work:
        parent = await parent_for_update(work, actor, parent_id, expected)
        known = await _known(work, actor, parent_id, cmd)
        fresh = [child for child in cmd.children if child.id not in known]
        if not fresh:
            return
        await _check(work, actor, parent, cmd)
        first = await next_child_no(work, parent_id)
        new = [
            NewItem(
                id=child.id,
                title=child.task.strip(),
                requirement=child.requirement.strip(),
                unit_id=child.unit_id,
                person_id=child.person_id,
                due_on=child.due_on,
                source_ref=parent["source_ref"],
                child_no=first + at,
            )
            for at, child in enumerate(fresh)
        ]
        await add_children(work, parent, new)


async def parent_for_update(work: UnitOfWork, actor: Actor, parent_id: UUID, expected: int | None = None) -> Any:
    """The row of an item that may get children, locked: whoever else decomposes it waits.

    Raises:
        NotFound, ChangedMeanwhile, NotToDecompose, TooDeep: as named.
    """
    parent = await item_for_update(work, actor, parent_id, expected)
    if ItemState(parent["state"]) not in DECOMPOSABLE:
        raise NotToDecompose(params={"state": parent["state"]})
    if await level(work.conn, parent_id) >= MAX_LEVELS:
        raise TooDeep(params={"most": MAX_LEVELS})
    return parent


async def level(conn: Any, item_id: UUID) -> int:
    """How deep an item lies: 1 without a parent."""
    found: int = await conn.fetchval(
        "WITH RECURSIVE up AS (SELECT id, parent_id, 1 AS level FROM items WHERE id = $1"
        " UNION ALL SELECT i.id, i.parent_id, up.level + 1 FROM items i JOIN up ON i.id = up.parent_id"
        " WHERE up.level < 20) SELECT max(level) FROM up",
        item_id,
    )
    return found


async def next_child_no(work: UnitOfWork, parent_id: UUID) -> int:
    """The next number within the parent, whose row is locked."""
    number: int = await work.conn.fetchval(
        "SELECT coalesce(max(child_no), 0) + 1 FROM items WHERE parent_id = $1", parent_id
    )
    return number


async def add_children(work: UnitOfWork, parent: Any, new: Sequence[NewItem], *, import_id: UUID | None = None) -> None:
    """Register the children, which take the parent's source, and record the decomposition."""
    common = {column: parent[column] for column in COMMON if column != "stated_by"}
    await register_all(work, new, {**common, "stated_by": "责任分解"}, parent_id=parent["id"])
    await work.conn.execute("UPDATE items SET version = version + 1 WHERE id = $1", parent["id"])
    first = new[0].child_no or 1
    work.record(ItemDecomposed(subject_id=parent["id"], children=len(new), first_child_no=first, import_id=import_id))


def limit_of(row: Any) -> Any:
    """The instant at which an item's limit ends: the frozen one, before that the stated one."""
    return row["due_at"] or row["stated_due_at"]


async def _known(work: UnitOfWork, actor: Actor, parent_id: UUID, cmd: DecomposeItem) -> set[UUID]:
    rows = await work.conn.fetch(
        "SELECT id, org_id, parent_id, title, handling_unit_id FROM items WHERE id = ANY($1::uuid[])",
        [child.id for child in cmd.children],
    )
    wanted = {child.id: child for child in cmd.children}
    if len(wanted) < len(cmd.children):
        raise IdReused
    for row in rows:
        child = wanted[row["id"]]
        if (row["org_id"], row["parent_id"], row["title"]) != (actor.org_id, parent_id, child.task.strip()):
            raise IdReused
    return {row["id"] for row in rows}


async def _check(work: UnitOfWork, actor: Actor, parent: Any, cmd: DecomposeItem) -> None:
    units = await work.conn.fetch(
        "SELECT id FROM units WHERE org_id = $1 AND id = ANY($2::uuid[])",
        actor.org_id,
        [child.unit_id for child in cmd.children],
    )
    people = await work.conn.fetch(
        "SELECT id, unit_id FROM people WHERE org_id = $1 AND active AND id = ANY($2::uuid[])",
        actor.org_id,
        [child.person_id for child in cmd.children],
    )
    known, unit_of = {row["id"] for row in units}, {row["id"]: row["unit_id"] for row in people}
    limit = limit_of(parent)
    for at, child in enumerate(cmd.children):
        if child.unit_id not in known:
            raise UnknownUnit(errors=(_problem(at, "unit_id", "unknown_unit", "There is no such unit."),))
        if unit_of.get(child.person_id) != child.unit_id:
            problem = _problem(at, "person_id", "person_of_another_unit", "Name somebody of the responsible unit.")
            raise PersonOfAnotherUnit(errors=(problem,))
        if limit is not None and child.due_on > clock.last_day(limit):
            problem = _problem(at, "due_on", "after_deadline", "Name a day not later than the parent's.")
            raise AfterDeadline(params={"due_on": clock.last_day(limit).isoformat()}, errors=(problem,))


def _problem(at: int, name: str, code: str, detail: str) -> FieldProblem:
    return FieldProblem(field=f"children.{at}.{name}", code=code, detail=detail)
