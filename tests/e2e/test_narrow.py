"""The desk in one hand and on a low screen: everything is reachable, nothing runs out of the window."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.e2e.inspector import PASSWORD
from tests.factories.browser import desk
from tests.factories.product import Product

PAGES = ("evidence", "items", "visits", "visits/new", "findings", "cases", "inbox")
_BEYOND = """() => [...document.querySelectorAll('main *')].filter((one) =>
  one.getClientRects().length && one.getBoundingClientRect().right > innerWidth + 1
  && !one.closest('.sr-only, svg')).map((one) => one.className || one.tagName)"""


def signed_in(page: Page) -> None:
    page.goto("/desk/")
    page.locator('input[name="username"]').fill("hejing")
    page.locator('input[name="password"]').fill(PASSWORD)
    page.locator('button[type="submit"]').click()
    expect(page.locator(".shell")).to_be_visible()


def test_at_the_width_of_a_phone(playwright_driver: Playwright, product: Product) -> None:
    visit = product.sql("SELECT visit_id::text AS id FROM captures LIMIT 1")[0]["id"]
    capture = product.sql("SELECT id::text FROM captures LIMIT 1")[0]["id"]
    with desk(playwright_driver, product.url, viewport={"width": 390, "height": 844}) as page:
        signed_in(page)
        for path in (*PAGES, f"visits/{visit}", f"evidence/{capture}"):
            page.goto(f"/desk/{path}")
            expect(page.locator("main h1, main h2").first).to_be_attached()
            expect(page.locator(".skeleton")).to_have_count(0)
            assert page.evaluate(_BEYOND) == [], path
            assert page.locator("main").bounding_box()["width"] == 390  # type: ignore[index]
        page.get_by_role("button", name="主导航").click()
        page.get_by_role("dialog").get_by_role("link", name="发现问题").click()
        expect(page).to_have_url(f"{product.url}/desk/findings")
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.get_by_role("button", name="我的菜单").click()
        expect(page.get_by_role("button", name="退出登录")).to_be_in_viewport()


@pytest.mark.parametrize("height", [900, 720, 480])
def test_on_a_low_screen(playwright_driver: Playwright, product: Product, height: int) -> None:
    with desk(playwright_driver, product.url, viewport={"width": 1440, "height": height}) as page:
        signed_in(page)
        rail = page.get_by_role("navigation", name="主导航")
        assert rail.evaluate("one => one.scrollHeight <= one.clientHeight")
        expect(page.get_by_role("button", name="我的菜单")).to_be_in_viewport(ratio=1)
        last = rail.get_by_role("link", name="消息")
        if height >= 720:
            expect(last).to_be_in_viewport(ratio=1)
        last.click()
        expect(page).to_have_url(f"{product.url}/desk/inbox")
