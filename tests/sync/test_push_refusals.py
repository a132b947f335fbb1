"""What a phone may not push: broken chains, other people's visits, other forms than agreed."""

from __future__ import annotations

from typing import Any

import pytest

from server.access.roles import Role
from server.kit import db
from server.kit.ids import new_id
from tests.factories.chain import Chain
from tests.factories.device import Phone
from tests.factories.fieldwork import Fieldwork, planned_visit
from tests.factories.people import Office

pytestmark = pytest.mark.anyio


@pytest.fixture
async def visit(office: Office, phone: Phone) -> Fieldwork:
    return await planned_visit(office, phone.caller.person_id)


def codes(results: list[dict[str, Any]]) -> list[str]:
    return [result["problem"]["code"] if result["problem"] else result["status"] for result in results]


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
