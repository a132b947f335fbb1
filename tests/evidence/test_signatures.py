"""P1363 signatures, against Wycheproof's ecdsa_secp256r1_sha256_p1363_test.json (github.com/C2SP/wycheproof)."""

from __future__ import annotations

import pytest

from server.evidence import signatures

SPKI = bytes.fromhex(
    "3059301306072a8648ce3d020106082a8648ce3d030107034200042927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df"
    "6c732838c7787964eaac00e5921fb1498a60f4606766b3d9685001558d1a974e7341513e"
)
MESSAGE = bytes.fromhex("313233343030")
R = "2ba3a8be6b94d5ec80a6d9d1190a436effe50d85a1eee859b8cc6af9bd5c2e18"
S = "b329f479a2bbd0a5c384ee1493b1f5186a87139cac5df4087c134b49156847db"
N = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"
ZERO, ONE = "0" * 64, "0" * 63 + "1"


@pytest.mark.parametrize(
    ("case", "signature", "valid"),
    [
        ("tcId 1: malleable s", R + "4cd60b855d442f5b3c7b11eb6c4e0ae7525fe710fab9aa7c77a67f79e6fadd76", True),
        ("its twin n - s", R + S, True),
        ("tcId 2: r + n", "012ba3a8bd6b94d5ed80a6d9d1190a436ebccc0833490686deac8635bcb9bf536900" + S, False),
        ("tcId 4: n - r", "d45c5740946b2a147f59262ee6f5bc90bd01ed280528b62b3aed5fc93f06f739" + S, False),
        ("tcId 5: r + 2**256", "01" + R + "00" + S, False),
        ("tcId 11: r = 0, s = 0", ZERO + ZERO, False),
        ("tcId 12: r = 0, s = 1", ZERO + ONE, False),
        ("tcId 13: r = 0, s = n", ZERO + N, False),
        ("tcId 18: r = 1, s = 0", ONE + ZERO, False),
        ("tcId 19: r = 1, s = 1", ONE + ONE, False),
        ("tcId 20: r = 1, s = n", ONE + N, False),
        ("tcId 25: r = n, s = 0", N + ZERO, False),
        ("cut short", (R + S)[:-2], False),
        ("empty", "", False),
    ],
)
def test_wycheproof(case: str, signature: str, valid: bool) -> None:
    assert signatures.signature_holds(SPKI, MESSAGE, bytes.fromhex(signature)) is valid, case


def test_another_message_does_not_hold() -> None:
    assert not signatures.signature_holds(SPKI, MESSAGE + b"0", bytes.fromhex(R + S))


@pytest.mark.parametrize("spki", [b"", SPKI[:-1], SPKI[:-1] + b"\x00", b"\x30" + SPKI])
def test_what_is_no_p256_key_is_refused(spki: bytes) -> None:
    with pytest.raises(signatures.NotAKey):
        signatures.public_key(spki)


def test_the_envelope_tells_malleable_twins_apart() -> None:
    twin = R + "4cd60b855d442f5b3c7b11eb6c4e0ae7525fe710fab9aa7c77a67f79e6fadd76"
    assert signatures.envelope_sha256(MESSAGE, bytes.fromhex(R + S)) != signatures.envelope_sha256(
        MESSAGE, bytes.fromhex(twin)
    )
