"""Time stamps from outside: what is kept is what verifies, nothing waits for an authority, what is pending is seen.

The authority is a real one (`openssl ts`), and `openssl ts -verify` judges what was kept.
"""

from __future__ import annotations

import asyncio
import hashlib
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from server.kit import clock, db
from server.kit.jobs import Task, TryAgain
from server.settings import BadSetting, Settings
from server.tlog import queries as log
from server.tlog import sequencer
from server.tlog.anchors import chores, http, jobs, outside, queries
from server.tlog.anchors.outside import Outside
from server.tlog.anchors.state import AnchorState, anchor_state
from server.tlog.anchors.wanting import want
from tests.factories.tsa import TimeAuthority, time_authority
from tests.factories.worker import held_jobs, run_jobs_once
from tests.tlog.conftest import Author

pytestmark = [pytest.mark.anyio, pytest.mark.requirement("R53")]


@pytest.fixture
def tsa(tmp_path: Path) -> Iterator[TimeAuthority]:
    with time_authority(tmp_path / "tsa") as running:
        yield running


def known(*authorities: TimeAuthority, **more: str) -> Outside:
    """These authorities as the settings would name them; the first one's root is trusted."""
    urls = ",".join(one.url for one in authorities)
    return Outside.of(Settings(tsa_urls=urls, tsa_roots=authorities[0].roots if authorities else None, **more))


@pytest.fixture
async def anchored(author: Author, tsa: TimeAuthority) -> AsyncIterator[Author]:
    """An author whose log is stamped by the authority."""
    outside.hold(known(tsa))
    yield author
    outside.hold(None)


async def grow(author: Author, entries: int = 1) -> int:
    """Add entries and sign; the new size."""
    await author.act(entries=entries)
    size = await sequencer.catch_up()
    assert size
    return size


async def ask(settings: Settings, size: int, reason: str = "demand") -> None:
    """Want a stamp and run what follows."""
    async with db.transaction() as conn:
        await want(conn, reason, size)  # type: ignore[arg-type]
    await run_jobs_once(settings)


async def state() -> AnchorState:
    async with db.connection() as conn:
        return await anchor_state(conn)


def openssl_accepts(anchor: queries.Anchor, tsa: TimeAuthority, folder: Path) -> bool:
    """What an expert would type: the stored answer, the note as a file, and the authority's root."""
    (folder / "checkpoint").write_text(anchor.note)
    (folder / "token.tsr").write_bytes(anchor.token)
    command = ["openssl", "ts", "-verify", "-data", "checkpoint", "-in", "token.tsr", "-CAfile", str(tsa.roots)]
    return subprocess.run(command, cwd=folder, capture_output=True).returncode == 0


