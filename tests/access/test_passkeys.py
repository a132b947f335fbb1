"""Passkeys: made for this product's address by the person who is signed in, and nothing else is taken."""

from __future__ import annotations

from typing import Any

import pytest

from server.access.roles import Role
from server.access.webauthn import RelyingParty
from server.kit import b64u, db
from tests.factories.passkeys import Passkey
from tests.factories.people import Caller, Office

pytestmark = pytest.mark.anyio


@pytest.fixture
async def linxia(office: Office) -> Caller:
    return await office.caller("linxia", Role.SUP, Role.TM)


async def challenge_of(caller: Caller) -> str:
    answer = await caller.post("/api/passkeys/options")
    assert answer.status_code == 200, answer.text
    return str(answer.json()["challenge"])


class TestMaking:
    async def test_the_options_are_for_this_person_and_this_address(self, linxia: Caller) -> None:
        told = (await linxia.post("/api/passkeys/options")).json()
        assert told["rp"]["id"] == "localhost"
        assert b64u.decode(told["user"]["id"]) == linxia.person_id.bytes
        assert told["pub_key_cred_params"] == [{"type": "public-key", "alg": -7}]
        assert told["user_verification"] == "required"

    async def test_made_listed_and_removed(self, linxia: Caller, office: Office) -> None:
        key = Passkey()
        body = key.registration(await challenge_of(linxia))
        made = await linxia.post("/api/passkeys", body)
        assert made.status_code == 201, made.text
        again = await linxia.post("/api/passkeys", body)
        assert (again.status_code, again.json()) == (201, made.json())
        assert [one["id"] for one in (await linxia.get("/api/passkeys")).json()] == [body["id"]]
        told = (await linxia.post("/api/passkeys/options")).json()
        assert told["exclude_credentials"] == [b64u.encode(key.credential_id)]
        other = await office.caller("zhouheng", Role.SUP)
        assert (await other.get("/api/passkeys")).json() == []
        assert (await other.request("DELETE", f"/api/passkeys/{body['id']}")).status_code == 404
        gone = await linxia.request("DELETE", f"/api/passkeys/{body['id']}")
        assert gone.json()["removed_at"] is not None
        assert (await linxia.get("/api/passkeys")).json() == []
        kinds = await db.fetch("SELECT kind, data FROM journal_entries WHERE subject_kind = 'passkey' ORDER BY at")
        assert [one["kind"] for one in kinds] == ["passkey.made", "passkey.removed"]
        assert b64u.encode(key.spki) in kinds[0]["data"]

    @pytest.mark.parametrize(
        ("key", "changed", "problem"),
        [
            (Passkey(origin="https://elsewhere.example"), {}, "wrong_origin"),
            (Passkey(rp_id="elsewhere.example"), {}, "wrong_rp"),
            (Passkey(flags=0x04), {}, "not_present"),
            (Passkey(flags=0x01), {}, "not_verified"),
            (Passkey(), {"public_key": b64u.encode(Passkey().spki)}, "malformed"),
            (Passkey(), {"credential_id": b64u.encode(b"another")}, "malformed"),
            (Passkey(), {"public_key": "AAAA"}, "malformed"),
            (Passkey(), {"client_data_json": "AAAA"}, "malformed"),
            (Passkey(), {"challenge": b64u.encode(bytes(56))}, "wrong_challenge"),
        ],
    )
    async def test_what_is_not_taken(self, linxia: Caller, key: Passkey, changed: dict[str, Any], problem: str) -> None:
        refused = await linxia.post("/api/passkeys", {**key.registration(await challenge_of(linxia)), **changed})
        assert (refused.status_code, refused.json()["code"]) == (422, "passkey_refused")
        assert refused.json()["params"]["problem"] == problem
        assert (await linxia.get("/api/passkeys")).json() == []

    async def test_a_challenge_serves_the_person_it_was_made_for(self, linxia: Caller, office: Office) -> None:
        other = await office.caller("zhouheng", Role.SUP)
        refused = await other.post("/api/passkeys", Passkey().registration(await challenge_of(linxia)))
        assert refused.json()["params"]["problem"] == "wrong_challenge"

    async def test_an_assertion_is_no_registration(self, linxia: Caller) -> None:
        key, challenge = Passkey(), await challenge_of(linxia)
        body = key.registration(challenge, client_data_json=b64u.encode(key._client("webauthn.get", challenge)))
        assert (await linxia.post("/api/passkeys", body)).json()["params"]["problem"] == "wrong_ceremony"

    async def test_a_credential_belongs_to_one_person(self, linxia: Caller, office: Office) -> None:
        key = Passkey()
        assert (await linxia.post("/api/passkeys", key.registration(await challenge_of(linxia)))).status_code == 201
        other = await office.caller("zhouheng", Role.SUP)
        taken = await other.post("/api/passkeys", key.registration(await challenge_of(other)))
        assert (taken.status_code, taken.json()["code"]) == (409, "id_reused")


@pytest.mark.parametrize(
    ("address", "usable"),
    [
        ("https://zhicha.example.gov.cn", True),
        ("http://localhost:8600", True),
        ("http://zhicha.example.gov.cn", False),
        ("https://10.1.2.3:8443", False),
        ("https://[::1]:8443", False),
    ],
)
def test_where_browsers_make_passkeys(address: str, usable: bool) -> None:
    assert RelyingParty.of(address).usable is usable
