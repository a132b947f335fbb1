"""What happens to a bundle on its way through Windows, macOS and other packers, and what the page says to a wrong file.

An honest bundle that came through is accepted. What is no bundle at all is not judged, and the page says what to do;
what is one and is not whole stays refused.
"""

from __future__ import annotations

import io
import shutil
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.bundles import stories
from tests.bundles.synthetic import NoteKey
from tests.bundles.verifiers import browser_page

pytestmark = pytest.mark.requirement("R53")
Files = dict[str, bytes]


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with browser_page.browser(locale="zh-CN", timezone_id="Europe/Berlin") as opened:
        yield opened


@pytest.fixture(autouse=True)
def _fresh(page: Page) -> None:
    page.goto(browser_page.SOURCE.as_uri())


@pytest.fixture
def honest() -> Files:
    return dict(stories.visit().build().files)


def as_zip(files: Files, place: Path, *, top: str = "bundle/", password: bool = False) -> Path:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(top + name)
            entry.filename = top + name  # a backslash stays one, whoever runs the tests
            archive.writestr(entry, data)
    data = made.getvalue()
    if password:  # the bit of each entry of the directory that says so
        parts = data.split(b"PK\1\2")
        data = b"PK\1\2".join([parts[0], *(one[:4] + bytes([one[4] | 1]) + one[5:] for one in parts[1:])])
    (place / "handed.zip").write_bytes(data)
    return place / "handed.zip"


def as_folder(files: Files, place: Path) -> Path:
    for name, data in files.items():
        path = place / "handed" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return place / "handed"


def judge(page: Page, path: Path, trust: bytes | None = None) -> str:
    """The verdict; the page stays as it is."""
    bundle = stories.visit().build()
    bundle.write(path.parent / "trusted")
    policy = path.parent / "trusted" / "trust.json"
    if trust is not None:
        policy.write_bytes(trust)
    page.set_input_files("#folder" if path.is_dir() else "#zip", str(path))
    page.set_input_files("#trust", str(policy))
    page.click("#run")
    page.wait_for_selector("body[data-verdict]", timeout=60_000)
    return page.evaluate("document.body.dataset.verdict") or ""


def sentence(page: Page) -> str:
    return page.locator("#verdict p").inner_text()


def in_both(page: Page) -> tuple[str, str]:
    """What it says below the verdict in Chinese, and then in English."""
    zh = sentence(page)
    in_english(page)
    return zh, sentence(page)


def in_english(page: Page) -> None:
    """Choose it, and wait until all is drawn anew."""
    before = sentence(page)
    page.click("#language")
    page.wait_for_function("before => document.querySelector('#verdict p')?.innerText !== before", arg=before)


def remarked(page: Page) -> int:
    return page.locator("[data-remark=ignored] code").count()


def _from_a_mac(files: Files) -> Files:
    droppings = {"__MACOSX/bundle/._bagit.txt": b"\0\5\x16\7", "__MACOSX/._bundle": b"\0\5\x16\7"}
    return {**{f"bundle/{name}": data for name, data in files.items()}, **droppings}


def _from_a_stick(files: Files) -> Files:
    beside = {f"{name.rpartition('/')[0]}/._{name.rpartition('/')[2]}".lstrip("/"): b"\0\5\x16\7" for name in files}
    return {**files, **beside, ".DS_Store": b"\0", "data/Thumbs.db": b"\0"}


