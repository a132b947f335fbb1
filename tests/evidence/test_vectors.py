"""Signatures and canonical JSON against the public collections; ``vectors/NOTICE`` says whose they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from server.evidence import signatures
from server.kit.canonical import NotCanonical, decode, encode

VECTORS = Path(__file__).parent / "vectors"
SIGNED = json.loads((VECTORS / "ecdsa_p1363.json").read_text())["groups"]
JCS = {one["name"]: one for one in json.loads((VECTORS / "jcs.json").read_text())["vectors"]}
# 56.0 in one input and fractions in the other: what a statement may never hold.
FLOATS = ("structures", "values")


@pytest.mark.parametrize("group", SIGNED, ids=lambda group: f"from-{group['tests'][0][0]}")
def test_wycheproof_p1363(group: dict[str, Any]) -> None:
    """All 262 tests of ecdsa_secp256r1_sha256_p1363_test.json."""
    spki = bytes.fromhex(group["spki"])
    for number, comment, message, signature, result in group["tests"]:
        holds = signatures.signature_holds(spki, bytes.fromhex(message), bytes.fromhex(signature))
        assert holds is (result == "valid"), f"tcId {number}: {comment}"


def test_all_of_wycheproof_is_here() -> None:
    results = [test[4] for group in SIGNED for test in group["tests"]]
    assert (len(results), results.count("valid")) == (262, 173)


@pytest.mark.parametrize("name", [name for name in JCS if name not in FLOATS])
def test_cyberphone_jcs(name: str) -> None:
    given, spelled = JCS[name]["input"], JCS[name]["output"].encode()
    assert encode(json.loads(given)) == spelled
    assert decode(spelled) == json.loads(given)
    with pytest.raises(NotCanonical):
        decode(given.encode())


@pytest.mark.parametrize("name", FLOATS)
def test_cyberphone_jcs_with_floats(name: str) -> None:
    with pytest.raises(NotCanonical):
        encode(json.loads(JCS[name]["input"]))


def test_what_remains_of_those_without_their_fractions() -> None:
    structures = json.loads(JCS["structures"]["input"], parse_float=lambda text: int(float(text)))
    assert encode(structures) == JCS["structures"]["output"].encode()
    values = json.loads(JCS["values"]["input"])
    told = json.loads(JCS["values"]["output"])
    del values["numbers"], told["numbers"]
    assert decode(encode(values)) == told
    with pytest.raises(NotCanonical):
        decode(JCS["values"]["output"].encode())


def test_a_key_said_twice() -> None:
    with pytest.raises(NotCanonical):
        decode(b'{"a":1,"a":1}')
