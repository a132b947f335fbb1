"""The whole main job with two people and real browsers: capture offline, die, come back, sync, review, case, answer."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from server.kit.supervisor.postgres import EmbeddedPostgres
from tests.e2e.inspector import SYNC_MS, Inspector
from tests.e2e.supervisor import Supervisor
from tests.factories import browser
from tests.factories.browser import Phone
from tests.factories.external import ExternalProduct
from tests.factories.line import Exchange, Line
from tests.factories.product import Product
from tests.media.minio_server import NoS3Server, running_minio

VISIT = "溪山府二期工地扬尘治理暗访"
FINDING = "三层东侧临边未设防护栏杆，存在高处坠落危险"
DRAFT = "二层配电箱未上锁，旁边"


@pytest.fixture(scope="module", params=["embedded", "external"])
def product(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The product with all its own services, and the product on the PostgreSQL and the MinIO of others.

    Not the one that the other browser tests share: the story counts what it finds.
    """
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "embedded":
        with Product(folder) as own:
            yield own
        return
    with ExitStack() as stack:
        try:
            s3 = stack.enter_context(running_minio())
        except NoS3Server as missing:
            if os.environ.get("CI") == "true":
                pytest.fail(str(missing))
            pytest.skip(str(missing))
        postgres = EmbeddedPostgres(folder / "postgres", durable=False)
        stack.callback(postgres.stop)
        yield stack.enter_context(ExternalProduct(folder / "var", postgres.start(), s3))


@pytest.fixture
def inspector(playwright_driver: Playwright, product: Product, line: Line, tmp_path: Path) -> Iterator[Inspector]:
    """林夏 in the field, at the site of her visit, the phone behind a line that can be cut."""
    site = product.sql("SELECT lat_e7, lon_e7 FROM visits v JOIN sites s ON s.id = v.site_id WHERE v.title = $1", VISIT)
    place = (site[0]["lat_e7"] / 1e7, site[0]["lon_e7"] / 1e7)
    phone = Phone(playwright_driver, tmp_path / "profile", line.url, camera=True, place=place)
    phone.open()
    yield Inspector(phone)
    phone.close()


@pytest.fixture
def supervisor(playwright_driver: Playwright, product: Product) -> Iterator[Supervisor]:
    """何静 at her desk."""
    with browser.desk(playwright_driver, product.url) as page:
        yield Supervisor(page)


def sha256(photo: Path) -> str:
    """Lower-case hex digest of a file."""
    return hashlib.sha256(photo.read_bytes()).hexdigest()


def second_part_is_under_way(exchange: Exchange) -> bool:
    """In the middle of a file of which the server already has a part."""
    offset = int(exchange.headers.get("upload-offset", "0"))
    return exchange.method == "PATCH" and offset > 0 and exchange.passed > 200_000


