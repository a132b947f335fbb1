"""A bundle of 200 photos: made by the product's rules, verified by verify.py, beside `sha256sum -c` as the ceiling.

The bundle is the synthetic one, whose statements, leaves, proofs and entries are those of docs/evidence.md; photos have
2 MB each. Nothing is asserted of time.
"""

from __future__ import annotations

import secrets
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.report import figure
from tests.bundles import stories
from tests.bundles.synthetic import TOOLS, photo

PHOTOS, BYTES = 200, 2_000_000


def test_bundle_of_200_photos(tmp_path: Path) -> None:
    print()
    made = stories.Afternoon()
    made.noise(5)
    made.enrol()
    made.checkpoint("first", see=True)
    chain = made.session()
    several = [made.capture(chain) for _ in range(PHOTOS)]
    made.seal(chain)
    for one in several:
        one.copies = {}
    start = time.perf_counter()
    bundle = stories.finished(made).build()
    path = bundle.write(tmp_path)
    figure("synthetic bundle of 200 small photos, build", time.perf_counter() - start, "s", "in Python, unoptimised")
    took = _verified(path, tmp_path)
    figure("verify.py, 200 small photos", PHOTOS / took, "captures/s", "aim: 100; signatures and proofs")
    photos = tmp_path / "photos"
    photos.mkdir()
    for number in range(PHOTOS):
        (photos / f"{number}.jpg").write_bytes(photo(1000) + secrets.token_bytes(BYTES))
    lines = subprocess.run("sha256sum *.jpg > sums", shell=True, cwd=photos, check=True)
    assert lines.returncode == 0
    start = time.perf_counter()
    subprocess.run(["sha256sum", "--quiet", "-c", "sums"], cwd=photos, check=True)
    figure("sha256sum -c, 200 photos of 2 MB: the ceiling", PHOTOS / (time.perf_counter() - start), "photos/s")


def _verified(path: Path, place: Path) -> float:
    command = [sys.executable, str(TOOLS / "verify.py"), str(path), str(place / "trust.json"), "--json"]
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=False)
    took = time.perf_counter() - start
    assert done.returncode == 0, done.stdout[-2000:]
    return took
