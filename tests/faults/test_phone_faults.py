"""The same faults under the real app in a real browser."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Playwright, expect
from playwright.sync_api import TimeoutError as TookTooLong

from tests.e2e.inspector import PASSWORD, SYNC_MS, Inspector
from tests.factories import photos
from tests.factories.browser import Phone
from tests.factories.line import Line
from tests.factories.product import Product
from tests.faults.truth import assert_all_here_once

VISIT = "溪山府二期工地扬尘治理暗访"

_SET_BACK = """
(ms) => {
  const True = Date
  globalThis.Date = class extends True {
    constructor(...given) { given.length > 0 ? super(...given) : super(True.now() - ms) }
    static now() { return True.now() - ms }
  }
}
"""


@pytest.fixture
def inspector(playwright_driver: Playwright, product: Product, line: Line, tmp_path: Path) -> Iterator[Inspector]:
    """林夏, signed in, on today's visit."""
    phone = Phone(playwright_driver, tmp_path / "profile", line.url, place=(29.771, 113.934))
    phone.open()
    person = Inspector(phone)
    person.sign_in("linxia")
    person.open_visit(VISIT)
    yield person
    phone.close()


def pictures(folder: Path, count: int, *, large: bool = False) -> list[Path]:
    """Photos of about 300 KB, or of several megabytes."""
    made = []
    for number in range(count):
        seed = 1000 + number
        data = photos.photo(seed) if large else photos.small_photo(seed)
        made.append(folder / f"{'large' if large else 'small'}-{number}.jpg")
        made[-1].write_bytes(data)
    return made


def test_a_full_phone_says_so_and_loses_nothing(
    playwright_driver: Playwright, product: Product, line: Line, tmp_path: Path
) -> None:
    first, second = pictures(tmp_path, 2, large=True)
    phone = Phone(playwright_driver, tmp_path / "profile", line.url, place=(29.771, 113.934))
    phone.open("about:blank")
    try:
        # Chromium believes for half a minute in the room it saw first, so the phone is small from the beginning.
        tools = phone.tools()
        room = {"origin": line.url, "quotaSize": 6_000_000}
        tools.send("Storage.overrideQuotaForOrigin", room)
        inspector = Inspector(phone)
        inspector.page.goto("/m/")
        inspector.sign_in("linxia")
        line.down()
        inspector.open_visit(VISIT)
        inspector.begin_capture()
        inspector.pick([first])
        kept = inspector.captured()

        inspector.page.locator("[data-gallery]").set_input_files(str(second))
        expect(inspector.page.get_by_text("1 张没有保存")).to_be_visible()
        expect(inspector.page.get_by_text("手机存储空间不足")).to_be_visible()
        expect(inspector.page.locator("[data-saved]")).to_have_count(0)
        assert inspector.captured() == kept
        originals = {key: digest for key, digest in inspector.digests().items() if key.endswith(":original")}
        assert originals == {f"{capture}:original": digest for capture, digest in kept.items()}

        # Room again: the same photo is still at hand.
        tools.send("Storage.overrideQuotaForOrigin", {"origin": line.url})
        inspector.page.get_by_role("button", name="重试").click()
        expect(inspector.page.get_by_role("link", name="2 件")).to_be_visible()
        expect(inspector.page.locator("[data-saved]")).to_contain_text("已安全保存")
        line.up()
        inspector.open_sync()
        inspector.wait_until_sent()
        assert set(inspector.captured().values()) == {taken_digest(first), taken_digest(second)}
        assert_all_here_once(product, inspector.captured())
    finally:
        phone.close()


