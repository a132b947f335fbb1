"""What a stranger hands in to keep the machine of whoever checks it busy: it is turned away, and soon."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.bundles import stories
from tests.bundles.stamps import der, integer, seq
from tests.bundles.verifiers import browser_page, program

_LARGE = 64 << 20


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with browser_page.browser() as opened:
        opened.goto(browser_page.SOURCE.as_uri())
        yield opened


def _bomb(method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An honest bundle with a file of zeros."""
    made = io.BytesIO(stories.visit().build().zipped())
    with zipfile.ZipFile(made, "a", method) as archive:
        archive.writestr("bundle/data/zeros", bytes(_LARGE))
    return made.getvalue()


def _lying() -> bytes:
    """The same, and the directory says that the file has ten bytes."""
    return _bomb().replace(struct.pack("<I", _LARGE), struct.pack("<I", 10))


@pytest.mark.requirement("R53")
@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_that_unpacks_to_a_multiple_is_not_read(method: int, tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(_bomb(method))
    with pytest.raises(ValueError, match="too much to unpack"):
        program.load().files_of(str(path))


@pytest.mark.requirement("R53")
def test_no_more_is_unpacked_than_the_directory_says(tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(_lying())
    read = next(read for name, _, read in program.load().files_of(str(path)) if name.endswith("zeros"))
    tracemalloc.start()
    with pytest.raises(zipfile.BadZipFile):
        read()
    assert tracemalloc.get_traced_memory()[1] < _LARGE // 8
    tracemalloc.stop()


@pytest.mark.requirement("R53")
@pytest.mark.parametrize("made", [_bomb, _lying])
def test_the_page_unpacks_no_more_either(made: Callable[[], bytes], page: Page, tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(made())
    page.set_input_files("#zip", str(path))
    told = page.evaluate(
        "async () => { try { const one = (await zipEntries(document.getElementById('zip').files[0]))"
        ".find(([name]) => name.endsWith('zeros')); return (await one[2]()).size }"
        " catch (error) { return error.message } }"
    )
    assert isinstance(told, str)
    assert told != "zip: unknown method or wrong size", "that is seen when all is unpacked"


@pytest.mark.requirement("R53")
@pytest.mark.parametrize(("bits", "exponent"), [(100_000, 3), (2048, 2**2000 + 1)], ids=["modulus", "exponent"])
def test_no_rsa_key_keeps_it_computing(bits: int, exponent: int) -> None:
    """A time stamp may bring whatever certificate it likes: what nobody uses is not computed with."""
    modulus = 2**bits - 1
    key = der(0x03, b"\0" + seq(integer(modulus), integer(exponent)))
    spki = seq(seq(der(0x06, bytes.fromhex("2a864886f70d010101")), der(0x05)), key)
    whole, computed = program.load(), []

    def counted(*numbers: int) -> int:
        computed.append(numbers)
        return pow(*numbers)

    whole.__dict__["pow"] = counted
    try:
        assert not whole.key_holds(spki, b"\2" * (bits // 8), b"message", "sha256")
    finally:
        del whole.__dict__["pow"]
    assert computed == []


@pytest.mark.requirement("R53")
def test_no_long_signature_keeps_it_computing() -> None:
    """A line below a checkpoint may be of any length: numbers beyond the order of the group are not multiplied with."""
    whole, widths = program.load(), []
    computed = whole.sum_of

    def counted(add: object, p: int, zero: object, u: int, one: object, v: int, two: object) -> object:
        widths.extend([u.bit_length(), v.bit_length()])
        return computed(add, p, zero, u, one, v, two)

    whole.__dict__["sum_of"] = counted
    try:
        key = (4 * pow(5, -1, 2**255 - 19) % (2**255 - 19)).to_bytes(32, "little")
        assert not whole.ed25519_holds(key, b"\1" * 100_000, b"message")
        public = whole.P256["spki"] + b"\4" + whole.P256["x"].to_bytes(32, "big") + whole.P256["y"].to_bytes(32, "big")
        assert not whole.key_holds(public, seq(integer(1), integer(2**800_000 + 1)), b"message", "sha256")
    finally:
        whole.__dict__["sum_of"] = computed
    assert max(widths, default=0) <= 384
