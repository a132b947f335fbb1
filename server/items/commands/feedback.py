"""What the origin of an item is told when it is not taken up or its unit refuses it (D1.7, D1.11).

The leader who gave the instruction is told by a notice if he has an account here; a leader without one, and the source
itself (a higher office, a petitioner), are told by the office, which records how.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any
from uuid import UUID

from server.access.actor import Actor
from server.access.errors import NotYourStep
from server.access.roles import Role
from server.items import steps
from server.items.commands.locking import item_for_update
from server.items.events import ItemFeedbackGiven, ItemFeedbackTold
from server.items.process_schemas import TellOrigin
from server.items.scope import INSIDE
from server.items.secrecy import refuse_state_secrets
from server.items.sources import SourceKind
from server.journal.work import UnitOfWork, unit_of_work
from server.kit.errors import NotFound
from server.kit.ids import new_id

# What the office itself found has nobody to be told.
_OWN_SOURCES = (SourceKind.LEADER_INSTRUCTION, SourceKind.FOUND_ON_SITE)
_CLERKS = (Role.REG, Role.OFFICE)
_BY_NOTICE = "本系统通知"


class FeedbackKind(StrEnum):
    """What is told."""

    NOT_ESTABLISHED = "NOT_ESTABLISHED"
    UNIT_REFUSED = "UNIT_REFUSED"


async def give(
    work: UnitOfWork, item_row: Any, kind: FeedbackKind, reason: str, *, unit_id: UUID | None = None
) -> None:
    """Record what the origins of an item are to be told, in the transaction of the act that causes it.

    Args:
        work: the open transaction.
        item_row: the item's row.
        kind: what is told.
        reason: the words of who refused.
        unit_id: the unit that refused, if it was one.
    """
    origins = await work.conn.fetch(
        # Two leaders of one name are told apart by their level. Who could not open the item is not told by a notice.
        "SELECT DISTINCT ON (coalesce(n.leader_person_id::text, n.leader_level || ' ' || n.leader_name))"
        " n.leader_name, p.id AS person_id FROM item_instructions n LEFT JOIN people p ON p.id = n.leader_person_id"
        "  AND p.active AND EXISTS (SELECT 1 FROM role_grants g WHERE g.person_id = p.id AND g.revoked_at IS NULL"
        "   AND g.role = ANY($2::text[])) WHERE n.item_id = $1"
        " AND NOT EXISTS (SELECT 1 FROM item_instructions r WHERE r.replaces_id = n.id)"
        " ORDER BY coalesce(n.leader_person_id::text, n.leader_level || ' ' || n.leader_name), n.recorded_at, n.id",
        item_row["id"],
        [role.value for role in (*INSIDE, Role.ORIGIN)],
    )
    told = [("ORIGIN", row["leader_name"], row["person_id"]) for row in origins]
    if item_row["source_kind"] not in _OWN_SOURCES:
        # Who sent a matter in is known to the tray, one layer up; else by its document.
        sender = await work.conn.fetchval("SELECT from_whom FROM intake_matters WHERE item_id = $1", item_row["id"])
        if sender or item_row["source_ref"]:
            told.append(("SOURCE", sender or item_row["source_ref"], None))
    for addressee, name, person_id in told:
        await work.conn.execute(
            "INSERT INTO item_feedbacks (id, org_id, item_id, kind, addressee, name, person_id, unit_id, reason,"
            " given_by, given_at, told_how, told_by, told_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,"
            " $12, $13, $14)",
            new_id(),
            item_row["org_id"],
            item_row["id"],
            kind,
            addressee,
            name,
            person_id,
            unit_id,
            reason.strip(),
            work.actor.person_id,
            work.at,
            _BY_NOTICE if person_id else "",
            work.actor.person_id if person_id else None,
            work.at if person_id else None,
        )
    people = tuple(person_id for _, _, person_id in told if person_id is not None)
    if told:
        work.record(ItemFeedbackGiven(subject_id=item_row["id"], kind=kind, people=people))


async def tell(actor: Actor, item_id: UUID, feedback_id: UUID, cmd: TellOrigin, *, expected: int | None = None) -> None:
    """Record how an origin without an account here was told; once.

    Raises:
        NotFound: no such item in the actor's scope, no such feedback of it, or it was told already.
        NotYourStep, ChangedMeanwhile, StateSecretRefused: as named.
    """
    refuse_state_secrets(how=cmd.how)
    async with unit_of_work(actor) as work:
        row = await item_for_update(work, actor, item_id, expected)
        if not actor.has(*_CLERKS):
            raise NotYourStep(params={"act": "tell_origin", "by": [role.value for role in _CLERKS]})
        name = await work.conn.fetchval(
            "UPDATE item_feedbacks SET told_how = $3, told_by = $4, told_at = $5"
            " WHERE id = $1 AND item_id = $2 AND told_at IS NULL RETURNING name",
            feedback_id,
            item_id,
            cmd.how.strip(),
            actor.person_id,
            work.at,
        )
        if name is None:
            raise NotFound
        await work.conn.execute("UPDATE items SET version = version + 1 WHERE id = $1", item_id)
        await steps.add(work, item_id, "tell_origin", row["state"], row["state"], cmd.how, data={"to": name})
        work.record(ItemFeedbackTold(subject_id=item_id, feedback_id=feedback_id))
