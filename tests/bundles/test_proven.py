"""Everything in a bundle is proven against one checkpoint, its table of contents too."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest

from server.bundles import proofs
from server.journal.leaves import entry_leaf, leaf_hash
from server.kit import canonical
from server.tlog import notes
from server.tlog.proofs import check_inclusion
from server.tlog.sequencer import catch_up
from tests.bundles.reading import lines, sha256
from tests.bundles.trees import unb64u
from tests.factories.bundles import Evidenced, files_of, order

pytestmark = [pytest.mark.anyio, pytest.mark.requirement("R53")]


class TestProofs:
    async def test_everything_is_proven_against_the_one_checkpoint(self, story: Evidenced) -> None:
        files = files_of(await story.bundle())
        note = files["data/log/checkpoint"].decode()
        _, size, root = notes.read_checkpoint(notes.read_note(note)[0])
        count = 0
        for path, data in files.items():
            if path.endswith("leaf.json"):
                head, told = files[path.replace("leaf.json", "log.tlog-proof")].decode().split("\n\n", 1)
                assert told == note
                first, index, *hashes = head.split("\n")
                assert first == "c2sp.org/tlog-proof@v1"
                path_hashes = [base64.b64decode(one) for one in hashes]
                check_inclusion(leaf_hash(data), int(index.removeprefix("index ")), size, path_hashes, root)
                count += 1
        entries = [*lines(files["data/custody.jsonl"]), *lines(files["data/keys/enrolments.jsonl"])]
        for line in entries:
            leaf = leaf_hash(entry_leaf(canonical.encode(line["entry"])))
            check_inclusion(leaf, line["index"], size, [unb64u(one) for one in line["hashes"]], root)
        assert count == 6
        assert {line["entry"]["kind"] for line in entries} >= {
            "device.enrolled",
            "capture_session.opened",
            "capture.recorded",
            "capture.original_received",
            "capture.discarded",
            "capture_session.sealed",
        }

    async def test_the_table_of_contents_is_in_the_log(self, story: Evidenced) -> None:
        files = files_of(await story.bundle())
        table, entry = json.loads(files["data/bundle.json"]), lines(files["data/custody.jsonl"])[-1]["entry"]
        assert (entry["kind"], entry["subject"]) == ("bundle.exported", table["id"])
        assert entry["data"]["bundle_sha256"] == hashlib.sha256(files["data/bundle.json"]).hexdigest()
        assert table["report"] == sha256(files["data/report/report.html"])
        for name, path in (("custody", "data/custody.jsonl"), ("keys", "data/keys/enrolments.jsonl")):
            told = [line["entry"] for line in lines(files[path]) if line["entry"] != entry]
            digests = [hashlib.sha256(canonical.encode(one)).digest() for one in told]
            assert table[name] == sha256(b"".join(digests))

    async def test_while_the_log_lags_there_is_no_bundle(
        self, story: Evidenced, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = await order(story.head, "visit", story.visit.id)
        url = f"/api/bundles/{made.json()['id']}"
        # The order itself is not in the log yet: one entry.
        assert (made.json()["state"], made.json()["waiting"]) == ("waiting", 1)
        monkeypatch.setattr(proofs, "PATIENCE_SECONDS", 0)
        answer = await story.head.get(f"{url}/file")
        assert (answer.status_code, answer.json()["code"]) == (503, "log_pending")
        assert answer.headers["retry-after"]
        await catch_up()
        assert (await story.head.get(url)).json()["state"] == "ready"
        assert (await story.head.get(f"{url}/file")).status_code == 200
