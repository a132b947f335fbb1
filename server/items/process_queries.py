"""Reading an item whole: its process, its trail, its papers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec

from server.access.actor import Actor
from server.access.roles import Role
from server.access.schemas import NamedView, named
from server.items import process_records
from server.items.acts import possible_acts
from server.items.lifecycle import WITH_UNIT, ItemState
from server.items.numbers import register_no
from server.items.process_records import FILE, file_view
from server.items.process_schemas import (
    ItemDetailView,
    MethodView,
    ParentView,
    ProcessView,
    SignatureView,
    StepList,
    StepView,
)
from server.items.queries import item_view, named_item_row
from server.items.same_source import Source, same_source
from server.items.scope import inside, rests_on, visible_to
from server.kit import db
from server.kit.errors import NotFound


async def item(actor: Actor, item_id: UUID) -> ItemDetailView:
    """One item whole; the unit that handles it sees what it needs for that, not how it came to be or is watched.

    Raises:
        NotFound: no such item in the actor's scope.
    """
    row = await named_item_row(actor, item_id)
    mine = await sees_process(actor, row)
    amended_by = await _amended_by(row) if mine else None
    signed = await process_records.signatures(row) if mine else ()
    others = await same_source(actor, Source(row["source_ref"], row["decision_id"]), but=item_id) if mine else ()
    related = await _named(actor, [one for one in (row["parent_id"], row["merged_into_id"]) if one])
    return ItemDetailView(
        **msgspec.structs.asdict(item_view(row, others)),
        kind=row["kind"],
        content_kind=row["content_kind"],
        task=row["task"],
        requirement=row["requirement"],
        assist_units=await _units(row["assist_unit_ids"]),
        parent=related.get(row["parent_id"]),
        decision_id=row["decision_id"],
        merged_into=related.get(row["merged_into_id"]),
        stated_limit_n=row["stated_limit_n"],
        stated_limit_unit=row["stated_limit_unit"],
        stated_due_at=row["stated_due_at"],
        stated_by=row["stated_by"],
        due_rule=row["due_rule"],
        due_pack=row["due_pack"],
        due_calendar=row["due_calendar"],
        suspend_review_on=row["suspend_review_on"],
        acts=possible_acts(
            actor,
            {**row, "amended_by": amended_by},
            {one.kind.value: one.signer.id for one in signed if not one.void},
            await db.fetch_value("SELECT zhicha_item_writers($1)", item_id),
        ),
        feedbacks=await process_records.feedbacks(item_id) if mine else (),
        process=await _process(actor, row, signed) if mine else None,
    )


async def trail(actor: Actor, item_id: UUID) -> StepList:
    """Every act on an item on one screen (R16); a unit sees those since it was last handed over.

    Raises:
        NotFound: no such item in the actor's scope.
    """
    row = await named_item_row(actor, item_id)
    rows = await db.fetch(
        f"SELECT s.*, p.name AS actor_name, {FILE} FROM item_steps s LEFT JOIN people p ON p.id = s.actor_id"
        " LEFT JOIN attachments a ON a.id = s.attachment_id WHERE s.item_id = $1"
        " AND ($2 OR (s.to_state = ANY($3::text[]) AND s.act <> ALL('{attach,merged_here,take_over}'::text[])"
        # What a unit wrote before the item was taken back from it is not for the next one.
        "  AND s.seq > coalesce((SELECT max(b.seq) FROM item_steps b WHERE b.item_id = $1 AND b.act = 'decline'), 0)))"
        " ORDER BY s.seq",
        item_id,
        await sees_process(actor, row),
        [state.value for state in WITH_UNIT],
    )
    return StepList(
        steps=tuple(
            StepView(
                id=row["id"],
                act=row["act"],
                from_state=row["from_state"],
                to_state=row["to_state"],
                actor=named(row["actor_id"], row["actor_name"]),
                at=row["at"],
                opinion=row["opinion"],
                attachment=file_view(row),
                data=msgspec.json.decode(row["data"], type=dict[str, Any]),
            )
            for row in rows
        )
    )


async def attachment_of(actor: Actor, item_id: UUID, attachment_id: UUID) -> Any:
    """The row of a file of an item, for the office and its leaders.

    Raises:
        NotFound: no such item in the actor's scope, or no such file of it, or not for this reader.
    """
    item_row = await named_item_row(actor, item_id)
    row = await db.fetch_one(
        "SELECT a.* FROM attachments a WHERE a.id = $2 AND a.org_id = $3 AND (EXISTS"
        " (SELECT 1 FROM item_attachments f WHERE f.item_id = $1 AND f.attachment_id = a.id) OR EXISTS"
        " (SELECT 1 FROM item_instructions n WHERE n.item_id = $1 AND n.attachment_id = a.id))",
        item_id,
        attachment_id,
        actor.org_id,
    )
    if row is None or not await sees_process(actor, item_row):
        raise NotFound
    return row


async def sees_process(actor: Actor, row: Any) -> bool:
    """Whether somebody sees how an item came to be: the office, its leaders, and who gave the instruction.

    Not an instructing leader who also sits in the unit under supervision: there he is a reader like his colleagues.
    """
    if inside(actor):
        return True
    if not actor.has(Role.ORIGIN) or actor.unit_id in (row["handling_unit_id"], *row["assist_unit_ids"]):
        return False
    condition, args = rests_on(actor, 2)
    return bool(
        await db.fetch_value(f"SELECT EXISTS (SELECT 1 FROM items i WHERE i.id = $1 AND {condition})", row["id"], *args)
    )


async def _process(actor: Actor, row: Any, signed: tuple[SignatureView, ...]) -> ProcessView:
    proposer = row["proposed_by"]
    merged = await db.fetch("SELECT id FROM items WHERE merged_into_id = $1 ORDER BY created_at, id", row["id"])
    names = await _named(actor, [one["id"] for one in merged])
    method = None
    if row["method_visits"] is not None:
        method = MethodView(
            channels=tuple(row["method_channels"]),
            visits=row["method_visits"],
            interval_days=row["interval_days"],
            note=row["method_note"],
        )
    return ProcessView(
        proposal_text=row["proposal_text"],
        proposed_by=NamedView(id=proposer, name=await _person(proposer)) if proposer else None,
        submitted_at=row["submitted_at"],
        basis_kind=row["basis_kind"],
        basis_text=row["basis_text"],
        scope_text=row["scope_text"],
        mode_reason=row["mode_reason"],
        intensity=row["intensity"],
        late_reason=row["late_reason"],
        same_source_reason=row["same_source_reason"],
        approval_round=row["approval_round"],
        instructions=await process_records.instructions(row["id"]),
        attachments=await process_records.attachments(row["id"]),
        signatures=signed,
        method=method,
        amendments=await process_records.amendments(row["id"]),
        level_reason=row["level_reason"],
        signatures_needed=row["signatures_needed"],
        merged_from=tuple(names.values()),
    )


async def _amended_by(row: Any) -> UUID | None:
    """Who proposed the change of the method that waits, if one does."""
    found: UUID | None = await db.fetch_value(
        "SELECT proposed_by FROM item_method_amendments WHERE item_id = $1 AND outcome IS NULL", row["id"]
    )
    return found


async def _named(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, ParentView]:
    """Other items by their ids, those that the actor may see."""
    wanted = list(ids)
    if not wanted:
        return {}
    condition, args = visible_to(actor, 2)
    rows = await db.fetch(
        "SELECT i.id, i.register_year, i.register_seq, i.title, i.state FROM items i"
        f" WHERE i.id = ANY($1::uuid[]) AND {condition} ORDER BY i.created_at, i.id",
        wanted,
        *args,
    )
    return {
        row["id"]: ParentView(
            id=row["id"],
            register_no=register_no(row["register_year"], row["register_seq"]),
            title=row["title"],
            state=ItemState(row["state"]),
        )
        for row in rows
    }


async def _units(ids: Iterable[UUID]) -> tuple[NamedView, ...]:
    wanted = list(ids)
    if not wanted:
        return ()
    rows = await db.fetch("SELECT id, name FROM units WHERE id = ANY($1::uuid[]) ORDER BY name", wanted)
    return tuple(NamedView(id=row["id"], name=row["name"]) for row in rows)


async def _person(person_id: UUID) -> str:
    name: str = await db.fetch_value("SELECT name FROM people WHERE id = $1", person_id)
    return name