def test_a_clock_set_back_two_hours_on_the_phone(
    inspector: Inspector, line: Line, product: Product, tmp_path: Path
) -> None:
    first, second = pictures(tmp_path, 2)
    inspector.begin_capture()
    inspector.pick([first])
    inspector.page.evaluate(_SET_BACK, 2 * 3_600_000)
    inspector.pick([second])
    inspector.open_sync()
    inspector.wait_until_sent()
    taken = inspector.captured()
    assert_all_here_once(product, taken)
    local = [row["local"] for row in inspector.rows("captures") if row["local"]]
    by_chain = sorted((row["seq"], row["sha256"]) for row in local)
    assert [digest for _, digest in by_chain] == [taken_digest(first), taken_digest(second)]

    rows = product.sql(
        "SELECT id::text, seq, wall_ms, mono_ms FROM captures WHERE id::text = ANY($1) ORDER BY seq", [*taken]
    )
    assert [row["seq"] for row in rows] == [1, 2]
    assert rows[0]["mono_ms"] < rows[1]["mono_ms"]
    assert rows[0]["wall_ms"] - rows[1]["wall_ms"] > 3_600_000
    reasons = {reason["code"]: reason for reason in evidence(product, rows[1]["id"])["plausibility"]}
    assert reasons["clock_set_back"]["level"] == "warn"
    assert reasons["clock_differs_from_server"]["level"] == "warn"


def test_web_worker_and_database_are_killed_while_the_app_sends(
    inspector: Inspector, line: Line, product: Product, tmp_path: Path
) -> None:
    files = pictures(tmp_path, 8)
    line.down()
    inspector.begin_capture()
    inspector.pick(files)
    taken = inspector.captured()
    line.up()
    inspector.open_sync()
    inspector.send_now()
    for part, uploads in (("web", 2), ("postgres", 6), ("worker", 10)):
        wait_for_uploads(inspector, line, uploads)
        product.kill(part)
    product.wait_ready()
    keep_asking(inspector)
    assert len(taken) == 8
    assert_all_here_once(product, taken)


def test_the_app_bears_that_every_request_arrives_twice(
    inspector: Inspector, line: Line, product: Product, tmp_path: Path
) -> None:
    line.twice = True
    inspector.begin_capture()
    inspector.pick(pictures(tmp_path, 3))
    inspector.pick(pictures(tmp_path, 1, large=True))
    inspector.end_capture()
    inspector.write_finding("围挡缺口未封闭，行人可以进入", photos=1)
    inspector.save_finding()
    inspector.open_sync()
    keep_asking(inspector)
    assert len(inspector.captured()) == 4
    assert_all_here_once(product, inspector.captured())
    findings = product.sql("SELECT id FROM findings WHERE text = '围挡缺口未封闭，行人可以进入'")
    assert len(findings) == 1


def taken_digest(photo: Path) -> str:
    """Lower-case hex digest of a file."""
    return hashlib.sha256(photo.read_bytes()).hexdigest()


def wait_for_uploads(inspector: Inspector, line: Line, count: int) -> None:
    """Until so many files or parts have been answered with success."""
    for _ in range(300):
        if sum(exchange.status in {201, 204} for exchange in line.uploads()) >= count:
            return
        ask_again(inspector)
        inspector.page.wait_for_timeout(100)
    raise AssertionError(f"fewer than {count} uploads went through")


def keep_asking(inspector: Inspector) -> None:
    """Press the button as an impatient person would, until everything has arrived."""
    for _ in range(int(SYNC_MS / 250)):
        if inspector.page.locator("[data-sync-state]").get_attribute("data-safe") == "true":
            break
        ask_again(inspector)
        inspector.page.wait_for_timeout(250)
    inspector.wait_until_sent()


def ask_again(inspector: Inspector) -> None:
    """If the button is there: while the app sends, it is not."""
    with contextlib.suppress(TookTooLong):
        inspector.page.get_by_role("button", name="立即重试").click(timeout=300)


def evidence(product: Product, capture: str) -> dict[str, object]:
    """As the head of the office reads it."""
    with httpx.Client(base_url=product.url, timeout=20) as http:
        session = http.post("/api/session", json={"login": "hejing", "password": PASSWORD, "transport": "bearer"})
        answer = http.get(f"/api/evidence/{capture}", headers={"Authorization": f"Bearer {session.json()['token']}"})
        assert answer.status_code == 200, answer.text
        found: dict[str, object] = answer.json()
        return found
