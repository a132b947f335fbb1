"""Draw the PNG icons of both faces from their SVG mark with Chromium.

Run from the repository root after changing the mark: ``python pwa/scripts/icons.py``. The PNG files are committed.
"""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

PUBLIC = Path(__file__).resolve().parent.parent / "public"
# A maskable icon may be cut to a circle of 80 %: its mark is drawn smaller on the same ground.
SIZES = {"icon-192.png": (192, 1.0), "icon-512.png": (512, 1.0), "icon-maskable-512.png": (512, 0.78)}
GROUND = "#1554a8"


def draw(browser: Browser, svg: str, size: int, scale: float, target: Path) -> None:
    page = browser.new_page(viewport={"width": size, "height": size})
    edge = size * scale
    page.set_content(
        f"<style>body{{margin:0;background:{GROUND};display:grid;place-items:center;height:100vh}}"
        f"svg{{width:{edge}px;height:{edge}px}}</style>{svg}"
    )
    page.screenshot(path=target)
    page.close()


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM"), args=["--no-sandbox", "--disable-gpu"]
        )
        for face in ("field", "desk"):
            svg = (PUBLIC / face / "icon.svg").read_text()
            for name, (size, scale) in SIZES.items():
                draw(browser, svg, size, scale, PUBLIC / face / name)
        browser.close()


if __name__ == "__main__":
    main()
