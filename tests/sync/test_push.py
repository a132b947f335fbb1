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
from tests.factories.device import Chain, Phone, gps
from tests.factories.fieldwork import Fieldwork, planned_visit
from tests.factories.people import Office

pytestmark = pytest.mark.anyio


@pytest.fixture
async def phone(office: Office) -> Phone:
    return await Phone.enrolled(await office.caller("linxia", Role.SUP, Role.TM))


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


class TestChain:
    async def test_a_gap_asks_to_retry(self, phone: Phone, visit: Fieldwork) -> None:
        chain = await phone.chain(visit)
        first, _, third = chain.capture(), chain.capture(), chain.capture()
        results = await phone.push(first.operation, third.operation)
        assert codes(results) == ["applied", "chain_gap"]
        assert results[1]["problem"]["params"] == {"retry": True, "have": 1, "got": 3}

    async def test_captures_before_their_session_ask_to_retry(self, phone: Phone, visit: Fieldwork) -> None:
        chain = Chain(phone, visit)
        opening, taken = chain.open(), chain.capture()
        results = await phone.push(taken.operation, opening)
        assert codes(results) == ["chain_gap", "applied"]
        assert results[0]["problem"]["params"]["retry"] is True

    async def test_one_bad_capture_does_not_take_its_neighbours_along(self, phone: Phone, visit: Fieldwork) -> None:
        chain = await phone.chain(visit)
        good = [chain.capture() for _ in range(3)]
        bad = chain.capture()
        bad.operation["signature"] = good[0].operation["signature"]
        after = chain.capture()
        results = await phone.push(*(one.operation for one in [*good, bad, after]))
        assert codes(results) == ["applied"] * 3 + ["signature_invalid", "chain_gap"]

    async def test_a_fork_is_refused(self, phone: Phone, visit: Fieldwork) -> None:
        chain = await phone.chain(visit)
        before = (chain.seq, chain.prev)
        await phone.record(chain)
        chain.seq, chain.prev = before
        assert codes(await phone.push(chain.capture().operation)) == ["chain_conflict"]

    async def test_a_wrong_predecessor_is_refused(self, phone: Phone, visit: Fieldwork) -> None:
        chain = await phone.chain(visit)
        chain.prev = "A" * 43
        assert codes(await phone.push(chain.capture().operation)) == ["chain_conflict"]

    async def test_nothing_follows_a_seal(self, phone: Phone, visit: Fieldwork) -> None:
        chain = await phone.chain(visit)
        await phone.record(chain, 2)
        assert codes(await phone.push(chain.seal(), chain.capture().operation)) == ["applied", "session_sealed"]

    async def test_a_seal_with_another_count_is_refused(self, phone: Phone, visit: Fieldwork) -> None:
        chain = await phone.chain(visit)
        await phone.record(chain, 2)
        assert codes(await phone.push(chain.seal(count=1))) == ["statement_mismatch"]

    async def test_discarding_is_a_signed_act_and_keeps_everything(self, phone: Phone, visit: Fieldwork) -> None:
        chain = await phone.chain(visit)
        taken = (await phone.record(chain))[0]
        assert codes(await phone.push(chain.discard(taken.id))) == ["applied"]
        row = await db.fetch_one("SELECT discarded_at FROM captures WHERE id = $1", taken.id)
        assert row["discarded_at"] is not None
        kinds = await db.fetch("SELECT kind FROM statements ORDER BY seq")
        assert [one["kind"] for one in kinds] == ["capture/1", "discard/1"]

    async def test_statements_cannot_be_changed_or_deleted_in_sql(self, phone: Phone, visit: Fieldwork) -> None:
        await phone.record(await phone.chain(visit))
        for sql in ("UPDATE statements SET seq = 9", "DELETE FROM statements"):
            with pytest.raises(Exception, match="append-only"):
                await db.execute(sql)


