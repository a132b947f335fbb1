"""Reading an item whole: its process, its trail, its papers; and what was registered late."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from server.access.actor import Actor
from server.access.roles import Role
from server.access.schemas import NamedView, named
from server.attachments.queries import attachment_view
from server.attachments.schemas import AttachmentView
from server.items.acts import possible_acts
from server.items.kinds import SignatureKind
from server.items.lifecycle import WITH_UNIT, ItemState
from server.items.numbers import register_no
from server.items.process_schemas import (
    FeedbackView,
    InstructionView,
    ItemAttachmentView,
    ItemDetailView,
    LateItemList,
    LateItemView,
    MethodAmendmentView,
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
from server.kit.keyset import PAGE, page, read_cursor

# The columns of an attachment joined as ``a`` to something that may have none.
_FILE = (
    "a.id AS file_id, a.name AS file_name, a.media_type AS file_type, a.bytes AS file_bytes, a.sha256 AS file_sha256"
)


async def item(actor: Actor, item_id: UUID) -> ItemDetailView:
    """One item whole; the unit that handles it sees what it needs for that, not how it came to be or is watched.

    Raises:
        NotFound: no such item in the actor's scope.
    """
    row = await named_item_row(actor, item_id)
    mine = await sees_process(actor, row)
    amended_by = await _amended_by(row) if mine else None
    signed = await _signatures(row) if mine else ()
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
            actor, {**row, "amended_by": amended_by}, {one.kind.value: one.signer.id for one in signed if not one.void}
        ),
        feedbacks=await _feedbacks(item_id) if mine else (),
        process=await _process(actor, row, signed) if mine else None,
    )


async def trail(actor: Actor, item_id: UUID) -> StepList:
    """Every act on an item on one screen (R16); a unit sees those since it was last handed over.

    Raises:
        NotFound: no such item in the actor's scope.
    """
    row = await named_item_row(actor, item_id)
    rows = await db.fetch(
        f"SELECT s.*, p.name AS actor_name, {_FILE} FROM item_steps s LEFT JOIN people p ON p.id = s.actor_id"
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
                attachment=_file(row),
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


async def late_items(actor: Actor, *, cursor: str | None, limit: int = PAGE) -> LateItemList:
    """Matters that were registered late, with the reason (R2), the newest first; how the office works is its own."""
    if not inside(actor):
        return LateItemList(items=(), next_cursor=None)
    key, last = read_cursor(cursor, datetime)
    condition, args = visible_to(actor, 4)
    rows = await db.fetch(
        "SELECT i.id, i.register_year, i.register_seq, i.title, i.received_at, i.created_at, i.registered_by,"
        " i.late_reason, r.name AS registrar_name FROM items i JOIN people r ON r.id = i.registered_by"
        f" WHERE {condition} AND i.late_reason <> ''"
        " AND ($1::timestamptz IS NULL OR (i.created_at, i.id) < ($1, $2::uuid))"
        " ORDER BY i.created_at DESC, i.id DESC LIMIT $3",
        key,
        last,
        limit + 1,
        *args,
    )
    shown, following = page(list(rows), limit, "created_at")
    return LateItemList(
        items=tuple(
            LateItemView(
                id=row["id"],
                register_no=register_no(row["register_year"], row["register_seq"]),
                title=row["title"],
                received_at=row["received_at"],
                registered_at=row["created_at"],
                registered_by=NamedView(id=row["registered_by"], name=row["registrar_name"]),
                reason=row["late_reason"],
            )
            for row in shown
        ),
        next_cursor=following,
    )


async def intake_hours(actor: Actor) -> int:
    """Within how many hours of its receipt a matter is to be registered."""
    hours: int = await db.fetch_value("SELECT register_within_hours FROM organisations WHERE id = $1", actor.org_id)
    return hours


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
        instructions=await _instructions(row["id"]),
        attachments=await _attachments(row["id"]),
        signatures=signed,
        method=method,
        amendments=await _amendments(row["id"]),
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


async def _amendments(item_id: UUID) -> tuple[MethodAmendmentView, ...]:
    rows = await db.fetch(
        "SELECT m.*, p.name AS proposer_name, d.name AS decider_name FROM item_method_amendments m"
        " JOIN people p ON p.id = m.proposed_by LEFT JOIN people d ON d.id = m.decided_by"
        " WHERE m.item_id = $1 ORDER BY m.proposed_at, m.id",
        item_id,
    )
    files = {
        row["id"]: attachment_view(row)
        for row in await db.fetch(
            "SELECT a.* FROM attachments a WHERE a.id = ANY($1::uuid[])",
            [one for row in rows for one in row["plan_ids"]],
        )
    }
    return tuple(
        MethodAmendmentView(
            id=row["id"],
            reason=row["reason"],
            before=msgspec.json.decode(row["before"], type=MethodView),
            content=msgspec.json.decode(row["content"], type=MethodView),
            plans=tuple(files[one] for one in row["plan_ids"]),
            proposed_by=NamedView(id=row["proposed_by"], name=row["proposer_name"]),
            proposed_at=row["proposed_at"],
            outcome=row["outcome"],
            decided_by=NamedView(id=row["decided_by"], name=row["decider_name"]) if row["decided_by"] else None,
            decided_at=row["decided_at"],
            opinion=row["opinion"],
        )
        for row in rows
    )


async def _feedbacks(item_id: UUID) -> tuple[FeedbackView, ...]:
    rows = await db.fetch(
        "SELECT f.*, p.name AS giver_name, u.name AS unit_name FROM item_feedbacks f JOIN people p ON p.id = f.given_by"
        " LEFT JOIN units u ON u.id = f.unit_id WHERE f.item_id = $1 ORDER BY f.given_at, f.id",
        item_id,
    )
    return tuple(
        FeedbackView(
            id=row["id"],
            kind=row["kind"],
            addressee=row["addressee"],
            name=row["name"],
            unit=NamedView(id=row["unit_id"], name=row["unit_name"]) if row["unit_id"] else None,
            reason=row["reason"],
            given_by=NamedView(id=row["given_by"], name=row["giver_name"]),
            given_at=row["given_at"],
            told_how=row["told_how"],
            told_at=row["told_at"],
        )
        for row in rows
    )


async def _signatures(row: Any) -> tuple[SignatureView, ...]:
    rows = await db.fetch(
        "SELECT s.*, p.name AS signer_name FROM item_signatures s JOIN people p ON p.id = s.signer_id"
        " WHERE s.item_id = $1 ORDER BY s.round, s.kind",
        row["id"],
    )
    return tuple(
        SignatureView(
            round=one["round"],
            kind=SignatureKind(one["kind"]),
            signer=NamedView(id=one["signer_id"], name=one["signer_name"]),
            signed_at=one["signed_at"],
            opinion=one["opinion"],
            void=one["round"] != row["approval_round"],
        )
        for one in rows
    )


async def _instructions(item_id: UUID) -> tuple[InstructionView, ...]:
    rows = await db.fetch(
        f"SELECT n.*, p.name AS recorder_name, l.name AS person_name, {_FILE} FROM item_instructions n"
        " JOIN people p ON p.id = n.recorded_by LEFT JOIN people l ON l.id = n.leader_person_id"
        " LEFT JOIN attachments a ON a.id = n.attachment_id WHERE n.item_id = $1"
        " AND NOT EXISTS (SELECT 1 FROM item_instructions r WHERE r.replaces_id = n.id) ORDER BY n.instructed_on, n.id",
        item_id,
    )
    return tuple(
        InstructionView(
            id=row["id"],
            leader_name=row["leader_name"],
            leader_level=row["leader_level"],
            leader=named(row["leader_person_id"], row["person_name"]),
            instructed_on=row["instructed_on"],
            wording=row["wording"],
            attachment=_file(row),
            recorded_by=NamedView(id=row["recorded_by"], name=row["recorder_name"]),
            recorded_at=row["recorded_at"],
        )
        for row in rows
    )


async def _attachments(item_id: UUID) -> tuple[ItemAttachmentView, ...]:
    rows = await db.fetch(
        "SELECT f.kind, f.added_by, f.added_at, p.name AS adder_name, a.* FROM item_attachments f"
        " JOIN attachments a ON a.id = f.attachment_id JOIN people p ON p.id = f.added_by"
        " WHERE f.item_id = $1 ORDER BY f.added_at, f.id",
        item_id,
    )
    return tuple(
        ItemAttachmentView(
            kind=row["kind"],
            file=attachment_view(row),
            added_by=NamedView(id=row["added_by"], name=row["adder_name"]),
            added_at=row["added_at"],
        )
        for row in rows
    )


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


def _file(row: Any) -> AttachmentView | None:
    if row["file_id"] is None:
        return None
    return AttachmentView(
        id=row["file_id"],
        name=row["file_name"],
        media_type=row["file_type"],
        size=row["file_bytes"],
        sha256=bytes(row["file_sha256"]).hex(),
    )
