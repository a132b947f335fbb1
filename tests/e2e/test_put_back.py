"""An older backup of the database is put back behind a phone: its alarm is raised, and what it holds arrives again."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from server.kit.supervisor.home import cluster_of
from tests.e2e.inspector import SYNC_MS, Inspector
from tests.e2e.test_proofs import step
from tests.factories.browser import Phone
from tests.factories.product import Product

VISIT = "青柳线路面修复现场走访"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A product of its own: its database will be put back."""
    with Product(tmp_path_factory.mktemp("put_back")) as own:
        yield own


def copy(source: Path, target: Path) -> None:
    """A cold copy of the database, with whose it is."""
    shutil.rmtree(target, ignore_errors=True)
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)


def sync(inspector: Inspector) -> None:
    """Send all, and wait until the log has it."""
    inspector.open_sync()
    inspector.send_now()
    inspector.wait_until_sent()
    expect(inspector.page.locator("[data-log]")).to_have_attribute("data-waiting", "0", timeout=SYNC_MS)


def held(inspector: Inspector) -> dict[str, str]:
    """Every statement of the phone, and how far it has come."""
    return {row["id"]: row["state"] for row in inspector.rows("statements")}


@pytest.mark.requirement("R86")
def test_the_most_ordinary_disaster(
    product: Product, playwright_driver: Playwright, photo_files: list[Path], tmp_path: Path
) -> None:
    phone = Phone(playwright_driver, tmp_path / "profile", product.url, camera=True)
    phone.open()
    try:
        inspector = Inspector(phone)
        page = inspector.page
        inspector.sign_in("linxia")
        inspector.open_visit(VISIT)
        step(page, "出发")
        step(page, "到达现场")
        inspector.begin_capture()
        inspector.pick(photo_files[2:3])
        inspector.end_capture()
        sync(inspector)
        early = held(inspector)
        product.stop()
        copy(cluster_of(product.data_dir), tmp_path / "backup")
        product.start()

        # After the backup: two more photos, and the seal. All of it arrives, and the log has it.
        inspector.home()
        inspector.open_visit(VISIT)
        inspector.begin_capture()
        inspector.pick(photo_files[3:4])
        inspector.shoot()
        inspector.end_capture()
        page.get_by_role("button", name="离开现场").click()
        page.get_by_role("button", name="封存并离开现场").click()
        expect(page.locator("[data-slip]")).to_be_visible()
        sync(inspector)
        late = held(inspector).keys() - early.keys()
        assert set(held(inspector).values()) == {"proven"}
        assert len(late) == 3
        product.stop()
        copy(tmp_path / "backup", cluster_of(product.data_dir))
        product.start()
        assert {str(row["id"]) for row in product.sql("SELECT id FROM statements")}.isdisjoint(late)

        inspector.open_sync()
        inspector.send_now()
        expect(page.locator("[data-alarm]").first).to_contain_text("公开日志被改动过", timeout=SYNC_MS)
        deadline = time.monotonic() + 60
        while {row["id"] for row in inspector.rows("statements") if row.get("lost")} != late or (
            inspector.rows("outbox") or inspector.rows("uploads")
        ):
            assert time.monotonic() < deadline, (held(inspector), inspector.rows("uploads"))
            page.wait_for_timeout(250)
        inspector.wait_until_sent()
        expect(page.locator("[data-alarm]").first).to_be_visible()

        # Everything is there again, also the originals, of which the phone has none any more.
        there = {str(row["id"]) for row in product.sql("SELECT id FROM statements")}
        assert there >= late
        captured = inspector.captured()
        assert (
            captured.items()
            <= {
                str(row["capture_id"]): row["sha256"]
                for row in product.sql(
                    "SELECT capture_id, encode(sha256, 'hex') AS sha256 FROM originals WHERE received_at IS NOT NULL"
                )
            }.items()
        )
        stored = product.stored_originals()
        assert all(stored[digest] == digest for digest in captured.values())
        private = product.sql("SELECT id, private FROM statements WHERE kind = 'capture/1'")
        assert all(row["private"] for row in private if str(row["id"]) in captured)
    finally:
        phone.close()
