"""Before somebody decides: one quiet line tells whether the evidence is time-stamped, and never stands in the way."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Playwright, expect

from server.kit import clock, db
from server.settings import Settings
from server.tlog.anchors import outside
from server.tlog.anchors.chores import try_again
from server.tlog.anchors.outside import Outside
from tests.e2e.supervisor import Supervisor
from tests.factories.browser import desk
from tests.factories.product import Product, apart
from tests.factories.tsa import TimeAuthority, time_authority

PATIENCE_MS = 60_000  # with nobody to answer, the page asks every quarter of a minute

pytestmark = pytest.mark.requirement("R53")


def test_the_line_before_a_decision(playwright_driver: Playwright, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("stamped")
    with time_authority(folder / "tsa") as authority:
        authority.mood = "busy"
        known = {"ZHICHA_TSA_URLS": authority.url, "ZHICHA_TSA_ROOTS": str(authority.roots)}
        with (
            Product(folder / "product", known) as product,
            desk(playwright_driver, product.url) as page,
        ):
            first, second = (
                row["id"]
                for row in product.sql(
                    "SELECT id::text FROM captures WHERE decision = 'PENDING' AND discarded_at IS NULL"
                    " ORDER BY id LIMIT 2"
                )
            )
            reviewer = Supervisor(page)
            reviewer.sign_in("hejing")
            line, trust = page.locator(".ev-stamp"), page.locator("section.trust")
            page.goto(f"/desk/evidence/{first}")
            expect(line).to_have_text("时间戳机构暂不可用，可以先审核", timeout=PATIENCE_MS)
            expect(trust).to_contain_text("何静：打开待审核的证据")
            reviewer.accept()
            expect(line).to_be_hidden()
            expect(trust).to_contain_text("何静审核时尚无时间戳，至今也没有")

            page.goto(f"/desk/evidence/{second}")
            expect(line).to_have_text("时间戳机构暂不可用，可以先审核", timeout=PATIENCE_MS)
            authority.mood = "honest"
            ask_again(product, authority)
            expect(line).to_have_text(re.compile(r"^时间戳 \d\d:\d\d$"), timeout=PATIENCE_MS)  # by itself
            expect(trust).to_contain_text("最迟此时已经存在")
            reviewer.accept()
            expect(trust).to_contain_text("何静审核前已盖时间戳")

            # Whoever reviews may have everything so far stamped, too.
            page.goto("/desk/log")
            page.get_by_role("button", name="现在盖时间戳").click()
            expect(page.get_by_text("已请求，通常几秒钟后显示在上面。")).to_be_visible()
            assert product.sql("SELECT 1 FROM journal_entries WHERE kind = 'log.anchor_asked'")


def ask_again(product: Product, authority: TimeAuthority) -> None:
    """Do now what the clock does when the pause is over."""

    async def strike() -> None:
        await db.connect(product.dsn, min_size=1, max_size=2)
        outside.hold(Outside.of(Settings(tsa_urls=authority.url, tsa_roots=authority.roots)))
        later = clock.now() + timedelta(minutes=20)
        try:
            with clock.held_at(lambda: later):
                await try_again()
        finally:
            outside.hold(None)
            await db.disconnect()

    apart(strike())
