"""Making items from decisions, before anything of them is carried out (R9)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from server.access.actor import Actor
from server.items.lifecycle import ItemState
from server.items.numbers import register_no
from server.items.planning_registration import NewItem, register_all
from server.items.secrecy import refuse_state_secrets
from server.journal.work import UnitOfWork, unit_of_work
from server.kit.errors import FieldProblem, IdReused, NotFound
from server.meetings.commands.locking import meeting_for_update, touch
from server.meetings.errors import DecisionInLedger, DecisionWithdrawn
from server.meetings.events import ItemsMade
from server.meetings.kinds import SOURCE_OF, MeetingKind, reference
from server.meetings.schemas import ItemFromDecision, MakeItems

# What stands in the ledger for good; items refused or merged away do not count as the decision's.
_NOT_COUNTED: Final = [ItemState.NOT_ESTABLISHED.value, ItemState.MERGED.value]


async def make_items(actor: Actor, meeting_id: UUID, cmd: MakeItems) -> None:
    """Register an item for each of these decisions; those already there under the same ids change nothing.

    Raises:
        NotFound: no such meeting, or a decision that is not one of its own.
        DecisionInLedger: a decision is in the ledger already and it is not confirmed that it is meant twice (R5).
        DecisionWithdrawn, StateSecretRefused, IdReused: as named.
    """
    refuse_state_secrets(**{f"items.{at}.title": one.title for at, one in enumerate(cmd.items)})
    async with unit_of_work(actor) as work:
        meeting = await meeting_for_update(work, actor, meeting_id, None)
        there = await _items_there(work, actor, cmd)
        fresh = [one for one in cmd.items if one.id not in there]
        if not fresh:
            return
        decisions = await _decisions(work, meeting_id, [one.decision_id for one in fresh])
        await _must_be_new(work, cmd, [one for one in fresh if not one.again])
        source = reference(meeting["kind"], meeting["year"], meeting["no"], meeting["title"])
        new = [
            NewItem(
                id=one.id,
                title=one.title.strip() or _short(decisions[one.decision_id]["text"]),
                requirement=decisions[one.decision_id]["requirement"] or decisions[one.decision_id]["text"],
                unit_id=decisions[one.decision_id]["lead_id"],
                person_id=None,
                due_on=decisions[one.decision_id]["due_on"],
                source_ref=f"{source}第{decisions[one.decision_id]['no']}项",
                decision_id=one.decision_id,
            )
            for one in fresh
        ]
        common = {
            "source_kind": SOURCE_OF[MeetingKind(meeting["kind"])],
            "category": cmd.category,
            "stated_by": source,
        }
        await register_all(work, new, common)
        await touch(work, meeting_id)
        work.record(ItemsMade(subject_id=meeting_id, items=tuple((one.decision_id, one.id) for one in fresh)))


def _short(text: str) -> str:
    """A title from a decision: its first sentence, as long as a title may be."""
    head = text.strip().splitlines()[0]
    sentence = head.split("。")[0]
    return sentence[:299] + "…" if len(sentence) > 300 else sentence


async def _decisions(work: UnitOfWork, meeting_id: UUID, ids: Sequence[UUID]) -> dict[UUID, Any]:
    rows = await work.conn.fetch(
        "SELECT d.*, u.unit_id AS lead_id FROM meeting_decisions d"
        " LEFT JOIN decision_units u ON u.decision_id = d.id AND u.lead"
        " WHERE d.meeting_id = $1 AND d.id = ANY($2::uuid[]) ORDER BY d.id FOR UPDATE OF d",
        meeting_id,
        list(ids),
    )
    found = {row["id"]: row for row in rows}
    if set(ids) - set(found):
        raise NotFound
    if any(row["withdrawn_at"] is not None for row in rows):
        raise DecisionWithdrawn
    return found


async def _must_be_new(work: UnitOfWork, cmd: MakeItems, fresh: Sequence[ItemFromDecision]) -> None:
    """Refuse a decision that is in the ledger, or twice in this very command, unless that is confirmed."""
    rows = await work.conn.fetch(
        "SELECT DISTINCT ON (decision_id) decision_id, id, register_year, register_seq FROM items"
        " WHERE decision_id = ANY($1::uuid[]) AND NOT state = ANY($2::text[]) ORDER BY decision_id, created_at",
        [one.decision_id for one in fresh],
        _NOT_COUNTED,
    )
    places = {one.decision_id: at for at, one in enumerate(cmd.items)}
    twice = len({one.decision_id for one in fresh}) < len(fresh)
    if not rows and not twice:
        return
    raise DecisionInLedger(
        params={
            "items": [
                {
                    "decision_id": str(row["decision_id"]),
                    "id": str(row["id"]),
                    "register_no": register_no(row["register_year"], row["register_seq"]),
                }
                for row in rows
            ],
            "register_no": "、".join(register_no(row["register_year"], row["register_seq"]) for row in rows),
        },
        errors=tuple(
            FieldProblem(
                field=f"items.{places[row['decision_id']]}.decision_id",
                code="decision_in_ledger",
                detail=f"It is {register_no(row['register_year'], row['register_seq'])}.",
            )
            for row in rows
        ),
    )


async def _items_there(work: UnitOfWork, actor: Actor, cmd: MakeItems) -> set[UUID]:
    wanted = {one.id: one for one in cmd.items}
    if len(wanted) < len(cmd.items):
        raise IdReused
    rows = await work.conn.fetch("SELECT id, org_id, decision_id FROM items WHERE id = ANY($1::uuid[])", list(wanted))
    if any((row["org_id"], row["decision_id"]) != (actor.org_id, wanted[row["id"]].decision_id) for row in rows):
        raise IdReused
    return {row["id"] for row in rows}
