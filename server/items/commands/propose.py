"""拟办 and 送审: what a supervisor proposes and sends up."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from server.access.actor import Actor
from server.access.people import active_holders
from server.access.roles import Permission
from server.access.steps import must_take
from server.items import steps
from server.items.approval_rules import missing
from server.items.commands.locking import item_for_update, must_know_person
from server.items.errors import NotAnObject, ProposalIncomplete, UnknownPerson, UnknownUnit
from server.items.events import ItemProposed, ItemSubmitted
from server.items.kinds import OBJECT_KINDS
from server.items.lifecycle import LIFECYCLE, ItemState
from server.items.process_schemas import ProposeItem
from server.items.secrecy import refuse_state_secrets
from server.journal.work import UnitOfWork, unit_of_work
from server.kit.errors import FieldProblem, InvalidInput
from server.kit.ids import new_id
from server.kit.lifecycle import next_step
from server.rulepacks.queries import pack_in_force

_TEXTS = (
    "proposal_text",
    "task",
    "requirement",
    "mode_reason",
    "basis_text",
    "scope_text",
    "stated_by",
    "level_reason",
)
_FIELDS = (
    *_TEXTS,
    "mode",
    "handling_unit_id",
    "assist_unit_ids",
    "responsible_person_id",
    "follow_up_id",
    "importance",
    "urgency",
    "immediate",
    "category",
    "kind",
    "content_kind",
    "basis_kind",
    "stated_limit_n",
    "stated_limit_unit",
    "stated_due_at",
)


async def propose(actor: Actor, item_id: UUID, cmd: ProposeItem, *, expected: int | None = None) -> None:
    """Propose how to handle an item, or propose anew after it was sent back. It need not be complete yet.

    Raises:
        NotFound, WrongState, NotYourStep, ChangedMeanwhile, StateSecretRefused: as named.
        UnknownUnit, UnknownPerson, NotAnObject: a unit or person that cannot be meant.
        InvalidInput: a unit named twice, or two limits at once.
    """
    refuse_state_secrets(**{name: getattr(cmd, name) for name in _TEXTS})
    async with unit_of_work(actor) as work:
        row = await item_for_update(work, actor, item_id, expected)
        source = ItemState(row["state"])
        step = next_step(LIFECYCLE, source, "propose")
        must_take(step, actor.roles)
        await _check(work, actor, cmd)
        values = {name: _value(getattr(cmd, name)) for name in _FIELDS}
        if values["category"] is None:
            values["category"] = row["category"]  # given at registration; every item has one (R11)
        assignments = ", ".join(f"{name} = ${position}" for position, name in enumerate(values, start=4))
        await work.conn.execute(
            f"UPDATE items SET state = $2, proposed_by = $3, version = version + 1, {assignments} WHERE id = $1",
            item_id,
            step.target,
            actor.person_id,
            *values.values(),
        )
        await steps.add(work, item_id, "propose", source, step.target, cmd.proposal_text)
        work.record(ItemProposed(subject_id=item_id, basis_kind=cmd.basis_kind, mode=cmd.mode))


async def submit(actor: Actor, item_id: UUID, *, expected: int | None = None) -> None:
    """Send a complete proposal up for approval; what is sent up is kept as it is now.

    Raises:
        NotFound, WrongState, NotYourStep, ChangedMeanwhile: as named.
        ProposalIncomplete: names everything that is missing, field by field.
    """
    async with unit_of_work(actor) as work:
        row = await item_for_update(work, actor, item_id, expected)
        source = ItemState(row["state"])
        step = next_step(LIFECYCLE, source, "submit")
        must_take(step, actor.roles)
        await must_be_complete(work, row)
        content = {name: row[name] for name in _FIELDS}
        # As many as the rules in force ask for now; a change of rules meanwhile changes nothing for this round.
        needed = 2 if (await pack_in_force(actor.org_id)).settings.two_signatures else 1
        await work.conn.execute(
            "INSERT INTO item_proposals (id, org_id, item_id, round, proposed_by, submitted_by, submitted_at, content,"
            " signatures) VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text::jsonb, $9)",
            new_id(),
            actor.org_id,
            item_id,
            row["approval_round"],
            row["proposed_by"],
            actor.person_id,
            work.at,
            msgspec.json.encode(content).decode(),
            needed,
        )
        await work.conn.execute(
            "UPDATE items SET state = $2, submitted_by = $3, submitted_at = $4, signatures_needed = $5,"
            " version = version + 1 WHERE id = $1",
            item_id,
            step.target,
            actor.person_id,
            work.at,
            needed,
        )
        await steps.add(work, item_id, "submit", source, step.target, data={"round": row["approval_round"]})
        work.record(ItemSubmitted(subject_id=item_id, round=row["approval_round"]))


async def must_be_complete(work: UnitOfWork, row: Any) -> None:
    """Refuse an item that lacks something that leaders decide on.

    Raises:
        ProposalIncomplete: names everything that is missing.
    """
    instruction = await work.conn.fetchrow(
        "SELECT n.* FROM item_instructions n WHERE n.item_id = $1 AND NOT EXISTS"
        " (SELECT 1 FROM item_instructions r WHERE r.replaces_id = n.id)"
        " ORDER BY (n.attachment_id IS NULL) DESC, n.recorded_at LIMIT 1",  # one without its document stands first
        row["id"],
    )
    unit = await work.conn.fetchrow("SELECT id, kind FROM units WHERE id = $1", row["handling_unit_id"])
    problems = list(
        missing(
            dict(row),
            instruction=instruction,
            office_unit=unit is not None and unit["kind"] == "office",
            levels_down=await _levels_down(work, row),
        )
    )
    person = row["responsible_person_id"]
    if (
        person is not None
        and unit is not None
        and not await work.conn.fetchval(
            "SELECT 1 FROM people WHERE id = $1 AND unit_id = $2 AND active", person, unit["id"]
        )
    ):
        problems.append(
            FieldProblem(
                field="responsible_person_id",
                code="person_of_another_unit",
                detail="The responsible person belongs to the responsible unit.",
            )
        )
    if problems:
        raise ProposalIncomplete(errors=tuple(problems))


async def _levels_down(work: UnitOfWork, row: Any) -> int:
    """How many governments down the lowest of the item's units stands (733 art. 5): its own and those above it."""
    units = [one for one in (row["handling_unit_id"], *row["assist_unit_ids"]) if one is not None]
    found: int = await work.conn.fetchval(
        "WITH RECURSIVE above (start, id, parent_id, kind, hops) AS ("
        " SELECT u.id, u.id, u.parent_id, u.kind, 0 FROM units u WHERE u.id = ANY($1::uuid[])"
        " UNION ALL SELECT a.start, p.id, p.parent_id, p.kind, a.hops + 1 FROM above a JOIN units p"
        " ON p.id = a.parent_id WHERE a.hops < 20)"
        " SELECT coalesce(max(n), 0) FROM (SELECT count(*) FILTER (WHERE kind = 'lower_government') AS n"
        " FROM above GROUP BY start) of",
        units,
    )
    return found


