"""Real Chromium: phones whose profile outlives a kill, and desks."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import BrowserContext, CDPSession, Error, Page, Playwright, expect, sync_playwright

ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
PHONE_AGENT = (
    "Mozilla/5.0 (Linux; Android 14; Field Phone 7) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Mobile Safari/537.36"
)
PATIENCE_MS = 15_000


class NoBrowser(RuntimeError):
    """There is no Chromium on this machine; the message says how to get one."""


def browser_choice() -> dict[str, str]:
    """How Playwright finds the browser: ``CHROMIUM_PATH``, then ``PATH``, then (macOS) the installed Chrome.

    Raises:
        NoBrowser: none of them is there.
    """
    if named := os.environ.get("CHROMIUM_PATH"):
        return {"executable_path": named}
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return {"executable_path": found}
    if sys.platform == "darwin":
        application = Path("/Applications/Chromium.app/Contents/MacOS/Chromium")
        return {"executable_path": str(application)} if application.exists() else {"channel": "chrome"}
    raise NoBrowser("no chromium on PATH: `apt-get install chromium`, or set CHROMIUM_PATH")


class Phone:
    """A phone of 390 × 844 points: one browser process on a profile folder that survives it."""

    def __init__(
        self,
        driver: Playwright,
        profile: Path,
        base_url: str,
        *,
        camera: bool = False,
        place: tuple[float, float] | None = None,
        **options: Any,
    ) -> None:
        self._driver, self._profile, self._base_url = driver, profile, base_url
        self._camera = camera
        self._options: dict[str, Any] = {
            "viewport": {"width": 390, "height": 844},
            "device_scale_factor": 2,
            "is_mobile": True,
            "has_touch": True,
            "locale": "zh-CN",
            "timezone_id": "Asia/Shanghai",
            "user_agent": PHONE_AGENT,
            "permissions": ["geolocation", "notifications", *(["camera"] if camera else [])],
            **options,
        }
        if place:
            self._options["geolocation"] = {"latitude": place[0], "longitude": place[1], "accuracy": 8}
        self._context: BrowserContext | None = None

    @property
    def context(self) -> BrowserContext:
        """The running browser."""
        assert self._context is not None, "the browser is not running"
        return self._context

    @property
    def page(self) -> Page:
        """Its one tab."""
        return self.context.pages[0]

    def open(self, path: str = "/m/") -> Page:
        """Start the browser on its profile and go to the app."""
        self._context = self._driver.chromium.launch_persistent_context(
            self._profile,
            headless=True,
            args=[*ARGS, *(CAMERA if self._camera else [])],
            base_url=self._base_url,
            **browser_choice(),
            **self._options,
        )
        self._context.set_default_timeout(PATIENCE_MS)
        page = self.page
        page.goto(path)
        return page

    def tools(self) -> CDPSession:
        """The browser's own protocol on this tab."""
        return self.context.new_cdp_session(self.page)

    def kill(self) -> None:
        """``kill -9`` of the browser with all its processes, as when the battery falls out."""
        assert self._context is not None
        for process in self._processes():
            with contextlib.suppress(psutil.Error):
                process.kill()
        deadline = time.monotonic() + 10
        while any(process.is_running() for process in self._processes()) and time.monotonic() < deadline:
            time.sleep(0.05)
        with contextlib.suppress(Error):
            self._context.close()
        self._context = None
        # The dead process cannot take its own lock away, and the next one would think that it still runs.
        for name in ("SingletonLock", "SingletonCookie", "SingletonSocket"):
            (self._profile / name).unlink(missing_ok=True)

    def close(self) -> None:
        """End the browser in order."""
        if self._context is not None:
            with contextlib.suppress(Error):
                self._context.close()
            self._context = None

    def _processes(self) -> list[psutil.Process]:
        mine = f"--user-data-dir={self._profile}"
        found: dict[int, psutil.Process] = {}
        for process in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.Error):
                if process.status() != psutil.STATUS_ZOMBIE and mine in process.cmdline():
                    found[process.pid] = process
                    found.update({child.pid: child for child in process.children(recursive=True)})
        return list(found.values())


@contextlib.contextmanager
def driver() -> Iterator[Playwright]:
    """Playwright for the duration; its event loop must not outlive the module that needs it."""
    # Generous, because a machine that also builds and tests other things answers slowly; it only bounds failures.
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        yield playwright


@contextlib.contextmanager
def desk(playwright: Playwright, base_url: str, **options: Any) -> Iterator[Page]:
    """A desk of 1440 × 900 in a browser of its own."""
    browser = playwright.chromium.launch(headless=True, args=ARGS, **browser_choice())
    try:
        settings = {
            "viewport": {"width": 1440, "height": 900},
            "locale": "zh-CN",
            "timezone_id": "Asia/Shanghai",
            "base_url": base_url,
            **options,
        }
        context = browser.new_context(**settings)
        context.set_default_timeout(PATIENCE_MS)
        yield context.new_page()
    finally:
        browser.close()
