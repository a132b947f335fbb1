"""The verifiers' own cryptography against public vectors, and their promises: one file, old Pythons, no network.

Ed25519: RFC 8032, section 7.1. ECDSA: Wycheproof, as stored in tests/evidence/vectors (source and licence are named
there). Signed note: c2sp.org/signed-note, "Example".
"""

from __future__ import annotations

import ast
import hashlib
import json
import shutil
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Page

from tests.bundles import stories
from tests.bundles.stamps import Authority
from tests.bundles.synthetic import NOON, Renewing
from tests.bundles.verifiers import browser_page, program

VECTORS = Path(__file__).parents[2] / "evidence" / "vectors" / "ecdsa_p1363.json"
RFC8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24"
        "655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aee"
        "b00d291612bb0c00",
    ),
]


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with browser_page.browser() as opened:
        opened.goto(browser_page.SOURCE.as_uri())
        yield opened


def test_ecdsa_p256_by_wycheproof() -> None:
    whole, tried = program.load(), 0
    for group in json.loads(VECTORS.read_text())["groups"]:
        key = bytes.fromhex(group["spki"])
        for _, comment, message, told, result in group["tests"]:
            signature = bytes.fromhex(told)
            r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
            digest = hashlib.sha256(bytes.fromhex(message)).digest()
            holds = len(signature) == 64 and whole.ecdsa_holds(whole.P256, key, digest, r, s)
            assert holds == (result == "valid"), comment
            tried += 1
    assert tried > 200


@pytest.mark.parametrize(("name", "known"), [("P256", ec.SECP256R1()), ("P384", ec.SECP384R1())])
def test_ecdsa_on_either_curve(name: str, known: ec.EllipticCurve) -> None:
    key = ec.generate_private_key(known)
    r, s = decode_dss_signature(key.sign(b"message", ec.ECDSA(hashes.SHA384())))
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    whole = program.load()
    curve, other = getattr(whole, name), whole.P384 if name == "P256" else whole.P256
    right, wrong = (hashlib.sha384(said).digest() for said in (b"message", b"massage"))
    assert whole.ecdsa_holds(curve, public, right, r, s)
    assert not whole.ecdsa_holds(curve, public, wrong, r, s)
    assert not whole.ecdsa_holds(curve, public, right, r, 0)
    assert not whole.ecdsa_holds(curve, public[:-1] + bytes([public[-1] ^ 1]), right, r, s), "not a point of the curve"
    assert not whole.ecdsa_holds(curve, public + b"\0", right, r, s)
    assert not whole.ecdsa_holds(other, public, right, r, s)


@pytest.mark.parametrize(("key", "message", "signature"), RFC8032)
def test_ed25519_by_rfc_8032(key: str, message: str, signature: str) -> None:
    holds = program.load().ed25519_holds
    told = [bytes.fromhex(one) for one in (key, signature, message)]
    assert holds(*told)
    assert not holds(told[0], told[1], told[2] + b"!")
    # s + the order of the group is the same multiple, and must be refused (section 5.1.7, step 1)
    s = int.from_bytes(told[1][32:], "little") + 2**252 + 27742317777372353535851937790883648493
    assert not holds(told[0], told[1][:32] + s.to_bytes(32, "little"), told[2])


@pytest.mark.parametrize(("key", "message", "signature"), RFC8032)
def test_ed25519_of_the_page_by_rfc_8032(page: Page, key: str, message: str, signature: str) -> None:
    """Both ways: by the browser, and by the fallback for those that do not know Ed25519."""
    for name in ("ed25519Holds", "ed25519Slow"):
        ask = f"async ([key, signature, message]) => {name}(unhex(key), unhex(signature), unhex(message))"
        assert page.evaluate(ask, [key, signature, message]) is True
        assert page.evaluate(ask, [key, signature, message + "00"]) is False


