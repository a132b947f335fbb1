"""A bundle of evidence from before and after a change of the log's key: who pinned the old key can follow.

Also the other checkpoints that come along beside the newest: those that phones saw, and the last that witnesses signed.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from server.access.roles import Role
from server.journal.leaves import b64u
from server.kit import db
from server.settings import Settings
from server.tlog import keys, notes
from server.tlog.anchors import chores, outside
from server.tlog.anchors.outside import Outside
from server.tlog.queries import latest_checkpoint
from server.tlog.rotation import Credentials, rotate_key
from server.tlog.sequencer import catch_up
from tests.bundles.synthetic import TOOLS, Bundle, Story
from tests.bundles.verifiers import browser_page
from tests.factories.bundles import Evidenced, files_of
from tests.factories.people import PASSWORD, Office
from tests.factories.witness import running_witness
from tests.factories.worker import run_jobs_once

pytestmark = [pytest.mark.anyio, pytest.mark.requirement("R53")]

ROTATIONS = "data/log/rotations.jsonl"


async def rotated(office: Office) -> tuple[str, str]:
    """Two persons give the log a new key, and it is in the log; the old and the new verifier key."""
    if "wang" not in office.people:
        await office.person("wang", Role.ADM)
        await office.person("li", Role.AUD)
    old = await keys.log_signer()
    new = await rotate_key(Credentials("wang", PASSWORD), Credentials("li", PASSWORD))
    await catch_up()
    keys.hold("")  # forget what this process remembers
    assert (await keys.log_signer()).vkey == new
    return old.vkey, new


async def seen_now() -> dict[str, Any]:
    """What a capture says of the checkpoint that its phone saw last."""
    async with db.connection() as conn:
        checkpoint = await latest_checkpoint(conn)
    assert checkpoint is not None
    return {"cp": b64u(checkpoint.sha256), "size": checkpoint.size, "srv_ms": 10, "mono_ms": 20}


async def verified(story: Evidenced, archive: bytes, place: Path, logs: Sequence[str]) -> tuple[int, dict[str, Any]]:
    """Exit status and report of verify.py for somebody who knows these keys of the log."""
    policy = (await story.head.get("/api/log/trust")).json()
    (place / "bundle.zip").write_bytes(archive)
    (place / "trust.json").write_text(json.dumps({**policy, "logs": list(logs)}))
    run = [sys.executable, TOOLS / "verify.py", place / "bundle.zip", place / "trust.json", "--json"]
    checked = await asyncio.create_subprocess_exec(*map(str, run), stdout=asyncio.subprocess.PIPE)
    told, _ = await checked.communicate()
    assert checked.returncode is not None
    return checked.returncode, json.loads(told)


async def strangers_key(name: str) -> str:
    """A key that says that it is the log's."""
    public = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    return notes.Verifier(name, notes.ED25519, public).vkey


async def accepted(story: Evidenced, archive: bytes, place: Path, *logs: str) -> None:
    """Accepted, with remarks: nobody outside was asked to vouch."""
    status, told = await verified(story, archive, place, logs)
    assert (status, told["failures"]) == (3, {})


async def refused(story: Evidenced, archive: bytes, place: Path, *logs: str) -> dict[str, Any]:
    """Refused; the checks that failed."""
    status, told = await verified(story, archive, place, logs)
    assert status == 1
    failures: dict[str, Any] = told["failures"]
    return failures


async def test_captures_on_both_sides_of_the_change(office: Office, tmp_path: Path) -> None:
    story = await Evidenced.begun(office)
    await story.take()
    await catch_up()
    old, new = await rotated(office)
    await story.take()
    await story.sealed()
    archive = await story.bundle()
    (change,) = map(json.loads, files_of(archive)[ROTATIONS].splitlines())
    assert change["leaf"] == {"t": "leaf/1", "k": "log-key", "vkey": new}
    await accepted(story, archive, tmp_path, old)
    await accepted(story, archive, tmp_path, old, new)
    await accepted(story, archive, tmp_path, new)
    stranger = await strangers_key(notes.read_vkey(old).name)
    assert "log.signature" in await refused(story, archive, tmp_path, stranger)


