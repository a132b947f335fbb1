"""What a chain says beside its captures: it always stands there, whatever effect it has."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from server.access.roles import Role
from server.journal.leaves import statement_leaf
from server.kit import b64u, db
from server.kit.ids import new_id
from server.tlog.keys import log_signer, promise_holds
from tests.factories.cases import case_body
from tests.factories.chain import Captured, Chain, twin
from tests.factories.device import Phone
from tests.factories.fieldwork import Fieldwork, planned_visit
from tests.factories.passkeys import Passkey
from tests.factories.people import Caller, Office

pytestmark = pytest.mark.anyio


@pytest.fixture
async def phone(office: Office) -> Phone:
    return await Phone.enrolled(await office.caller("linxia", Role.SUP, Role.TM))


@pytest.fixture
async def visit(office: Office, phone: Phone) -> Fieldwork:
    return await planned_visit(office, phone.caller.person_id)


@pytest.fixture
async def head(office: Office) -> Caller:
    return await office.caller("hejing", Role.OFFICE)


def outcome(results: list[dict[str, Any]]) -> list[str]:
    """Status and what is said to it, for each."""
    return [
        one["problem"]["code"] if one["problem"] else (one["receipt"] or {}).get("remark") or one["status"]
        for one in results
    ]


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


async def kinds(chain: Chain) -> list[str]:
    rows = await db.fetch("SELECT kind FROM statements WHERE session_id = $1 ORDER BY seq", chain.id)
    return [row["kind"] for row in rows]


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


class TestSealAndCosign:
    @pytest.mark.requirement("R53")
    async def test_the_unit_signs_or_refuses_with_its_reason(
        self, office: Office, phone: Phone, visit: Fieldwork, head: Caller
    ) -> None:
        chain = await phone.chain(visit)
        (taken,) = await phone.record(chain)
        results = await phone.push(
            chain.seal(),
            chain.cosign("unit", "refused", reason="对现场情况有异议"),
            chain.cosign("officer", name="沈一帆", post="督查员", person=phone.caller.person_id),
        )
        assert outcome(results) == ["applied"] * 3
        told = (await head.get(f"/api/evidence/{taken.id}")).json()["chain"]
        assert told["sealed"] is True
        assert b64u.encode(bytes.fromhex(told["seal_sha256"])) == chain.last_seal
        assert [(one["party"], one["outcome"], one["reason"]) for one in told["cosignatures"]] == [
            ("unit", "refused", "对现场情况有异议"),
            ("officer", "signed", None),
        ]
        await db.execute("UPDATE visits SET state = 'RELEASED', released_at = now() WHERE id = $1", visit.id)
        unit = await office.caller("unit", Role.LIAISON, unit=office.handling_unit)
        shown = (await unit.get(f"/api/evidence/{taken.id}")).json()["chain"]["cosignatures"]
        assert [(one["outcome"], one["name"], one["reason"]) for one in shown] == [
            ("refused", None, None),
            ("signed", None, None),
        ]

    async def test_after_the_seal_comes_nothing_else(self, phone: Phone, visit: Fieldwork) -> None:
        chain = await phone.chain(visit)
        await phone.push(chain.seal())
        for late in (chain.capture().operation, chain.note("x"), chain.discard(new_id()), chain.seal()):
            chain.seq, chain.prev = 1, chain.last_seal
            late = {**late}
            assert outcome(await phone.push(late))[0] in ("session_sealed", "chain_gap", "chain_conflict")
        assert await kinds(chain) == ["seal/1"]

    async def test_after_the_seal_only_that_seal_is_signed(self, phone: Phone, visit: Fieldwork) -> None:
        """Verifiers refuse a chain with anything else behind its seal: what would spoil a bundle is not let in."""
        chain = await phone.chain(visit)
        await phone.push(chain.seal())
        seq, prev = chain.seq, chain.prev
        assert outcome(await phone.push(chain.cosign(seal=b64u.encode(bytes(32))))) == ["statement_mismatch"]
        chain.seq, chain.prev = seq, prev
        assert outcome(await phone.push(chain.cosign())) == ["applied"]

    async def test_a_digest_has_one_spelling(self, phone: Phone, visit: Fieldwork) -> None:
        """The last character's two spare bits are zero; another spelling once was a fault of the server."""
        chain = await phone.chain(visit)
        seq, prev = chain.seq, chain.prev
        spoiled = "A" * 42 + "B"
        seen = {"cp": spoiled, "size": 1, "srv_ms": 0, "mono_ms": 0}
        for n in range(3):
            chain.seq, chain.prev = seq, prev
            if n == 0:
                made = chain.cosign(seal=spoiled)
            elif n == 1:
                made = chain.note("x", priv_h=spoiled, with_private=False)
            else:
                made = chain.capture(anchor=seen).operation
            assert outcome(await phone.push(made)) == ["bad_statement"]

    async def test_a_key_has_one_spelling(self, phone: Phone, visit: Fieldwork) -> None:
        """A key with only one coordinate is a key, but no verifier reads it: every bundle with it would be refused."""
        chain = Chain(phone, visit)
        point = chain.key.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
        short = bytes.fromhex("3039301306072a8648ce3d020106082a8648ce3d030107032200") + point
        opening = chain.open(spki=b64u.encode(short), dev=b64u.encode(hashlib.sha256(short).digest()))
        assert outcome(await phone.push(opening)) == ["bad_statement"]

    async def test_the_second_officer_signs_on_his_own_phone_before_the_seal_is_known(
        self, office: Office, phone: Phone, head: Caller
    ) -> None:
        second = await Phone.enrolled(await office.caller("zhouheng", Role.TM))
        visit = await planned_visit(office, phone.caller.person_id, second.caller.person_id)
        chain = await phone.chain(visit)
        (taken,) = await phone.record(chain)
        seal = chain.seal()
        theirs = await second.chain(visit)
        assert outcome(await second.push(theirs.cosign("officer", seal=chain.last_seal, name="周恒"))) == ["applied"]
        assert outcome(await phone.push(seal)) == ["applied"]
        told = (await head.get(f"/api/evidence/{taken.id}")).json()["chain"]
        assert [one["name"] for one in told["cosignatures"]] == ["周恒"]

    async def test_names_may_be_withheld(self, phone: Phone, visit: Fieldwork, head: Caller) -> None:
        chain = await phone.chain(visit)
        (taken,) = await phone.record(chain)
        await phone.push(chain.seal(), chain.cosign(with_private=False))
        told = (await head.get(f"/api/evidence/{taken.id}")).json()["chain"]
        assert [(one["outcome"], one["name"]) for one in told["cosignatures"]] == [("signed", None)]

    @pytest.mark.parametrize("changed", [{"party": "police"}, {"outcome": "perhaps"}, {"seal": "short"}])
    async def test_another_form_than_agreed(self, phone: Phone, visit: Fieldwork, changed: dict[str, str]) -> None:
        chain = await phone.chain(visit)
        await phone.push(chain.seal())
        assert outcome(await phone.push(chain.cosign(**changed))) == ["bad_statement"]


