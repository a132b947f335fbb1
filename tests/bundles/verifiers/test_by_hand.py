"""README.txt step by step, as a stranger types it in: it proves what it says, and leaves the bundle as it was."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.settings import Settings
from server.tlog.anchors import chores, outside
from server.tlog.anchors.outside import Outside
from tests.bundles.synthetic import TOOLS
from tests.bundles.verifiers import recipe
from tests.factories.bundles import Evidenced, unpacked
from tests.factories.people import Office
from tests.factories.tsa import time_authority
from tests.factories.worker import run_jobs_once

pytestmark = [pytest.mark.anyio, pytest.mark.requirement("R53")]


@pytest.fixture
async def bag(office: Office, settings: Settings, tmp_path: Path) -> AsyncIterator[Path]:
    """An unpacked bundle of the product with a time stamp; the trust policy lies beside it."""
    with time_authority(tmp_path / "tsa") as tsa:
        outside.hold(Outside.of(Settings(tsa_urls=tsa.url, tsa_roots=tsa.roots)))
        story = await Evidenced.honest(office, 2)
        await chores.publish_hourly()
        await run_jobs_once(settings)
        folder = unpacked(await story.bundle(), tmp_path / "court")
        (folder.parent / "trust.json").write_bytes((await story.head.get("/api/log/trust")).content)
        yield folder
        outside.hold(None)


def typed_in(bag: Path, *, manifests: bool = True) -> subprocess.CompletedProcess[str]:
    """A command that fails ends it. ``manifests``: whether the first step is done too."""
    (session,) = (bag / "data/sessions").iterdir()
    stamp = next((bag / "data/anchors").glob("*/token.tsr")).parent
    commands = recipe.by_hand(f"data/sessions/{session.name}", f"data/anchors/{stamp.name}")
    if not manifests:
        commands = "".join(line for line in commands.splitlines(keepends=True) if not line.startswith("sha256sum"))
    return subprocess.run(["bash", "-e", "-c", commands], cwd=bag, capture_output=True, text=True, check=False)


def kept(bag: Path) -> dict[str, bytes]:
    return {str(path.relative_to(bag)): path.read_bytes() for path in bag.rglob("*") if path.is_file()}


async def test_each_step_proves_what_it_says(bag: Path) -> None:
    before = kept(bag)
    done = typed_in(bag)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(": OK\n") >= len(before) - 1  # all but the manifest of manifests itself
    assert "Verified OK\n" in done.stdout
    assert "Verification: OK\n" in done.stdout + done.stderr
    assert kept(bag) == before
    assert by_the_program(bag) == 3  # accepted, with remarks


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("data/sessions/*/0001/statement.json", "Verification failure"),
        ("data/sessions/*/0001/statement.sig", "Verification failure"),
        ("data/anchors/*/token.tsr", "Verification: FAILED"),
        ("data/anchors/*/checkpoint", "Verification: FAILED"),
    ],
)
async def test_one_changed_byte_ends_it(bag: Path, path: str, told: str) -> None:
    change(bag, path)
    first = typed_in(bag)
    assert (first.returncode, "FAILED" in first.stdout) == (1, True)
    later = typed_in(bag, manifests=False)
    assert later.returncode == 1
    assert told in later.stdout + later.stderr


def change(bag: Path, pattern: str) -> None:
    for path in bag.glob(pattern):
        data = path.read_bytes()
        path.write_bytes(data[:-3] + bytes([data[-3] ^ 1]) + data[-2:])


def by_the_program(bag: Path) -> int:
    """Exit status of verify.py."""
    command = [sys.executable, str(TOOLS / "verify.py"), str(bag), str(bag.parent / "trust.json")]
    return subprocess.run(command, capture_output=True, check=False).returncode