class TestOnItsWay:
    def test_a_zip_of_the_finder(self, page: Page, honest: Files, tmp_path: Path) -> None:
        assert judge(page, as_zip(_from_a_mac(honest), tmp_path, top="")) in ("ACCEPTED", "REMARKS")
        assert remarked(page) == 2

    def test_a_folder_that_lay_on_a_stick_beside_a_mac(self, page: Page, honest: Files, tmp_path: Path) -> None:
        assert judge(page, as_folder(_from_a_stick(honest), tmp_path)) == "REMARKS"
        assert remarked(page) > 0

    @pytest.mark.parametrize("pack", [as_zip, as_folder], ids=["zip", "folder"])
    def test_a_folder_within_a_folder(
        self, page: Page, honest: Files, tmp_path: Path, pack: Callable[[Files, Path], Path]
    ) -> None:
        deep = {f"取证包/zhicha-visit/{name}": data for name, data in honest.items()}
        deep |= {"取证包/.DS_Store": b"\0", "__MACOSX/取证包/._x": b"\0"}
        assert judge(page, pack(deep, tmp_path)) in ("ACCEPTED", "REMARKS")

    def test_a_folder_renamed_in_an_old_encoding(self, page: Page, honest: Files, tmp_path: Path) -> None:
        path = as_zip(honest, tmp_path, top="ZZZZ/")
        path.write_bytes(path.read_bytes().replace(b"ZZZZ/", "证据".encode("gbk") + b"/"))
        assert judge(page, path) in ("ACCEPTED", "REMARKS")

    def test_what_was_changed_stays_refused_under_the_droppings(
        self, page: Page, honest: Files, tmp_path: Path
    ) -> None:
        name = next(name for name in honest if name.endswith("original-1.jpg"))
        honest[name] = honest[name][:-1] + bytes([honest[name][-1] ^ 1])
        assert judge(page, as_zip(_from_a_mac(honest), tmp_path, top="")) == "REFUSED"

    @pytest.mark.parametrize("gone", [("bagit.txt",), ("bagit.txt", "manifest-sha256.txt")])
    def test_a_bundle_without_its_label_stays_refused(
        self, page: Page, honest: Files, tmp_path: Path, gone: tuple[str, ...]
    ) -> None:
        for name in gone:
            del honest[name]
        assert judge(page, as_zip(honest, tmp_path)) == "REFUSED"

    def test_what_a_system_file_hides_is_not_taken_for_the_original(
        self, page: Page, honest: Files, tmp_path: Path
    ) -> None:
        name = next(name for name in honest if name.endswith("original-1.jpg"))
        honest[name.replace("original-1", "._original-1")] = honest.pop(name)
        assert judge(page, as_folder(honest, tmp_path)) == "REFUSED"


def _inside(files: Files) -> Files:
    return {name.removeprefix("data/"): data for name, data in files.items() if name.startswith("data/")}


def _elsewhere(files: Files) -> Files:
    return {"letter.docx": b"PK", "bundle.zip": b"PK"}


def _two(files: Files) -> Files:
    return {f"{top}/{name}": data for top in ("one", "two") for name, data in files.items()}


def _beside(files: Files) -> Files:
    return {**{f"bundle/{name}": data for name, data in files.items()}, "trust.json": b"{}"}


