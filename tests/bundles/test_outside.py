"""What outside bodies vouch for in the product's bundles: renewals of time stamps, and witnesses, few or enough."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from server.kit import clock, db
from server.settings import Settings
from server.tlog import keys
from server.tlog.anchors import chores, outside, renewal
from server.tlog.anchors.outside import Outside
from server.tlog.anchors.stamping import obtain
from server.tlog.sequencer import catch_up
from tests.bundles.test_key_change import verified
from tests.factories.bundles import Evidenced, files_of, order
from tests.factories.people import Office
from tests.factories.tsa import TimeAuthority, time_authority
from tests.factories.witness import RunningWitness, running_witness
from tests.factories.worker import run_jobs_once

pytestmark = [pytest.mark.anyio, pytest.mark.requirement("R53")]


@pytest.fixture
def tsa(tmp_path: Path) -> Iterator[TimeAuthority]:
    with time_authority(tmp_path / "tsa") as running:
        yield running


@pytest.fixture
async def witness(office: Office, tmp_path: Path) -> AsyncIterator[RunningWitness]:
    with running_witness(tmp_path / "w", (await keys.log_signer()).vkey) as running:
        yield running
        outside.hold(None)


async def logs() -> list[str]:
    return [(await keys.log_signer()).vkey]


class TestRenewals:
    @pytest.fixture
    async def story(
        self, office: Office, settings: Settings, tsa: TimeAuthority, monkeypatch: pytest.MonkeyPatch
    ) -> AsyncIterator[Evidenced]:
        """Evidence stamped by a certificate that ends soon, renewed twice since."""
        outside.hold(Outside.of(Settings(tsa_urls=tsa.url, tsa_roots=tsa.roots)))
        monkeypatch.setattr(renewal, "_NOT_AGAIN", timedelta(0))
        tsa.mood = "ending"
        story = await Evidenced.honest(office, 1)
        await chores.publish_hourly()
        await run_jobs_once(settings)
        await renewal.renew()
        tsa.mood = "honest"
        await renewal.renew()
        yield story
        outside.hold(None)

    async def test_they_go_along_and_are_followed(self, story: Evidenced, tmp_path: Path) -> None:
        archive = await story.bundle()
        (name,) = (path for path in files_of(archive) if path.endswith("renewals.jsonl"))
        told = [json.loads(line) for line in files_of(archive)[name].splitlines()]
        assert [set(line) for line in told] == [{"t", "token", "index", "count", "hashes"}] * 2
        _, report = await verified(story, archive, tmp_path, await logs())
        assert report["failures"] == {}
        assert "tsa.renewal" in report["counts"]
        assert report["counts"]["tsa.renewal"] == 4
        assert "unanchored" not in report["remarks"]

    async def test_the_report_tells_of_them_and_of_what_is_not_asked(
        self, story: Evidenced, tsa: TimeAuthority
    ) -> None:
        page = files_of(await story.bundle())["data/report/report.html"].decode()
        assert page.count(tsa.url) == 3  # the stamp and two renewals
        assert "是否曾被吊销没有核查" in page

    async def test_one_that_came_too_late_is_left_out_and_spoils_nothing(
        self, office: Office, settings: Settings, tsa: TimeAuthority, tmp_path: Path
    ) -> None:
        outside.hold(Outside.of(Settings(tsa_urls=tsa.url, tsa_roots=tsa.roots)))
        tsa.mood = "ending"
        story = await Evidenced.honest(office, 1)
        await chores.publish_hourly()
        await run_jobs_once(settings)
        row = await db.fetch_one("SELECT id AS anchor_id, NULL::uuid AS older_id, certificate_until FROM log_anchors")
        assert row is not None
        # As after a month in which nothing ran: an honest stamp over the old one, when that one's certificate was over.
        (authority,) = outside.outside().authorities
        stamp = await asyncio.to_thread(obtain, authority.url, outside.outside().roots, b"r" * 32)
        ended = row["certificate_until"]
        late = replace(stamp, gen_time=ended + timedelta(days=1), certificate_until=ended + timedelta(days=400))
        await renewal._keep([row], [b"l" * 32], b"r" * 32, authority, late)
        archive = await story.bundle()
        assert not [path for path in files_of(archive) if path.endswith("renewals.jsonl")]
        _, report = await verified(story, archive, tmp_path, await logs())
        assert report["failures"] == {}
        assert "尚无需要" in files_of(archive)["data/report/report.html"].decode()
        with clock.held_at(lambda: ended + timedelta(days=2)):
            afterwards = await story.bundle()
        assert "证书已到期，未及时续签" in files_of(afterwards)["data/report/report.html"].decode()
        outside.hold(None)


class TestQuorum:
    async def test_before_any_witness_signed_it_is_said_and_not_fetched_unawares(
        self, office: Office, settings: Settings, witness: RunningWitness, tmp_path: Path
    ) -> None:
        outside.hold(Outside.of(Settings(witnesses=witness.entry)))
        story = await Evidenced.honest(office, 1)
        made = (await order(story.head, "visit", story.visit.id)).json()
        await catch_up()
        url = f"/api/bundles/{made['id']}"
        assert (made["witnesses_signed"], made["witnesses_needed"]) == (0, 1)
        answer = await story.head.get(f"{url}/file")
        assert (answer.status_code, answer.json()["code"]) == (409, "quorum_pending")
        early = await story.head.get(f"{url}/file?early=true")
        status, told = await verified(story, early.content, tmp_path, await logs())
        assert (status, set(told["failures"])) == (1, {"log.witnesses"})
        await chores.publish_hourly()
        await run_jobs_once(settings)
        told = (await story.head.get(url)).json()
        assert (told["witnesses_signed"], told["witnessed"]) == (1, "done")
        answer = await story.head.get(f"{url}/file")
        status, told = await verified(story, answer.content, tmp_path, await logs())
        assert (status, told["failures"]) == (3, {})

    async def test_a_stamped_checkpoint_that_alone_was_cosigned_brings_the_lines_along(
        self, office: Office, settings: Settings, witness: RunningWitness, tsa: TimeAuthority, tmp_path: Path
    ) -> None:
        known = Settings(witnesses=witness.entry, tsa_urls=tsa.url, tsa_roots=tsa.roots)
        outside.hold(Outside.of(known))
        story = await Evidenced.honest(office, 1)
        await chores.publish_hourly()
        await run_jobs_once(settings)
        archive = await story.bundle()
        assert [path for path in files_of(archive) if path.endswith("/cosigned")]
        status, told = await verified(story, archive, tmp_path, await logs())
        assert (status, told["failures"]) == (3, {})