def test_from_the_site_without_a_network_to_the_case(
    product: Product, line: Line, inspector: Inspector, supervisor: Supervisor, photo_files: list[Path]
) -> None:
    turned, plain, small, small_plain = photo_files
    # In the morning at the office; then the phone goes into the pocket, and Chromium writes its cookies.
    inspector.sign_in("linxia")
    inspector.phone.close()
    supervisor.sign_in("hejing")
    supervisor.open_evidence()
    known_before = supervisor.ids()

    # Without a network: several files at once, with and without EXIF.
    inspector.phone.open()
    inspector.phone.context.set_offline(True)
    inspector.page.reload()
    inspector.open_visit(VISIT)
    inspector.begin_capture()
    last = inspector.pick([turned, plain, small])
    assert last == sha256(small)
    # The browser believes that there is a network, but nobody answers.
    line.down()
    inspector.phone.context.set_offline(False)
    assert inspector.page.evaluate("navigator.onLine") is True
    inspector.pick([small_plain], system_camera=True)
    from_viewfinder = inspector.shoot()
    inspector.end_capture()
    inspector.write_finding(FINDING, photos=2)
    inspector.save_finding()
    inspector.write_finding(DRAFT, severity="一般")

    taken = inspector.captured()
    assert len(taken) == 5
    assert set(taken.values()) == {sha256(photo) for photo in photo_files} | {from_viewfinder}
    own = [row["local"] for row in inspector.rows("captures") if row["id"] in taken]
    assert [(one["position"]["acc_cm"], one["gps_error"]) for one in own] == [(800, None)] * 5

    # kill -9; the app opens without a network, and nothing is missing.
    inspector.phone.kill()
    inspector.phone.open()
    assert inspector.captured() == taken
    on_phone = inspector.digests()
    assert {capture: on_phone[f"{capture}:original"] for capture in taken} == taken
    inspector.open_visit(VISIT)
    expect(inspector.page.locator("[data-capture]")).to_have_count(5)
    expect(inspector.page.get_by_text(FINDING)).to_be_visible()
    inspector.page.get_by_role("link", name="记录问题").click()
    expect(inspector.page.get_by_label("问题描述")).to_have_value(DRAFT)
    inspector.open_sync()
    expect(inspector.page.locator("[data-sync-state]")).to_have_attribute("data-safe", "false")
    for number in range(1, 6):
        expect(inspector.page.get_by_text(f"照片 {number} ·")).to_be_visible()

    # The network returns and dies in the middle of a file; so does the browser.
    line.die_when(second_part_is_under_way)
    line.up()
    inspector.send_now()
    line.wait_until_dead(SYNC_MS / 1000)
    expect(inspector.page.get_by_text("连不上服务器").first).to_be_visible()
    torn = line.uploads()[-1]
    inspector.phone.kill()
    inspector.phone.open("/m/sync")
    assert inspector.captured() == taken
    dead_until = len(line.log)
    line.up()
    inspector.send_now()
    inspector.wait_until_sent()
    continued = [exchange for exchange in line.log[dead_until:] if exchange.path == torn.path]
    assert [exchange.method for exchange in continued[:2]] == ["HEAD", "PATCH"]
    assert int(continued[1].headers["upload-offset"]) >= int(torn.headers["upload-offset"]) > 0
    created = [exchange for exchange in line.uploads() if exchange.method == "POST" and exchange.status == 201]
    assert len(created) == 10  # an original and a preview of each, none begun twice

    # Nothing lost, nothing doubled, every byte as signed.
    stored = product.stored_originals()
    assert set(taken.values()) <= set(stored)
    assert all(signed == found for signed, found in stored.items())
    rows = product.sql(
        "SELECT id::text, originals_received, originals_total FROM captures WHERE id = ANY($1)", [*taken]
    )
    assert {row["id"] for row in rows} == set(taken)
    assert all(row["originals_received"] == row["originals_total"] == 1 for row in rows)

    # The desk saw it arrive without a reload.
    assert not known_before & set(taken)
    supervisor.wait_for(set(taken))
    first = min(taken)
    supervisor.open_one(first)
    supervisor.expect_facts(author="林夏", digest=taken[first])
    supervisor.look_closely()
    supervisor.ask("这是哪一层，哪个方位?")
    assert [row["n"] for row in product.sql("SELECT count(*) AS n FROM queries WHERE capture_id = $1", first)] == [1]

    # A notification that says nothing, an inbox that says what to do, an answer that syncs back.
    shown = push_to(inspector)
    assert [(one["title"], one["body"]) for one in shown] == [("直查", "您有一条新消息，请打开应用查看。")]
    inspector.page.goto("/m/inbox")
    inspector.page.get_by_role("button", name="提出疑问").first.click()
    expect(inspector.page.get_by_text("这是哪一层，哪个方位?").first).to_be_visible()
    inspector.page.get_by_label("答复").fill("三层东侧，靠近塔吊。")
    inspector.page.get_by_role("button", name="提交答复").click()
    expect(inspector.page.get_by_text("三层东侧，靠近塔吊。").first).to_be_visible()  # kept, before the page is left
    inspector.open_sync()
    inspector.wait_until_sent()
    supervisor.expect_text("三层东侧，靠近塔吊。")
    supervisor.accept()
    push_to(inspector)
    inspector.page.goto(f"/m/evidence/{first}")
    expect(inspector.page.get_by_text("已采信").first).to_be_visible()

    # From the finding to the draft of a case that cites the evidence by its hash.
    supervisor.draft_case_from(FINDING, title="溪山府二期临边防护缺失")
    cited = product.sql(
        "SELECT encode(c.statement_sha256, 'hex') AS cited, encode(s.statement_sha256, 'hex') AS signed"
        " FROM case_evidence c JOIN statements s ON s.id = c.capture_id JOIN cases k ON k.id = c.case_id"
        " WHERE k.title = $1",
        "溪山府二期临边防护缺失",
    )
    assert len(cited) == 2
    assert all(row["cited"] == row["signed"] for row in cited)


_SHOWN = """
async () => {
  const worker = await navigator.serviceWorker.ready
  for (let tries = 0; tries < 200; tries++) {
    const all = await worker.getNotifications()
    for (const one of all) one.close()
    if (all.length > 0) return all.map(({ title, body }) => ({ title, body }))
    await new Promise((wake) => setTimeout(wake, 50))
  }
  return []
}
"""


def push_to(inspector: Inspector) -> list[dict[str, str]]:
    """Hand the service worker what the push service would, and what it then shows on the lock screen."""
    page = inspector.page
    page.goto("/m/")
    tools = inspector.phone.tools()
    found: list[dict[str, str]] = []
    tools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: found.extend(one for one in told["registrations"] if one["scopeURL"].endswith("/m/")),
    )
    tools.send("ServiceWorker.enable")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    shown: list[dict[str, str]] = []
    for _ in range(3):  # one delivery was seen to vanish on a busy machine
        tools.send(
            "ServiceWorker.deliverPushMessage",
            {
                "origin": page.evaluate("location.origin"),
                "registrationId": found[-1]["registrationId"],
                "data": '{"v":1,"notice":"01980000-0000-7000-8000-000000000001","tag":"notice"}',
            },
        )
        shown = page.evaluate(_SHOWN)
        if shown:
            break
    return shown
