"""Reading the product's bundles in tests, and a case that cites."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from uuid import UUID

from server.journal.leaves import b64u
from server.kit import clock, db
from server.kit.ids import new_id
from tests.factories.bundles import Evidenced
from tests.factories.cases import case_body
from tests.factories.people import Office


def sha256(data: bytes) -> str:
    """As bundles name digests."""
    return b64u(hashlib.sha256(data).digest())


def lines(data: bytes) -> list[Any]:
    """The records of a file of lines."""
    return [json.loads(line) for line in data.splitlines()]


def folders(files: dict[str, bytes], session: UUID) -> dict[str, set[str]]:
    """Number of the statement → names of its files."""
    found: dict[str, set[str]] = {}
    for path in files:
        if path.startswith(f"data/sessions/{session}/"):
            _, _, _, number, name = path.split("/", 4)
            found.setdefault(number, set()).add(name)
    return found


SIGNED = {"statement.json", "statement.sig", "leaf.json", "log.tlog-proof"}


async def case_citing(office: Office, story: Evidenced, *captures: UUID) -> str:
    """A draft of the head's, on a finding made as rows."""
    finding = new_id()
    await db.execute(
        "INSERT INTO findings (id, org_id, visit_id, item_id, text, category, severity, state, person_id, found_at,"
        " recorded_at) VALUES ($1, $2, $3, $4, '连墙件缺失', 'SAFETY', 'SERIOUS', 'RECORDED', $5, $6, $6)",
        finding,
        office.org_id,
        story.visit.id,
        story.visit.item_id,
        story.phone.caller.person_id,
        clock.now(),
    )
    drafted = await story.head.post("/api/cases", case_body(finding, *captures))
    assert drafted.status_code == 201, drafted.text
    return str(drafted.json()["id"])
