"""What is in a bundle: whole chains, originals of the scope, proofs, custody, and a list of all that is left out."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from server.access.roles import Role
from server.bundles import proofs
from server.journal.leaves import b64u, entry_leaf, leaf_hash
from server.kit import canonical, clock, db
from server.kit.ids import new_id
from server.tlog import notes
from server.tlog.proofs import check_inclusion
from server.tlog.sequencer import catch_up
from tests.factories.bundles import PURPOSE, Evidenced, files_of, order, unpacked
from tests.factories.cases import case_body
from tests.factories.people import Office
from tests.factories.worker import run_jobs_once

pytestmark = [pytest.mark.anyio, pytest.mark.requirement("R53")]


@pytest.fixture
async def story(office: Office) -> Evidenced:
    return await Evidenced.honest(office, 3)


def sha256(data: bytes) -> str:
    return b64u(hashlib.sha256(data).digest())


def lines(data: bytes) -> list[Any]:
    return [json.loads(line) for line in data.splitlines()]


def folders(files: dict[str, bytes], session: UUID) -> dict[str, set[str]]:
    """Number of the statement → names of its files."""
    found: dict[str, set[str]] = {}
    for path in files:
        if path.startswith(f"data/sessions/{session}/"):
            _, _, _, number, name = path.split("/", 4)
            found.setdefault(number, set()).add(name)
    return found


SIGNED = {"statement.json", "statement.sig", "leaf.json", "log.tlog-proof"}


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


async def case_citing(office: Office, story: Evidenced, *captures: UUID) -> str:
    """A draft of the head's, on a finding made as rows."""
    finding = new_id()
    await db.execute(
        "INSERT INTO findings (id, org_id, visit_id, item_id, text, category, severity, state, person_id, found_at,"
        " recorded_at) VALUES ($1, $2, $3, $4, '连墙件缺失', 'SAFETY', 'SERIOUS', 'RECORDED', $5, $6, $6)",
        finding,
        office.org_id,
        story.visit.id,
        story.visit.item_id,
        story.phone.caller.person_id,
        clock.now(),
    )
    drafted = await story.head.post("/api/cases", case_body(finding, *captures))
    assert drafted.status_code == 201, drafted.text
    return str(drafted.json()["id"])


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