class TestWhatIsRefused:
    async def test_members_only(self, office: Office, phone: Phone) -> None:
        other = await office.person("zhouheng", Role.SUP)
        known = await planned_visit(office, other, released=True)
        hidden = await planned_visit(office, other)
        absent = Fieldwork(new_id(), hidden.item_id)
        results = await phone.push(*(Chain(phone, one).open() for one in (known, hidden, absent)))
        assert codes(results) == ["not_on_team", "not_found", "not_found"]
        assert results[1]["problem"] == results[2]["problem"]

    async def test_a_session_speaks_for_its_own_person_device_and_id(
        self, office: Office, phone: Phone, visit: Fieldwork
    ) -> None:
        other = await Phone.enrolled(await office.caller("zhouheng", Role.SUP))
        results = await phone.push(
            Chain(phone, visit).open(who=str(other.caller.person_id)),
            Chain(phone, visit).open(id=str(new_id())),
            Chain(phone, visit).open(device=str(other.device_id)),
            Chain(phone, visit).open(dev="A" * 43),
        )
        assert codes(results) == ["statement_mismatch", "statement_mismatch", "device_unknown", "bad_statement"]

    async def test_a_key_opens_one_chain_only(self, phone: Phone, visit: Fieldwork) -> None:
        first = Chain(phone, visit)
        second = Chain(phone, visit, key=first.key)
        assert codes(await phone.push(first.open(), second.open())) == ["applied", "key_reused"]

    async def test_a_capture_of_another_visit_item_or_site_is_refused(
        self, office: Office, phone: Phone, visit: Fieldwork
    ) -> None:
        other = await planned_visit(office, phone.caller.person_id)
        for field in ("visit", "item", "site"):
            chain = await phone.chain(visit)
            strange = chain.capture(**{field: str(getattr(other, {"visit": "id"}.get(field, f"{field}_id")))})
            results = await phone.push(strange.operation)
            assert codes(results) == ["statement_mismatch"], field
            assert results[0]["problem"]["params"]["field"] == field

    async def test_somebody_elses_session_looks_absent(self, office: Office, phone: Phone, visit: Fieldwork) -> None:
        other = await Phone.enrolled(await office.caller("zhouheng", Role.SUP))
        chain = await phone.chain(visit)
        chain.phone = other
        assert codes(await other.push(chain.capture().operation)) == ["chain_gap"]

    @pytest.mark.parametrize(
        "changed",
        [
            {"extra": 1},
            {"seq": 0},
            {"seq": "1"},
            {"clock": {"wall_ms": -1, "mono_ms": 0, "tz_min": 480}},
            {"clock": {"wall_ms": 1, "mono_ms": 0}},
            {"media": []},
            {"priv_h": "short"},
            {"net": "perhaps"},
            {"t": "seal/1"},
        ],
    )
    async def test_another_form_than_agreed(self, phone: Phone, visit: Fieldwork, changed: dict[str, Any]) -> None:
        chain = await phone.chain(visit)
        assert codes(await phone.push(chain.capture(**changed).operation)) == ["bad_statement"]

    async def test_a_private_part_that_was_not_signed(self, phone: Phone, visit: Fieldwork) -> None:
        chain = await phone.chain(visit)
        one, two = chain.capture(note="a"), chain.capture(note="b")
        one.operation["private"] = two.operation["private"]
        assert codes(await phone.push(one.operation)) == ["bad_statement"]

    async def test_unknown_kinds_and_malformed_operations_stand_alone(self, phone: Phone, visit: Fieldwork) -> None:
        chain = await phone.chain(visit)
        results = await phone.push(
            {"id": str(new_id()), "kind": "moon.land", "at": "now"},
            {"id": str(new_id()), "kind": "query.answer", "text": "x"},
            {"id": "no uuid", "kind": "session.seal", "statement": "AA", "signature": "AA"},
            chain.capture().operation,
        )
        assert codes(results) == ["unknown_operation", "invalid_input", "invalid_input", "applied"]

    async def test_too_many_operations_and_too_many_bytes(self, phone: Phone) -> None:
        one = {"id": str(new_id()), "kind": "x"}
        assert (await phone.send(*[one] * 201)).status_code == 422
        answer = await phone.send({**one, "text": "x" * 1_100_000})
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")

    async def test_a_phone_that_is_not_enrolled(self, office: Office) -> None:
        phone = Phone(await office.caller("linxia", Role.SUP))
        answer = await phone.send()
        assert (answer.status_code, answer.json()["code"]) == (409, "device_unknown")

    async def test_who_may_not_record_is_told_so(self, office: Office) -> None:
        phone = Phone(await office.caller("unit", Role.LIAISON))
        assert (await phone.send()).status_code == 403


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
