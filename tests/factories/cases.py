"""Captures as rows, where their signatures do not matter, and case drafts that cite them."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from server.kit import clock, db
from server.kit.ids import new_id
from tests.factories.visits import Inspection


async def capture_row(inspection: Inspection, author: UUID, *, decision: str = "PENDING", received: int = 1) -> UUID:
    """A capture of the inspection's visit with one original, made without a phone."""
    org_id = await db.fetch_value("SELECT org_id FROM people WHERE id = $1", author)
    capture, session, now = new_id(), new_id(), clock.now()
    await db.execute(
        "INSERT INTO capture_sessions (id, org_id, visit_id, person_id, device_id, kid, statement, signature,"
        " statement_sha256, env_sha256, received_at, head_seq, head_sha256)"
        " VALUES ($1, $2, $3, $4, $5, 'k', '', '', $6, $6, $7, 1, $6)",
        session,
        org_id,
        UUID(inspection.visit_id),
        author,
        new_id(),
        hashlib.sha256(session.bytes).digest(),
        now,
    )
    await db.execute(
        "INSERT INTO captures (id, org_id, session_id, visit_id, item_id, person_id, device_id, seq, statement_sha256,"
        " env_sha256, captured_at, received_at, wall_ms, mono_ms, originals_total, originals_received, decision)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $8, $9, $9, 0, 0, 1, $10, $11)",
        capture,
        org_id,
        session,
        UUID(inspection.visit_id),
        UUID(inspection.item["id"]),
        author,
        new_id(),
        hashlib.sha256(capture.bytes).digest(),
        now,
        received,
        decision,
    )
    return capture


def case_body(finding_id: UUID, *capture_ids: UUID, **changed: Any) -> dict[str, Any]:
    """A draft as the desk sends it."""
    return {
        "id": str(new_id()),
        "finding_id": str(finding_id),
        "title": "关于医院扩建工程脚手架隐患长期未整改的问题",
        "facts": "五月以来三次现场督查均发现连墙件缺失，责任单位未组织整改。",
        "capture_ids": [str(one) for one in capture_ids],
        **changed,
    }
