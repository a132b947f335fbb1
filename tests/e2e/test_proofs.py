"""Evidence that proves itself, in a real browser: void one, annotate, seal with a passkey, cosign, see it in the log.

And the other way round: a server whose administrator rewrites the log is found out by the phone.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from playwright.sync_api import CDPSession, Page, Playwright, expect

from server.journal.leaves import leaf_hash
from server.tlog.tree import Frontier
from tests.e2e.inspector import SYNC_MS, Inspector
from tests.factories.browser import Phone
from tests.factories.product import Product, apart

VISIT = "青柳线路面修复现场走访"
REASON = "拍到无关人员"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A product of its own: its log will be broken."""
    with Product(tmp_path_factory.mktemp("proofs")) as own:
        yield own


@pytest.fixture
def inspector(playwright_driver: Playwright, product: Product, tmp_path: Path) -> Iterator[Inspector]:
    """林夏 on site, who leads this visit."""
    site = product.sql("SELECT lat_e7, lon_e7 FROM visits v JOIN sites s ON s.id = v.site_id WHERE v.title = $1", VISIT)
    place = (site[0]["lat_e7"] / 1e7, site[0]["lon_e7"] / 1e7)
    phone = Phone(playwright_driver, tmp_path / "profile", product.url, camera=True, place=place)
    phone.open()
    yield Inspector(phone)
    phone.close()


class Authenticator:
    """The phone's own lock, as WebAuthn sees it; somebody can refuse to unlock."""

    def __init__(self, tools: CDPSession) -> None:
        self._tools = tools
        tools.send("WebAuthn.enable")
        made = tools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        self._id = made["authenticatorId"]

    def refuses(self, refuses: bool) -> None:
        """Whether the person fails to show finger or face."""
        self._tools.send("WebAuthn.setUserVerified", {"authenticatorId": self._id, "isUserVerified": not refuses})

    def credentials(self) -> list[dict[str, Any]]:
        """The passkeys on it."""
        found: list[dict[str, Any]] = self._tools.send("WebAuthn.getCredentials", {"authenticatorId": self._id})[
            "credentials"
        ]
        return found


def spoken(row: dict[str, Any]) -> dict[str, Any]:
    """What a statement on the phone says."""
    text = row["statement"]
    said: dict[str, Any] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return said


def digest(row: dict[str, Any]) -> str:
    """Unpadded base64url of the SHA-256 of a statement's bytes."""
    text = row["statement"]
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def step(page: Page, act: str) -> None:
    """Take the visit's next step and confirm it."""
    page.get_by_role("button", name=act, exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name=act, exact=True).click()
    expect(page.get_by_role("dialog")).to_be_hidden()


def annotate(page: Page, text: str) -> None:
    """Write a signed note where the screen offers it."""
    page.get_by_role("button", name="补记", exact=True).click()
    page.get_by_role("dialog").get_by_label("内容").fill(text)
    page.get_by_role("dialog").get_by_role("button", name="签名并保存").click()
    expect(page.locator("[data-note]").filter(has_text=text)).to_be_visible()


def sign_with_a_finger(page: Page) -> None:
    """Draw something on the glass."""
    page.locator("[data-ink]").scroll_into_view_if_needed()
    box = page.locator("[data-ink]").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 90)
    page.mouse.down()
    for part in range(1, 12):
        page.mouse.move(box["x"] + 40 + 20 * part, box["y"] + 90 + (25 if part % 2 else -25))
    page.mouse.up()


