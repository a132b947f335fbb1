"""Rules and methods change while people work by them: who is told, who is stopped, and what stays as it was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Playwright, expect

from server.kit.ids import new_id
from tests.e2e.inspector import SYNC_MS
from tests.e2e.ledger import SHANGHAI, Doors, Office, office_at_work
from tests.factories.product import Product

HOUSING = "住房和城乡建设局"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Not the one that the other browser tests share: its rules change."""
    with Product(tmp_path_factory.mktemp("rules")) as own:
        yield own


@pytest.fixture
def doors(product: Product) -> Doors:
    """The API behind the screens."""
    return Doors(product)


@pytest.fixture
def office(playwright_driver: Playwright, product: Product) -> Iterator[Office]:
    """Everybody's desk."""
    with office_at_work(playwright_driver, product) as working:
        yield working


def drafted(doors: Doors, name: str) -> dict[str, Any]:
    """A pack of the office's own, like one that comes with the program but for its name."""
    read = doors.ok("hejing", "GET", "rule-packs/read/liangshan-2010@1")
    text = read["text"].replace(f"\nid: {read['id']}\n", f"\nid: own-{str(new_id())[-6:]}\n")
    text = text.replace(read["name"]["zh"], name, 1)
    found: dict[str, Any] = doors.ok("hejing", "POST", "rule-packs", {"id": str(new_id()), "text": text})
    return {**found, "text": text}


def test_packs_and_calendars_wait_at_the_desk_of_who_enacts_them(doors: Doors, office: Office) -> None:
    year, number = datetime.now(SHANGHAI).year + 3, f"国办发明电〔{str(new_id())[-6:]}〕6号"
    pack = drafted(doors, f"督查规程第{str(new_id())[-6:]}稿")
    doors.ok("hejing", "POST", f"rule-packs/{pack['id']}/submit")
    notice = {"year": year, "source": number, "off": [{"from": f"{year}-10-01", "to": f"{year}-10-03"}], "work": []}
    doors.ok("hejing", "POST", "calendars", {"id": str(new_id()), "notice": notice})

    with office.desk("luming") as leader:
        leader.page.goto("/desk/waiting")
        waiting = leader.page.locator(".also")
        calendar = waiting.get_by_role("link").filter(has_text=number)
        expect(calendar).to_contain_text("工作日历待批准施行", timeout=SYNC_MS)
        calendar.click()
        expect(leader.page.get_by_role("heading", name=str(year), exact=True)).to_be_visible()
        leader.page.go_back()
        waiting.get_by_role("link").filter(has_text=pack["name"]["zh"]).click()
        expect(leader.page.get_by_role("heading", name=pack["name"]["zh"])).to_be_visible()
        expect(leader.button("批准施行")).to_be_visible()
    with office.desk("hejing") as chief:
        # Nobody enacts what he laid before the leaders himself.
        chief.page.goto("/desk/waiting")
        expect(chief.page.locator("a.row-link").first).to_be_visible()
        expect(chief.page.locator(".also")).not_to_contain_text(number)


def test_a_colleagues_revision_of_a_draft_is_not_written_over(doors: Doors, office: Office) -> None:
    pack = drafted(doors, f"督查规程第{str(new_id())[-6:]}稿")
    theirs, mine = "\n# 同事补充的一行\n", "\n# 我补充的一行\n"
    with office.desk("hejing") as chief:
        chief.page.goto(f"/desk/rules/{pack['id']}?edit=1")
        text = chief.field("规则包文本（YAML）")
        expect(text).to_have_value(pack["text"], timeout=SYNC_MS)
        doors.ok("hejing", "PATCH", f"rule-packs/{pack['id']}", {"text": pack["text"] + theirs})
        text.fill(pack["text"] + mine)
        chief.button("保存草稿").click()
        chief.expect_text("它刚刚被他人更改")
        # Neither is lost: what was typed stays on the screen, and the colleague's is what is stored.
        expect(text).to_have_value(pack["text"] + mine)
    label = doors.ok("hejing", "GET", f"rule-packs/{pack['id']}")["label"]
    assert doors.ok("hejing", "GET", f"rule-packs/read/{label}")["text"].endswith(theirs)


def test_a_change_of_the_method_is_taken_back_before_anybody_signs(doors: Doors, office: Office) -> None:
    title = f"文昌路口信号灯修复第{str(new_id())[-6:]}号"
    item_id = doors.confirmed(doors.forwarding(title, HOUSING), title=title, source_kind="LEADER_ASSIGNMENT")
    with office.desk("hejing") as chief:
        chief.open_item(item_id)
        chief.button("变更办法").click()
        chief.field("变更理由").fill("群众反映增多，改为三天一督。")
        chief.field("督查间隔（天）(选填)").fill("3")
        chief.button("变更办法").click()
        changes = chief.page.locator(".process")
        expect(changes).to_contain_text("待领导签批", timeout=SYNC_MS)
        # A failure is told where one clicked, and nothing is lost by it.
        chief.page.route("**/decide", lambda route: route.abort(), times=1)
        chief.button("撤回变更").click()
        expect(changes.get_by_role("alert")).to_be_visible()
        chief.button("撤回变更").click()
        expect(changes).to_contain_text("已撤回", timeout=SYNC_MS)
        expect(chief.button("撤回变更")).to_have_count(0)
    [item] = doors.product.sql("SELECT interval_days FROM items WHERE id = $1", item_id)
    assert item["interval_days"] == 7


def test_registering_asks_before_typed_words_are_left(office: Office, product: Product) -> None:
    with office.desk("tanglan") as registrar:
        page = registrar.page
        page.goto("/desk/items/new")
        title = registrar.field("事项名称")
        title.fill("北门桥路面塌陷")
        page.get_by_role("navigation", name="主导航").get_by_role("link", name="会议").click()
        question = page.get_by_role("dialog")
        expect(question).to_contain_text("还没有提交")
        question.get_by_role("button", name="继续填写").click()
        expect(page).to_have_url(f"{product.url}/desk/items/new")
        expect(title).to_have_value("北门桥路面塌陷")
        registrar.page.locator("form").get_by_role("button", name="取消").click()
        question.get_by_role("button", name="放弃并离开").click()
        expect(title).to_have_count(0)


@pytest.mark.requirement("R36")
def test_an_item_keeps_the_rules_that_it_was_handed_over_under(doors: Doors, office: Office) -> None:
    [item] = doors.product.sql(
        "SELECT id, due_pack, due_at FROM items WHERE state = 'IN_PROGRESS' AND due_at IS NOT NULL AND due_pack <> ''"
        " AND due_pack <> 'liangshan-2010@1' ORDER BY id LIMIT 1"
    )
    doors.enact("liangshan-2010@1")
    with office.desk("linxia") as supervisor:
        supervisor.open_item(str(item["id"]))
        supervisor.expect_text(f"规则 {item['due_pack']}")
        expect(supervisor.page.locator("article.sheetlike")).not_to_contain_text("liangshan-2010")
    [after] = doors.product.sql("SELECT due_pack, due_at FROM items WHERE id = $1", item["id"])
    assert after == {"due_pack": item["due_pack"], "due_at": item["due_at"]}
