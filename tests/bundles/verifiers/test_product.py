"""What the product hands out is accepted by every verifier, and no longer once a byte of it is changed."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from server.access.roles import Role
from server.kit import db
from server.settings import Settings
from server.tlog.sequencer import catch_up
from tests.bundles.synthetic import TOOLS
from tests.bundles.verifiers import recipe
from tests.factories import photos
from tests.factories.bundles import Evidenced, files_of, order, unpacked
from tests.factories.people import Office
from tests.factories.worker import run_jobs_once

pytestmark = [pytest.mark.anyio, pytest.mark.requirement("R53")]


async def _trust(story: Evidenced, place: Path) -> Path:
    answer = await story.head.get("/api/log/trust")
    assert answer.status_code == 200, answer.text
    path = place / "trust.json"
    path.write_bytes(answer.content)
    return path


def _run(command: list[str], place: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command, cwd=place, capture_output=True, check=False)


def _verify(bundle: Path, trust: Path) -> tuple[int, dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, str(TOOLS / "verify.py"), str(bundle), str(trust), "--json"], capture_output=True, check=False
    )
    return done.returncode, json.loads(done.stdout)


@pytest.mark.parametrize("personal", [True, False], ids=["personal", "without"])
async def test_a_visit_is_accepted(office: Office, tmp_path: Path, personal: bool) -> None:
    story = await Evidenced.honest(office, 3)
    (tmp_path / "bundle.zip").write_bytes(await story.bundle(personal=personal))
    status, told = _verify(tmp_path / "bundle.zip", await _trust(story, tmp_path))
    assert told["failures"] == {}
    assert status == 3, "no time stamp, no witness, phone not confirmed: remarks"
    assert {"unanchored", "no_witnesses", "unconfirmed", "discarded"} <= told["remarks"].keys()


async def test_a_capture_is_accepted(office: Office, tmp_path: Path) -> None:
    story = await Evidenced.honest(office, 3)
    archive = await story.bundle("capture", story.captures[0].id)
    (tmp_path / "bundle.zip").write_bytes(archive)
    _, told = _verify(tmp_path / "bundle.zip", await _trust(story, tmp_path))
    assert told["failures"] == {}
    assert "scope" in told["remarks"]


async def test_a_revocation_taken_out_of_the_journal_shows(office: Office, tmp_path: Path) -> None:
    """An administrator who removes the acts of revoking cannot remove that captures were recorded as after it."""
    story = await Evidenced.begun(office)
    await story.phone.revoked_by(story.head, await office.caller("baomi", Role.SEC))
    story.phone.caller = await office.caller("linxia", again=True)
    await story.take()
    await story.sealed()
    (tmp_path / "told.zip").write_bytes(await story.bundle())
    trust = await _trust(story, tmp_path)
    _, told = _verify(tmp_path / "told.zip", trust)
    assert told["failures"] == {}
    assert {"after_revocation", "flag"} <= told["remarks"].keys()
    async with db.transaction() as conn:
        await conn.execute("ALTER TABLE journal_entries DISABLE TRIGGER USER")
        await conn.execute("DELETE FROM journal_entries WHERE kind IN ('device.revoked', 'device.revocation_asked')")
        await conn.execute("ALTER TABLE journal_entries ENABLE TRIGGER USER")
    (tmp_path / "silent.zip").write_bytes(await story.bundle())
    _, told = _verify(tmp_path / "silent.zip", trust)
    assert told["failures"].keys() == {"device.revocation"}


async def test_copies_drawn_after_it_was_made_change_nothing(
    office: Office, tmp_path: Path, settings: Settings
) -> None:
    """The phone's own preview is in the table of contents; the worker's, drawn later, does not push it out."""
    story = await Evidenced.begun(office)
    taken = await story.take(photos.small_photo(1))
    preview = replace(taken, photo=photos.small_photo(2))
    assert (await story.phone.upload(preview, role="preview")).status_code == 201
    await story.sealed()
    made = await order(story.head, "visit", story.visit.id)
    assert made.status_code == 201, made.text
    await run_jobs_once(settings)
    await catch_up()
    archive = await story.head.get(f"/api/bundles/{made.json()['id']}/file")
    assert preview.photo in files_of(archive.content).values()
    (tmp_path / "bundle.zip").write_bytes(archive.content)
    _, told = _verify(tmp_path / "bundle.zip", await _trust(story, tmp_path))
    assert told["failures"] == {}


async def test_the_shell_accepts_it(office: Office, tmp_path: Path) -> None:
    story = await Evidenced.honest(office, 2)
    folder = unpacked(await story.bundle(), tmp_path / "bag")
    trust = await _trust(story, tmp_path)
    (tmp_path / "check.sh").write_text(recipe.script())
    done = _run(["bash", "check.sh", str(folder), str(trust)], tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("ending", ["original-1.jpg", "statement.json", "statement.sig", "leaf.json", "custody.jsonl"])
async def test_a_changed_byte_is_refused(office: Office, tmp_path: Path, ending: str) -> None:
    story = await Evidenced.honest(office, 1)
    folder = unpacked(await story.bundle(), tmp_path / "bag")
    target = sorted(folder.rglob(f"*{ending}"))[0]
    target.write_bytes(target.read_bytes()[:-2] + b"!" + target.read_bytes()[-1:])
    status, _ = _verify(folder, await _trust(story, tmp_path))
    assert status == 1


async def test_the_verifiers_go_along(office: Office) -> None:
    story = await Evidenced.honest(office, 1)
    files = files_of(await story.bundle())
    assert files["data/tools/verify.py"] == (TOOLS / "verify.py").read_bytes()
    assert files["data/tools/verify.html"] == (TOOLS / "verify.html").read_bytes()
    assert files["data/README.txt"] == (TOOLS / "README.txt").read_bytes()


async def test_trust_from_inside_is_not_taken(office: Office, tmp_path: Path) -> None:
    story = await Evidenced.honest(office, 1)
    archive = await story.bundle()
    folder = unpacked(archive, tmp_path / "bag")
    trust = await _trust(story, folder)
    done = _run([sys.executable, str(TOOLS / "verify.py"), str(folder), str(trust)], tmp_path)
    assert done.returncode == 2
    assert zipfile.is_zipfile(io.BytesIO(archive))
