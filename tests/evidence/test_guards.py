"""What even somebody with the application's own database account cannot do: unsay what was recorded."""

from __future__ import annotations

from uuid import UUID

import asyncpg
import pytest

from server.access.roles import Role
from server.kit import db
from server.kit.ids import new_id
from tests.factories.cases import case_body
from tests.factories.chain import gps
from tests.factories.device import Phone
from tests.factories.fieldwork import SITE, planned_visit
from tests.factories.people import Office

pytestmark = pytest.mark.anyio

KEPT = (
    "capture_sessions",
    "captures",
    "device_keys",
    "queries",
    "visits",
    "findings",
    "finding_captures",
    "cases",
    "case_findings",
    "case_evidence",
    "role_grants",
    "journal_entries",
    "commands",
    "statements",
    "originals",
    "derivatives",
    "reviews",
    "comments",
    "items",
    "devices",
    "passkeys",
    "passkey_assertions",
    "discards",
    "field_notes",
    "cosignatures",
    "log_alarms",
    "original_views",
    "capture_openings",
    "rehash_runs",
)

REWRITTEN = (
    "capture_sessions SET statement = ''",
    "capture_sessions SET head_seq = 0",
    "capture_sessions SET sealed_at = sealed_at + interval '1 day'",
    "captures SET note = '别的'",
    "captures SET lat_e7 = lat_e7 + 1",
    "captures SET captured_at = captured_at - interval '1 day'",
    "captures SET statement_sha256 = decode(repeat('00', 32), 'hex')",
    'captures SET facts = facts || \'{"net": "online"}\'',
    "captures SET originals_received = 0",
    "captures SET decision = 'ACCEPTED'",
    "captures SET decision = 'PENDING'",
    "device_keys SET spki = ''",
    "device_keys SET revoked_at = NULL",
    "originals SET width = 9",
    "originals SET unreadable = NULL",
    "queries SET text = '别的'",
    "queries SET answer = '别的'",
    "findings SET text = '别的'",
    "finding_captures SET capture_id = gen_random_uuid()",
    "case_evidence SET statement_sha256 = decode(repeat('00', 32), 'hex')",
    "role_grants SET role = 'OFFICE'",
    "reviews SET decision = 'ACCEPTED'",
    "devices SET revoked_at = NULL, revoked_by = NULL",
    "devices SET confirmed_at = now(), confirmed_by = person_id",
    "passkeys SET spki = ''",
    "passkey_assertions SET problem = 'x'",
    "discards SET outcome = 'VOID', reason = '别的'",
    "field_notes SET text = '别的'",
    "cosignatures SET outcome = 'SIGNED'",
    "original_views SET day = day - 1",
    "capture_openings SET day = day - 1",
)


@pytest.fixture
async def everything(office: Office) -> None:
    """One row of each, made through the doors that people use."""
    phone = await Phone.enrolled(await office.caller("linxia", Role.SUP, Role.TM))
    head = await office.caller("hejing", Role.OFFICE)
    visit = await planned_visit(office, phone.caller.person_id)
    chain = await phone.chain(visit, passkey=await phone.passkey())
    (taken,) = await phone.record(chain, gps=gps(*SITE), note="三层临边")
    assert (await phone.upload(taken)).status_code == 201
    query, finding = str(new_id()), new_id()
    asked = await head.post(f"/api/evidence/{taken.id}/queries", {"id": query, "text": "几层?"})
    assert asked.status_code == 201
    results = await phone.push(
        {"id": str(new_id()), "kind": "query.answer", "query_id": query, "text": "三层"},
        {
            "id": str(finding),
            "kind": "finding.record",
            "visit_id": str(visit.id),
            "item_id": str(visit.item_id),
            "text": "连墙件缺失",
            "category": "SAFETY",
            "severity": "SERIOUS",
            "capture_ids": [str(taken.id)],
            "found_at": "2026-05-25T09:00:00+08:00",
        },
        chain.discard(new_id()),
        chain.note("三层东侧", taken.id),
        chain.seal(),
        chain.cosign(outcome="refused", reason="有异议"),
    )
    assert [one["status"] for one in results] == ["applied"] * 6
    assert (await head.get(f"/api/media/{taken.id}/original")).status_code == 200
    assert (await head.post(f"/api/evidence/{taken.id}/openings", {})).status_code == 200
    assert (await head.post("/api/cases", case_body(finding, taken.id))).status_code == 201
    rejected = {"id": str(new_id()), "decision": "rejected", "reason": "模糊"}
    assert (await head.post(f"/api/evidence/{taken.id}/review", rejected)).status_code == 201
    await db.execute("UPDATE originals SET unreadable = 'broken'")
    await phone.revoked_by(head, await office.caller("baomi", Role.SEC))


async def test_nothing_that_proof_rests_on_is_rewritten_or_removed(everything: None) -> None:
    for change in REWRITTEN:
        assert await refused(f"UPDATE {change}"), change
    for table in KEPT:
        assert await refused(f"TRUNCATE {table} CASCADE"), table
        if await db.fetch_value(f"SELECT EXISTS (SELECT 1 FROM {table})"):
            assert await refused(f"DELETE FROM {table}"), table


async def test_a_later_decision_is_another_review(everything: None, office: Office) -> None:
    head = await office.caller("hejing", Role.OFFICE)
    capture: UUID = await db.fetch_value("SELECT id FROM captures")
    accepted = {"id": str(new_id()), "decision": "accepted"}
    answer = await head.post(f"/api/evidence/{capture}/review", accepted)
    assert (answer.status_code, answer.json()["decision"]) == (201, "accepted")
    assert await db.fetch_value("SELECT count(*) FROM reviews") == 2


async def refused(sql: str) -> bool:
    try:
        await db.execute(sql)
    except asyncpg.IntegrityConstraintViolationError:
        return True
    return False
