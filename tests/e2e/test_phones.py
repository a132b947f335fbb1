"""What becomes of phones: one is lost, two persons end it, what it still brings is marked; a passkey is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.e2e.inspector import PASSWORD, SYNC_MS, Inspector
from tests.e2e.supervisor import Supervisor
from tests.e2e.test_proofs import Authenticator
from tests.factories import browser
from tests.factories.browser import Phone
from tests.factories.product import Product

VISIT = "青柳线路面修复现场走访"
PLACE = (29.77214, 113.93409)
REASON = "昨天傍晚遗失在去青柳镇的班车上"

pytestmark = pytest.mark.requirement("R53")


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A product of its own: a phone of its inspector is ended."""
    with Product(tmp_path_factory.mktemp("phones")) as own:
        yield own


@pytest.fixture
def lost(playwright_driver: Playwright, product: Product, tmp_path: Path) -> Iterator[Inspector]:
    """林夏's phone until yesterday."""
    phone = Phone(playwright_driver, tmp_path / "lost", product.url, place=PLACE)
    phone.open()
    yield Inspector(phone)
    phone.close()


@pytest.fixture
def new(playwright_driver: Playwright, product: Product, tmp_path: Path) -> Iterator[Inspector]:
    """Her phone from today on."""
    phone = Phone(playwright_driver, tmp_path / "new", product.url, place=PLACE)
    phone.open()
    yield Inspector(phone)
    phone.close()


def phones(page: Page) -> None:
    """To one's own phones and passkeys."""
    page.get_by_role("link", name="我的").click()
    page.get_by_role("link", name="手机与通行密钥").click()
    expect(page.locator("[data-device]")).to_be_visible()


def test_a_lost_phone_is_ended_by_two_and_what_it_still_brings_is_marked(
    playwright_driver: Playwright, product: Product, lost: Inspector, new: Inspector, photo_files: list[Path]
) -> None:
    # A photo lies on the phone when it is lost, and never reached the server.
    lost.sign_in("linxia")
    lost.open_visit(VISIT)
    lost.phone.context.set_offline(True)
    lost.begin_capture()
    lost.pick(photo_files[2:3])
    lost.end_capture()
    (capture,) = lost.captured()
    lost.phone.close()

    # She says so on her new phone; a reason is asked for.
    new.sign_in("linxia")
    phones(new.page)
    card = new.page.locator("[data-other-device]").first
    card.get_by_role("button", name="报失").click()
    sheet = new.page.get_by_role("dialog")
    sheet.get_by_role("button", name="报失并停用").click()
    expect(sheet).to_contain_text("请说明情况")
    sheet.get_by_label("情况说明").fill(REASON)
    sheet.get_by_role("button", name="报失并停用").click()
    expect(sheet).to_be_hidden()
    expect(card).to_contain_text("已报失，待确认停用")
    expect(card.get_by_role("button", name="报失")).to_be_hidden()

    with browser.desk(playwright_driver, product.url) as page:
        # A second person reads why and ends it.
        supervisor = Supervisor(page)
        supervisor.sign_in("hejing")
        page.goto("/desk/devices?standing=revocation_asked")
        page.locator("a.line-row").first.click()
        detail = page.locator("article.sheetlike")
        expect(detail).to_contain_text(REASON)
        detail.get_by_role("button", name="确认停用").click()
        page.get_by_role("dialog").get_by_role("button", name="确认停用").click()
        expect(detail).to_contain_text("已停用")
        new.page.reload()
        expect(new.page.locator("[data-other-device]").first).to_contain_text("已停用")

        # It is found. Nothing on it is lost, and nothing of it is taken for what it is not.
        lost.phone.open()
        lost.page.get_by_role("button", name="重新登录").click()
        lost.page.get_by_label("账号", exact=True).fill("linxia")
        lost.page.get_by_label("密码", exact=True).fill(PASSWORD)
        lost.page.get_by_role("button", name="登录", exact=True).click()
        expect(lost.page.get_by_role("heading", name="今日", level=1)).to_be_visible()
        lost.open_sync()
        lost.send_now()
        lost.wait_until_sent()
        page.goto(f"/desk/evidence/{capture}")
        expect(page.get_by_text("送达时这部手机已被停用")).to_be_visible(timeout=SYNC_MS)
        expect(page.get_by_text("没有发现改动，还有")).to_be_visible()


def test_a_passkey_is_taken_back(product: Product, new: Inspector, photo_files: list[Path]) -> None:
    new.sign_in("linxia")
    Authenticator(new.phone.tools())
    page = new.page
    phones(page)
    page.get_by_role("button", name="在本机登记通行密钥").click()
    expect(page.locator("[data-passkey]")).to_contain_text("在本机可用")
    page.locator("[data-passkey]").get_by_role("button", name="移除").click()
    page.get_by_role("dialog").get_by_role("button", name="移除").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("[data-passkey]")).to_have_count(0)
    expect(page.locator("[data-passkeys]")).to_contain_text("还没有登记")

    # From now on nobody is asked for it, and what is captured says that it was not used.
    new.home()
    new.open_visit(VISIT)
    new.begin_capture()
    new.pick(photo_files[2:3])
    expect(page.locator("[data-confirmed]")).to_be_hidden()
    new.end_capture()
    (opened,) = [row for row in new.rows("statements") if row["kind"] == "session.open"]
    assert opened["said"] == {"passkey": False}
    new.open_sync()
    new.send_now()
    new.wait_until_sent()
    kinds = [row["kind"] for row in product.sql("SELECT kind FROM journal_entries WHERE kind LIKE 'passkey.%'")]
    assert sorted(kinds) == ["passkey.made", "passkey.removed"]
