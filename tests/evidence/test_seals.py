"""What closes a chain, and who signs it or refuses to."""

from __future__ import annotations

import hashlib

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from server.access.roles import Role
from server.kit import b64u, db
from server.kit.ids import new_id
from tests.factories.chain import Chain
from tests.factories.device import Phone, kinds, outcome
from tests.factories.fieldwork import Fieldwork, planned_visit
from tests.factories.people import Caller, Office

pytestmark = pytest.mark.anyio


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
