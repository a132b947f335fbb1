"""verify.html in a real browser, from a file as on a USB stick, whole or with one of its checks taken out."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.bundles.synthetic import TOOLS, Bundle
from tests.factories.browser import ARGS, browser_choice

SOURCE = TOOLS / "verify.html"
_WEAKEN = """check => {
  const whole = globalThis.wholeMust = Report.prototype.must
  Report.prototype.must = function (name, holds, where = this.at) {
    return whole.call(this, name, holds || name === check, where)
  }
}"""
_HANDED = """async ([bundle, trust, slip]) => {
  const file = (name, text) => new File([Uint8Array.from(atob(text), one => one.charCodeAt(0))], name)
  takeZip(file('bundle.zip', bundle)); state.trust = file('trust.json', trust); $('slip').value = slip
  await run()
}"""
_SHOWN = (
    "() => ({verdict: document.body.dataset.verdict,"
    " failures: [...document.querySelectorAll('.no')].map(row => row.dataset.check),"
    " remarks: [...document.querySelectorAll('[data-remark]')].map(row => row.dataset.remark)})"
)


def with_policy(source: str) -> str:
    """The page with a content policy that fits its script and style."""
    for tag in ("script", "style"):
        inner = re.search(f"<{tag}>(.*?)</{tag}>", source, re.DOTALL)
        assert inner is not None
        digest = base64.b64encode(hashlib.sha256(inner[1].encode()).digest()).decode()
        source = re.sub(rf"({tag}-src 'sha256-)[^']*'", rf"\g<1>{digest}'", source)
    return source


@contextmanager
def without(page: Page, check: str) -> Iterator[None]:
    """Inside, this one check of the page lets everything pass."""
    page.evaluate(_WEAKEN, check)
    try:
        yield
    finally:
        page.evaluate("() => { Report.prototype.must = wholeMust }")


@contextmanager
def browser(**options: Any) -> Iterator[Page]:
    """A page in Chromium that may not reach any network."""
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(args=ARGS, **browser_choice())
        context = chromium.new_context(offline=True, **options)
        yield context.new_page()
        chromium.close()


def judge(page: Page, bundle: Bundle, place: Path, *, folder: bool = False) -> dict[str, Any]:
    """Verdict, failures and remarks as the page shows them."""
    bundle.as_zip = not folder
    path = bundle.write(place)
    page.set_input_files("#folder" if folder else "#zip", str(path))
    page.set_input_files("#trust", str(place / "trust.json"))
    page.fill("#slip", bundle.slip or "")
    page.click("#run")
    page.wait_for_selector("body[data-verdict]", timeout=60_000)
    shown: dict[str, Any] = page.evaluate(_SHOWN)
    return shown


def handed(page: Page, bundle: Bundle) -> dict[str, Any]:
    """The same, the bundle handed to the page by a script instead of its file chooser: no file is written or chosen."""
    trust = json.dumps(bundle.policy).encode()
    files = [base64.b64encode(data).decode() for data in (bundle.zipped(), trust)]
    page.evaluate(_HANDED, [*files, bundle.slip or ""])
    shown: dict[str, Any] = page.evaluate(_SHOWN)
    return shown
