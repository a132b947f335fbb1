"""What is in a bundle: whole chains, originals of the scope, and a list of all that is left out."""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from server.journal.leaves import b64u
from server.tlog.sequencer import catch_up
from tests.bundles.reading import SIGNED, case_citing, folders, lines, sha256
from tests.factories.bundles import PURPOSE, Evidenced, files_of, order, unpacked
from tests.factories.people import Office
from tests.factories.worker import run_jobs_once

pytestmark = [pytest.mark.anyio, pytest.mark.requirement("R53")]


class TestScopes:
    async def test_a_visit_holds_every_chain_and_every_original(self, story: Evidenced) -> None:
        files = files_of(await story.bundle())
        original = {*SIGNED, "original-1.jpg"}
        assert folders(files, story.chain.id) == {
            "0000": SIGNED,
            **{f"000{n}": original for n in (1, 2, 3)},
            "0004": SIGNED,
            "0005": SIGNED,
        }
        for n, taken in enumerate(story.captures, start=1):
            assert files[f"data/sessions/{story.chain.id}/000{n}/original-1.jpg"] == taken.photo
        table = json.loads(files["data/bundle.json"])
        last = sha256(files[f"data/sessions/{story.chain.id}/0005/statement.json"])
        assert table["sessions"] == [{"id": str(story.chain.id), "count": 5, "last": last}]
        assert (table["scope"], table["subject"], table["purpose"]) == ("visit", str(story.visit.id), PURPOSE)

    async def test_a_capture_brings_its_whole_chain_but_only_its_own_picture(self, story: Evidenced) -> None:
        chosen = story.captures[1]
        files = files_of(await story.bundle("capture", chosen.id))
        found = folders(files, story.chain.id)
        assert {number for number, names in found.items() if "original-1.jpg" in names} == {"0002"}
        assert all(names >= SIGNED for names in found.values())
        withheld = json.loads(files["data/bundle.json"])["withheld"]
        others = {b64u(hashlib.sha256(one.photo).digest()) for one in story.captures if one is not chosen}
        assert {line["sha256"] for line in withheld if line["what"] == "original"} == others
        assert {line["why"] for line in withheld if line["what"] == "original"} == {"scope"}

    async def test_a_case_holds_what_it_cites(self, office: Office, story: Evidenced) -> None:
        case_id = await case_citing(office, story, story.captures[0].id)
        files = files_of(await story.bundle("case", case_id))
        cited = sha256(files[f"data/sessions/{story.chain.id}/0001/statement.json"])
        case = json.loads(files["data/case.json"])
        assert case["citations"] == [{"stmt": cited, "capture": str(story.captures[0].id)}]
        assert json.loads(files["data/bundle.json"])["case"] == sha256(files["data/case.json"])
        assert "case.evidence_cited" in {line["entry"]["kind"] for line in lines(files["data/custody.jsonl"])}
        pictures = {path for path in files if "original-" in path}
        assert pictures == {f"data/sessions/{story.chain.id}/0001/original-1.jpg"}


class TestWithholding:
    async def test_personal_parts_stay_here_unless_chosen(self, story: Evidenced) -> None:
        without = files_of(await story.bundle())
        assert not [path for path in without if path.endswith("private.json")]
        table = json.loads(without["data/bundle.json"])
        assert [(line["what"], line["why"]) for line in table["withheld"]] == [("private", "personal")] * 3
        files = files_of(await story.bundle(personal=True))
        assert json.loads(files["data/bundle.json"])["withheld"] == []
        for n in (1, 2, 3):
            base = f"data/sessions/{story.chain.id}/000{n}"
            said = json.loads(files[f"{base}/statement.json"])["priv_h"]
            assert sha256(files[f"{base}/private.json"]) == said

    async def test_what_has_not_arrived_is_said(self, office: Office) -> None:
        story = await Evidenced.begun(office)
        await story.phone.record(story.chain, with_private=False)
        files = files_of(await story.bundle())
        told = [(line["what"], line["why"]) for line in json.loads(files["data/bundle.json"])["withheld"]]
        assert sorted(told) == [("original", "awaited"), ("private", "absent")]

    async def test_what_happens_afterwards_changes_nothing_in_it(self, office: Office) -> None:
        story = await Evidenced.begun(office)
        await story.take()
        (late,) = await story.phone.record(story.chain)
        made = await order(story.head, "visit", story.visit.id)
        await story.phone.upload(late)
        await story.take()
        await story.sealed()
        await catch_up()
        files = files_of((await story.head.get(f"/api/bundles/{made.json()['id']}/file")).content)
        assert set(folders(files, story.chain.id)) == {"0000", "0001", "0002"}
        assert [path for path in files if "original-" in path] == [
            f"data/sessions/{story.chain.id}/0001/original-1.jpg"
        ]
        bundle_sha256 = lines(files["data/custody.jsonl"])[-1]["entry"]["data"]["bundle_sha256"]
        assert bundle_sha256 == hashlib.sha256(files["data/bundle.json"]).hexdigest()

    async def test_copies_name_their_original(self, office: Office, settings: Any) -> None:
        story = await Evidenced.honest(office, 1, real=True)
        await run_jobs_once(settings)
        files = files_of(await story.bundle(personal=True))
        copies = json.loads(files["data/bundle.json"])["copies"]
        assert [copy["kind"] for copy in copies] == ["preview", "watermark"]
        for copy in copies:
            name = f"data/sessions/{story.chain.id}/0001/derived/{copy['kind']}.jpg"
            assert sha256(files[name]) == copy["sha256"]
            assert copy["from"] == sha256(story.captures[0].photo)
        # The watermark names the inspector and the place: it goes along only with the personal parts.
        without = files_of(await story.bundle())
        assert [copy["kind"] for copy in json.loads(without["data/bundle.json"])["copies"]] == ["preview"]


class TestTheVerifierThatGoesAlong:
    @pytest.mark.parametrize("scope", ["capture", "visit", "case"])
    @pytest.mark.parametrize("personal", [False, True])
    async def test_accepts_it(
        self, office: Office, story: Evidenced, tmp_path: Path, scope: str, personal: bool
    ) -> None:
        target = {"capture": story.captures[0].id, "visit": story.visit.id}.get(scope)
        if target is None:
            target = UUID(await case_citing(office, story, story.captures[0].id))
        bag = unpacked(await story.bundle(scope, target, personal=personal), tmp_path)
        (tmp_path / "trust.json").write_text((await story.head.get("/api/log/trust")).text)
        run = [sys.executable, str(bag / "data/tools/verify.py"), str(bag), str(tmp_path / "trust.json")]
        checked = await asyncio.create_subprocess_exec(*run, stdout=asyncio.subprocess.PIPE)
        told, _ = await checked.communicate()
        assert checked.returncode == 3, told.decode()  # accepted with remarks: nobody outside was asked to vouch
