"""What the office does at the desk, in the words of the screen."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.inspector import PASSWORD, SYNC_MS

_ID = re.compile(r"/desk/evidence/([0-9a-f-]{36})")


class Supervisor:
    """A person at a desk."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def sign_in(self, login: str, password: str = PASSWORD) -> None:
        """Sign in and stay on the first page."""
        page = self.page
        page.goto("/desk/")
        page.get_by_label("账号", exact=True).fill(login)
        page.get_by_label("密码", exact=True).fill(password)
        page.get_by_role("button", name="登录", exact=True).click()
        expect(page.get_by_role("navigation", name="主导航")).to_be_visible()

    def open_evidence(self) -> None:
        """To the live list of incoming evidence."""
        self.page.goto("/desk/evidence")
        expect(self.page.get_by_role("heading", name="证据", level=1)).to_be_visible()
        expect(self.page.get_by_text("实时更新")).to_be_visible()

    def ids(self) -> set[str]:
        """Evidence in sight, as the list links to it."""
        links = self.page.locator("a.ev-link").all()
        found = (_ID.search(link.get_attribute("href") or "") for link in links)
        return {match.group(1) for match in found if match}

    def wait_for(self, captures: set[str]) -> None:
        """Until each of them is in sight and complete, without a reload."""
        for capture in captures:
            row = self.page.locator(".ev-row", has=self.page.locator(f'a[href*="{capture}"]'))
            expect(row).to_be_visible(timeout=SYNC_MS)
            expect(row).not_to_contain_text("件送达", timeout=SYNC_MS)

    def open_one(self, capture: str) -> None:
        """Open a piece of evidence beside the list."""
        self.page.locator(f'a.ev-link[href*="{capture}"]').click()
        expect(self.page.locator("article.ev")).to_be_visible()

    def expect_facts(self, *, author: str, digest: str) -> None:
        """Who, where, when and whether the bytes are those that were signed."""
        facts = self.page.get_by_role("complementary", name="证据要素")
        expect(facts).to_contain_text(author)
        expect(facts).to_contain_text("在点位范围内")
        expect(facts).to_contain_text(re.compile("误差 8 米 ?以内"))
        expect(facts).to_contain_text("件原件全部收到，与签名时一致")
        expect(facts).to_contain_text("拍下时即由手机签名，此后未被改动")
        expect(facts).to_contain_text(digest[:8])

    def look_closely(self) -> None:
        """The picture on the whole screen, really decoded, and back."""
        self.page.keyboard.press("f")
        box = self.page.get_by_role("dialog", name="全屏查看证据")
        expect(box).to_be_visible()
        self.page.wait_for_function(
            "[...document.querySelectorAll('dialog[open] img')].some((one) => one.naturalWidth)"
        )
        facts = box.locator("[data-lightbox-facts]")
        expect(facts).to_contain_text(re.compile("点位.*米"))
        expect(facts).to_contain_text("与签名时的摘要一致")
        self.page.keyboard.press("Escape")
        expect(box).to_be_hidden()

    def ask(self, text: str) -> None:
        """Query the open evidence."""
        self.page.get_by_role("button", name="询问", exact=True).click()
        self.page.get_by_label("要问什么").fill(text)
        self.page.get_by_role("button", name="发出询问").click()
        expect(self.page.get_by_text("等待检查人员答复")).to_be_visible()

    def expect_text(self, text: str) -> None:
        """Something appears by itself."""
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=SYNC_MS)

    def accept(self) -> None:
        """Accept the open evidence."""
        self.page.get_by_role("button", name="采信", exact=True).click()
        expect(self.page.locator("article.ev").get_by_text("已采信").first).to_be_visible()

    def draft_case_from(self, finding: str, *, title: str) -> None:
        """From a finding to a case draft that cites the evidence the finding rests on."""
        page = self.page
        page.get_by_role("link", name="发现问题").click()
        page.get_by_role("link", name=finding).click()
        page.get_by_role("link", name="起草问责建议").click()
        expect(page.get_by_text("已选 2 件")).to_be_visible()
        page.get_by_label("标题").fill(title)
        page.get_by_role("button", name="保存草稿").click()
        expect(page.get_by_role("heading", name=title)).to_be_visible()
