"""What phones deliver: applied at most once, in the order of its chain, refused with a reason."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import UTC, datetime
from typing import Any

import pytest

from server.access.roles import Role
from server.evidence.statements import from_b64u
from server.kit import clock, db
from server.kit.ids import new_id
from tests.factories.chain import Chain, gps
from tests.factories.device import Phone
from tests.factories.fieldwork import Fieldwork, planned_visit
from tests.factories.people import Office

pytestmark = pytest.mark.anyio


@pytest.fixture
async def visit(office: Office, phone: Phone) -> Fieldwork:
    return await planned_visit(office, phone.caller.person_id)


def codes(results: list[dict[str, Any]]) -> list[str]:
    return [result["problem"]["code"] if result["problem"] else result["status"] for result in results]


class TestAtMostOnce:
    @pytest.mark.requirement("R86")
    async def test_a_capture_keeps_the_time_of_the_shutter_and_its_exact_bytes(
        self, phone: Phone, visit: Fieldwork
    ) -> None:
        chain = await phone.chain(visit)
        shutter = datetime(2026, 5, 25, 9, 30, 0, 123000, tzinfo=UTC)
        taken = chain.capture(wall_ms=clock.to_ms(shutter), note="脚手架无围护", gps=gps())
        (result,) = await phone.push(taken.operation)
        statement = from_b64u(taken.operation["statement"], 9999)
        row = await db.fetch_one(
            "SELECT c.*, s.statement, s.private FROM captures c JOIN statements s USING (id) WHERE id = $1", taken.id
        )
        assert row["captured_at"] == shutter
        assert row["received_at"] > shutter
        assert bytes(row["statement"]) == statement
        assert result["receipt"]["statement_sha256"] == hashlib.sha256(statement).hexdigest()
        assert bytes(row["statement_sha256"]).hex() == result["receipt"]["statement_sha256"]
        assert row["distance_m"] == 0
        assert row["note"] == "脚手架无围护"

    async def test_the_same_batch_again_is_answered_with_the_first_receipts(
        self, phone: Phone, visit: Fieldwork
    ) -> None:
        chain = Chain(phone, visit)
        operations = [chain.open(), *(chain.capture().operation for _ in range(5)), chain.seal()]
        first = await phone.push(*operations)
        again = await phone.push(*operations)
        assert codes(first) == ["applied"] * 7
        assert codes(again) == ["duplicate"] * 7
        assert [one["receipt"] for one in first] == [one["receipt"] for one in again]
        assert await db.fetch_value("SELECT count(*) FROM captures") == 5
        assert await db.fetch_value("SELECT count(*) FROM journal_entries WHERE kind = 'capture.recorded'") == 5

    async def test_two_identical_pushes_at_once_record_everything_once(self, phone: Phone, visit: Fieldwork) -> None:
        chain = Chain(phone, visit)
        operations = [chain.open(), *(chain.capture().operation for _ in range(20))]
        answers = await asyncio.gather(*(phone.push(*operations) for _ in range(4)))
        for results in zip(*answers, strict=True):
            assert sorted({result["status"] for result in results} | {"duplicate"}) == ["applied", "duplicate"]
            assert [result["status"] for result in results].count("applied") == 1
            assert len({str(result["receipt"]) for result in results}) == 1
        assert await db.fetch_value("SELECT count(*) FROM captures") == 20
        head = await db.fetch_one("SELECT head_seq FROM capture_sessions")
        assert head["head_seq"] == 20

    async def test_an_id_with_other_content_is_refused(self, phone: Phone, visit: Fieldwork) -> None:
        chain = await phone.chain(visit)
        taken = (await phone.record(chain))[0]
        other = chain.capture()
        swapped = {**other.operation, "id": taken.operation["id"]}
        assert codes(await phone.push(swapped)) == ["id_reused"]
        without = {**taken.operation, "private": None}
        assert codes(await phone.push(without)) == ["id_reused"]

    async def test_another_persons_delivery_of_the_same_operation_is_refused(
        self, phone: Phone, visit: Fieldwork, office: Office
    ) -> None:
        chain = await phone.chain(visit)
        taken = (await phone.record(chain))[0]
        other = await Phone.enrolled(await office.caller("zhouheng", Role.SUP))
        assert codes(await other.push(taken.operation)) == ["id_reused"]

    async def test_the_same_operation_twice_in_one_batch(self, phone: Phone, visit: Fieldwork) -> None:
        chain = await phone.chain(visit)
        taken = chain.capture()
        assert codes(await phone.push(taken.operation, taken.operation)) == ["applied", "duplicate"]

    async def test_a_refusal_leaves_no_trace_and_can_be_cured(self, phone: Phone, visit: Fieldwork) -> None:
        chain = await phone.chain(visit)
        first, second = chain.capture(), chain.capture()
        assert codes(await phone.push(second.operation)) == ["chain_gap"]
        assert codes(await phone.push(first.operation)) == ["applied"]
        assert codes(await phone.push(second.operation)) == ["applied"]


class TestUnfit:
    async def test_what_no_table_can_hold_spoils_nothing_but_itself(self, phone: Phone, visit: Fieldwork) -> None:
        chain = await phone.chain(visit)
        finding = {
            "id": str(new_id()),
            "kind": "finding.record",
            "visit_id": str(visit.id),
            "item_id": str(visit.item_id),
            "text": "连墙件\0缺失",
            "category": "SAFETY",
            "severity": "SERIOUS",
            "capture_ids": [],
            "found_at": clock.now().isoformat(),
        }
        first, second = chain.capture(note="三层\0临边"), chain.capture()
        results = await phone.push(first.operation, finding, second.operation)
        assert codes(results) == ["applied", "invalid_input", "applied"]
        assert await db.fetch_value("SELECT note FROM captures WHERE id = $1", first.id) == "三层临边"

    @pytest.mark.parametrize("field", [{"w": 2**31}, {"h": 2**40}])
    async def test_a_size_that_no_picture_has(self, phone: Phone, visit: Fieldwork, field: dict[str, int]) -> None:
        chain = await phone.chain(visit)
        medium = {"role": "original", "sha256": "A" * 43, "bytes": 9, "type": "image/jpeg", "w": 1, "h": 1}
        taken = chain.capture(media=[{**medium, "src": "camera", **field}])
        assert codes(await phone.push(taken.operation)) == ["bad_statement"]

    async def test_the_end_of_time(self, phone: Phone, visit: Fieldwork) -> None:
        chain = await phone.chain(visit)
        assert codes(await phone.push(chain.capture(wall_ms=253_402_300_799_000).operation)) == ["bad_statement"]

    async def test_one_id_in_two_spellings(self, phone: Phone, visit: Fieldwork) -> None:
        chain = await phone.chain(visit)
        taken = chain.capture()
        shouted = {**taken.operation, "id": taken.operation["id"].upper()}
        assert codes(await phone.push(taken.operation, shouted)) == ["applied", "duplicate"]


class TestFlags:
    async def flags(self) -> list[str]:
        return list(await db.fetch_value("SELECT facts -> 'flags' #>> '{}' FROM captures") or ())

    async def test_what_a_revoked_phone_signed_is_flagged_and_kept(
        self, office: Office, phone: Phone, visit: Fieldwork
    ) -> None:
        chain = await phone.chain(visit)
        await phone.revoked_by(await office.caller("hejing", Role.OFFICE), await office.caller("baomi", Role.SEC))
        phone.caller = await office.caller("linxia", again=True)
        await phone.record(chain)
        assert "after_revocation" in await db.fetch_value("SELECT facts ->> 'flags' FROM captures")

    async def test_what_was_signed_since_the_revocation_was_asked_for_is_flagged(
        self, office: Office, phone: Phone, visit: Fieldwork
    ) -> None:
        chain = await phone.chain(visit)
        await phone.caller.post(f"/api/devices/{phone.device_id}/revoke", {"reason": "丢失"})
        await phone.record(chain)
        assert "revocation_asked" in await db.fetch_value("SELECT facts ->> 'flags' FROM captures")

    async def test_a_phone_whose_revocation_was_asked_for_begins_no_new_chain(
        self, phone: Phone, visit: Fieldwork
    ) -> None:
        await phone.caller.post(f"/api/devices/{phone.device_id}/revoke", {"reason": "丢失"})
        begun_before = Chain(phone, visit)
        later = Chain(phone, visit).open(from_ms=clock.now_ms() + 1)
        assert codes(await phone.push(begun_before.open(), later)) == ["applied", "device_revoked"]

    @pytest.mark.requirement("R86")
    async def test_what_arrives_long_after_the_shutter_is_flagged_and_keeps_its_time(
        self, phone: Phone, visit: Fieldwork
    ) -> None:
        chain, then = await phone.chain(visit), clock.now_ms() - 60 * 3_600_000
        (taken,) = await phone.record(chain, wall_ms=then)
        row = await db.fetch_one("SELECT facts ->> 'flags' AS flags, captured_at FROM captures WHERE id = $1", taken.id)
        assert "late" in row["flags"]
        assert clock.to_ms(row["captured_at"]) == then

    async def test_a_withheld_private_part_is_flagged(self, phone: Phone, visit: Fieldwork) -> None:
        chain = await phone.chain(visit)
        await phone.record(chain, with_private=False)
        assert "private_withheld" in await db.fetch_value("SELECT facts ->> 'flags' FROM captures")


async def test_an_answered_query_is_pending_again(office: Office, phone: Phone, visit: Fieldwork) -> None:
    taken = (await phone.record(await phone.chain(visit)))[0]
    office_head = await office.caller("hejing", Role.OFFICE)
    query = {"id": str(new_id()), "text": "这是哪一层?"}
    asked = await office_head.post(f"/api/evidence/{taken.id}/queries", query)
    assert asked.status_code == 201, asked.text
    assert await db.fetch_value("SELECT decision FROM captures") == "QUERIED"
    operation = {"id": str(new_id()), "kind": "query.answer", "query_id": query["id"], "text": "三层东侧"}
    assert codes(await phone.push(operation)) == ["applied"]
    assert codes(await phone.push(operation)) == ["duplicate"]
    assert codes(await phone.push({**operation, "id": str(new_id())})) == ["already_answered"]
    assert await db.fetch_value("SELECT decision FROM captures") == "PENDING"


async def test_steps_of_a_visit_and_findings_come_the_same_way(office: Office, phone: Phone) -> None:
    visit = await planned_visit(office, phone.caller.person_id, state="TEAM_LOCKED")
    at = "2026-05-25T09:30:00.000Z"
    depart = {"id": str(new_id()), "kind": "visit.depart", "visit_id": str(visit.id), "at": at, "position": None}
    arrive = {**depart, "id": str(new_id()), "kind": "visit.arrive"}
    taken = (await phone.record(await phone.chain(visit)))[0]
    finding = {
        "id": str(new_id()),
        "kind": "finding.record",
        "visit_id": str(visit.id),
        "item_id": str(visit.item_id),
        "text": "临边未设防护栏杆",
        "category": "SAFETY",
        "severity": "SERIOUS",
        "capture_ids": [str(taken.id)],
        "found_at": at,
    }
    assert codes(await phone.push(depart, arrive, finding)) == ["applied"] * 3
    assert codes(await phone.push(depart, arrive, finding)) == ["duplicate"] * 3
    changed = {**finding, "text": "另一段文字"}
    assert codes(await phone.push(changed)) == ["id_reused"]
    assert await db.fetch_value("SELECT state FROM visits WHERE id = $1", visit.id) == "ON_SITE"
    assert await db.fetch_value("SELECT count(*) FROM findings") == 1
