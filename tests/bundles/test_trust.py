"""The chain of a capture explained: whole is green, not there yet amber, what contradicts itself red."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.access.roles import Role
from server.bundles import pages
from server.kit import b64u, clock, db
from server.kit.ids import new_id
from server.settings import Settings
from server.tlog import sequencer
from server.tlog.anchors import outside
from server.tlog.anchors.outside import Outside
from server.tlog.publishing import publish
from tests.factories.bundles import Evidenced, files_of, order
from tests.factories.chain import photo
from tests.factories.device import Phone
from tests.factories.people import Office
from tests.factories.tsa import TimeAuthority, time_authority
from tests.factories.worker import run_jobs_once

pytestmark = [pytest.mark.anyio, pytest.mark.requirement("R53")]


@pytest.fixture
async def story(office: Office) -> Evidenced:
    return await Evidenced.honest(office, 2)


@pytest.fixture
def tsa(tmp_path: Path) -> Iterator[TimeAuthority]:
    with time_authority(tmp_path / "tsa") as running:
        yield running
        outside.hold(None)


async def explained(story: Evidenced, nth: int = 0) -> dict[str, Any]:
    answer = await story.head.get(f"/api/evidence/{story.captures[nth].id}/trust")
    assert answer.status_code == 200, answer.text
    view: dict[str, Any] = answer.json()
    return view | {step["step"]: (step["state"], step["level"]) for step in view["steps"]}


async def tampered(table: str, sql: str) -> None:
    """What only an administrator of the database can do."""
    await db.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    await db.execute(sql)


async def test_an_honest_capture_step_by_step(story: Evidenced) -> None:
    view = await explained(story)
    assert view["signed"] == ("ok", "good")
    assert view["complete"] == ("sealed", "good")
    assert view["received"] == ("all", "good")
    assert view["logged"] == ("in", "good")
    assert view["stamped"] == ("none", "warn")
    assert view["witnessed"] == ("none", "info")
    assert view["taken"][0] == "camera"
    assert [line["act"] for line in view["handled"]] == ["capture.recorded", "capture.original_received"]
    assert {line["by"] for line in view["handled"]} == {"linxia"}


async def test_a_photo_picked_from_the_files_is_a_point_to_note(office: Office) -> None:
    """Its signature proves that it existed when it was picked, not when it was taken."""
    story = await Evidenced.begun(office)
    data = photo()
    medium = {"role": "original", "sha256": b64u.encode(hashlib.sha256(data).digest()), "bytes": len(data)}
    await story.take(data, media=[medium | {"type": "image/jpeg", "w": 4, "h": 3, "src": "file"}])
    assert (await explained(story))["taken"] == ("file", "warn")


async def test_a_time_stamp_from_outside_and_in_the_bundle(
    story: Evidenced, tsa: TimeAuthority, settings: Settings
) -> None:
    outside.hold(Outside.of(Settings(tsa_urls=tsa.url, tsa_roots=tsa.roots)))
    assert (await explained(story))["stamped"] == ("waiting", "warn")
    await story.bundle()  # what leaves the office is stamped
    await sequencer.catch_up()
    await run_jobs_once(settings)
    assert (await explained(story))["stamped"] == ("stamped", "good")
    files = files_of(await story.bundle())
    stamped = {path.split("/")[2] for path in files if path.startswith("data/anchors/")}
    assert len(stamped) == 1
    assert tsa.asked == 1


async def test_what_is_not_there_yet_is_amber(office: Office) -> None:
    story = await Evidenced.begun(office)
    story.captures += await story.phone.record(story.chain)
    view = await explained(story)
    assert view["received"] == ("partial", "warn")
    assert view["complete"] == ("open", "warn")
    assert view["logged"] == ("waiting", "warn")
    assert view["level"] == "warn"


@pytest.mark.parametrize(
    ("table", "sql", "step"),
    [
        (
            "statements",
            "UPDATE statements SET signature = set_byte(signature, 9, 255 - get_byte(signature, 9))",
            "signed",
        ),
        ("statements", "DELETE FROM statements WHERE seq = 2", "complete"),
        ("originals", "UPDATE originals SET sha256 = sha256('x')", "received"),
        ("log_leaves", "UPDATE log_leaves SET leaf = 'x', leaf_hash = sha256('\\x0078') WHERE idx = 0", "logged"),
    ],
)
async def test_what_was_tampered_with_is_red(story: Evidenced, table: str, sql: str, step: str) -> None:
    await tampered(table, sql)
    view = await explained(story)
    assert view[step] == ("broken", "bad")
    assert view["level"] == "bad"
    if step == "signed":
        refused = await order(story.head, "visit", story.visit.id)
        assert (refused.status_code, refused.json()["code"]) == (500, "record_altered")


@pytest.mark.requirement("R81")
async def test_only_the_inspecting_side_is_told(office: Office, story: Evidenced) -> None:
    unit = await office.caller("unit", Role.LIAISON, unit=office.handling_unit)
    stranger = await office.caller("zhouheng", Role.SUP)
    path = "/api/evidence/{}/trust"
    for caller in (unit, stranger):
        hidden = await caller.get(path.format(story.captures[0].id))
        absent = await caller.get(path.format(new_id()))
        assert hidden.status_code == absent.status_code == 404
        assert hidden.content == absent.content
    await db.execute("UPDATE visits SET released_at = $1, state = 'RELEASED'", clock.now())
    assert (await unit.get(f"/api/evidence/{story.captures[0].id}")).status_code == 200
    assert (await unit.get(path.format(story.captures[0].id))).status_code == 404


class TestSlip:
    async def test_the_slip_holds_seal_count_and_checkpoint(self, story: Evidenced) -> None:
        page = await story.head.get(f"/api/visits/{story.visit.id}/slip")
        assert page.status_code == 200, page.text
        assert "size:A5" in page.text
        seal = story.chain.prev
        grouped = " ".join(f"<b>{seal[start : start + 4]}</b>" for start in range(0, 43, 4))
        assert grouped in page.text
        assert "<dd>3</dd>" in page.text  # statements, the seal not counted
        assert "<dd>2</dd>" in page.text  # captures
        assert "尚未封存" not in page.text
        assert "<script" not in page.text
        assert page.headers["content-security-policy"].startswith("default-src 'none'")

    async def test_what_is_not_sealed_is_said(self, story: Evidenced) -> None:
        await story.phone.record(await story.phone.chain(story.visit))
        page = await story.head.get(f"/api/visits/{story.visit.id}/slip")
        assert "另有 1 部手机的记录尚未封存" in page.text

    async def test_the_time_of_sealing_is_the_phones(self, office: Office) -> None:
        """A seal that arrives hours later was not made hours later; the phone's own slip says the same time."""
        story = await Evidenced.begun(office)
        await story.take()
        noon = clock.now_ms() - 3 * 3_600_000
        (result,) = await story.phone.push(
            story.chain.seal(clock={"wall_ms": noon, "mono_ms": clock.now_ms(), "tz_min": 480})
        )
        assert result["status"] == "applied", result
        await sequencer.catch_up()
        page = await story.head.get(f"/api/visits/{story.visit.id}/slip")
        assert "封存时间（手机）" in page.text
        assert pages.moment_ms(noon) in page.text

    async def test_without_a_seal_there_is_no_slip(self, office: Office) -> None:
        story = await Evidenced.begun(office)
        answer = await story.head.get(f"/api/visits/{story.visit.id}/slip")
        assert (answer.status_code, answer.json()["code"]) == (409, "not_sealed")

    @pytest.mark.requirement("R81")
    async def test_a_units_slip_tells_nothing_of_how_the_log_grows(self, office: Office) -> None:
        """Whose visit was released may read its slip at any time; it must not show that somebody is on the road now."""
        story = await Evidenced.honest(office, 1)
        await db.execute("UPDATE visits SET state = 'RELEASED', released_at = $1", clock.now())
        unit = await office.caller("unit", Role.LIAISON, unit=office.handling_unit)
        early = await unit.get(f"/api/visits/{story.visit.id}/slip")
        assert (early.status_code, early.json()["code"]) == (503, "log_pending")
        async with db.connection() as conn:
            await publish(conn)
        before = await unit.get(f"/api/visits/{story.visit.id}/slip")
        assert before.status_code == 200
        await Phone.enrolled(await office.caller("someone", Role.SUP))
        await sequencer.catch_up()
        assert (await unit.get(f"/api/visits/{story.visit.id}/slip")).text == before.text
        assert (await story.head.get(f"/api/visits/{story.visit.id}/slip")).text != before.text

    async def test_a_covert_visit_has_no_slip_for_others(self, office: Office, story: Evidenced) -> None:
        unit = await office.caller("unit", Role.LIAISON, unit=office.handling_unit)
        hidden = await unit.get(f"/api/visits/{story.visit.id}/slip")
        absent = await unit.get(f"/api/visits/{new_id()}/slip")
        assert hidden.status_code == absent.status_code == 404
        assert hidden.content == absent.content
