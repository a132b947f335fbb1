"""The running product and real browsers, for what is measured on the phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.factories import browser, photos
from tests.factories.line import Line
from tests.factories.product import Product


@pytest.fixture(scope="module")
def driver() -> Iterator[Playwright]:
    """Module scope, because its event loop would disturb the asynchronous measurements."""
    with browser.driver() as started:
        yield started


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """``zhicha up`` with the demo story in a new folder."""
    with Product(tmp_path_factory.mktemp("product")) as running:
        yield running


@pytest.fixture
def line(product: Product) -> Iterator[Line]:
    """The network between the phone and the product; it can be cut."""
    with Line(product.port) as line:
        yield line


@pytest.fixture(scope="session")
def photo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dozen and one photos of 5 MB, no two alike, so that nothing is saved by knowing one already."""
    folder = tmp_path_factory.mktemp("photos")
    base = photos.large_photo(1)
    for number in range(13):
        (folder / f"{number:02}.jpg").write_bytes(base + number.to_bytes(8, "big"))
    return folder