@pytest.mark.parametrize("kind", ["p256", "p384", "rsa"])
@pytest.mark.parametrize("hashed", ["sha256", "sha384"])
def test_stamps_of_all_kinds(page: Page, kind: str, hashed: str, tmp_path: Path) -> None:
    story = stories.rotated()
    story.authority = Authority.new(kind)
    story.stamp_faults = {"hashed": hashed, "ess": 1 if hashed == "sha384" else 2}
    bundle = story.build()
    report = program.judge(program.load(), bundle, tmp_path / "program")
    assert (report.failures, report.remarks) == ({}, {})
    assert browser_page.judge(page, bundle, tmp_path / "page")["verdict"] == "ACCEPTED"


def test_the_slip_as_its_code_is_read(page: Page, tmp_path: Path) -> None:
    """A camera gives the whole line, which names its kind before digest and count."""
    for faulty in (False, True):
        bundle = stories.visit().build()
        seal = bundle.story.statement("seal/1")
        bundle.slip = f"zhicha-seal/1 {seal.digest}:{seal.body['count'] + faulty}"
        report = program.judge(program.load(), bundle, tmp_path / f"program-{faulty}")
        assert report.failures.keys() == ({"slip.seal"} if faulty else set())
        shown = browser_page.judge(page, bundle, tmp_path / f"page-{faulty}")
        assert shown["failures"] == (["slip.seal"] if faulty else [])


def _older() -> list[str]:
    found = [shutil.which(f"python3.{minor}") for minor in (8, 9, 10)]
    return [path for path in found if path and subprocess.run([path, "-c", ""], capture_output=True).returncode == 0]


def test_the_program_needs_nothing_but_python_3_8(tmp_path: Path) -> None:
    tree = ast.parse(program.SOURCE.read_text(), feature_version=(3, 8))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= sys.stdlib_module_names
    path = stories.visit().build().write(tmp_path)
    for python in [*_older(), sys.executable]:
        command = [python, str(program.SOURCE), str(path), str(tmp_path / "trust.json")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert "结论：通过 · ACCEPTED" in done.stdout


def test_the_program_can_be_read_in_an_afternoon() -> None:
    """At most 500 lines, all counted, none wider than a page, one statement on each; of 36 checks none is gone."""
    lines = program.SOURCE.read_text().splitlines()
    assert len(lines) <= 500
    assert max(map(len, lines)) <= 127
    tokens = [one.string for one in tokenize.generate_tokens(iter([f"{line}\n" for line in lines]).__next__)]
    assert ";" not in tokens
    assert len(program.load().CHECKS) == 36


def test_a_stamp_whose_certificate_has_ended_since_is_remarked(page: Page, tmp_path: Path) -> None:
    """The stamp holds; that nobody renewed it is said. A renewal whose certificate lasts takes the remark away."""
    story = stories.rotated()
    story.authority = Authority.new(until=NOON + timedelta(hours=12))
    bundle = story.build()
    report = program.judge(program.load(), bundle, tmp_path)
    assert (report.failures, report.remarks.keys()) == ({}, {"ended"})
    assert browser_page.handed(page, bundle) == {"verdict": "REMARKS", "failures": [], "remarks": ["ended"]}
    lasting = Authority.new(name="lasting")
    story.renewed = {name: [Renewing(NOON + timedelta(hours=6), lasting)] for name in story.stamped}
    report = program.judge(program.load(), story.build(), tmp_path / "renewed")
    assert (report.failures, report.remarks) == ({}, {})


def test_exit_status(tmp_path: Path) -> None:
    def run(bundle: Any, *more: str) -> int:
        command = [sys.executable, str(program.SOURCE), str(bundle), str(tmp_path / "trust.json"), *more]
        return subprocess.run(command, capture_output=True, check=False).returncode

    path = stories.single().build().write(tmp_path)
    assert run(path) == 3
    assert run(path, "--slip", "A" * 43) == 1
    assert run(tmp_path / "nothing") == 2
    (tmp_path / "trust.json").write_text("{}")
    assert run(path) == 2


def test_the_page_may_not_reach_out() -> None:
    source = browser_page.SOURCE.read_text()
    assert browser_page.with_policy(source) == source, "the policy does not fit script or style any more"
    policy = source.split('http-equiv="Content-Security-Policy" content="')[1].split('"')[0]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert "connect-src" not in policy
    assert not any(word in source for word in ("fetch(", "XMLHttpRequest", "WebSocket", "innerHTML", "eval("))