class TestAnchors:
    """From a want to a row, and what the rows say."""

    async def test_a_wanted_checkpoint_is_stamped_and_openssl_agrees(
        self, anchored: Author, settings: Settings, tsa: TimeAuthority, tmp_path: Path
    ) -> None:
        size = await grow(anchored, 3)
        await ask(settings, size)
        async with db.connection() as conn:
            (anchor,) = await queries.anchors_upto(conn, size)
            checkpoint = await log.latest_checkpoint(conn)
            assert checkpoint is not None
            assert (anchor.size, anchor.note, anchor.requested_for) == (size, checkpoint.note, ("demand",))
            assert anchor.imprint == hashlib.sha256(anchor.note.encode()).digest()
            assert await queries.anchors_upto(conn, size - 1) == []
            covering = await queries.earliest_covering(conn, size - 1)
            assert covering == anchor
            assert await queries.earliest_covering(conn, size) is None
        assert openssl_accepts(anchor, tsa, tmp_path)
        assert not openssl_accepts(replace(anchor, note=anchor.note + "\n"), tsa, tmp_path)

    async def test_one_stamp_serves_all_who_wait(
        self, anchored: Author, settings: Settings, tsa: TimeAuthority
    ) -> None:
        async with db.transaction() as conn:
            for reason in ("seal", "decision", "seal"):
                await want(conn, reason, 1)  # type: ignore[arg-type]
        size = await grow(anchored, 2)
        await run_jobs_once(settings)
        async with db.connection() as conn:
            (anchor,) = await queries.anchors_upto(conn, size)
        assert anchor.requested_for == ("decision", "seal")
        assert tsa.asked == 1

    async def test_an_act_is_covered_by_the_stamp_it_asked_for(
        self, anchored: Author, settings: Settings, tsa: TimeAuthority
    ) -> None:
        await anchored.act(entries=1)
        entry_id: UUID = await db.fetch_value("SELECT id FROM journal_entries")
        task = Task(org_id=anchored.org_id, entry_id=entry_id, subject_id=entry_id)
        with pytest.raises(TryAgain):  # the sequencer has not come to it yet
            await jobs.anchor_seal(task)
        await grow(anchored, 4)
        await jobs.anchor_seal(task)
        await jobs.anchor_seal(task)  # twice is once
        await run_jobs_once(settings)
        assert await db.fetch_value("SELECT array_agg(size) FROM log_anchor_wants") == [1]
        assert await db.fetch_value("SELECT requested_for FROM log_anchors") == ["seal"]
        assert tsa.asked == 1

    async def test_a_stamp_of_something_else_cannot_be_stored(self, anchored: Author, settings: Settings) -> None:
        first = await grow(anchored)
        await ask(settings, first)
        await grow(anchored)
        with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="something else"):
            await db.execute(
                "INSERT INTO log_anchors SELECT uuidv7(), $1, tsa, imprint, token, gen_time, certificate_sha256,"
                " certificate_until, requested_for, at FROM log_anchors",
                first + 1,
            )

    @pytest.mark.parametrize("table", ["log_anchors", "log_anchor_wants"])
    async def test_nothing_is_changed_or_taken_away(self, anchored: Author, settings: Settings, table: str) -> None:
        await ask(settings, await grow(anchored))
        for sql in (f"UPDATE {table} SET at = now()", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
            with pytest.raises(asyncpg.IntegrityConstraintViolationError):
                await db.execute(sql)

    async def test_the_hour_publishes_stamps_and_asks_nothing_when_nothing_happened(
        self, anchored: Author, settings: Settings, tsa: TimeAuthority
    ) -> None:
        await chores.publish_hourly()  # an empty log
        size = await grow(anchored)
        assert (await state()).published_size == 0
        for _ in range(2):
            await chores.publish_hourly()
            await run_jobs_once(settings)
        shown = await state()
        assert (shown.published_size, shown.vouched, shown.authorities[0].size) == (size, True, size)
        assert await db.fetch_value("SELECT requested_for FROM log_anchors") == ["hourly"]
        assert tsa.asked == 1


class TestWithout:
    """Nobody to ask, or nobody there."""

    async def test_without_an_authority_the_log_is_published_and_says_that_nobody_vouches(self, author: Author) -> None:
        size = await grow(author)
        await chores.publish_hourly()
        await chores.try_again()
        shown = await state()
        assert (shown.vouched, shown.witnessed, shown.authorities, shown.witnesses) == (False, False, (), ())
        assert (shown.published_size, shown.published_at is not None) == (size, True)

    @pytest.mark.parametrize("mood", ["busy", "silent", "other_imprint", "stranger"])
    async def test_work_goes_on_while_the_authority_does_not_help(
        self,
        anchored: Author,
        settings: Settings,
        tsa: TimeAuthority,
        mood: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        if mood == "silent":
            monkeypatch.setattr(http, "STEP_SECONDS", 0.1)
        tsa.mood = mood
        size = await grow(anchored)
        before = clock.now()
        writing = asyncio.gather(*(anchored.act() for _ in range(8)))
        await ask(settings, size, "seal")
        await writing
        assert await sequencer.catch_up() == size + 9
        await chores.publish_hourly()

        (seen,) = (await state()).authorities
        assert seen.pending_since is not None
        assert seen.pending_since >= before
        assert seen.attempts is not None
        assert (seen.attempts.count, seen.size) == (1, 0)
        assert (await state()).published_size == size + 9
        assert not (await state()).vouched
        assert await db.fetch_value("SELECT count(*) FROM log_anchors") == 0
        assert await held_jobs() == []

        # When it is back, one stamp of the newest checkpoint makes up for everything.
        monkeypatch.undo()
        tsa.mood = "honest"
        with clock.held_at(lambda: before + timedelta(minutes=3)):
            await chores.try_again()
            await run_jobs_once(settings)
            (seen,) = (await state()).authorities
        assert (seen.pending_since, seen.attempts, seen.size) == (None, None, size + 9)
        assert await db.fetch_value("SELECT requested_for FROM log_anchors") == ["hourly", "seal"]

    async def test_pauses_grow_and_end_at_a_quarter_of_an_hour(
        self, anchored: Author, settings: Settings, tsa: TimeAuthority
    ) -> None:
        tsa.mood = "busy"
        now = clock.now()
        with clock.held_at(lambda: now):
            await ask(settings, await grow(anchored))
            pauses = []
            for _ in range(7):
                (seen,) = (await state()).authorities
                assert seen.attempts is not None
                pauses.append((seen.attempts.again_at - seen.attempts.last_at) // timedelta(minutes=1))
                now = seen.attempts.again_at - timedelta(seconds=1)
                await chores.try_again()
                asked = tsa.asked
                await run_jobs_once(settings)
                assert tsa.asked == asked  # too early
                now = seen.attempts.again_at
                await chores.try_again()
                await run_jobs_once(settings)
                assert tsa.asked == asked + 1
        assert pauses == [1, 2, 4, 8, 15, 15, 15]

    async def test_one_authority_down_does_not_hold_up_the_other(
        self, author: Author, settings: Settings, tsa: TimeAuthority
    ) -> None:
        gone = "http://127.0.0.1:9/tsa"
        outside.hold(Outside.of(Settings(tsa_urls=f"{gone},{tsa.url}", tsa_roots=tsa.roots)))
        size = await grow(author)
        await ask(settings, size)
        first, second = (await state()).authorities
        assert (first.name, first.size, first.attempts is not None) == (gone, 0, True)
        assert (second.size, second.pending_since, second.attempts) == (size, None, None)
        assert (await state()).vouched
        outside.hold(None)


class TestSettings:
    """What the composition root reads."""

    @pytest.mark.parametrize(
        "values",
        [
            {"tsa_urls": "http://tsa.example/"},
            {"tsa_urls": "tsa.example", "tsa_roots": Path("tests/__init__.py")},
            {"tsa_urls": "http://tsa.example/", "tsa_roots": Path("no/such/file.pem")},
            {"tsa_urls": "http://tsa.example:port/", "tsa_roots": Path("tests/__init__.py")},
            {"witnesses": "not-a-key http://127.0.0.1:1"},
            # The key of a log is not that of a witness.
            {"witnesses": "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k http://127.0.0.1:1"},
        ],
    )
    async def test_what_cannot_be_used_is_refused_in_both_languages(self, values: dict[str, str]) -> None:
        with pytest.raises(BadSetting, match=r"ZHICHA_.* / .*ZHICHA_"):
            Outside.of(Settings(**values))  # type: ignore[arg-type]

    async def test_accounts_in_addresses_are_not_shown(self, tsa: TimeAuthority) -> None:
        (one,) = known(replace(tsa, url="https://user:secret@tsa.example/rfc3161?key=secret")).authorities
        assert one.name == "https://tsa.example/rfc3161"
