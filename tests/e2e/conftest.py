"""The running product, real photos, and browsers that end with their module."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.factories import browser, photos
from tests.factories.line import Line
from tests.factories.product import Product


@pytest.fixture(scope="module")
def playwright_driver() -> Iterator[Playwright]:
    """Module scope, because its event loop would disturb the asynchronous tests of other modules."""
    with browser.driver() as started:
        yield started


@pytest.fixture(scope="package")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """``zhicha up`` with the demo story in a new folder."""
    with Product(tmp_path_factory.mktemp("product")) as running:
        yield running


@pytest.fixture
def line(product: Product) -> Iterator[Line]:
    """The network between this test's phone and the product."""
    with Line(product.port) as line:
        yield line


@pytest.fixture(scope="session")
def photo_files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Real JPEGs: 12 megapixels with EXIF and turned, 12 megapixels without, two of messenger size."""
    folder = tmp_path_factory.mktemp("photos")
    made = {
        "turned.jpg": photos.jpeg(4032, 3024, seed=3, orientation=6, noise=0.23, quality=84),
        "plain.jpg": photos.photo(4, with_exif=False),
        "small.jpg": photos.small_photo(5),
        "small-plain.jpg": photos.small_photo(6, with_exif=False),
    }
    for name, data in made.items():
        (folder / name).write_bytes(data)
    return [folder / name for name in made]
