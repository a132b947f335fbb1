"""The pictures of the README, from the running product: ``make pictures``."""

from __future__ import annotations

import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

from server.demo import pictures
from server.kit import clock
from tests.e2e.inspector import Inspector
from tests.e2e.screens import ROOT
from tests.e2e.supervisor import Supervisor
from tests.factories import browser
from tests.factories.browser import Phone
from tests.factories.line import Exchange, Line
from tests.factories.product import Product

FOLDER = ROOT / "docs" / "pictures"
LARGEST = 300_000
VISIT = "溪山府二期工地扬尘治理暗访"
PLACE = (29.77214, 113.93409)
# As if the app were installed: no offer to install it.
_INSTALLED = "addEventListener('beforeinstallprompt', (event) => event.stopImmediatePropagation(), true)"


def main() -> None:
    """Make all three anew."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Product(folder / "var") as product, Line(product.port) as line, browser.driver() as driver:
            phone = Phone(driver, folder / "profile", line.url, place=PLACE, device_scale_factor=1.5)
            phone.open("about:blank")
            phone.context.add_init_script(_INSTALLED)
            phone.page.goto("/m/")
            _phone(Inspector(phone), line, folder)
            phone.close()
            with browser.desk(driver, product.url) as page:
                _desk(Supervisor(page))


def _phone(inspector: Inspector, line: Line, folder: Path) -> None:
    photos = []
    for number, scene in enumerate(("heap", "hoarding", "exit", "scaffold", "edge", "switchbox")):
        photos.append(folder / f"{scene}.jpg")
        photos[-1].write_bytes(pictures.photograph(scene, 20 + number, clock.now()))
    inspector.sign_in("linxia")
    inspector.open_visit(VISIT)
    inspector.begin_capture()
    inspector.pick(photos[:3])
    inspector.end_capture()
    inspector.write_finding("土方裸露约八百平方米，未覆盖防尘网", category="环境", photos=2)
    inspector.save_finding()
    inspector.open_sync()
    inspector.wait_until_sent()
    inspector.page.goto("/m/")
    expect(inspector.page.get_by_text("3/3").first).to_be_visible()
    _save(inspector.page, "phone-today.png")

    line.down()
    inspector.open_visit(VISIT)
    inspector.begin_capture()
    inspector.pick(photos[3:])
    inspector.end_capture()
    line.die_when(_first_original_is_under_way)
    line.up()
    inspector.open_sync()
    inspector.send_now()
    line.wait_until_dead(30)
    expect(inspector.page.get_by_text("连不上服务器").first).to_be_visible()
    inspector.page.evaluate("scrollTo(0, 0)")
    _save(inspector.page, "phone-sync.png")


def _first_original_is_under_way(exchange: Exchange) -> bool:
    return exchange.is_upload and "role b3JpZ2luYWw=" in exchange.headers.get("upload-metadata", "")


def _desk(supervisor: Supervisor) -> None:
    supervisor.sign_in("hejing")
    supervisor.open_evidence()
    supervisor.page.locator("a.ev-link", has_text="土方未覆盖").click()
    expect(supervisor.page.locator("article.ev img").first).to_be_visible()
    supervisor.page.wait_for_function("[...document.images].every((one) => one.complete && one.naturalWidth > 0)")
    expect(supervisor.page.get_by_text("谁经手过")).to_be_visible()  # below the steps, which come last
    supervisor.page.mouse.move(0, 0)
    _save(supervisor.page, "desk-evidence.png")


def _save(page: Page, name: str) -> None:
    """As PNG in few enough colours for a page that loads at once."""
    page.evaluate("document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
    picture = Image.open(BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    for colours in (256, 192, 128, 96, 64):
        out = BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() <= LARGEST:
            (FOLDER / name).write_bytes(out.getvalue())
            return
    raise ValueError(f"{name} does not fit into {LARGEST} bytes")


if __name__ == "__main__":
    main()