async def rewrite_the_log(dsn: str) -> None:
    """What an administrator with SQL and the log's key can do: another first leaf, and a tree that agrees with it."""
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            await connection.execute("SET LOCAL session_replication_role = replica")  # no trigger, no foreign key
            other = b'{"k":"entry","t":"leaf/1"}'
            await connection.execute(
                "UPDATE log_leaves SET leaf = $1, leaf_hash = $2 WHERE idx = 0", other, leaf_hash(other)
            )
            leaves = [
                row["leaf_hash"] for row in await connection.fetch("SELECT leaf_hash FROM log_leaves ORDER BY idx")
            ]
            await connection.execute("DELETE FROM log_nodes")
            await connection.executemany(
                "INSERT INTO log_nodes (level, idx, hash) VALUES ($1, $2, $3)", Frontier(0, {}).append(leaves)
            )
            await connection.execute("DELETE FROM log_checkpoints")
    finally:
        await connection.close()


@pytest.mark.requirement("R53")
@pytest.mark.requirement("R86")
def test_from_the_shutter_to_the_log_and_a_log_that_is_rewritten(
    product: Product, inspector: Inspector, photo_files: list[Path]
) -> None:
    page = inspector.page
    inspector.sign_in("linxia")
    authenticator = Authenticator(inspector.phone.tools())

    # At the office: a passkey on this phone; nobody has confirmed the phone yet.
    page.get_by_role("link", name="我的").click()
    page.get_by_role("link", name="手机与通行密钥").click()
    expect(page.locator("[data-device]")).to_contain_text("待督查室确认")
    page.get_by_role("button", name="在本机登记通行密钥").click()
    expect(page.locator("[data-passkey]")).to_contain_text("在本机可用")
    assert len(authenticator.credentials()) == 1

    # On site without a network: confirmed by passkey, three photos, one void, two notes; the app opened anew between.
    inspector.home()
    inspector.open_visit(VISIT)
    step(page, "出发")
    step(page, "到达现场")
    inspector.phone.context.set_offline(True)
    inspector.begin_capture()
    expect(page.locator("[data-confirmed]")).to_be_visible()
    inspector.pick(photo_files[2:4])
    page.reload()
    inspector.shoot()
    inspector.end_capture()
    page.locator("[data-capture]").first.click()
    page.get_by_role("button", name="作废", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name=REASON).click()
    page.get_by_role("dialog").get_by_role("button", name="作废", exact=True).click()
    expect(page.locator("[data-void='done']")).to_contain_text(REASON)
    expect(page.locator(".picture.void img")).to_be_visible()
    page.get_by_role("button", name="返回").click()
    expect(page.locator("[data-count]")).to_contain_text("3 张，作废 1")
    expect(page.locator("[data-capture].void")).to_contain_text("已作废")
    annotate(page, "村民反映上月刚补过一次。")
    page.locator("[data-capture]").nth(1).click()
    annotate(page, "坑槽长约两米。")
    page.get_by_role("button", name="返回").click()

    # Leaving: what is sealed in plain words, the passkey, the slip, the unit's representative and a refusal.
    page.get_by_role("button", name="离开现场").click()
    expect(page.locator("[data-contents]")).to_contain_text("3 张，作废 1")
    expect(page.locator("[data-contents]")).to_contain_text("6 条签名记录首尾相扣")
    expect(page.locator("[data-passkey]")).to_contain_text("通行密钥")
    page.get_by_role("button", name="封存并离开现场").click()
    slip = page.locator("[data-slip]")
    expect(slip).to_contain_text("经通行密钥确认")
    expect(page.locator("[data-slip-count]")).to_have_text("6")
    statements = inspector.rows("statements")
    (seal,) = [row for row in statements if row["kind"] == "session.seal"]
    assert slip.get_attribute("data-digest") == digest(seal)
    assert re.sub(r"\s", "", page.locator(".slip-digest").inner_text()) == digest(seal)
    page.get_by_role("link", name="签认或拒签").click()
    page.get_by_label("姓名").fill("孙志国")
    page.get_by_label("职务").fill("村委会主任")
    sign_with_a_finger(page)
    page.get_by_role("button", name="签认", exact=True).click()
    expect(page.locator("[data-cosign]")).to_contain_text("孙志国")
    page.get_by_role("link", name="签认或拒签").click()
    page.get_by_text("拒签", exact=True).click()
    page.get_by_label("姓名").fill("项目经理")
    page.get_by_role("button", name="记录拒签").click()
    expect(page.get_by_text("请写明拒签的理由")).to_be_visible()
    page.get_by_label("拒签的理由").fill("未说明理由")
    page.get_by_role("button", name="记录拒签").click()
    expect(page.locator("[data-cosign]")).to_have_count(2)

    # With a network again: everything arrives, the log has it, and the phone has checked that itself.
    inspector.phone.context.set_offline(False)
    inspector.open_sync()
    inspector.send_now()
    inspector.wait_until_sent()
    log = page.locator("[data-log]")
    expect(log).to_have_attribute("data-waiting", "0", timeout=SYNC_MS)
    expect(log).to_have_attribute("data-proven", "10")
    statements = inspector.rows("statements")
    assert {row["state"] for row in statements} == {"proven"}
    first = min(inspector.captured())
    page.goto(f"/m/evidence/{first}")
    expect(page.locator("[data-proof]")).to_contain_text("已登入公开日志")
    assert [row["outcome"] for row in product.sql("SELECT outcome FROM discards WHERE capture_id = $1", first)] == [
        "VOID"
    ]
    assert [row["problem"] for row in product.sql("SELECT problem FROM passkey_assertions")] == ["", ""]
    assert {(row["name"], row["outcome"], row["reason"]) for row in product.sql("SELECT * FROM cosignatures")} == {
        ("孙志国", "SIGNED", None),
        ("项目经理", "REFUSED", "未说明理由"),
    }
    assert len(product.sql("SELECT 1 FROM field_notes WHERE text IS NOT NULL")) == 2

    # What is captured from now on names the checkpoint that this phone saw. The person refuses the passkey: no matter.
    authenticator.refuses(True)
    inspector.home()
    inspector.open_visit(VISIT)
    inspector.phone.context.set_offline(True)
    inspector.begin_capture()
    inspector.pick(photo_files[2:3])
    inspector.end_capture()
    later = max(
        (row for row in inspector.rows("statements") if row["kind"] == "capture.record"), key=lambda row: row["at"]
    )
    seen = next(row["v"] for row in inspector.rows("kv") if row["k"] == "log")["checkpoint"]
    assert (spoken(later)["anchor"]["cp"], spoken(later)["anchor"]["size"]) == (seen["cp"], seen["size"])
    (opened,) = [row for row in inspector.rows("statements") if row["id"] == later["session_id"]]
    assert spoken(opened)["prev_seal"] == digest(seal)
    assert opened["said"] == {"passkey": False}

    # An administrator rewrites the log; the server signs it with its true key. The phone remembers.
    apart(rewrite_the_log(product.dsn))
    inspector.phone.context.set_offline(False)
    inspector.open_sync()
    inspector.send_now()
    # Asked at the moment when there is no checkpoint at all, the phone may have raised two: then both stay.
    alarm = page.locator("[data-alarm]").first
    expect(alarm).to_contain_text("公开日志被改动过", timeout=SYNC_MS)
    inspector.home()
    expect(page.locator("[data-alarm-notice]")).to_be_visible()
    page.reload()
    page.locator("[data-alarm-notice]").get_by_role("link", name="查看").click()
    expect(alarm).to_contain_text("已上报督查室", timeout=SYNC_MS)
    noted = page.get_by_role("button", name="我已知悉")
    while noted.count():
        noted.first.click()
        page.wait_for_timeout(200)
    expect(alarm).to_contain_text("知悉")
    inspector.home()
    expect(page.locator("[data-alarm-notice]")).to_be_hidden()
    assert {row["kind"] for row in product.sql("SELECT kind FROM log_alarms")} == {"INCONSISTENT"}
    assert inspector.captured().keys() >= {later["id"]}
