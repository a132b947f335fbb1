"""The log and its witnesses: published checkpoints go out, what they sign is kept and served, alarms are seen.

The witness is a real process, as a notary would run it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from server.kit import clock, db
from server.settings import Settings
from server.tlog import console, keys, sequencer
from server.tlog import queries as log
from server.tlog.anchors import chores, outside, queries
from server.tlog.anchors.figures import figures
from server.tlog.anchors.outside import Outside
from server.tlog.anchors.state import WitnessView, anchor_state
from server.tlog.audit import Report
from server.tlog.notes import read_checkpoint, read_note, signature_line
from server.tlog.witnesses.cosignatures import cosignature_in, witness_key
from server.tlog.witnesses.memory import check_memories
from tests.factories.witness import OtherLog, RunningWitness, fetch, running_witness, submit
from tests.factories.worker import run_jobs_once
from tests.tlog.conftest import Author

pytestmark = [pytest.mark.anyio, pytest.mark.requirement("R53")]


class TestClient:
    """The product's side: published checkpoints go out, cosignatures are kept and served."""

    @pytest.fixture
    async def its_vkey(self, author: Author) -> str:
        return (await keys.log_signer()).vkey

    @pytest.fixture
    async def witnessed(self, author: Author, its_vkey: str, tmp_path: Path) -> AsyncIterator[RunningWitness]:
        with running_witness(tmp_path / "w", its_vkey) as witness:
            outside.hold(Outside.of(Settings(witnesses=witness.entry)))
            yield witness
            outside.hold(None)

    @staticmethod
    async def hour(author: Author, settings: Settings, entries: int = 1) -> int:
        """Something happens, and the hour strikes."""
        await author.act(entries=entries)
        size = await sequencer.catch_up()
        assert size
        await chores.publish_hourly()
        await run_jobs_once(settings)
        return size

    @staticmethod
    async def shown() -> WitnessView:
        async with db.connection() as conn:
            (view,) = (await anchor_state(conn)).witnesses
        return view

    async def test_a_published_checkpoint_is_cosigned_and_served(
        self, author: Author, settings: Settings, witnessed: RunningWitness
    ) -> None:
        sizes = [await self.hour(author, settings, entries) for entries in (3, 1, 7)]
        key = witness_key(witnessed.vkey)
        async with db.connection() as conn:
            for size in sizes:
                note = await queries.cosigned_checkpoint(conn, size)
                assert note is not None
                plain = await log.checkpoint_at(conn, size)
                assert plain is not None
                assert note.startswith(plain.note)
                assert cosignature_in(note.removeprefix(plain.note), plain.body, key, clock.now())
            latest = await queries.latest_cosigned(conn)
            assert latest is not None
            assert latest.size == sizes[-1]
            assert await queries.cosigned_checkpoint(conn, 999) is None
        view = await self.shown()
        assert (view.size, view.pending_since, view.attempts, view.alarm) == (sizes[-1], None, None, False)

    async def test_what_is_not_published_is_not_shown_to_witnesses(
        self, author: Author, settings: Settings, witnessed: RunningWitness
    ) -> None:
        published = await self.hour(author, settings)
        await author.act(entries=5)
        assert await sequencer.catch_up() == published + 6
        await chores.try_again()
        await run_jobs_once(settings)
        seen = fetch(f"{witnessed.url}/{hashlib.sha256(b'yunxi.example/log').hexdigest()}/checkpoint").text
        assert read_checkpoint(read_note(seen)[0])[1] == published

    async def test_a_cosignature_whose_answer_was_lost_is_asked_for_again(
        self, author: Author, settings: Settings, witnessed: RunningWitness
    ) -> None:
        outside.hold(None)
        first = await self.hour(author, settings, 3)
        async with db.connection() as conn:
            checkpoint = await log.checkpoint_at(conn, first)
        assert checkpoint is not None
        submit(witnessed, f"old 0\n\n{checkpoint.note}")
        outside.hold(Outside.of(Settings(witnesses=witnessed.entry)))
        await chores.try_again()
        await run_jobs_once(settings)
        assert (await self.shown()).size == first
        # The same, one checkpoint further.
        outside.hold(None)
        second = await self.hour(author, settings, 4)
        outside.hold(Outside.of(Settings(witnesses=witnessed.entry)))
        await chores.try_again()
        await run_jobs_once(settings)
        assert (await self.shown()).size == second

    async def test_a_witness_that_is_down_is_pending_and_catches_up(
        self, author: Author, settings: Settings, its_vkey: str, tmp_path: Path
    ) -> None:
        with running_witness(tmp_path / "w", its_vkey) as witness:
            port = witness.url.rpartition(":")[2]
        outside.hold(Outside.of(Settings(witnesses=witness.entry)))
        before = clock.now()
        size = await self.hour(author, settings, 2)
        view = await self.shown()
        assert view.pending_since is not None
        assert view.pending_since >= before
        assert (view.size, view.alarm) == (0, False)
        assert view.attempts is not None
        assert view.attempts.code == "out_of_reach"
        told = await figures()
        named = f'{{body="witness",name="{view.name}"}}'
        assert f"zhicha_log_outside_failures{named} 1" in told
        (waits,) = [line for line in told if line.startswith(f"zhicha_log_outside_pending_seconds{named} ")]
        assert float(waits.rpartition(" ")[2]) > 0
        size = await self.hour(author, settings, 2)  # the log goes on
        with running_witness(tmp_path / "w", its_vkey, listen=f"127.0.0.1:{port}"):
            later = clock.now() + timedelta(minutes=5)
            with clock.held_at(lambda: later):
                await chores.try_again()
                await run_jobs_once(settings)
        view = await self.shown()
        assert (view.size, view.pending_since, view.attempts) == (size, None, None)
        outside.hold(None)

    async def test_a_fork_raises_an_alarm(self, author: Author, settings: Settings, witnessed: RunningWitness) -> None:
        lying = OtherLog(key=(await keys.log_signer()).key)
        assert submit(witnessed, lying.request(0, 2)).status_code == 200
        await self.hour(author, settings, 3)
        view = await self.shown()
        assert view.alarm
        assert view.attempts is not None
        assert view.attempts.code == "fork"
        (told,) = await db.fetch("SELECT org_id, kind, witness, text FROM log_alarms")
        assert (told["org_id"], told["kind"], told["witness"]) == (author.org_id, "SPLIT_VIEW", view.name)
        assert "yunxi.example/log" in json.loads(told["text"])["checkpoint"]
        # An alarm is not drowned by what fails afterwards.
        witnessed.process.kill()
        witnessed.process.wait()
        later = clock.now() + timedelta(minutes=5)
        with clock.held_at(lambda: later):
            await chores.try_again()
            await run_jobs_once(settings)
        view = await self.shown()
        assert (view.alarm, view.attempts is not None and view.attempts.code) == (True, "out_of_reach")
        assert await db.fetch_value("SELECT count(*) FROM log_cosignatures") == 0

    async def test_a_fork_of_the_same_size_raises_an_alarm(
        self, author: Author, settings: Settings, witnessed: RunningWitness
    ) -> None:
        """409, as c2sp.org/tlog-witness has it: the size is the one that the witness saw, the root is not."""
        outside.hold(None)
        size = await self.hour(author, settings, 3)
        lying = OtherLog(key=(await keys.log_signer()).key)
        assert submit(witnessed, lying.request(0, size)).status_code == 200
        outside.hold(Outside.of(Settings(witnesses=witnessed.entry)))
        await chores.try_again()
        await run_jobs_once(settings)
        view = await self.shown()
        assert (view.alarm, view.attempts is not None and view.attempts.code) == (True, "fork")

    async def test_a_log_that_was_rolled_back_raises_an_alarm(
        self, author: Author, settings: Settings, witnessed: RunningWitness
    ) -> None:
        further = OtherLog(key=(await keys.log_signer()).key)
        assert submit(witnessed, further.request(0, 30)).status_code == 200
        await self.hour(author, settings, 3)
        view = await self.shown()
        assert view.alarm
        assert view.attempts is not None
        assert view.attempts.code == "ahead"

    async def test_a_witness_that_does_not_know_the_log_is_named_so(
        self, author: Author, settings: Settings, tmp_path: Path
    ) -> None:
        for other, code in ((OtherLog(origin="other.example/log"), "log_unknown"), (OtherLog(), "key_unknown")):
            with running_witness(tmp_path / code, other.vkey) as witness:
                outside.hold(Outside.of(Settings(witnesses=witness.entry)))
                await self.hour(author, settings)
                view = await self.shown()
            assert view.attempts is not None
            assert (view.attempts.code, view.alarm) == (code, False)
        outside.hold(None)

    async def test_cosignatures_are_never_changed(
        self, author: Author, settings: Settings, witnessed: RunningWitness
    ) -> None:
        await self.hour(author, settings)
        for sql in (
            "UPDATE log_cosignatures SET at = now()",
            "DELETE FROM log_cosignatures",
            "TRUNCATE log_cosignatures",
        ):
            with pytest.raises(asyncpg.IntegrityConstraintViolationError):
                await db.execute(sql)


