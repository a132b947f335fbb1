"""The desk without a mouse: rows by keys, dialogs that give the focus back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.e2e.test_narrow import signed_in
from tests.factories.browser import desk
from tests.factories.product import Product


@pytest.fixture
def page(playwright_driver: Playwright, product: Product) -> Iterator[Page]:
    """The supervisor's desk."""
    with desk(playwright_driver, product.url) as page:
        signed_in(page)
        yield page


def test_arrows_move_within_a_list_and_take_the_focus_along(page: Page) -> None:
    page.goto("/desk/visits")
    rows = page.locator(".row-link")
    rows.first.focus()
    page.keyboard.press("ArrowDown")
    expect(rows.nth(0)).to_be_focused()
    expect(rows.nth(0)).to_have_attribute("aria-current", "page")
    page.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_be_focused()
    expect(rows.nth(1)).to_have_attribute("aria-current", "page")
    page.keyboard.press("ArrowUp")
    expect(rows.nth(0)).to_be_focused()


def test_a_dialog_gives_the_focus_back(page: Page, product: Product) -> None:
    one = product.sql("SELECT id::text FROM captures WHERE decision = 'PENDING' LIMIT 1")[0]["id"]
    page.goto(f"/desk/evidence/{one}")
    for place, name in ((".ev-head", "不采信"), (".stage-tools", "全屏查看")):
        button = page.locator(f"article.ev {place}").first.get_by_role("button", name=name, exact=True)
        button.focus()
        page.keyboard.press("Enter")
        expect(page.locator("dialog[open]")).to_have_count(1)
        expect(button).not_to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator("dialog[open]")).to_have_count(0)
        expect(button).to_be_focused()
