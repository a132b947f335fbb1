"""What a chain says beside its captures: it always stands there, whatever effect it has."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import replace
from uuid import UUID

import pytest

from server.access.actor import Actor
from server.access.roles import Role
from server.evidence.commands import chain as chains
from server.evidence.errors import ChainGap
from server.journal.leaves import statement_leaf
from server.journal.work import unit_of_work
from server.kit import b64u, db
from server.kit.ids import new_id
from server.tlog.keys import log_signer, promise_holds
from tests.factories.cases import case_body
from tests.factories.chain import Captured, Chain, twin
from tests.factories.device import Phone, kinds, outcome
from tests.factories.fieldwork import Fieldwork, planned_visit
from tests.factories.people import Caller, Office

pytestmark = pytest.mark.anyio


async def cite(head: Caller, phone: Phone, visit: Fieldwork, taken: Captured) -> None:
    """A case rests on the capture."""
    finding = new_id()
    (result,) = await phone.push(
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
        }
    )
    assert result["status"] == "applied"
    assert (await head.post("/api/cases", case_body(finding, taken.id))).status_code == 201


class TestDiscard:
    @pytest.mark.requirement("R53")
    async def test_what_a_case_rests_on_stays_valid_and_says_so(
        self, phone: Phone, visit: Fieldwork, head: Caller
    ) -> None:
        chain = await phone.chain(visit)
        (taken,) = await phone.record(chain)
        await cite(head, phone, visit, taken)
        discard = chain.discard(taken.id, "拍错位置")
        assert outcome(await phone.push(discard)) == ["capture_cited"]
        assert outcome(await phone.push(discard)) == ["capture_cited"]  # the same answer again
        view = (await head.get(f"/api/evidence/{taken.id}")).json()
        assert view["discarded_at"] is None
        assert [(one["effective"], one["reason"]) for one in view["discards"]] == [(False, "拍错位置")]
        assert "discard_refused" in {one["code"] for one in view["plausibility"]}
        # And the chain goes on.
        assert outcome(await phone.push(chain.capture().operation, chain.seal())) == ["applied", "applied"]
        assert await kinds(chain) == ["capture/1", "discard/1", "capture/1", "seal/1"]

    async def test_nothing_known_by_that_id(self, office: Office, phone: Phone, visit: Fieldwork) -> None:
        other = await Phone.enrolled(await office.caller("zhouheng", Role.TM))
        elsewhere = await planned_visit(office, other.caller.person_id)
        (theirs,) = await other.record(await other.chain(elsewhere))
        chain = await phone.chain(visit)
        results = await phone.push(chain.discard(new_id()), chain.discard(theirs.id), chain.capture().operation)
        assert outcome(results) == ["capture_unknown", "capture_unknown", "applied"]
        assert await db.fetch_value("SELECT discarded_at FROM captures WHERE id = $1", theirs.id) is None

    async def test_declared_twice(self, phone: Phone, visit: Fieldwork, head: Caller) -> None:
        chain = await phone.chain(visit)
        (taken,) = await phone.record(chain)
        assert outcome(await phone.push(chain.discard(taken.id), chain.discard(taken.id))) == ["applied", "applied"]
        view = (await head.get(f"/api/evidence/{taken.id}")).json()
        assert [one["effective"] for one in view["discards"]] == [True, True]
        assert view["discarded_at"] == view["discards"][0]["received_at"]

    async def test_cited_and_discarded_at_the_same_moment(self, phone: Phone, visit: Fieldwork, head: Caller) -> None:
        chain = await phone.chain(visit)
        (taken,) = await phone.record(chain)
        finding = new_id()
        await db.execute("SELECT 1")
        recorded = await phone.push(
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
            }
        )
        assert outcome(recorded) == ["applied"]
        drafted, said = await asyncio.gather(
            head.post("/api/cases", case_body(finding, taken.id)), phone.push(chain.discard(taken.id))
        )
        row = await db.fetch_one("SELECT discarded_at FROM captures WHERE id = $1", taken.id)
        cited = drafted.status_code == 201
        assert cited == (row["discarded_at"] is None)
        assert outcome(said) == ["capture_cited" if cited else "applied"]


class TestNotes:
    async def test_a_note_on_a_capture_is_read_by_the_inspecting_side(
        self, office: Office, phone: Phone, visit: Fieldwork, head: Caller
    ) -> None:
        chain = await phone.chain(visit)
        (taken,) = await phone.record(chain)
        assert (
            outcome(await phone.push(chain.note("三层东侧", taken.id), chain.note("门卫拒绝登记"))) == ["applied"] * 2
        )
        view = (await head.get(f"/api/evidence/{taken.id}")).json()
        assert [(one["text"], one["by"]["name"]) for one in view["field_notes"]] == [("三层东侧", "linxia")]
        await db.execute("UPDATE visits SET state = 'RELEASED', released_at = now() WHERE id = $1", visit.id)
        unit = await office.caller("unit", Role.LIAISON, unit=office.handling_unit)
        assert (await unit.get(f"/api/evidence/{taken.id}")).json()["field_notes"] == []
        assert await kinds(chain) == ["capture/1", "note/1", "note/1"]

    async def test_a_withheld_text(self, phone: Phone, visit: Fieldwork, head: Caller) -> None:
        chain = await phone.chain(visit)
        (taken,) = await phone.record(chain)
        assert outcome(await phone.push(chain.note("x", taken.id, with_private=False))) == ["applied"]
        view = (await head.get(f"/api/evidence/{taken.id}")).json()
        assert [one["text"] for one in view["field_notes"]] == [None]

    async def test_a_text_that_was_not_signed_or_of_somebody_else(self, phone: Phone, visit: Fieldwork) -> None:
        chain = await phone.chain(visit)
        one, two = chain.note("a"), chain.note("b")
        assert outcome(await phone.push({**one, "private": two["private"]})) == ["bad_statement"]

    async def test_another_visits_capture_is_not_spoken_about(
        self, office: Office, phone: Phone, visit: Fieldwork, head: Caller
    ) -> None:
        elsewhere = await planned_visit(office, phone.caller.person_id)
        (theirs,) = await phone.record(await phone.chain(elsewhere))
        chain = await phone.chain(visit)
        assert outcome(await phone.push(chain.note("x", theirs.id))) == ["applied"]
        assert (await head.get(f"/api/evidence/{theirs.id}")).json()["field_notes"] == []


class TestReceipts:
    @pytest.mark.requirement("R53")
    async def test_every_statement_is_promised_to_the_log_and_waits_for_it(
        self, phone: Phone, visit: Fieldwork
    ) -> None:
        chain = Chain(phone, visit)
        operations = [chain.open()]
        taken = chain.capture()
        operations += [taken.operation, chain.note("x", taken.id), chain.discard(taken.id), chain.seal()]
        operations.append(chain.cosign())
        results = await phone.push(*operations)
        vkey = (await log_signer()).vkey
        waiting = {leaf for row in await db.fetch("SELECT leaves FROM log_pending") for leaf in row["leaves"]}
        for operation, result in zip(operations, results, strict=True):
            receipt = result["receipt"]
            statement, signature = b64u.decode(operation["statement"]), b64u.decode(operation["signature"])
            leaf = statement_leaf(
                hashlib.sha256(statement + signature).digest(), hashlib.sha256(statement).digest(), receipt["recv_ms"]
            )
            assert receipt["leaf"] == leaf.decode()
            assert promise_holds(vkey, leaf, b64u.decode(receipt["promise"]))
            assert leaf in waiting
        again = await phone.push(*operations)
        assert [one["receipt"] for one in again] == [one["receipt"] for one in results]
        assert {one["status"] for one in again} == {"duplicate"}

    async def test_a_receipt_from_before_the_log_is_still_answered(self, phone: Phone, visit: Fieldwork) -> None:
        chain = await phone.chain(visit)
        taken = chain.capture()
        (first,) = await phone.push(taken.operation)
        await db.execute("ALTER TABLE commands DISABLE TRIGGER commands_append_only")
        await db.execute(
            "UPDATE commands SET result = result - 'leaf' - 'promise' - 'remark' WHERE id = $1", UUID(first["id"])
        )
        (again,) = await phone.push(taken.operation)
        assert again["status"] == "duplicate"
        assert (again["receipt"]["leaf"], again["receipt"]["promise"]) == (None, None)

    async def test_what_is_refused_leaves_no_leaf(self, phone: Phone, visit: Fieldwork) -> None:
        chain = await phone.chain(visit)
        count = "SELECT count(*) FROM log_pending"
        before = await db.fetch_value(count)
        taken = chain.capture(site=str(new_id()))
        assert outcome(await phone.push(taken.operation)) == ["statement_mismatch"]
        assert await db.fetch_value(count) == before


class TestMalleability:
    async def test_the_other_signature_of_a_statement_makes_no_second_record(
        self, phone: Phone, visit: Fieldwork
    ) -> None:
        chain = await phone.chain(visit)
        taken = chain.capture().operation
        assert outcome(await phone.push(taken)) == ["applied"]
        assert outcome(await phone.push(twin(taken))) == ["id_reused"]
        assert outcome(await phone.push({**twin(taken), "id": str(new_id())})) == ["statement_mismatch"]
        assert await db.fetch_value("SELECT count(*) FROM statements") == 1

    async def test_both_at_once(self, phone: Phone, visit: Fieldwork) -> None:
        chain = await phone.chain(visit)
        taken = chain.capture().operation
        results = await asyncio.gather(*(phone.push(one) for one in (taken, twin(taken), taken, twin(taken))))
        assert await db.fetch_value("SELECT count(*) FROM statements") == 1
        receipts = {one["receipt"]["env_sha256"] for (one,) in results if one["receipt"]}
        assert len(receipts) == 1

    async def test_of_an_opening(self, phone: Phone, visit: Fieldwork) -> None:
        opening = Chain(phone, visit).open()
        assert outcome(await phone.push(opening, twin(opening))) == ["applied", "id_reused"]
        assert await db.fetch_value("SELECT count(*) FROM capture_sessions") == 1


async def test_a_chain_that_a_restored_database_lacks_is_asked_for_again(
    office: Office, phone: Phone, visit: Fieldwork
) -> None:
    """The process remembers a session that is gone: the phone is told that something is missing, and sends it again."""
    actor = Actor(phone.caller.person_id, office.org_id, office.office_unit, "", frozenset({Role.TM}))
    gone = replace(await chains.chain_of(actor, (await phone.chain(visit)).id), id=new_id())
    chains._known.put((gone.id, actor.org_id, actor.person_id), gone)
    assert await chains.chain_of(actor, gone.id) == gone
    with pytest.raises(ChainGap):
        async with unit_of_work(actor) as work:
            await chains.locked_head(work, gone)
    with pytest.raises(ChainGap):
        await chains.chain_of(actor, gone.id)
