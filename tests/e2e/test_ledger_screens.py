"""All pages of the ledger at the desks of those who work there: photographed at two sizes, without findings of axe."""

from __future__ import annotations

import pytest
from playwright.sync_api import Playwright, expect

from tests.e2e.screens import SIZES, Album, Screen
from tests.e2e.test_screens import LOCALES, sign_in
from tests.factories.browser import desk
from tests.factories.product import Product


@pytest.fixture(params=LOCALES)
def locale(request: pytest.FixtureRequest) -> str:
    """The language of the browser decides the first language of the desk."""
    chosen: str = request.param
    return chosen


def test_the_ledger(playwright_driver: Playwright, product: Product, locale: str) -> None:
    ids = story(product)
    findings: list[str] = []
    for login, screens in pages(ids).items():
        with desk(playwright_driver, product.url, locale=LOCALES[locale]) as page:
            album = Album(page, "desk", locale, examined=tuple(SIZES))
            page.goto("/desk/")
            sign_in(page, login)
            expect(page.locator("nav").first).to_be_visible()
            album.walk(screens)
            findings += album.findings
    assert findings == [], "\n".join(findings)


def story(product: Product) -> dict[str, str]:
    """Ids of the demo story by what they are."""
    rows = product.sql(
        "SELECT 'item ' || title AS what, id::text FROM items"
        " UNION ALL SELECT 'slip ' || state, id::text FROM slips"
        " UNION ALL SELECT 'meeting ' || kind, id::text FROM meetings"
        " UNION ALL SELECT 'circulation ' || title, id::text FROM circulations WHERE title <> ''"
        " UNION ALL SELECT 'pack', id::text FROM rule_pack_versions"
    )
    return {row["what"]: row["id"] for row in rows}


def pages(ids: dict[str, str]) -> dict[str, list[Screen]]:
    """Who looks at which pages: each page once, with the person who has most to do there."""

    def item(title: str) -> str:
        return next(one for what, one in ids.items() if what.startswith(f"item {title}"))

    bridge = ids["circulation 云溪二桥限载通行的请示"]
    return {
        "hejing": [
            Screen("waiting-office", "/desk/waiting"),
            Screen("tasks", "/desk/tasks"),
            Screen("tasks-unsigned", "/desk/tasks?tab=unsigned"),
            Screen("tasks-control", "/desk/tasks?tab=control"),
            Screen("tasks-contacts", "/desk/tasks?tab=contacts"),
            Screen("slip-draft", f"/desk/tasks/{ids['slip DRAFT']}"),
            Screen("slip-issued", f"/desk/tasks/{ids['slip ISSUED']}"),
            Screen("slip-new", f"/desk/tasks/new?item={item('冬季建筑工地')}&series=TASK_NOTICE"),
            Screen("packs", "/desk/rules"),
            Screen("pack-editor", "/desk/rules/new?from=tongren-hitech-2014@1"),
            Screen("calendar", "/desk/rules?tab=calendar&year=2026"),
            Screen("wall", "/desk/wall"),
            Screen("board", "/desk/wall/board"),
            Screen("meetings", "/desk/meetings"),
            Screen("meeting", f"/desk/meetings/{ids['meeting EXECUTIVE']}"),
            Screen("meeting-new", "/desk/meetings/new"),
            Screen("intake", "/desk/intake"),
            Screen("intake-new", "/desk/intake/new"),
            Screen("limits", "/desk/limits"),
            Screen("programmes", "/desk/programmes"),
            Screen("programme-new", "/desk/programmes/new"),
            Screen("item-schedule", f"/desk/items/{item('老城区雨污分流')}"),
            Screen("item-children", f"/desk/items/{item('2026年《政府工作报告》')}"),
            Screen("item-method", f"/desk/items/{item('棚户区改造')}"),
            Screen("item-listed", f"/desk/items/{item('县城在建工地扬尘')}"),
        ],
        "luming": [
            Screen("waiting-leader", "/desk/waiting"),
            Screen("waiting-one", f"/desk/waiting/{item('东湖片区污水直排')}"),
            Screen("circulation-leader", "/desk/circulation"),
        ],
        "linxia": [
            Screen("waiting-supervisor", "/desk/waiting"),
            Screen("item-proposal", f"/desk/items/{item('小区充电设施')}"),
        ],
        "tanglan": [
            Screen("circulation", "/desk/circulation"),
            Screen("circulation-one", f"/desk/circulation/{bridge}"),
            Screen("circulation-new", "/desk/circulation/new"),
            Screen("item-register", "/desk/items/new"),
        ],
        "unit": [
            Screen("tasks-unit", "/desk/tasks"),
            Screen("slip-unit", f"/desk/tasks/{ids['slip ISSUED']}"),
            Screen("item-unit", f"/desk/items/{item('文昌街供水管网')}"),
        ],
    }


def test_everything_of_the_ledger_is_looked_at(product: Product) -> None:
    """A page that is added to the rail is added here too."""
    seen = {screen.path.split("/")[2].split("?")[0] for all_ in pages(story(product)).values() for screen in all_}
    assert {"waiting", "tasks", "items", "wall", "meetings", "circulation", "rules"} <= seen
