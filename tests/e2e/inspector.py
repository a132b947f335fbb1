"""What an inspector does on the phone, in the words of the screen, and what lies on the phone afterwards."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.factories.browser import Phone

PASSWORD = "zhicha-demo"
SYNC_MS = 40_000

# Read by every engine, see test_engines.py.
ROWS = """
(store) => new Promise((resolve, reject) => {
  const opening = indexedDB.open('zhicha-field')
  opening.onerror = () => reject(opening.error)
  opening.onsuccess = () => {
    const asking = opening.result.transaction(store).objectStore(store).getAll()
    asking.onsuccess = () => { opening.result.close(); resolve(asking.result) }
    asking.onerror = () => reject(asking.error)
  }
})
"""
DIGESTS = f"""
async () => {{
  const rows = await ({ROWS})('blobs')
  const found = {{}}
  for (const row of rows) {{
    const bytes = row.bytes ?? await row.blob.arrayBuffer()
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
    found[row.key] = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
  }}
  return found
}}
"""


class Inspector:
    """A person with a phone; ``page`` changes whenever the browser is opened anew."""

    def __init__(self, phone: Phone) -> None:
        self.phone = phone

    @property
    def page(self) -> Page:
        """The tab of the app."""
        return self.phone.page

    def sign_in(self, login: str, password: str = PASSWORD) -> None:
        """Sign in and stay until the app works offline: installed, and its data fetched."""
        page = self.page
        page.get_by_label("账号", exact=True).fill(login)
        page.get_by_label("密码", exact=True).fill(password)
        page.get_by_role("button", name="登录", exact=True).click()
        expect(page.get_by_role("heading", name="今日", level=1)).to_be_visible()
        page.wait_for_function("navigator.serviceWorker.ready.then((found) => found.active !== null)")
        expect(page.locator("[data-row]").first).to_be_visible()

    def open_visit(self, title: str) -> None:
        """From today's list into a visit."""
        self.page.get_by_role("link", name=title).click()
        expect(self.page.get_by_role("heading", name=title, level=1)).to_be_visible()

    def begin_capture(self) -> None:
        """From the visit to the camera."""
        self.page.get_by_role("link", name="拍摄取证").click()
        expect(self.page.get_by_role("button", name="拍摄", exact=True)).to_be_enabled()

    def end_capture(self) -> None:
        """Back from the camera."""
        self.page.get_by_role("button", name="结束拍摄").click()

    def shoot(self) -> str:
        """Press the shutter of the viewfinder; the digest that the screen confirms."""
        expect(self.page.get_by_label("取景画面")).to_be_visible()
        return self._saved_after(lambda: self.page.get_by_role("button", name="拍摄", exact=True).click(), 1)

    def pick(self, photos: Sequence[Path], *, system_camera: bool = False) -> str:
        """Hand over files at once, as the gallery or the system camera does; the last digest confirmed."""
        field = self.page.locator("[data-camera]" if system_camera else "[data-gallery]")
        return self._saved_after(lambda: field.set_input_files([str(photo) for photo in photos]), len(photos))

    def _saved_after(self, act: Any, count: int) -> str:
        before = self.count()
        act()
        expect(self.page.get_by_role("link", name=f"{before + count} 件")).to_be_visible()
        saved = self.page.locator("[data-saved]")
        expect(saved).to_contain_text("已安全保存")
        return saved.get_attribute("data-sha256") or ""

    def count(self) -> int:
        """How many pieces of evidence the camera screen counts for this visit."""
        text = self.page.locator(".capture footer a.side").inner_text()
        found = re.search(r"(\d+) 件", text)
        return int(found.group(1)) if found else 0

    def write_finding(self, text: str, *, category: str = "安全生产", severity: str = "较重", photos: int = 0) -> None:
        """Fill in a finding without saving it."""
        page = self.page
        page.get_by_role("link", name="记录问题").click()
        page.get_by_label("问题描述").fill(text)
        page.locator("fieldset").filter(has_text="类别").get_by_text(category).first.click()
        page.locator("fieldset").filter(has_text="程度").get_by_text(severity, exact=True).click()
        for place in range(photos):
            page.locator("ul.pick li label").nth(place).click()
        expect(page.locator(".autosave")).to_contain_text("草稿已保存")

    def save_finding(self) -> None:
        """Make the finding out of the draft."""
        self.page.get_by_role("button", name="保存问题").click()
        expect(self.page.get_by_role("link", name="拍摄取证")).to_be_visible()

    def home(self) -> None:
        """To today's list by its address, as a bookmark or the icon opens it."""
        self.page.goto("/m/")
        expect(self.page.get_by_role("heading", name="今日", level=1)).to_be_visible()

    def open_sync(self) -> None:
        """To the screen that names what waits."""
        self.page.goto("/m/sync")
        expect(self.page.locator("[data-sync-state]")).to_be_visible()

    def send_now(self) -> None:
        """Ask for a try at once."""
        self.page.get_by_role("button", name=re.compile("立即重试|立即检查|正在送达")).click()

    def wait_until_sent(self) -> None:
        """Stay on the sync screen until it says that the app can be closed."""
        expect(self.page.locator("[data-sync-state]")).to_have_attribute("data-safe", "true", timeout=SYNC_MS)
        expect(self.page.get_by_role("heading", name="可以安全关闭")).to_be_visible()

    def rows(self, store: str) -> list[dict[str, Any]]:
        """What lies in a store of the phone's database."""
        found: list[dict[str, Any]] = self.page.evaluate(ROWS, store)
        return found

    def digests(self) -> dict[str, str]:
        """Digest of every file on the phone, computed now from its bytes, by capture and role."""
        found: dict[str, str] = self.page.evaluate(DIGESTS)
        return found

    def captured(self) -> dict[str, str]:
        """Capture → digest as signed on this phone."""
        return {row["id"]: row["local"]["sha256"] for row in self.rows("captures") if row["local"]}
