"""The screens of what proves itself, on phone and desk: photographed in both languages and without findings of axe."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.e2e.screens import SIZES, Album, Screen
from tests.e2e.test_proofs import Authenticator, sign_with_a_finger
from tests.e2e.test_screens import LOCALES, demo_ids, sign_in
from tests.factories.browser import Phone, desk
from tests.factories.product import Product

# What the people write, and the words of the buttons that have no other mark.
WORDS = {
    "zh": {
        "reason": "拍到无关人员",
        "note": "坑槽长约两米，深约十厘米；村民反映上月刚补过一次。",
        "name": "孙志国",
        "post": "村委会主任",
        "refusal": "未说明理由",
        "add a note": "补记",
        "passkey": "在本机登记通行密钥",
        "lost": "报失",
        "export": "导出取证包",
    },
    "en": {
        "reason": "A passer-by is in the picture",
        "note": "The pothole is two metres long and ten centimetres deep; villagers say it was filled a month ago.",
        "name": "Sun Zhiguo",
        "post": "Head of the village committee",
        "refusal": "No reason given",
        "add a note": "Add a note",
        "passkey": "Register a passkey",
        "lost": "Report",
        "export": "Export",
    },
}
_ALARM = """
({ kind, at, reported, acknowledged_at }) => new Promise((resolve, reject) => {
  const opening = indexedDB.open('zhicha-field')
  opening.onerror = () => reject(opening.error)
  opening.onsuccess = () => {
    const writing = opening.result.transaction('alarms', 'readwrite')
    const evidence = JSON.stringify({ seen: 'yunxi.example/log 4180 q3Zf…', received: 'yunxi.example/log 4180 9aPd…' })
    writing.objectStore('alarms').put({ id: kind, fact: kind, kind, at, evidence, acknowledged_at, reported })
    writing.oncomplete = () => { opening.result.close(); resolve() }
  }
})
"""


@pytest.fixture(params=LOCALES)
def locale(request: pytest.FixtureRequest) -> str:
    """The language of the browser decides the first language of the app."""
    chosen: str = request.param
    return chosen


def test_the_phone(
    playwright_driver: Playwright, product: Product, photo_files: list[Path], locale: str, tmp_path: Path
) -> None:
    words = WORDS[locale]
    options = {"locale": LOCALES[locale], "device_scale_factor": 1}
    # Another phone of hers, to report as lost.
    other = Phone(playwright_driver, tmp_path / "other", product.url, **options)
    sign_in(other.open(), "linxia")
    expect(other.page.locator("[data-row]").first).to_be_visible()
    other.close()
    phone = Phone(playwright_driver, tmp_path / "p", product.url, place=(29.771, 113.934), **options)
    page = phone.open()
    try:
        sign_in(page, "linxia")
        expect(page.locator("[data-row]").first).to_be_visible()
        Authenticator(phone.tools())
        visit = demo_ids(product, "linxia")[1]
        album = Album(page, "phone", locale)

        page.goto("/m/devices")
        page.get_by_role("button", name=words["passkey"]).click()
        expect(page.locator("[data-passkey]").first).to_be_visible()
        album.settle()
        album.take("devices")
        page.locator("[data-other-device] button").last.click()
        page.get_by_role("dialog").locator('button[type="submit"]').click()
        album.take("device-lost")
        page.goto("/m/devices")
        page.locator("[data-passkey] button").first.click()
        album.take("passkey-remove")

        page.goto(f"/m/visits/{visit}/capture")
        expect(page.locator("[data-confirmed]")).to_be_visible()
        album.settle()
        album.take("capture-confirmed")
        page.locator("[data-gallery]").set_input_files([str(one) for one in photo_files[2:]])
        expect(page.locator("[data-saved]")).to_be_visible()
        page.goto(f"/m/visits/{visit}")
        page.locator("[data-capture]").last.click()
        expect(page.locator("figure.picture")).to_be_visible()
        page.locator("button", has=page.locator("svg")).filter(has_text=_void(locale)).click()
        page.get_by_role("dialog").locator('button[type="submit"]').click()
        album.take("void")
        page.get_by_role("dialog").locator("textarea").fill(words["reason"])
        page.get_by_role("dialog").locator('button[type="submit"]').click()
        expect(page.locator("[data-void]")).to_be_visible()
        page.get_by_role("button", name=words["add a note"]).click()
        page.get_by_role("dialog").locator("textarea").fill(words["note"])
        album.take("note")
        page.get_by_role("dialog").locator('button[type="submit"]').click()
        expect(page.locator("[data-note]")).to_be_visible()
        album.settle()
        album.take("evidence-void")
        page.goto(f"/m/visits/{visit}")
        album.settle()
        album.take("visit-void")

        page.goto(f"/m/visits/{visit}/seal")
        expect(page.locator("[data-contents]")).to_be_visible()
        album.settle()
        album.take("seal")
        page.locator("footer.actions button").click()
        expect(page.locator("[data-slip]")).to_be_visible()
        slip = page.url
        album.settle()
        album.take("slip")
        page.goto(f"{slip}/cosign")
        page.locator('input[name="party"]').first.wait_for()
        page.locator("main input.input").first.fill(words["name"])
        page.locator("main input.input").nth(1).fill(words["post"])
        sign_with_a_finger(page)
        album.take("cosign")
        page.locator("footer.actions button").click()
        expect(page.locator("[data-cosign]")).to_have_count(1)
        page.goto(f"{slip}/cosign")
        page.locator("label", has=page.locator('input[value="refused"]')).click()
        page.locator("footer.actions button").click()
        album.take("cosign-refuse-missing")
        page.locator("main input.input").first.fill(words["name"])
        page.locator("main textarea").fill(words["refusal"])
        page.locator("footer.actions button").click()
        expect(page.locator("[data-cosign]")).to_have_count(2)
        album.settle()
        album.take("slip-signed")

        page.goto("/m/sync")
        expect(page.locator('[data-log][data-waiting="0"]')).to_be_visible(timeout=40_000)
        expect(page.locator('[data-sync-state][data-safe="true"]')).to_be_visible(timeout=40_000)
        album.take("sync-proven")
        newest = page.evaluate(
            "() => new Promise((done) => { indexedDB.open('zhicha-field').onsuccess = ({ target }) => {"
            " target.result.transaction('captures').objectStore('captures').getAll().onsuccess = (found) =>"
            " done(found.target.result.filter((one) => one.local).map((one) => one.id).sort()[0]) } })"
        )
        page.goto(f"/m/evidence/{newest}")
        page.locator("[data-proof]").scroll_into_view_if_needed()
        page.locator("[data-proof] summary").click()
        album.take("evidence-proven")
        now = page.evaluate("Date.now()")
        for kind, ago, known in (("inconsistent", 240_000, 0), ("promise_broken", 90_000_000, now - 80_000_000)):
            page.evaluate(_ALARM, {"kind": kind, "at": now - ago, "reported": 1, "acknowledged_at": known})
        album.visit([Screen("alarm-notice", "/m/"), Screen("alarms", "/m/sync")])
    finally:
        phone.close()
    assert album.findings == [], "\n".join(album.findings)


def _void(locale: str) -> str:
    return {"zh": "作废", "en": "Declare void"}[locale]


def test_the_desk(playwright_driver: Playwright, product: Product, locale: str) -> None:
    words = WORDS[locale]
    own, visit, _, _ = demo_ids(product, "linxia", today=False)
    device = product.sql("SELECT d.id::text FROM devices d JOIN people p ON p.id = d.person_id ORDER BY d.id LIMIT 1")
    findings: list[str] = []

    def export(page: Page) -> None:
        page.locator("article button, section button").filter(has_text=words["export"]).first.click()

    def make(page: Page) -> None:
        export(page)
        page.get_by_role("dialog").locator("textarea").fill("云溪县人民法院(2026)行字第31号调取")
        page.get_by_role("dialog").locator('button[type="submit"]').click()
        expect(page.get_by_role("dialog").locator("ul.proofs")).to_be_visible(timeout=40_000)

    def whole(page: Page) -> None:
        for summary in page.locator("article details summary").all():
            summary.click()

    with desk(playwright_driver, product.url, locale=LOCALES[locale]) as page:
        album = Album(page, "desk", locale, examined=tuple(SIZES))
        page.goto("/desk/")
        sign_in(page, "hejing")
        expect(page.locator("nav").first).to_be_visible()
        album.visit(
            [
                Screen("log", "/desk/log"),
                Screen("devices", "/desk/devices"),
                Screen("device", f"/desk/devices/{device[0]['id']}"),
                Screen("evidence-trust", f"/desk/evidence/{own}", whole),
                Screen("export", f"/desk/visits/{visit}", export),
                Screen("export-made", f"/desk/visits/{visit}", make),
            ]
        )
        findings += album.findings
    with desk(playwright_driver, product.url, locale=LOCALES[locale]) as page:
        album = Album(page, "desk", locale, examined=tuple(SIZES))
        page.goto("/desk/")
        sign_in(page, "audit")
        expect(page.locator("nav").first).to_be_visible()
        album.visit([Screen("log-auditor", "/desk/log")])
        findings += album.findings
    assert findings == [], "\n".join(findings)
