"""A new version of the app never takes over while something waits, whoever asks it to."""

from __future__ import annotations

from pathlib import Path

import httpx
from playwright.sync_api import Playwright, expect

from tests.e2e.inspector import SYNC_MS, Inspector
from tests.factories.browser import Phone
from tests.factories.line import Line, answer
from tests.factories.product import Product

VISIT = "溪山府二期工地扬尘治理暗访"
_WAITS = "navigator.serviceWorker.ready.then((found) => found.waiting !== null)"
_FETCH = """
async () => {
  const found = await navigator.serviceWorker.ready
  await found.update()
  for (let tries = 0; tries < 200 && found.waiting === null; tries++) await new Promise((wake) => setTimeout(wake, 50))
  return found.waiting !== null
}
"""
_PUSHY = """
async () => {
  const found = await navigator.serviceWorker.ready
  found.waiting.postMessage({ type: 'SKIP_WAITING' })
  await new Promise((wake) => setTimeout(wake, 1000))
}
"""


def test_a_new_version_waits_for_the_outbox(
    playwright_driver: Playwright, product: Product, line: Line, photo_files: list[Path], tmp_path: Path
) -> None:
    phone = Phone(playwright_driver, tmp_path / "profile", line.url, place=(29.771, 113.934))
    phone.open()
    try:
        inspector = Inspector(phone)
        inspector.sign_in("linxia")
        inspector.page.reload()  # from now on the first version serves the page

        # Records cannot be delivered, but everything else can be reached: so also the next version.
        line.stand_ins["/api/sync/push"] = answer("503 Service Unavailable")
        inspector.open_visit(VISIT)
        inspector.begin_capture()
        inspector.pick(photo_files[2:3])
        taken = inspector.captured()
        inspector.home()
        worker = httpx.get(f"{product.url}/m/sw.js").content + b"\n// the next version\n"
        line.stand_ins["/m/sw.js"] = answer("200 OK", worker, "text/javascript")
        assert inspector.page.evaluate(_FETCH) is True

        expect(inspector.page.get_by_text("新版本已就绪")).to_be_visible()
        inspector.page.get_by_role("button", name="现在更新").click()
        expect(inspector.page.get_by_text("送达后再更新")).to_be_visible()
        inspector.page.evaluate(_PUSHY)
        assert inspector.page.evaluate(_WAITS) is True
        inspector.page.reload()
        assert inspector.page.evaluate(_WAITS) is True
        assert inspector.captured() == taken

        del line.stand_ins["/api/sync/push"]
        inspector.open_sync()
        inspector.send_now()
        inspector.wait_until_sent()
        inspector.home()
        with inspector.page.expect_event("load", timeout=SYNC_MS):
            inspector.page.get_by_role("button", name="现在更新").click()
        expect(inspector.page.get_by_role("heading", name="今日", level=1)).to_be_visible()
        assert inspector.page.evaluate(_WAITS) is False
        assert inspector.captured() == taken
    finally:
        phone.close()
