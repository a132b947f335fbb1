"""An office at its desks: each person in a browser context of their own, and the doors behind the screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
from playwright.sync_api import Locator, Page, Playwright, expect

from server.access.roles import Role
from server.kit.ids import new_id
from tests.e2e.inspector import PASSWORD, SYNC_MS
from tests.e2e.supervisor import Supervisor
from tests.factories import browser
from tests.factories.files import PDF
from tests.factories.product import Product

SHANGHAI = ZoneInfo("Asia/Shanghai")
_ITEM = re.compile(r"/desk/items/([0-9a-f-]{36})$")


class Doors:
    """The public API, called as the people of the demo organisation."""

    def __init__(self, product: Product) -> None:
        self.product = product
        self._tokens: dict[str, str] = {}

    def ask(self, login: str, method: str, path: str, json: Any = None, **kwargs: Any) -> httpx.Response:
        """The answer, whatever it says."""
        if login not in self._tokens:
            body = {"login": login, "password": PASSWORD, "transport": "bearer"}
            answer = httpx.post(f"{self.product.url}/api/session", json=body, timeout=SYNC_MS / 1000)
            assert answer.status_code == 201, answer.text
            self._tokens[login] = answer.json()["token"]
        headers = {"Authorization": f"Bearer {self._tokens[login]}", **kwargs.pop("headers", {})}
        url = f"{self.product.url}/api/{path}"
        return httpx.request(method, url, json=json, headers=headers, timeout=SYNC_MS / 1000, **kwargs)

    def ok(self, login: str, method: str, path: str, json: Any = None, **kwargs: Any) -> Any:
        """The body of an answer that must have succeeded."""
        answer = self.ask(login, method, path, json, **kwargs)
        assert answer.is_success, answer.text
        return answer.json()

    def unit(self, name: str) -> str:
        """The id of a unit."""
        return str(self.product.sql("SELECT id FROM units WHERE name = $1", name)[0]["id"])

    def person(self, login: str) -> str:
        """The id of a person."""
        return str(self.product.sql("SELECT id FROM people WHERE login = $1", login)[0]["id"])

    def add_liaison(self, login: str, name: str, unit: str) -> None:
        """Somebody new in a unit, with the password that everybody of the demo has."""
        person = new_id()
        self.product.sql(
            "INSERT INTO people (id, org_id, unit_id, name, login, password_hash, created_at)"
            " SELECT $1, org_id, $2, $3, $4, password_hash, created_at FROM people WHERE login = 'unit'",
            person,
            UUID(self.unit(unit)),
            name,
            login,
        )
        self.product.sql(
            "INSERT INTO role_grants (id, org_id, person_id, role, granted_at)"
            " SELECT $1, org_id, id, $3, created_at FROM people WHERE id = $2",
            new_id(),
            person,
            Role.LIAISON.value,
        )

    def enact(self, label: str) -> None:
        """Take a shipped rule pack into force from today."""
        pack = self.ok("hejing", "POST", "rule-packs", {"id": str(new_id()), "shipped": label})
        self.ok("hejing", "POST", f"rule-packs/{pack['id']}/submit")
        today = datetime.now(SHANGHAI).date().isoformat()
        self.ok("luming", "POST", f"rule-packs/{pack['id']}/enact", {"in_force_from": today})

    def registered(self, login: str, **changed: Any) -> str:
        """An item just registered."""
        found: str = self.ok(login, "POST", "items", {"id": str(new_id()), "category": "SPECIAL", **changed})["id"]
        return found

    def forwarding(self, task: str, unit: str) -> dict[str, Any]:
        """A proposal that one unit deals with a task alone, by a decision of the county."""
        return {
            "proposal_text": "拟转住建局办理。",
            "task": task,
            "requirement": "信号灯恢复正常",
            "mode": "FORWARD",
            "handling_unit_id": self.unit(unit),
            "assist_unit_ids": [],
            "responsible_person_id": self.person("unit"),
            "follow_up_id": self.person("linxia"),
            "kind": "DAILY",
            "content_kind": 2,
            "basis_kind": "DECISION",
            "basis_text": "县政府第12次常务会议",
            "scope_text": "限文昌路口",
        }

    def established(self, proposal: dict[str, Any], **item: Any) -> str:
        """An item signed twice, whose method is to be confirmed."""
        item_id = self.registered("tanglan", **item)
        self.ok("linxia", "PUT", f"items/{item_id}/proposal", proposal)
        self.ok("linxia", "POST", f"items/{item_id}/submit")
        self.ok("luming", "POST", f"items/{item_id}/signatures", {"kind": "FIRST", "opinion": "同意"})
        self.ok("guyuan", "POST", f"items/{item_id}/signatures", {"kind": "SECOND", "opinion": "同意"})
        return item_id

    def confirmed(self, proposal: dict[str, Any], **item: Any) -> str:
        """An item as far as the method, ready for its task notice."""
        item_id = self.established(proposal, **item)
        method = {"channels": ["HEARING"], "visits": False, "interval_days": 7}
        self.ok("hejing", "PUT", f"items/{item_id}/method", method)
        return item_id


class Desk(Supervisor):
    """A person at a desk who sees an item through."""

    def button(self, name: str) -> Locator:
        """The button of exactly this name."""
        return self.page.get_by_role("button", name=name, exact=True)

    def field(self, label: str) -> Locator:
        """The field of exactly this label."""
        return self.page.get_by_label(label, exact=True)

    def choose(self, group: str, option: str) -> None:
        """One of a few, as a person clicks it."""
        self.page.get_by_role("group", name=group, exact=True).get_by_text(option, exact=True).click()

    def attach(self, group: str, name: str, media_type: str, data: bytes) -> None:
        """Hand a file in and wait until it is listed."""
        drop = self.page.get_by_role("group", name=group, exact=True)
        drop.locator("input[type=file]").set_input_files({"name": name, "mimeType": media_type, "buffer": data})
        expect(self.button(f"移除「{name}」")).to_be_visible(timeout=SYNC_MS)

    def attach_pdf(self, group: str, name: str) -> None:
        """Hand a PDF in."""
        self.attach(group, name, "application/pdf", PDF)

    def open_waiting(self, title: str) -> None:
        """What waits for this person, and of it this one."""
        self.page.goto("/desk/waiting")
        self.page.locator("a.row-link", has_text=title).click()
        expect(self.page.get_by_role("heading", name=title, level=2)).to_be_visible()

    def open_item(self, item_id: str) -> None:
        """The whole of an item."""
        self.page.goto(f"/desk/items/{item_id}")
        expect(self.page.locator("article.sheetlike > header h2")).to_be_visible()

    def item_id(self) -> str:
        """Of the item that has just been opened."""
        expect(self.page).to_have_url(_ITEM)
        match = _ITEM.search(self.page.url)
        assert match is not None
        return match.group(1)

    def expect_state(self, item_id: str, state: str) -> None:
        """The item's page says so."""
        self.open_item(item_id)
        expect(self.page.locator("article.sheetlike > header .badges")).to_contain_text(state, timeout=SYNC_MS)

    def open_task(self, title: str) -> None:
        """A slip on the list of slips, by the item that it is about."""
        self.page.goto("/desk/tasks")
        self.page.locator("a.row-link", has_text=title).click()
        expect(self.page.locator("article.slip-view")).to_contain_text(title)

    def draft_saved(self) -> None:
        """Save the draft and see it as it will go out, lacking nothing."""
        self.button("存草稿并预览").click()
        expect(self.page.locator("article.slip-view")).to_contain_text("内容完整，可以签发", timeout=SYNC_MS)

    def issue(self, title: str) -> None:
        """Sign the draft of this item off."""
        self.open_task(title)
        self.button("签发").click()
        self.page.get_by_role("dialog").get_by_role("button", name="签发", exact=True).click()
        expect(self.page.locator("article.slip-view > header")).to_contain_text("已签发", timeout=SYNC_MS)

    def sign_for(self, title: str, name: str) -> None:
        """Sign for the slip of this item."""
        self.open_task(title)
        slip = self.page.locator("article.slip-view")
        expect(slip).to_contain_text("请本单位签收")
        self.button("签收").click()
        self.page.get_by_role("dialog").get_by_role("button", name="签收", exact=True).click()
        expect(slip.locator(".receipts")).to_contain_text(f"{name} 签收", timeout=SYNC_MS)
        expect(slip).not_to_contain_text("请本单位签收")

    def sign_approval(self, title: str, act: str) -> None:
        """Approve the item that waits; it waits no longer."""
        self.open_waiting(title)
        self.page.get_by_role("button", name=re.compile(f"^{act}")).click()
        self.page.get_by_role("dialog").get_by_role("button", name=act, exact=True).click()
        expect(self.page.locator("a.row-link", has_text=title)).to_have_count(0, timeout=SYNC_MS)


