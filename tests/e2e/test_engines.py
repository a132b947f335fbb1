"""The phone's app in the engines of other phones: WebKit, as on every iPhone, and Firefox; the network fails.

WebKit's window keeps nothing after its end and refuses Blobs in IndexedDB, so it walks the path of old iPhones;
Firefox is ended and started anew on its profile.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.inspector import DIGESTS, PASSWORD, ROWS
from tests.factories import engines
from tests.factories.engines import NoEngine, Tab
from tests.factories.line import Line
from tests.factories.product import Product

VISIT = "溪山府二期工地扬尘治理暗访"
FINDING = "基坑北侧防护网破损"
ENGINES: dict[str, Callable[[Path], AbstractContextManager[Tab]]] = {
    "webkit": lambda _: engines.webkit(),
    "firefox": engines.firefox,
}


@pytest.fixture(params=ENGINES)
def phone(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OtherPhone]:
    """A phone with that engine; a machine without it skips and says what to install, CI does not."""
    found = OtherPhone(ENGINES[request.param], tmp_path / "profile", keeps=request.param == "firefox")
    try:
        found.start()
    except NoEngine as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(str(missing))
        pytest.skip(str(missing))
    yield found
    found.stop()


class OtherPhone:
    """A browser on a profile; ``keeps`` says whether the profile outlives it."""

    def __init__(self, engine: Callable[[Path], AbstractContextManager[Tab]], profile: Path, *, keeps: bool) -> None:
        self._engine, self._profile, self.keeps = engine, profile, keeps
        self._running: AbstractContextManager[Tab] | None = None
        self.tab: Tab

    def start(self) -> None:
        self._running = self._engine(self._profile)
        self.tab = self._running.__enter__()
        self.tab.resize(430, 932)

    def stop(self) -> None:
        if self._running:
            self._running.__exit__(None, None, None)
            self._running = None


def captured(tab: Tab) -> list[dict[str, Any]]:
    """The captures that lie on the phone, also those that others made and the server told of."""
    found: list[dict[str, Any]] = tab.run(f"return ({ROWS})('captures')")
    return found


@pytest.mark.requirement("R53")
def test_a_capture_is_safe_in_every_engine(
    product: Product, line: Line, phone: OtherPhone, photo_files: list[Path]
) -> None:
    tab, home = phone.tab, f"{line.url}/m/"
    tab.goto(home)
    tab.write('input[name="username"]', "linxia")
    tab.write('input[name="password"]', PASSWORD)
    tab.click('button[type="submit"]')
    tab.find("[data-row]")
    tab.wait("navigator.serviceWorker.ready.then((found) => found.active !== null)")
    tab.goto(f"{home}settings")
    tab.click(".choice label", "中文")
    tab.goto(home)

    # The network is gone: two photos, a finding about them, and the page is loaded anew.
    line.down()
    tab.click('a[href*="/visits/"]', VISIT)
    visit = tab.wait("/visits\\/([0-9a-f-]{36})$/.exec(location.pathname)?.[1]")
    tab.click('a[href*="/visits/"][href$="/capture"]')
    known = captured(tab)
    tab.choose("[data-gallery]", photo_files[:1] + photo_files[2:3])
    tab.find("[data-saved]", "已安全保存")
    tab.wait(f"({ROWS})('captures').then((found) => found.length === arguments[0])", len(known) + 2)
    tab.goto(f"{home}visits/{visit}/findings/new")
    tab.write("textarea", FINDING)
    tab.click(".chips label", "安全生产")
    tab.click(".choice label", "较重")
    tab.click("ul.pick li label")
    tab.find(".autosave", "草稿已保存")
    tab.click("footer.actions button", "保存问题")
    tab.find("main", FINDING)
    if phone.keeps:
        phone.stop()
        phone.start()
        tab = phone.tab
        tab.goto(f"{home}visits/{visit}")
    else:
        tab.reload()
    tab.find("main", FINDING)
    tab.find("[data-capture]")
    assert tab.run("return document.querySelectorAll('[data-capture]').length") >= 2
    signed = {row["id"]: row["local"]["sha256"] for row in captured(tab) if row["local"]}
    there = {key: digest for key, digest in tab.run(f"return ({DIGESTS})()").items() if key.endswith(":original")}
    assert there == {f"{capture}:original": digest for capture, digest in signed.items()}
    photos = {hashlib.sha256(one.read_bytes()).hexdigest() for one in (photo_files[0], photo_files[2])}
    assert set(signed.values()) == photos

    # It is back: everything arrives, the receipt is there, and this engine has checked the log's proof itself.
    line.up()
    tab.goto(f"{home}sync")
    tab.click("main button", "立即")
    tab.find('[data-sync-state][data-safe="true"]', "可以安全关闭")
    tab.find('[data-log][data-waiting="0"]', "条")
    tab.goto(f"{home}evidence/{min(signed)}")
    tab.find("[data-proof]", "已登入公开日志")
    tab.find("[data-proof]", "原件已")
    arrived = product.stored_originals()
    assert {one: arrived.get(one) for one in photos} == {one: one for one in photos}
