"""verify.html in a real browser, from a file as on a USB stick, whole or with one of its checks taken out."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.bundles.synthetic import TOOLS, Bundle
from tests.factories.browser import ARGS, browser_choice

SOURCE = TOOLS / "verify.html"
_COUNTED = "    this.counts[check] += 1\n"


def with_policy(source: str) -> str:
    """The page with a content policy that fits its script and style."""
    for tag in ("script", "style"):
        inner = re.search(f"<{tag}>(.*?)</{tag}>", source, re.DOTALL)
        assert inner is not None
        digest = base64.b64encode(hashlib.sha256(inner[1].encode()).digest()).decode()
        source = re.sub(rf"({tag}-src 'sha256-)[^']*'", rf"\g<1>{digest}'", source)
    return source


def without(check: str, place: Path) -> Path:
    """A copy of the page whose one check lets everything pass."""
    source = SOURCE.read_text()
    assert source.count(_COUNTED) == 1
    changed = source.replace(_COUNTED, f"{_COUNTED}    holds ||= check === '{check}'\n")
    path = place / f"without-{check}.html"
    path.write_text(with_policy(changed))
    return path


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
    shown: dict[str, Any] = page.evaluate(
        "() => ({verdict: document.body.dataset.verdict,"
        " failures: [...document.querySelectorAll('.no')].map(row => row.dataset.check),"
        " remarks: [...document.querySelectorAll('[data-remark]')].map(row => row.dataset.remark)})"
    )
    return shown
