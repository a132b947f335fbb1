"""All screens of both faces in both languages and all themes: photographed, and without findings of axe."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.e2e.inspector import PASSWORD
from tests.e2e.screens import Album, Screen
from tests.factories.browser import Phone, desk
from tests.factories.line import Line
from tests.factories.product import Product

LOCALES = {"zh": "zh-CN", "en": "en-US"}


@pytest.fixture(params=LOCALES)
def locale(request: pytest.FixtureRequest) -> str:
    """The language of the browser decides the first language of the app."""
    chosen: str = request.param
    return chosen


def sign_in(page: Page, login: str) -> None:
    """By the names of the fields, which are the same in every language."""
    page.locator('input[name="username"]').fill(login)
    page.locator('input[name="password"]').fill(PASSWORD)
    page.locator('button[type="submit"]').click()


def test_the_phone(
    playwright_driver: Playwright,
    product: Product,
    line: Line,
    photo_files: list[Path],
    locale: str,
    tmp_path: Path,
) -> None:
    options = {"locale": LOCALES[locale], "device_scale_factor": 1}
    phone = Phone(playwright_driver, tmp_path / "p", line.url, camera=True, place=(29.771, 113.934), **options)
    page = phone.open()
    try:
        album = Album(page, "phone", locale)
        expect(page.locator('input[name="username"]')).to_be_visible()
        album.settle()
        album.take("sign-in")
        sign_in(page, "linxia")
        expect(page.locator("[data-row]").first).to_be_visible()
        own, visit, item, finding = demo_ids(product, "linxia")
        album.visit(
            [
                Screen("today", "/m/"),
                Screen("visit", f"/m/visits/{visit}"),
                Screen("items", "/m/items"),
                Screen("item", f"/m/items/{item}"),
                Screen("evidence", f"/m/evidence/{own}"),
                Screen("finding", f"/m/findings/{finding}"),
                Screen("choose-visit", "/m/capture"),
                Screen("sync-safe", "/m/sync"),
                Screen("me", "/m/me"),
                Screen("inbox", "/m/inbox"),
                Screen("settings", "/m/settings"),
                Screen("sign", f"/m/visits/{visit}/sign"),
                Screen("lost", "/m/nowhere"),
            ]
        )
        line.down()

        def pick(page: Page) -> None:
            page.locator("[data-gallery]").set_input_files([str(one) for one in photo_files[2:]])
            expect(page.locator("[data-saved]")).to_be_visible()

        album.visit(
            [
                Screen("capture", f"/m/visits/{visit}/capture"),
                Screen("capture-saved", f"/m/visits/{visit}/capture", pick),
                Screen("visit-waiting", f"/m/visits/{visit}"),
                Screen("new-finding", f"/m/visits/{visit}/findings/new"),
                Screen("new-finding-missing", f"/m/visits/{visit}/findings/new", press_primary),
                Screen("sync-waiting", "/m/sync"),
                Screen("sync-waiting-one", "/m/sync", lambda page: page.locator("[data-waiting] button").first.click()),
                Screen("evidence-waiting", "/m/sync", open_own_evidence(visit)),
            ]
        )
    finally:
        phone.close()
    assert album.findings == [], "\n".join(album.findings)


def press_primary(page: Page) -> None:
    """The one primary action, with nothing filled in."""
    page.locator("footer.actions button").last.click()


def open_own_evidence(visit: str) -> object:
    """The newest capture of a visit."""

    def act(page: Page) -> None:
        page.goto(f"/m/visits/{visit}")
        page.locator("[data-capture]").last.click()
        expect(page.locator("figure.picture")).to_be_visible()

    return act


def test_the_desk(playwright_driver: Playwright, product: Product, locale: str) -> None:
    own, visit, item, finding = demo_ids(product, "linxia", today=False)
    case = product.sql("SELECT id::text FROM cases LIMIT 1")[0]["id"]
    with desk(playwright_driver, product.url, locale=LOCALES[locale]) as page:
        album = Album(page, "desk", locale)
        album.visit([Screen("sign-in", "/desk/")])
        sign_in(page, "hejing")
        expect(page.locator("nav").first).to_be_visible()
        album.visit(
            [
                Screen("evidence", "/desk/evidence"),
                Screen("evidence-one", f"/desk/evidence/{own}"),
                Screen("evidence-full", f"/desk/evidence/{own}", lambda page: page.keyboard.press("f")),
                Screen("evidence-query", f"/desk/evidence/{own}", lambda page: page.keyboard.press("q")),
                Screen("evidence-reject", f"/desk/evidence/{own}", lambda page: page.keyboard.press("r")),
                Screen("evidence-none", "/desk/evidence?q=zzzzzz"),
                Screen("items", "/desk/items"),
                Screen("item", f"/desk/items/{item}"),
                Screen("item-new", "/desk/items/new"),
                Screen("visits", "/desk/visits"),
                Screen("visit", f"/desk/visits/{visit}"),
                Screen("visit-new", "/desk/visits/new"),
                Screen("findings", "/desk/findings"),
                Screen("finding", f"/desk/findings/{finding}"),
                Screen("cases", "/desk/cases"),
                Screen("case", f"/desk/cases/{case}"),
                Screen("case-new", f"/desk/cases/new?finding={finding}"),
                Screen("inbox", "/desk/inbox"),
                Screen("help", "/desk/evidence", lambda page: page.keyboard.press("?")),
                Screen("nowhere", "/desk/nowhere"),
                Screen("missing", "/desk/evidence/01980000-0000-7000-8000-000000000000"),
            ]
        )
    assert album.findings == [], "\n".join(album.findings)


def demo_ids(product: Product, login: str, *, today: bool = True) -> tuple[str, str, str, str]:
    """A capture of that person, a visit (today's, or the one with evidence), its item, and a finding."""
    capture = product.sql(
        "SELECT c.id::text, c.visit_id::text FROM captures c JOIN people p ON p.id = c.person_id"
        " WHERE p.login = $1 AND c.decision = 'PENDING' ORDER BY c.seq LIMIT 1",
        login,
    )[0]
    visits = product.sql("SELECT id::text, item_id::text FROM visits WHERE state = 'TEAM_LOCKED' ORDER BY title DESC")
    old = product.sql("SELECT id::text, item_id::text FROM visits WHERE id::text = $1", capture["visit_id"])
    visit = visits[0] if today else old[0]
    finding = product.sql("SELECT id::text FROM findings ORDER BY found_at LIMIT 1")[0]
    return capture["id"], visit["id"], visit["item_id"], finding["id"]
