"""Putting an item on the public board (挂牌督办) and taking it off, both by a leader's decision only (R28)."""

from __future__ import annotations

from uuid import UUID

from server.access.actor import Actor
from server.access.people import active_holders
from server.access.roles import Permission
from server.items import steps
from server.items.commands.locking import item_for_update
from server.items.lifecycle import ItemState
from server.items.planning_errors import DecisionByALeader, ListedAlready, NotListed, NotToList
from server.items.planning_events import ItemDelisted, ItemListed
from server.items.planning_schemas import DecideListing
from server.items.secrecy import refuse_state_secrets
from server.journal.work import unit_of_work
from server.kit import clock, db
from server.kit.errors import FieldProblem, IdReused, InvalidInput

# Official, and the work not yet accepted.
LISTABLE = frozenset(
    {
        ItemState.ESTABLISHED,
        ItemState.METHOD_CONFIRMED,
        ItemState.ASSIGNED,
        ItemState.IN_PROGRESS,
        ItemState.SUSPENDED,
        ItemState.REPORTED,
        ItemState.UNDER_REVIEW,
    }
)


async def list_publicly(actor: Actor, item_id: UUID, cmd: DecideListing, *, expected: int | None = None) -> None:
    """Record the decision that puts the item on the board.

    Raises:
        NotFound, ChangedMeanwhile, ListedAlready, NotToList, DecisionByALeader, StateSecretRefused, IdReused: as named.
        InvalidInput: the decision is dated in the future.
    """
    await _decide(actor, item_id, cmd, listed=True, expected=expected)


async def delist(actor: Actor, item_id: UUID, cmd: DecideListing, *, expected: int | None = None) -> None:
    """Record the decision that takes the item off the board; the decision that put it there stays.

    Raises:
        NotFound, ChangedMeanwhile, NotListed, DecisionByALeader, StateSecretRefused, IdReused: as named.
        InvalidInput: the decision is dated in the future.
    """
    await _decide(actor, item_id, cmd, listed=False, expected=expected)


async def _decide(actor: Actor, item_id: UUID, cmd: DecideListing, *, listed: bool, expected: int | None) -> None:
    refuse_state_secrets(document=cmd.document, reason=cmd.reason)
    if await _done_before(actor, item_id, cmd, listed):
        return
    async with unit_of_work(actor, command_id=cmd.id) as work:
        item = await item_for_update(work, actor, item_id, expected)
        # Behind the lock once more: the same decision may have been sent twice at once.
        if await _done_before(actor, item_id, cmd, listed):
            return
        if listed and item["listed_at"] is not None:
            raise ListedAlready
        if not listed and item["listed_at"] is None:
            raise NotListed
        if listed and ItemState(item["state"]) not in LISTABLE:
            raise NotToList(params={"state": item["state"]})
        if cmd.decided_on > clock.day_of(work.at):
            problem = FieldProblem(field="decided_on", code="in_the_future", detail="The decision was made by today.")
            raise InvalidInput(errors=(problem,))
        # The office records, a leader decides: never one person for both.
        if cmd.decided_by == actor.person_id or not await active_holders(actor, [cmd.decided_by], Permission.ITEM_SIGN):
            raise DecisionByALeader
        await work.conn.execute(
            "INSERT INTO item_listings (id, org_id, item_id, listed, decided_by, decided_on, document, reason,"
            " recorded_by, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            cmd.id,
            actor.org_id,
            item_id,
            listed,
            cmd.decided_by,
            cmd.decided_on,
            cmd.document.strip(),
            cmd.reason.strip(),
            actor.person_id,
            work.at,
        )
        await work.conn.execute(
            "UPDATE items SET listed_at = $2, version = version + 1 WHERE id = $1", item_id, work.at if listed else None
        )
        act = "list" if listed else "delist"
        await steps.add(work, item_id, act, item["state"], item["state"], cmd.reason, data={"document": cmd.document})
        event = ItemListed if listed else ItemDelisted
        work.record(event(subject_id=item_id, decided_by=cmd.decided_by, decided_on=cmd.decided_on))


async def _done_before(actor: Actor, item_id: UUID, cmd: DecideListing, listed: bool) -> bool:
    row = await db.fetch_one(
        "SELECT org_id, item_id, listed, decided_by, decided_on, document FROM item_listings WHERE id = $1", cmd.id
    )
    if row is None:
        return False
    if tuple(row) != (actor.org_id, item_id, listed, cmd.decided_by, cmd.decided_on, cmd.document.strip()):
        raise IdReused
    return True