async def test_two_changes_are_followed_one_after_the_other(office: Office, tmp_path: Path) -> None:
    story = await Evidenced.begun(office)
    await story.take()
    first, second = await rotated(office)
    _, third = await rotated(office)
    await story.take()
    archive = await story.bundle()
    told = [json.loads(line)["leaf"]["vkey"] for line in files_of(archive)[ROTATIONS].splitlines()]
    assert told == [second, third]
    await accepted(story, archive, tmp_path, first)
    await accepted(story, archive, tmp_path, first, second, third)


async def test_the_page_follows_too(office: Office, tmp_path: Path) -> None:
    story = await Evidenced.begun(office)
    await story.take()
    await catch_up()
    seen = await seen_now()
    old, _ = await rotated(office)
    await story.take(anchor=seen)
    await story.take(anchor=await seen_now())
    archive = await story.bundle()
    policy = (await story.head.get("/api/log/trust")).json()
    stranger = await strangers_key(notes.read_vkey(old).name)
    shown = await asyncio.to_thread(_shown, archive, tmp_path, [{**policy, "logs": [key]} for key in (old, stranger)])
    assert (shown[0]["verdict"], shown[0]["failures"]) == ("REMARKS", [])
    assert shown[1]["verdict"] == "REFUSED"
    assert "log.signature" in shown[1]["failures"]


def _shown(archive: bytes, place: Path, policies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    bundles = [Bundle(files_of(archive), policy, Story()) for policy in policies]
    with browser_page.browser() as page:
        page.goto(browser_page.SOURCE.as_uri())
        return [browser_page.judge(page, one, place / str(nth)) for nth, one in enumerate(bundles)]


async def test_without_a_change_nothing_is_said_of_one(office: Office) -> None:
    story = await Evidenced.honest(office, 1)
    assert ROTATIONS not in files_of(await story.bundle())


async def test_a_checkpoint_that_a_phone_had_seen_goes_along(office: Office, tmp_path: Path) -> None:
    story = await Evidenced.begun(office)
    await story.take()
    await catch_up()
    seen = await seen_now()
    await story.take(anchor=seen)
    await story.take(anchor=seen)
    await story.take(anchor={"cp": None, "size": 0, "srv_ms": 10, "mono_ms": 20})  # a phone that saw none yet
    archive = await story.bundle()
    anchors = {path for path in files_of(archive) if path.startswith("data/anchors/")}
    assert anchors == {f"data/anchors/{seen['size']}/{name}" for name in ("checkpoint", "consistency.json")}
    await accepted(story, archive, tmp_path, (await keys.log_signer()).vkey)


async def test_a_phone_that_was_shown_another_log(office: Office, tmp_path: Path) -> None:
    story = await Evidenced.begun(office)
    await story.take()
    await catch_up()
    seen = await seen_now()
    await story.take(anchor={**seen, "cp": b64u(bytes(32))})
    await story.take(anchor={**seen, "size": 2**40})
    failures = await refused(story, await story.bundle(), tmp_path, (await keys.log_signer()).vkey)
    assert failures.keys() == {"log.seen"}
    assert len(failures["log.seen"]) == 2


async def test_who_knows_only_the_new_key_cannot_judge_what_only_the_old_one_signed(
    office: Office, tmp_path: Path
) -> None:
    story = await Evidenced.begun(office)
    await story.take()
    await catch_up()
    await story.take(anchor=await seen_now())
    await catch_up()
    old, new = await rotated(office)
    await story.take(anchor=await seen_now())
    archive = await story.bundle()
    await accepted(story, archive, tmp_path, old)
    await accepted(story, archive, tmp_path, old, new)
    assert "log.signature" in await refused(story, archive, tmp_path, new)


async def test_fetched_before_witnesses_came_by_again(office: Office, settings: Settings, tmp_path: Path) -> None:
    story = await Evidenced.begun(office)
    await story.take()
    await catch_up()
    with running_witness(tmp_path / "w", (await keys.log_signer()).vkey) as witness:
        outside.hold(Outside.of(Settings(witnesses=witness.entry)))
        try:
            await chores.publish_hourly()
            await run_jobs_once(settings)
            await story.take()
            archive = await story.bundle()
            status, told = await verified(story, archive, tmp_path, [(await keys.log_signer()).vkey])
        finally:
            outside.hold(None)
    assert (status, told["failures"]) == (3, {})
    assert "unwitnessed" in told["remarks"]
    assert "no_witnesses" not in told["remarks"]