class TestAudit:
    """An older backup agrees with itself; only who saw more misses what is gone."""

    @pytest.fixture
    async def remembered(self, author: Author, tmp_path: Path) -> AsyncIterator[tuple[RunningWitness, OtherLog]]:
        """A log of some leaves, and a witness that takes whatever the log's own key signed."""
        await author.act(entries=3)
        await sequencer.catch_up()
        signer = await keys.log_signer()
        with running_witness(tmp_path / "w", signer.vkey) as witness:
            outside.hold(Outside.of(Settings(witnesses=witness.entry)))
            yield witness, OtherLog(key=signer.key)
            outside.hold(None)

    @staticmethod
    async def told() -> list[str]:
        report = Report()
        await check_memories(report)
        return [one.code for one in (*report.findings, *report.remarks)]

    async def test_a_witness_saw_the_same(
        self, author: Author, settings: Settings, remembered: tuple[RunningWitness, OtherLog]
    ) -> None:
        assert await self.told() == []  # it has seen nothing yet
        await TestClient.hour(author, settings)
        await author.act(entries=5)
        await sequencer.catch_up()
        assert await self.told() == []

    async def test_a_witness_saw_more_than_there_is(self, remembered: tuple[RunningWitness, OtherLog]) -> None:
        witness, further = remembered
        assert submit(witness, further.request(0, 30)).status_code == 200
        assert await self.told() == ["behind_witness"]

    async def test_a_witness_saw_another_log(self, remembered: tuple[RunningWitness, OtherLog]) -> None:
        witness, lying = remembered
        assert submit(witness, lying.request(0, 2)).status_code == 200
        assert await self.told() == ["other_than_witness"]

    async def test_a_stranger_does_not_spoil_what_a_witness_tells(
        self, remembered: tuple[RunningWitness, OtherLog]
    ) -> None:
        """Whoever reads the public checkpoint can hand it to the witness again, with a line in the witness's name."""
        witness, further = remembered
        assert submit(witness, further.request(0, 30)).status_code == 200
        key = witness_key(witness.vkey)
        forged = signature_line(key.name, key.key_id, bytes(72))
        assert submit(witness, further.request(30, 30) + forged).status_code == 200
        assert await self.told() == ["behind_witness"]

    async def test_a_witness_that_saw_what_was_logged_meanwhile_saw_the_same(
        self,
        author: Author,
        settings: Settings,
        remembered: tuple[RunningWitness, OtherLog],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """The server goes on while the audit looks: between its look at the log and its question the witness signs."""
        reading = "server.tlog.witnesses.memory.latest_checkpoint"

        async def then_the_log_goes_on(conn: db.Connection) -> Any:
            monkeypatch.setattr(reading, log.latest_checkpoint)
            before = await log.latest_checkpoint(conn)
            await author.act(entries=4)
            await TestClient.hour(author, settings)
            return before

        monkeypatch.setattr(reading, then_the_log_goes_on)
        assert await self.told() == []

    async def test_a_witness_that_is_down_is_named(self, remembered: tuple[RunningWitness, OtherLog]) -> None:
        witness, _ = remembered
        witness.process.kill()
        witness.process.wait()
        assert await self.told() == ["witness_not_asked"]

    async def test_the_command_says_it(
        self, dsn: str, remembered: tuple[RunningWitness, OtherLog], settings: Settings
    ) -> None:
        witness, further = remembered
        submit(witness, further.request(0, 30))
        said: list[str] = []
        known = Outside.of(Settings(witnesses=witness.entry))
        await db.disconnect()
        assert not await console.audit(dsn, said.append, known)
        await db.connect(dsn, min_size=1, max_size=2)
        assert any("恢复过较早的备份" in line and "older backup" in line for line in said)