def unb64u(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


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


class TestWhoMay:
    async def test_only_those_who_may_take_evidence_out(self, office: Office, story: Evidenced) -> None:
        unit = await office.caller("unit", Role.LIAISON, unit=office.handling_unit)
        leader = await office.caller("fenguan", Role.LEADER)
        for caller in (unit, leader):
            assert (await order(caller, "visit", story.visit.id)).status_code == 403

    @pytest.mark.requirement("R81")
    async def test_a_covert_visit_does_not_exist_for_others(self, office: Office, story: Evidenced) -> None:
        stranger = await office.caller("zhouheng", Role.SUP)
        targets = (("visit", story.visit.id), ("capture", story.captures[0].id))
        for scope, target in targets:
            hidden = await order(stranger, scope, target)
            absent = await order(stranger, scope, new_id())
            assert hidden.status_code == absent.status_code == 404
            assert hidden.content == absent.content
        assert (await order(story.phone.caller, "visit", story.visit.id)).status_code == 201

    async def test_personal_parts_leave_only_by_the_head_of_the_office(self, story: Evidenced) -> None:
        refused = await order(story.phone.caller, "visit", story.visit.id, personal=True)
        assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")
        assert (await order(story.head, "visit", story.visit.id, personal=True)).status_code == 201

    async def test_only_who_made_it_fetches_it_and_for_a_day(self, office: Office, story: Evidenced) -> None:
        made = (await order(story.head, "visit", story.visit.id)).json()
        other = await office.caller("lixiang", Role.OFFICE)
        for path in ("", "/file", "/report"):
            assert (await other.get(f"/api/bundles/{made['id']}{path}")).status_code == 404
        await db.execute("ALTER TABLE evidence_exports DISABLE TRIGGER evidence_exports_append_only")
        await db.execute("UPDATE evidence_exports SET made_at = made_at - interval '25 hours'")
        ended = await story.head.get(f"/api/bundles/{made['id']}/file")
        assert (ended.status_code, ended.json()["code"]) == (410, "export_ended")


class TestRecorded:
    async def test_the_purpose_is_asked_and_kept(self, story: Evidenced) -> None:
        for purpose in ("", "   "):
            assert (await order(story.head, "visit", story.visit.id, purpose=purpose)).status_code in (400, 422)
        marked = await order(story.head, "visit", story.visit.id, purpose="绝密★启用前 调取")
        assert marked.status_code == 422
        await story.bundle()
        assert await db.fetch_value("SELECT purpose FROM evidence_exports") == PURPOSE

    async def test_each_capture_tells_that_it_was_taken_out(self, story: Evidenced) -> None:
        await story.bundle()
        kinds = [row["kind"] for row in await db.fetch("SELECT kind FROM journal_entries ORDER BY at, id")]
        assert kinds.count("capture.exported") == 3
        assert kinds.count("bundle.exported") == kinds.count("bundle.delivered") == 1
        assert PURPOSE not in str(await db.fetch("SELECT data FROM journal_entries"))
        second = files_of(await story.bundle())
        told = [line["entry"]["kind"] for line in lines(second["data/custody.jsonl"])]
        assert told.count("capture.exported") == 3  # of the first; its own is the last line

    async def test_what_was_delivered_can_be_recognised(self, story: Evidenced) -> None:
        files = files_of(await story.bundle())
        data = await db.fetch_value("SELECT data FROM journal_entries WHERE kind = 'bundle.delivered'")
        digest = hashlib.sha256(files["tagmanifest-sha256.txt"]).hexdigest()
        assert json.loads(data)["tagmanifest_sha256"] == digest

    async def test_the_same_order_twice_is_one(self, story: Evidenced) -> None:
        made = (await order(story.head, "visit", story.visit.id)).json()
        again = await order(story.head, "visit", story.visit.id, id=made["id"])
        assert again.status_code == 201
        assert await db.fetch_value("SELECT count(*) FROM evidence_exports") == 1
        other = await order(story.head, "capture", story.captures[0].id, id=made["id"])
        assert (other.status_code, other.json()["code"]) == (409, "id_reused")

    async def test_orders_are_never_changed(self, story: Evidenced) -> None:
        await order(story.head, "visit", story.visit.id)
        for sql in (
            "UPDATE evidence_exports SET purpose = 'x'",
            "DELETE FROM evidence_exports",
            "TRUNCATE evidence_exports",
        ):
            with pytest.raises(asyncpg.PostgresError):
                await db.execute(sql)


class TestTheStore:
    async def test_an_original_that_is_gone_is_said_before_the_first_byte(
        self, story: Evidenced, settings: Any
    ) -> None:
        made = (await order(story.head, "visit", story.visit.id)).json()
        await catch_up_and_lose(story, settings, b"")
        answer = await story.head.get(f"/api/bundles/{made['id']}/file")
        assert (answer.status_code, answer.json()["code"]) == (500, "original_gone")

    async def test_changed_bytes_never_leave_as_a_bundle(self, story: Evidenced, settings: Any) -> None:
        made = (await order(story.head, "visit", story.visit.id)).json()
        changed = bytearray(story.captures[0].photo)
        changed[100] ^= 1
        await catch_up_and_lose(story, settings, bytes(changed))
        answer = await story.head.get(f"/api/bundles/{made['id']}/file")
        assert len(answer.content) < int(answer.headers["content-length"])
        kinds = [row["kind"] for row in await db.fetch("SELECT kind FROM journal_entries")]
        assert "bundle.delivered" not in kinds


async def catch_up_and_lose(story: Evidenced, settings: Any, instead: bytes) -> None:
    """Put other bytes (or none) where the first original lies, behind the store's back."""
    await catch_up()
    (place,) = (settings.data_dir / "media").rglob(story.captures[0].sha256)
    place.chmod(0o600)
    if instead:
        place.write_bytes(instead)
    else:
        place.unlink()


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
