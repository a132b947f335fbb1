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
        f"SELECT w.*, (SELECT coalesce(jsonb_object_agg(s.kind, s.signer_id), '{{}}') FROM item_signatures s"
        " WHERE s.item_id = w.id AND s.round = w.approval_round) AS signed,"
        " (SELECT ma.proposed_by FROM item_method_amendments ma WHERE ma.item_id = w.id AND ma.outcome IS NULL)"
        " AS amended_by, CASE w.state WHEN 'UNDER_APPROVAL' THEN zhicha_item_writers(w.id) ELSE '{}' END AS writers,"
        " coalesce((SELECT max(t.at) FROM item_steps t WHERE t.item_id = w.id), w.created_at) AS since"
        f" FROM ({ITEM} WHERE {condition} AND i.state = ANY($1::text[])"
        "  AND ($2 OR i.follow_up_id IS NULL OR i.follow_up_id = $3 OR i.proposed_by = $3)) AS w"
        " ORDER BY w.immediate DESC, array_position('{EXTRA_URGENT,URGENT,ORDINARY}', w.urgency), since, w.id"
        f" LIMIT {5 * _MOST}",
        sorted({state.value for state, _ in asked}),
        whole,
        actor.person_id,
        *args,
    )
    found = [one for row in rows if (one := _waiting(actor, row, asked)) is not None]
    return WaitingList(waiting=tuple(found[:_MOST]), total=len(found))


def _waiting(actor: Actor, row: Any, asked: list[tuple[ItemState, str]]) -> WaitingItemView | None:
    signed = msgspec.json.decode(row["signed"], type=dict[str, UUID])
    possible = possible_acts(actor, row, signed, row["writers"])
    for state, act in asked:
        if row["state"] == state and act in possible:
            return WaitingItemView(act=act, since=row["since"], item=item_view(row, ()))
    return None
