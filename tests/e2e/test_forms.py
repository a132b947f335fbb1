"""What all forms of the desk share: one way to send, the first wrong field in focus, no typed words lost unasked."""

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


def test_ctrl_enter_sends_and_the_first_wrong_field_has_the_focus(page: Page) -> None:
    page.goto("/desk/items/new")
    page.get_by_label("来源文件或批示").press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("有 3 项需要更正")
    expect(page.get_by_label("事项名称")).to_be_focused()
    expect(page.get_by_role("button", name="登记事项").last).to_be_in_viewport(ratio=1)


def test_typed_words_are_not_left_behind_unasked(page: Page, product: Product) -> None:
    page.goto("/desk/meetings/new")
    chair = page.get_by_label("主持人")
    chair.fill("顾远")
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="督查事项").click()
    question = page.get_by_role("dialog")
    expect(question).to_contain_text("还没有提交")
    page.keyboard.press("Escape")
    expect(question).to_have_count(0)
    expect(page).to_have_url(f"{product.url}/desk/meetings/new")
    expect(chair).to_have_value("顾远")
    page.get_by_role("button", name="取消").click()
    question.get_by_role("button", name="放弃并离开").click()
    expect(page.get_by_label("主持人")).to_have_count(0)


def test_nothing_is_asked_where_nothing_was_typed_or_all_was_sent(page: Page) -> None:
    page.goto("/desk/intake/new")
    page.get_by_role("button", name="取消").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.goto("/desk/intake/new")
    page.get_by_label("事由", exact=True).fill("北门桥路面塌陷")
    page.get_by_label("来件单位（人）").fill("县信访局")
    page.get_by_label("来源", exact=True).select_option(index=1)
    page.get_by_label("来件单位（人）").press("Control+Enter")
    expect(page.get_by_role("heading", name="北门桥路面塌陷")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
