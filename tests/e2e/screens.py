"""Every screen of both faces: how to get there, when it has settled, what axe says of it, and its picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
ARTIFACTS = ROOT / "tests" / "artifacts" / "screens"
AXE = ROOT / "pwa" / "node_modules" / "axe-core" / "axe.min.js"
SIZES = {"phone": (390, 844), "desk": (1440, 900)}
THEMES = ("light", "dark")

_SETTLED = """
() => document.querySelector('h1') && !document.querySelector('.skeleton, [aria-busy="true"]')
  && [...document.images].every((one) => one.complete || one.loading === 'lazy')
"""
# A step of the router without a load: the address changes as it does when somebody goes back.
_GO = """
(path) => {
  history.pushState(history.state, '', path)
  dispatchEvent(new PopStateEvent('popstate', { state: history.state }))
}
"""
# Lists show the rows that have room, so they draw once more after the window has another size.
_DRAWN = """
async () => { for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame) }
"""
_EXAMINE = """
async () => {
  const found = await axe.run(document, { resultTypes: ['violations'] })
  return found.violations.map(({ id, help, nodes }) => ({
    id, help, where: nodes.slice(0, 3).map((one) => one.target.join(' ') + ' · ' + one.failureSummary),
  }))
}
"""


@dataclass
class Screen:
    """A screen by its address, and what to do there before looking."""

    name: str
    path: str
    before: Callable[[Page], Any] | None = None


class Album:
    """Photographs the screens of one face in one language and collects what axe finds.

    ``examined`` are the sizes at which axe looks too; by default that of the face alone.
    """

    def __init__(self, page: Page, face: str, locale: str, *, examined: Sequence[str] = ()) -> None:
        self.page, self.face, self.locale = page, face, locale
        self.examined = tuple(examined) or (face,)
        self.findings: list[str] = []
        ARTIFACTS.mkdir(parents=True, exist_ok=True)

    def visit(self, screens: Sequence[Screen]) -> None:
        """Go through the screens one by one."""
        for screen in screens:
            self.page.set_viewport_size(self._size(self.face))
            self.page.goto(screen.path)
            self.settle()
            if screen.before:
                screen.before(self.page)
                self.settle()
            self.take(screen.name)

    def walk(self, screens: Sequence[Screen]) -> None:
        """The same within the page that is open, as its own links lead: nothing is loaded anew."""
        for screen in screens:
            self.page.evaluate(_GO, screen.path)
            self.settle()
            if screen.before:
                screen.before(self.page)
                self.settle()
            self.take(screen.name)

    def settle(self) -> None:
        """Until nothing is loading any more."""
        self.page.wait_for_function(_SETTLED)
        self.page.evaluate("document.fonts.ready.then(() => new Promise(requestAnimationFrame))")

    def take(self, name: str) -> None:
        """Examine and photograph what is shown now, in each theme and size."""
        for theme in (*THEMES, "outdoor") if self.face == "phone" else THEMES:
            self.page.evaluate("(theme) => { document.documentElement.dataset.theme = theme }", theme)
            for device in SIZES if theme != "outdoor" else (self.face,):
                self.page.set_viewport_size(self._size(device))
                self.page.evaluate(_DRAWN)
                # Colours do not depend on the language.
                if device in self.examined and (self.locale == "zh" or theme == "light"):
                    self._examine(f"{name} {SIZES[device][0]}", theme)
                width = SIZES[device][0]
                picture = ARTIFACTS / f"{self.face}-{name}-{width}-{self.locale}-{theme}.png"
                self.page.screenshot(path=picture, animations="disabled")

    def _examine(self, name: str, theme: str) -> None:
        if not self.page.evaluate("typeof axe !== 'undefined'"):
            self.page.evaluate(AXE.read_text())
        for found in self.page.evaluate(_EXAMINE):
            where = "\n      ".join(found["where"])
            self.findings.append(
                f"{self.face} {name} {self.locale} {theme}: {found['id']}: {found['help']}\n      {where}"
            )

    @staticmethod
    def _size(device: str) -> Any:
        width, height = SIZES[device]
        return {"width": width, "height": height}
