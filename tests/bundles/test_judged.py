"""Whether the evidence was time-stamped before somebody judged it, from taking it up to the bundle."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rfc3161_client import decode_timestamp_response

from server.bundles.judged import precedes
from server.kit import clock, db
from server.kit.ids import new_id
from server.settings import Settings
from server.tlog import sequencer
from server.tlog.anchors import der
from server.tlog.anchors.chores import try_again
from server.tlog.audit import Report, audit
from server.tlog.audit.stamps import check_stamps
from tests.bundles.reading import lines
from tests.bundles.synthetic import TOOLS
from tests.factories.bundles import Evidenced, files_of
from tests.factories.people import Office
from tests.factories.tsa import TimeAuthority, time_authority
from tests.factories.worker import run_jobs_once

pytestmark = [pytest.mark.anyio, pytest.mark.requirement("R53")]


@pytest.fixture
def tsa(tmp_path: Path) -> Iterator[TimeAuthority]:
    with time_authority(tmp_path / "tsa") as running:
        yield running


async def explained(story: Evidenced) -> dict[str, Any]:
    answer = await story.head.get(f"/api/evidence/{story.captures[0].id}/trust")
    assert answer.status_code == 200, answer.text
    view: dict[str, Any] = answer.json()
    return view


class TestBeforeTheReview:
    """From taking it up to the bundle: the stamp that shows that the evidence was there before it was judged."""

    @pytest.fixture
    def settings(self, settings: Settings, tsa: TimeAuthority) -> Settings:
        return replace(settings, tsa_urls=tsa.url, tsa_roots=tsa.roots)

    @pytest.fixture
    async def story(self, office: Office) -> Evidenced:
        story = await Evidenced.begun(office)  # not sealed: nothing else has it stamped
        await story.take()
        return story

    async def opened(self, story: Evidenced, settings: Settings) -> None:
        answer = await story.head.post(f"/api/evidence/{story.captures[0].id}/openings", {})
        assert (answer.status_code, answer.json()["recorded"]) == (200, True)
        await self.settle(settings)

    async def judged(self, story: Evidenced, decision: str = "accepted") -> None:
        body = {"id": str(new_id()), "decision": decision, "reason": "看不清"}
        answer = await story.head.post(f"/api/evidence/{story.captures[0].id}/review", body)
        assert answer.status_code == 201, answer.text

    @staticmethod
    def record(line: dict[str, Any]) -> tuple[dict[str, Any], int]:
        """An entry of the bundle and its place in the log."""
        return line["entry"], line["index"]

    @staticmethod
    def verified(place: Path) -> tuple[int, dict[str, Any]]:
        program = [sys.executable, TOOLS / "verify.py", place / "bundle.zip", place / "trust.json", "--json"]
        checked = subprocess.run([str(one) for one in program], capture_output=True, check=False)
        return checked.returncode, json.loads(checked.stdout)["failures"]

    async def settle(self, settings: Settings) -> None:
        await sequencer.catch_up()
        await run_jobs_once(settings)

    async def step(self, story: Evidenced) -> dict[str, Any] | None:
        view = await explained(story)
        return next((one for one in view["steps"] if one["step"] == "judged"), None)

    async def test_open_stamp_review_bundle(
        self, story: Evidenced, settings: Settings, tsa: TimeAuthority, tmp_path: Path
    ) -> None:
        await sequencer.catch_up()
        await self.opened(story, settings)
        assert await self.step(story) is None  # nobody has judged
        await self.judged(story)
        await self.settle(settings)
        told = await self.step(story)
        assert told is not None
        assert (told["state"], told["level"], told["params"]["who"]) == ("before", "good", "hejing")
        assert told["params"]["stamped_at"] < told["params"]["reviewed_at"]
        acts = [(line["act"], line["detail"]) for line in (await explained(story))["handled"]]
        assert {("capture.opened", "OPENED"), ("capture.reviewed", "ACCEPTED")} <= set(acts)

        files = files_of(await story.bundle("capture", story.captures[0].id))
        told = {one["kind"]: (one, index) for one, index in map(self.record, lines(files["data/custody.jsonl"]))}
        review, index = told["capture.reviewed"]
        assert told["capture.opened"][1] < index
        stamped = min(int(path.split("/")[2]) for path in files if path.startswith("data/anchors/"))
        assert stamped <= index  # the log that was stamped first ends before the review
        token = decode_timestamp_response(der.in_order(files[f"data/anchors/{stamped}/token.tsr"]))
        assert clock.to_ms(token.tst_info.gen_time) * 1000 < review["at_us"]
        page = files["data/report/report.html"].decode()
        assert "审核前已盖时间戳" in page
        assert "审核时尚无时间戳" not in page

        (tmp_path / "trust.json").write_bytes((await story.head.get("/api/log/trust")).content)
        (tmp_path / "bundle.zip").write_bytes(await story.bundle("capture", story.captures[0].id))
        assert self.verified(tmp_path) == (3, {})

    async def test_while_the_authority_is_down_reviews_go_on_and_it_is_said(
        self, story: Evidenced, settings: Settings, tsa: TimeAuthority
    ) -> None:
        tsa.mood = "busy"
        await sequencer.catch_up()
        await self.opened(story, settings)
        await self.judged(story)
        await self.settle(settings)
        told = await self.step(story)
        assert told is not None
        assert (told["state"], told["level"]) == ("without", "warn")
        assert "审核时尚无时间戳，至今仍无" in files_of(await story.bundle())["data/report/report.html"].decode()

        tsa.mood = "honest"
        later = clock.now_ms() + 120_000
        with clock.held_at(lambda: clock.from_ms(later)):
            await try_again()
            await run_jobs_once(settings)
        told = await self.step(story)
        assert told is not None
        assert (told["state"], told["level"]) == ("after", "warn")
        with clock.held_at(lambda: clock.from_ms(later + 1000)):
            await self.judged(story, "rejected")  # of several decisions the newest counts
        told = await self.step(story)
        assert told is not None
        assert (told["state"], told["level"]) == ("before", "good")

    async def test_a_review_without_opening_has_its_stamp_after_it(
        self, story: Evidenced, settings: Settings, tsa: TimeAuthority
    ) -> None:
        await self.judged(story)
        await self.settle(settings)
        told = await self.step(story)
        assert told is not None
        assert (tsa.asked, told["state"], told["level"]) == (1, "after", "warn")
        assert "此后盖于" in files_of(await story.bundle())["data/report/report.html"].decode()

    async def test_a_review_moved_behind_its_stamp_does_not_turn_green(
        self, story: Evidenced, settings: Settings
    ) -> None:
        """Row and act, both changed behind the guards: the act is no leaf any more, and nothing tells an order."""
        await self.judged(story)
        await self.settle(settings)
        async with db.transaction() as conn:
            await conn.execute("SET LOCAL session_replication_role = replica")
            await conn.execute("UPDATE reviews SET at = at + interval '1 hour'")
            await conn.execute("UPDATE journal_entries SET at = at + interval '1 hour' WHERE kind = 'capture.reviewed'")
        told = await self.step(story)
        assert told is not None
        assert (told["state"], told["level"]) == ("unproven", "warn")

    async def test_a_stamp_whose_row_was_set_back_is_found_by_the_audit(
        self, story: Evidenced, settings: Settings
    ) -> None:
        """What is told as the authority's time stands in a row beside the token."""
        await self.opened(story, settings)
        for change in (
            "gen_time = gen_time - interval '1 day', at = at - interval '1 day'",
            "imprint = sha256('x')",
            "token = '\\x30'",
        ):
            async with db.connection() as conn:
                undone = conn.transaction()
                await undone.start()
                await conn.execute("SET LOCAL session_replication_role = replica")
                await conn.execute(f"UPDATE log_anchors SET {change}")
                report = Report()
                await check_stamps(conn, report)
                await undone.rollback()
            assert {one.code for one in report.findings} == {"stamp_differs"}, change
        assert (await audit()).findings == []

    async def test_a_review_that_is_still_on_its_way_into_the_log_is_told(
        self, story: Evidenced, settings: Settings
    ) -> None:
        await sequencer.catch_up()
        await self.opened(story, settings)
        await self.judged(story)
        told = await self.step(story)
        assert told is not None
        assert (told["state"], told["level"]) == ("before", "good")

    async def test_the_audit_agrees(self, story: Evidenced, settings: Settings) -> None:
        await self.opened(story, settings)
        await self.judged(story)
        await self.settle(settings)
        assert (await audit()).findings == []


@pytest.mark.parametrize(
    ("size", "attested", "kept", "index", "before"),
    [
        (9, 3, 4, 9, True),
        (9, 3, 4, None, True),
        (10, 3, 4, 9, False),  # the stamped log holds the review
        (9, 6, 4, 9, False),  # the authority says later
        (9, 3, 6, 9, False),  # its answer came later, whatever it says
    ],
)
def test_all_that_is_known_of_a_stamp_must_come_before(
    size: int, attested: int, kept: int, index: int | None, before: bool
) -> None:
    at = [clock.from_ms(1000 * second) for second in range(8)]
    assert precedes(size, at[attested], at[kept], judged=at[5], index=index) is before


async def test_where_nobody_stamps_nothing_is_said_of_the_review(office: Office) -> None:
    story = await Evidenced.honest(office, 2)
    body = {"id": str(new_id()), "decision": "accepted"}
    assert (await story.head.post(f"/api/evidence/{story.captures[0].id}/review", body)).status_code == 201
    assert "judged" not in [step["step"] for step in (await explained(story))["steps"]]
    assert "审核时" not in files_of(await story.bundle())["data/report/report.html"].decode()
