"""What waits for an act of one person: proposals to write, to sign, to confirm, to hand over (D1.2–D1.10)."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import msgspec

from server.access.actor import Actor
from server.access.roles import Role
from server.items.acts import possible_acts
from server.items.lifecycle import ItemState
from server.items.process_schemas import WaitingItemView, WaitingList
from server.items.queries import ITEM, item_view
from server.items.scope import visible_to
from server.kit import db

_S = ItemState
# Per role: in which states something waits, and the act that is waited for. ORIGIN and units have pages of their own.
_WAITS: Final[tuple[tuple[Role, ItemState, str], ...]] = (
    (Role.LEADER, _S.UNDER_APPROVAL, "review_first"),
    (Role.LEADER, _S.UNDER_APPROVAL, "establish"),
    (Role.HEAD, _S.UNDER_APPROVAL, "establish"),
    (Role.OFFICE, _S.ESTABLISHED, "confirm_method"),
    (Role.OFFICE, _S.METHOD_CONFIRMED, "assign"),
    (Role.SUP, _S.REGISTERED, "propose"),
    (Role.SUP, _S.PROPOSED, "submit"),
    (Role.SUP, _S.METHOD_CONFIRMED, "assign"),
    (Role.LEADER, _S.METHOD_CONFIRMED, "decide_method"),
    (Role.HEAD, _S.METHOD_CONFIRMED, "decide_method"),
)
_MOST: Final = 200
_SIGNED: Final = (
    "(SELECT coalesce(jsonb_object_agg(s.kind, s.signer_id), '{}') FROM item_signatures s"
    " WHERE s.item_id = w.id AND s.round = w.approval_round)"
)
# A supervisor's own work: what he follows up or proposed, and what nobody follows up yet.
_OWN: Final = (Role.SUP,)


async def waiting(actor: Actor) -> WaitingList:
    """Items that wait for this person: 特事特办 first (R35), then by urgency, then the longest waiting; 200 at most."""
    asked = [(state, act) for role, state, act in _WAITS if actor.has(role)]
    if not asked:
        return WaitingList(waiting=(), total=0)
    whole = actor.has(*(role for role, _, _ in _WAITS if role not in _OWN))
    condition, args = visible_to(actor, 4)
    rows = await db.fetch(
        # Sorted by as little as possible, for much may lie in these states; names are looked up of what is shown.
        "WITH w AS MATERIALIZED (SELECT i.id, i.state, i.mode, i.basis_kind, i.handling_unit_id, i.submitted_by,"
        " i.signatures_needed, i.approval_round, i.immediate,"
        " array_position('{EXTRA_URGENT,URGENT,ORDINARY}', i.urgency) AS haste, coalesce((SELECT t.at FROM item_steps t"
        " WHERE t.item_id = i.id ORDER BY t.seq DESC LIMIT 1), i.created_at) AS since FROM items i"
        f" WHERE {condition} AND i.state = ANY($1::text[])"
        " AND ($2 OR i.follow_up_id IS NULL OR i.follow_up_id = $3 OR i.proposed_by = $3)"
        # Not as the index of the whole register sorts them: by the index of these states there is far less to read.
        f" ORDER BY i.immediate::int DESC, haste, since, i.id LIMIT {5 * _MOST})"
        f" SELECT w.*, CASE w.state WHEN 'UNDER_APPROVAL' THEN {_SIGNED} ELSE '{{}}' END AS signed,"
        # A limit, so that the few rows are looked up one by one and the writers of all items are not gathered.
        " w.state = 'UNDER_APPROVAL' AND coalesce((SELECT true FROM item_writers x WHERE x.item_id = w.id"
        "  AND x.writer = $3 LIMIT 1), false) AS wrote,"
        " CASE w.state WHEN 'METHOD_CONFIRMED' THEN (SELECT ma.proposed_by FROM item_method_amendments ma"
        "  WHERE ma.item_id = w.id AND ma.outcome IS NULL) END AS amended_by"
        " FROM w ORDER BY w.immediate DESC, w.haste, w.since, w.id",
        sorted({state.value for state, _ in asked}),
        whole,
        actor.person_id,
        *args,
    )
    found = [(act, row) for row in rows if (act := _act(actor, row, asked)) is not None]
    shown = found[:_MOST]
    named = {
        row["id"]: row
        for row in await db.fetch(f"{ITEM} WHERE i.id = ANY($1::uuid[])", [row["id"] for _, row in shown])
    }
    return WaitingList(
        waiting=tuple(
            WaitingItemView(act=act, since=row["since"], item=item_view(named[row["id"]], ()))
            for act, row in shown
            if row["id"] in named
        ),
        total=len(found),
    )


def _act(actor: Actor, row: Any, asked: list[tuple[ItemState, str]]) -> str | None:
    """The act of this person that the item waits for, if it waits for one."""
    signed = msgspec.json.decode(row["signed"], type=dict[str, UUID])
    writers = (actor.person_id,) if actor.person_id is not None and row["wrote"] else ()  # of others nothing is asked
    possible = possible_acts(actor, row, signed, writers)
    for state, act in asked:
        if row["state"] == state and act in possible:
            return act
    return None
