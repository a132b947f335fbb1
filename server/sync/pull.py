"""What changed in a person's scope since the last pull, without a gap and without a trace of what is not theirs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from server.access.actor import Actor
from server.kit import clock, db
from server.sync.cursor import NOWHERE, CursorSeal, Position
from server.sync.pull_kinds import BY_NAME, KINDS, Loaded
from server.sync.pull_schemas import CHANGE_KINDS, ChangeView, PullAnswer, kind_of

FEED_MEMORY: Final = timedelta(days=90)
_WINDOW: Final = 1000  # changes looked at in one step; most belong to others

_SINCE: Final = (
    "SELECT kind, subject_id, max(n) AS n, bool_or(op = 'gone' AND person_id IS NOT NULL) AS gone FROM feed_changes"
    " WHERE org_id = $1 AND n > $2 AND n <= $3 AND (person_id IS NULL OR person_id = $4)"
    " GROUP BY kind, subject_id ORDER BY max(n)"
)
_ORDER: Final = {kind.name: order for order, kind in enumerate(KINDS)}


@dataclass(slots=True)
class _Head:
    """The end of the organisation's feed, and the id of the row at the phone's place."""

    n: int
    marker: UUID
    at_cursor: UUID


async def pull(actor: Actor, cursor: str | None, limit: int) -> PullAnswer:
    """A page of what changed; without a cursor, of everything in the person's scope.

    A cursor of somebody else, of another installation, older than the feed's memory, or from before a backup was
    restored starts the copy anew and says so (``rebase``).
    """
    seal = await CursorSeal.of_installation()
    known = seal.open(cursor) if cursor else None
    head = await _head(actor, known.n if known else 0)
    usable = known is not None and _fits(known, actor, head)
    position = known if usable and known is not None else _start(actor, head)
    if position.stage < len(KINDS):
        changes, position = await _copy(actor, position, limit)
        more = True
    else:
        changes, position, more = await _follow(actor, position, head, limit)
    # The last page of the copy may be followed by nothing at all; the phone asks once more and learns so.
    return PullAnswer(
        changes=changes,
        cursor=seal.close(replace(position, issued_ms=clock.now_ms())),
        more=more,
        rebase=cursor is not None and not usable,
        server_time=clock.now(),
        checkpoint=None,
    )


def _fits(position: Position, actor: Actor, head: _Head) -> bool:
    fresh = clock.now_ms() - position.issued_ms < FEED_MEMORY / timedelta(milliseconds=1)
    return fresh and position.person_id == actor.person_id and position.marker == head.at_cursor


def _start(actor: Actor, head: _Head) -> Position:
    return Position(
        person_id=actor.person_id or NOWHERE, n=head.n, marker=head.marker, stage=0, after=NOWHERE, issued_ms=0
    )


async def _head(actor: Actor, n: int) -> _Head:
    row = await db.fetch_one(
        "SELECT c.n, (SELECT id FROM feed_changes WHERE org_id = c.org_id AND n = c.n) AS marker,"
        " (SELECT id FROM feed_changes WHERE org_id = c.org_id AND n = $2) AS at_cursor"
        " FROM feed_counters c WHERE c.org_id = $1",
        actor.org_id,
        n,
    )
    if row is None:
        return _Head(0, NOWHERE, NOWHERE)
    return _Head(row["n"], row["marker"] or NOWHERE, row["at_cursor"] or NOWHERE)


async def _copy(actor: Actor, position: Position, limit: int) -> tuple[list[ChangeView], Position]:
    """A page of the first copy; changes made meanwhile come afterwards, from the place where the copy began."""
    changes: list[ChangeView] = []
    while position.stage < len(KINDS) and len(changes) < limit:
        kind, wanted = KINDS[position.stage], limit - len(changes)
        loaded = await kind.page(actor, position.after, wanted)
        changes += _puts(kind.name, loaded)
        if len(loaded) < wanted:
            position = replace(position, stage=position.stage + 1, after=NOWHERE)
        else:
            position = replace(position, after=max(loaded))
    return changes, position


async def _follow(actor: Actor, position: Position, head: _Head, limit: int) -> tuple[list[ChangeView], Position, bool]:
    """Changes after a place. ``more`` only if something visible is left: hidden changes pass without a sign."""
    shown: list[tuple[int, list[ChangeView]]] = []
    n = position.n
    while n < head.n and len(shown) <= limit:
        upto = min(n + _WINDOW, head.n)
        groups = await db.fetch(_SINCE, actor.org_id, n, upto, actor.person_id)
        shown += await _visible(actor, groups)
        n = upto
    more = len(shown) > limit
    shown = shown[:limit]
    n = shown[-1][0] if more else head.n
    marker = head.marker
    if more:
        marker = await db.fetch_value("SELECT id FROM feed_changes WHERE org_id = $1 AND n = $2", actor.org_id, n)
    changes = [change for _, changes in shown for change in changes]
    changes.sort(key=lambda change: _ORDER[kind_of(change)])
    return changes, replace(position, n=n, marker=marker), more


async def _visible(actor: Actor, groups: Sequence[Any]) -> list[tuple[int, list[ChangeView]]]:
    """The changes that concern the person, each as the thing is now."""
    wanted: dict[str, list[UUID]] = defaultdict(list)
    for group in groups:
        wanted[group["kind"]].append(group["subject_id"])
    loaded: dict[str, Loaded] = {
        name: await kind.show(actor, wanted[name]) for name, kind in BY_NAME.items() if name in wanted
    }
    shown: list[tuple[int, list[ChangeView]]] = []
    for group in groups:
        name, subject_id = group["kind"], group["subject_id"]
        here = loaded.get(name, {})
        if subject_id in here:
            puts = _puts(name, {subject_id: here[subject_id]})
            if puts:
                shown.append((group["n"], puts))
        elif group["gone"] and name in BY_NAME:
            shown.append((group["n"], await _gone(actor, name, subject_id)))
    return shown


async def _gone(actor: Actor, name: str, subject_id: UUID) -> list[ChangeView]:
    """What left the person's scope; with a visit, the item and the site that were told for its sake."""
    left = [CHANGE_KINDS[name](id=subject_id, op="gone", data=None)]
    if name != "visit":
        return left
    row = await db.fetch_one(
        "SELECT item_id, site_id FROM visits WHERE id = $1 AND org_id = $2", subject_id, actor.org_id
    )
    for kind, related in (("item", row["item_id"]), ("site", row["site_id"])) if row else ():
        if related is not None and not await BY_NAME[kind].show(actor, [related]):
            left.append(CHANGE_KINDS[kind](id=related, op="gone", data=None))
    return left


def _puts(name: str, loaded: Loaded) -> list[ChangeView]:
    return [CHANGE_KINDS[name](id=key, op="put", data=data) for key, all_of_it in loaded.items() for data in all_of_it]
