"""The records that hang on an item: signatures, instructions, files, feedback to origins, changes of its method.

For whoever sees its process (``process_queries.sees_process``); nobody else asks here.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import msgspec

from server.access.schemas import NamedView, named
from server.attachments.queries import attachment_view
from server.attachments.schemas import AttachmentView
from server.items.kinds import SignatureKind
from server.items.process_schemas import (
    FeedbackView,
    InstructionView,
    ItemAttachmentView,
    MethodAmendmentView,
    MethodView,
    SignatureView,
)
from server.kit import db

# The columns of an attachment joined as ``a`` to something that may have none.
FILE: Final = (
    "a.id AS file_id, a.name AS file_name, a.media_type AS file_type, a.bytes AS file_bytes, a.sha256 AS file_sha256"
)


async def amendments(item_id: UUID) -> tuple[MethodAmendmentView, ...]:
    """Changes of the confirmed method, the oldest first."""
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


async def feedbacks(item_id: UUID) -> tuple[FeedbackView, ...]:
    """What the origins of an item were to be told, and how they were."""
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


async def signatures(row: Any) -> tuple[SignatureView, ...]:
    """Every signature on an item, those of earlier rounds as void."""
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


async def instructions(item_id: UUID) -> tuple[InstructionView, ...]:
    """Leaders' instructions in force."""
    rows = await db.fetch(
        f"SELECT n.*, p.name AS recorder_name, l.name AS person_name, {FILE} FROM item_instructions n"
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
            attachment=file_view(row),
            recorded_by=NamedView(id=row["recorded_by"], name=row["recorder_name"]),
            recorded_at=row["recorded_at"],
        )
        for row in rows
    )


async def attachments(item_id: UUID) -> tuple[ItemAttachmentView, ...]:
    """Files of an item, as what they were attached."""
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


def file_view(row: Any) -> AttachmentView | None:
    """The attachment of a row that carries ``FILE``, if there is one."""
    if row["file_id"] is None:
        return None
    return AttachmentView(
        id=row["file_id"],
        name=row["file_name"],
        media_type=row["file_type"],
        size=row["file_bytes"],
        sha256=bytes(row["file_sha256"]).hex(),
    )