class Office:
    """The desks of an office in one browser."""

    def __init__(self, first: Page, url: str) -> None:
        self._browser = first.context.browser
        self._url = url

    @contextmanager
    def desk(self, login: str) -> Iterator[Desk]:
        """Somebody signed in, for as long as this lasts."""
        assert self._browser is not None
        context = self._browser.new_context(
            viewport={"width": 1440, "height": 900}, locale="zh-CN", timezone_id="Asia/Shanghai", base_url=self._url
        )
        context.set_default_timeout(SYNC_MS)
        try:
            desk = Desk(context.new_page())
            desk.sign_in(login)
            yield desk
        finally:
            context.close()


@contextmanager
def office_at_work(playwright: Playwright, product: Product) -> Iterator[Office]:
    """One browser for all desks: they are contexts, not processes."""
    with browser.desk(playwright, product.url) as first:
        yield Office(first, product.url)


def yesterday() -> str:
    """A day that has passed whatever the hour, as a date field takes it."""
    return (datetime.now(SHANGHAI).date() - timedelta(days=1)).isoformat()


def written(day: str) -> str:
    """``2026-05-25`` as the screen writes it: 2026年5月25日."""
    year, month, of_month = (int(part) for part in day.split("-"))
    return f"{year}年{month}月{of_month}日"
