"""A bundle of 200 photos of 300 KB as the product hands it out: time to make and to fetch it, size, time to verify it.

Captured, uploaded, sealed, ordered and fetched through the public API, the copies drawn by the worker's jobs. The
ceiling in the same run is what no verifier can be spared: `sha256sum` over the same files, and as many ECDSA
verifications of OpenSSL as the bundle has statements. Nothing is asserted of time.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from server.settings import Settings
from server.tlog.sequencer import catch_up
from tests.bench.report import figure
from tests.bundles.synthetic import TOOLS
from tests.factories import photos
from tests.factories.bundles import Evidenced, order, unpacked
from tests.factories.people import Office
from tests.factories.worker import run_jobs_once

PHOTOS, BYTES = 200, 300_000

pytestmark = pytest.mark.anyio


async def test_bundle_of_200_photos(office: Office, settings: Settings, tmp_path: Path) -> None:
    print()
    story = await Evidenced.begun(office)
    base = photos.small_photo(1)[:BYTES]
    base += bytes(BYTES - 8 - len(base))
    for number in range(PHOTOS):
        await story.take(base + number.to_bytes(8, "big"))
    await story.sealed()
    await run_jobs_once(settings, seconds=600)
    await catch_up()

    start = time.perf_counter()
    made = await order(story.head, "visit", story.visit.id)
    assert made.status_code == 201, made.text
    await catch_up()
    figure("bundle of 200 photos of 300 KB, order", time.perf_counter() - start, "s", "report, table, log entry")
    start = time.perf_counter()
    answer = await story.head.get(f"/api/bundles/{made.json()['id']}/file")
    assert answer.status_code == 200, answer.text
    took = time.perf_counter() - start
    size = len(answer.content)
    figure("the same, fetch", took, "s", f"{size / took / 1e6:.0f} MB/s, proofs and zip")
    figure("the same, size", size / 1e6, "MB", f"{100 * (size / (PHOTOS * BYTES) - 1):.0f} % more than its originals")

    folder = unpacked(answer.content, tmp_path / "bag")
    (tmp_path / "trust.json").write_bytes((await story.head.get("/api/log/trust")).content)
    took = _verified(folder, tmp_path / "trust.json")
    figure("verify.py, 200 photos of 300 KB", PHOTOS / took, "captures/s", f"aim: 100; {took:.2f} s")
    statements = len(list(folder.rglob("statement.sig")))
    least = _digests(folder) + _signatures(statements)
    figure("the ceiling: sha256sum and OpenSSL's ECDSA", PHOTOS / least, "captures/s", f"{statements} signatures")


def _verified(bag: Path, trust: Path) -> float:
    command = [sys.executable, str(TOOLS / "verify.py"), str(bag), str(trust), "--json"]
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=False)
    took = time.perf_counter() - start
    assert done.returncode == 3, done.stdout[-2000:]  # remarks: nobody outside, no second person
    return took


def _digests(bag: Path) -> float:
    start = time.perf_counter()
    subprocess.run("sha256sum --quiet -c manifest-sha256.txt", shell=True, cwd=bag, check=True)
    return time.perf_counter() - start


def _signatures(count: int) -> float:
    key = ec.generate_private_key(ec.SECP256R1())
    said = [(b"%d" % number, key.sign(b"%d" % number, ec.ECDSA(hashes.SHA256()))) for number in range(count)]
    public = key.public_key()
    start = time.perf_counter()
    for message, signature in said:
        public.verify(signature, message, ec.ECDSA(hashes.SHA256()))
    return time.perf_counter() - start