def _value(given: Any) -> Any:
    if isinstance(given, str):
        return given.strip()
    return list(given) if isinstance(given, tuple) else given


async def _check(work: UnitOfWork, actor: Actor, cmd: ProposeItem) -> None:
    units = [one for one in (cmd.handling_unit_id, *cmd.assist_unit_ids) if one is not None]
    if len(set(units)) != len(units):
        problem = FieldProblem(field="assist_unit_ids", code="unit_twice", detail="A unit has one part in an item.")
        raise InvalidInput(errors=(problem,))
    rows = await work.conn.fetch(
        "SELECT kind FROM units WHERE org_id = $1 AND id = ANY($2::uuid[])", actor.org_id, units
    )
    if len(rows) != len(units):
        raise UnknownUnit
    if any(row["kind"] not in OBJECT_KINDS for row in rows):
        raise NotAnObject
    await must_know_person(work, actor, cmd.responsible_person_id)
    if cmd.follow_up_id is not None and not await active_holders(actor, (cmd.follow_up_id,), Permission.ITEM_PROPOSE):
        raise UnknownPerson  # the follow-up officer is a supervisor of the office (R25)
    limited = cmd.stated_limit_n is not None
    if limited != (cmd.stated_limit_unit is not None) or (limited and cmd.stated_due_at is not None):
        problem = FieldProblem(
            field="stated_limit_n", code="limit_unclear", detail="State a number with its unit, or a date, not both."
        )
        raise InvalidInput(errors=(problem,))
