"""What a passkey says beside the opening of a chain and beside its seal."""

from __future__ import annotations

from typing import Any

import pytest

from server.kit import b64u, db
from tests.factories.chain import Captured, Chain
from tests.factories.device import Phone, outcome
from tests.factories.fieldwork import Fieldwork
from tests.factories.passkeys import Passkey
from tests.factories.people import Caller

pytestmark = pytest.mark.anyio


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