class TestPasskeys:
    async def said(self, head: Caller, taken: Captured) -> list[tuple[str, bool, str]]:
        told = (await head.get(f"/api/evidence/{taken.id}")).json()["chain"]["passkeys"]
        return [(one["beside"], one["holds"], one["problem"]) for one in told]

    async def test_beside_the_opening_and_the_seal(self, phone: Phone, visit: Fieldwork, head: Caller) -> None:
        key = await phone.passkey()
        chain = await phone.chain(visit, passkey=key)
        (taken,) = await phone.record(chain)
        assert outcome(await phone.push(chain.seal(passkey=key))) == ["applied"]
        assert await self.said(head, taken) == [("session", True, ""), ("seal", True, "")]

    @pytest.mark.parametrize(
        ("changed", "problem"),
        [
            ({"rp_id": "elsewhere.example"}, "wrong_rp"),
            ({"origin": "https://elsewhere.example"}, "wrong_origin"),
            ({"flags": 0x01}, "not_verified"),
            ({"credential_id": b"never seen"}, "unknown_credential"),
        ],
    )
    async def test_what_does_not_hold_is_kept_and_told(
        self, phone: Phone, visit: Fieldwork, head: Caller, changed: dict[str, Any], problem: str
    ) -> None:
        key = await phone.passkey()
        for field, value in changed.items():
            setattr(key, field, value)
        (taken,) = await phone.record(await phone.chain(visit, passkey=key))
        assert await self.said(head, taken) == [("session", False, problem)]

    @pytest.mark.parametrize(
        ("counts", "flagged"),
        [
            ((0, 0, 0), [False, False]),  # it has no counter
            ((1, 2, 3), [False, False]),
            ((0, 1, 2), [False, False]),
            ((4, 4, 5), [True, False]),  # stands still, then goes on
            ((4, 5, 5), [False, True]),
            ((4, 9, 3), [False, True]),  # falls
            ((4, 0, 5), [True, False]),  # stopped counting
        ],
    )
    async def test_a_counter_that_does_not_grow_is_flagged_and_never_refused(
        self, phone: Phone, visit: Fieldwork, head: Caller, counts: tuple[int, int, int], flagged: list[bool]
    ) -> None:
        """WebAuthn L2, 7.2, step 21: registered, beside the opening, beside the seal."""
        key = await phone.passkey(counter=counts[0])
        key.counter = counts[1]
        chain = await phone.chain(visit, passkey=key)
        (taken,) = await phone.record(chain)
        key.counter = counts[2]
        assert outcome(await phone.push(chain.seal(passkey=key))) == ["applied"]
        assert await self.said(head, taken) == [("session", True, ""), ("seal", True, "")]
        rows = await db.fetch("SELECT counter_stood FROM passkey_assertions ORDER BY at")
        assert [row["counter_stood"] for row in rows] == flagged
        acts = await db.fetch_value("SELECT count(*) FROM journal_entries WHERE kind = 'passkey.counter_stood'")
        assert acts == sum(flagged)
        assert await db.fetch_value("SELECT sign_count FROM passkeys") == max(counts)
        reasons = {one["code"] for one in (await head.get(f"/api/evidence/{taken.id}")).json()["plausibility"]}
        assert ("passkey_counter_stood" in reasons) == any(flagged)

    async def test_a_counter_that_nobody_signed_is_not_believed(self, phone: Phone, visit: Fieldwork) -> None:
        key = await phone.passkey()
        chain = Chain(phone, visit)
        opening = chain.open()
        forged = Passkey(credential_id=key.credential_id, counter=9).assertion(b64u.decode(opening["statement"]))
        assert outcome(await phone.push({**opening, "passkey": forged})) == ["applied"]
        assert await db.fetch_value("SELECT sign_count FROM passkeys") == 0

    async def test_of_another_statement_or_another_hand(self, phone: Phone, visit: Fieldwork, head: Caller) -> None:
        key = await phone.passkey()
        chain = Chain(phone, visit)
        opening = chain.open()
        strange = Passkey(credential_id=key.credential_id).assertion(b64u.decode(opening["statement"]))
        assert outcome(await phone.push({**opening, "passkey": key.assertion(b"another")})) == ["applied"]
        (taken,) = await phone.record(chain)
        assert await self.said(head, taken) == [("session", False, "wrong_challenge")]
        other = Chain(phone, visit)
        opening = other.open()
        strange = Passkey(credential_id=key.credential_id).assertion(b64u.decode(opening["statement"]))
        assert outcome(await phone.push({**opening, "passkey": strange})) == ["applied"]
        (taken,) = await phone.record(other)
        assert await self.said(head, taken) == [("session", False, "wrong_signature")]

    async def test_no_base64(self, phone: Phone, visit: Fieldwork) -> None:
        opening = Chain(phone, visit).open()
        sidecar = {**Passkey().assertion(b"x"), "signature": "A"}
        assert outcome(await phone.push({**opening, "passkey": sidecar})) == ["bad_statement"]


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