class TestNoBundle:
    @pytest.mark.parametrize(
        ("chosen", "zh", "en"),
        [
            (_inside, "找不到 bagit.txt。请选择", "no bagit.txt was found. Choose"),
            (_elsewhere, "找不到 bagit.txt。请选择", "no bagit.txt was found. Choose"),
            (_two, "请一次选择一个", "Choose one at a time"),
            (_beside, "请只选择“handed/bundle”这个文件夹", "Choose the folder “handed/bundle” alone"),
        ],
    )
    def test_the_wrong_folder_is_not_judged(
        self, page: Page, honest: Files, tmp_path: Path, chosen: Callable[[Files], Files], zh: str, en: str
    ) -> None:
        assert judge(page, as_folder(chosen(honest), tmp_path)) == "UNJUDGED"
        told = in_both(page)
        assert zh in told[0]
        assert en in told[1]

    def test_names_with_backslashes(self, page: Page, honest: Files, tmp_path: Path) -> None:
        back = {name.replace("/", "\\"): data for name, data in honest.items()}
        assert judge(page, as_zip(back, tmp_path, top="bundle\\")) == "UNJUDGED"
        told = in_both(page)
        assert "反斜杠" in told[0]
        assert "Unpack it and choose the folder" in told[1]

    def test_a_password(self, page: Page, honest: Files, tmp_path: Path) -> None:
        assert judge(page, as_zip(honest, tmp_path, password=True)) == "UNJUDGED"
        assert "密码" in sentence(page)

    @pytest.mark.parametrize("data", [b"not a zip", b"", b"PK\5\6" + struct.pack("<4H2LH", 0, 0, 9, 9, 999, 7, 0)])
    def test_no_zip_or_half_of_one(self, page: Page, tmp_path: Path, data: bytes) -> None:
        (tmp_path / "half.zip").write_bytes(data)
        assert judge(page, tmp_path / "half.zip") == "UNJUDGED"
        told = in_both(page)
        assert "请重新拷贝" in told[0]
        assert "Copy it or ask for it again" in told[1]

    @pytest.mark.parametrize(
        "trust", [b"\xff\xfe", b"{}", b"null", b'{"t":"trust/1","quorum":1}', b'{"t":"trust/1","logs":"x"}']
    )
    def test_no_trust_policy(self, page: Page, honest: Files, tmp_path: Path, trust: bytes) -> None:
        assert judge(page, as_zip(honest, tmp_path), trust) == "UNJUDGED"
        told = in_both(page)
        assert "不是信任文件" in told[0]
        assert "not a trust policy" in told[1]

    def test_a_malformed_key_is_named(self, page: Page, honest: Files, tmp_path: Path) -> None:
        trust = b'{"t":"trust/1","logs":["log+1234+?"],"witnesses":[],"quorum":0,"tsa":[],"rp_id":null,"origins":[]}'
        assert judge(page, as_zip(honest, tmp_path), trust) == "UNJUDGED"
        assert "公钥有误：log+1234+?" in sentence(page)

    def test_a_stick_that_was_pulled_out_says_nothing_of_the_bundle(
        self, page: Page, honest: Files, tmp_path: Path
    ) -> None:
        assert judge(page, as_folder(honest, tmp_path)) in ("ACCEPTED", "REMARKS")
        shutil.rmtree(tmp_path / "handed")
        page.click("#run")
        page.wait_for_selector("body[data-verdict=UNJUDGED]", timeout=60_000)
        assert "读不出来" in sentence(page)


class TestWords:
    def _shown(self, page: Page, **changed: object) -> str:
        bundle = stories.visit().build()
        bundle.policy.update(changed)
        verdict: str = browser_page.handed(page, bundle)["verdict"]
        return verdict

    def test_too_few_witnesses_contradict_nothing(self, page: Page) -> None:
        assert self._shown(page, quorum=3) == "REFUSED"
        row = page.locator("[data-check='log.witnesses']")
        assert "须有 3 个，包内有 2 个" in row.inner_text()
        zh, en = in_both(page)
        assert "没有不符之处" in zh
        assert "须有 3 个，包内有 2 个" in zh
        assert "Nothing here contradicts" in en
        assert "3 needed, 2 enclosed" in en
        assert "2 of 3 needed" in row.inner_text()

    def test_too_few_witnesses_and_something_else_do(self, page: Page) -> None:
        assert self._shown(page, quorum=3, logs=[NoteKey("another.example/log").vkey]) == "REFUSED"
        assert "不符，不应据以认定" in sentence(page)

    def test_a_failure_is_told_in_the_language_of_the_page(self, page: Page) -> None:
        bundle = stories.visit().build()
        bundle.files["bag-info.txt"] += b"x"
        browser_page.handed(page, bundle)
        row = page.locator("[data-check='bag.manifest']")
        assert "bag-info.txt: 已改动" in row.inner_text()
        in_english(page)
        assert "bag-info.txt: changed" in row.inner_text()

    def test_brackets_are_those_of_the_language(self, page: Page) -> None:
        assert self._shown(page) in ("ACCEPTED", "REMARKS")
        none = page.locator("li.none").first
        assert "（不适用）" in none.inner_text()
        in_english(page)
        assert "(does not apply)" in none.inner_text()
        assert not set("（）；，。：") & set(page.locator("#result").inner_text())

    def test_all_times_are_those_of_the_phones(self, page: Page) -> None:
        """The court's browser stands in Berlin, the stamps say UTC, the phones were in China."""
        self._shown(page)
        shown = page.locator("#result").inner_text()
        assert shown.count("UTC+8") > 8
        assert shown.count("UTC") == shown.count("UTC+8")
        assert "2026-11-20 12:" in page.locator("#result dl").first.inner_text()
