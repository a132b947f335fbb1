"""What the desk shows of reviews, void marks, flags, citations and phones cannot be changed unseen by who has SQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from server import wiring
from server.access.roles import Role
from server.evidence.logged import altered_readings
from server.kit import db
from server.kit.ids import new_id
from server.tlog import sequencer
from server.tlog.audit import audit
from tests.factories.behind_guards import changed, named_after
from tests.factories.bundles import Evidenced
from tests.factories.cases import case_body
from tests.factories.people import Caller, Office

pytestmark = [pytest.mark.anyio, pytest.mark.requirement("R53")]

# What is changed behind the guards, and what the audit calls it.
CHANGES = (
    ("UPDATE reviews SET decision = 'REJECTED'", "review"),
    ("UPDATE reviews SET person_id = (SELECT person_id FROM captures LIMIT 1)", "review"),
    ("DELETE FROM reviews", "review"),
    (
        "INSERT INTO reviews SELECT gen_random_uuid(), org_id, capture_id, decision, '', person_id, at FROM reviews",
        "review",
    ),
    ("UPDATE captures SET decision = 'REJECTED' WHERE decision = 'ACCEPTED'", "decision on capture"),
    ("UPDATE captures SET decision = 'ACCEPTED' WHERE decision = 'QUERIED'", "decision on capture"),
    ("DELETE FROM capture_openings", "capture taken up"),
    ("UPDATE capture_openings SET day = day + 1", "capture taken up"),
    (  # so that nothing is recorded when somebody takes it up
        "INSERT INTO capture_openings SELECT org_id, id, person_id, current_date, now() FROM captures",
        "capture taken up",
    ),
    ("UPDATE captures SET discarded_at = NULL", "void mark of capture"),
    ("UPDATE captures SET discarded_at = received_at WHERE discarded_at IS NULL", "void mark of capture"),
    ("UPDATE discards SET outcome = 'CITED'", "discard"),
    ("DELETE FROM discards", "discard"),
    ("UPDATE captures SET facts = facts - 'flags'", "capture"),
    ("UPDATE captures SET person_id = (SELECT person_id FROM reviews LIMIT 1)", "capture"),
    ("UPDATE captures SET device_id = gen_random_uuid()", "capture of another chain"),
    ("UPDATE originals SET received_at = NULL", "original"),
    ("UPDATE captures SET originals_received = 0", "count of originals"),
    ("DELETE FROM comments", "comment"),
    ("UPDATE comments SET person_id = (SELECT person_id FROM captures LIMIT 1)", "comment"),
    ("DELETE FROM queries", "question"),
    ("UPDATE queries SET answer = '另有原因' WHERE answer IS NULL", "question"),
    ("UPDATE queries SET answered_by = asked_by WHERE answer IS NOT NULL", "question"),
    ("UPDATE capture_sessions SET sealed_at = NULL", "end of chain"),
    ("UPDATE capture_sessions SET head_seq = 2", "end of chain"),
    ("UPDATE capture_sessions SET visit_id = gen_random_uuid()", "opening of chain"),
    ("UPDATE devices SET confirmed_by = NULL, confirmed_at = NULL", "phone"),
    ("UPDATE devices SET confirmed_by = (SELECT person_id FROM reviews LIMIT 1)", "phone"),
    ("UPDATE devices SET revocation_asked_by = NULL, revocation_asked_at = NULL", "phone"),
    ("UPDATE device_keys SET revoked_at = now()", "key of phone"),
    ("UPDATE passkeys SET spki = '\\x00'", "passkey"),
    ("UPDATE passkeys SET removed_at = now()", "passkey"),
    ("DELETE FROM chain_forks", "fork of chain"),
    ("UPDATE chain_forks SET signature = sha512('x')", "fork of chain"),
    ("DELETE FROM log_alarms", "alarm"),
    ("UPDATE case_evidence SET withdrawn_at = now() WHERE withdrawn_at IS NULL", "citation"),
    ("UPDATE case_evidence SET withdrawn_at = NULL", "citation"),
    ("DELETE FROM case_evidence WHERE withdrawn_at IS NULL", "citation"),
    ("UPDATE case_evidence SET statement_sha256 = sha256('x')", "citation of another statement"),
    ("UPDATE cases SET state = 'PROPOSED', proposed_by = drafted_by, proposed_at = now()", "case"),
    ("UPDATE cases SET drafted_by = (SELECT person_id FROM captures LIMIT 1)", "case"),
    ("DELETE FROM finding_captures", "finding"),
    ("UPDATE findings SET severity = 'GENERAL'", "finding"),
    ("UPDATE findings SET state = 'DISMISSED'", "decision on finding"),
    ("UPDATE findings SET reason = '证据不足'", "decision on finding"),
)
READ_AGAIN = (
    ("UPDATE discards SET reason = '别的'", "discard/1"),
    ("UPDATE field_notes SET text = '别的'", "note/1"),
    ("DELETE FROM field_notes", "note/1"),
    ("UPDATE cosignatures SET outcome = 'REFUSED'", "cosign/1"),
    ("UPDATE cosignatures SET name = '别人'", "cosign/1"),
    ('UPDATE captures SET facts = facts || \'{"net": "wifi"}\'', "capture/1"),
    ('UPDATE captures SET facts = facts || \'{"source": "import"}\'', "capture/1"),
)


async def ok(answer: Any) -> Any:
    found = await answer
    assert found.status_code in (200, 201), found.text
    return found.json()


async def lived(office: Office) -> Evidenced:
    """A visit of which everything happened that the desk shows."""
    story = await Evidenced.begun(office)
    phone, head = story.phone, story.head
    sec = await office.caller("lumin", Role.SEC)
    await phone.confirmed_by(sec)
    key = await phone.passkey()
    chain = await phone.chain(story.visit, passkey=key)
    place = (chain.seq, chain.prev)
    first = await story.take(note="东侧")
    story.chain = chain
    copied = chain.capture()
    (chain.seq, chain.prev) = place
    taken = [await story.take(note=f"第 {n} 处") for n in range(4)]
    (refused,) = await phone.push(copied.operation)
    assert refused["problem"]["code"] == "chain_conflict", refused
    await story.void(taken[3])
    results = await phone.push(chain.note("方位", taken[0].id), chain.seal(), chain.cosign())
    assert [one["status"] for one in results] == ["applied"] * 3, results
    await ok(head.post(f"/api/evidence/{taken[0].id}/openings", {}))
    await ok(head.post(f"/api/evidence/{taken[0].id}/review", _said(decision="accepted", reason="")))
    await ok(head.post(f"/api/evidence/{taken[0].id}/comments", _said(text="清楚")))
    asked = _said(text="方位?")
    await ok(head.post(f"/api/evidence/{taken[1].id}/queries", asked))
    await ok(head.post(f"/api/evidence/{taken[2].id}/queries", _said(text="何处?")))
    finding = _said(
        kind="finding.record",
        visit_id=str(story.visit.id),
        item_id=str(story.visit.item_id),
        text="连墙件缺失",
        category="SAFETY",
        severity="SERIOUS",
        capture_ids=[str(taken[0].id)],
        found_at="2026-05-25T09:00:00Z",
    )
    answer = _said(kind="query.answer", query_id=asked["id"], text="正对北门")
    assert [one["status"] for one in await phone.push(answer, finding)] == ["applied"] * 2
    await ok(head.post(f"/api/findings/{finding['id']}/confirm", {"reason": "属实"}))
    case = await ok(head.post("/api/cases", case_body(finding["id"], taken[0].id, first.id)))
    await _withdrawn(head, case["id"], first.id)
    later = await phone.chain(story.visit)
    await ok(phone.caller.post(f"/api/devices/{phone.device_id}/revoke", {"reason": "遗失"}))
    await phone.record(later)  # flagged
    return story


async def _withdrawn(head: Caller, case_id: str, capture_id: object) -> None:
    answer = await head.request("DELETE", f"/api/cases/{case_id}/evidence/{capture_id}")
    assert answer.status_code in (200, 204), answer.text


def _said(**fields: Any) -> dict[str, Any]:
    return {"id": str(new_id()), **fields}


@pytest.fixture
async def story(office: Office) -> AsyncIterator[Evidenced]:
    wiring.wire()
    yield await lived(office)


async def test_each_row_that_disagrees_with_its_act_is_named(story: Evidenced) -> None:
    await sequencer.catch_up()
    await sequencer.catch_up()
    assert [one.en for one in (await audit()).findings] == []
    for change, name in CHANGES:
        found = await named_after(change)
        assert name in found, (change, found)
    for change, name in READ_AGAIN:
        async with changed(change) as conn:
            told = [one async for batch in altered_readings(conn) for one, _ in batch]
        assert any(one.startswith(name) for one in told), (change, told)
    # And as whoever runs the audit sees it.
    async with db.transaction() as conn:
        await conn.execute("SET LOCAL session_replication_role = replica")
        await conn.execute("UPDATE reviews SET decision = 'REJECTED'")
    (one,) = (await audit()).findings
    assert (one.code, "所示的“review " in one.zh) == ("shown_differs", True)
