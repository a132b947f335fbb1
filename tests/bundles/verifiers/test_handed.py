"""What a bundle picks up on its way does not make the program refuse it; what is no bundle is not judged."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bundles import stories
from tests.bundles.test_verify_page import Files, _from_a_mac, _from_a_stick, as_folder, as_zip
from tests.bundles.trees import b64u, sha256
from tests.bundles.verifiers import browser_page, program

pytestmark = pytest.mark.requirement("R53")


@pytest.fixture
def honest() -> Files:
    return dict(stories.visit().build().files)


def run(path: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """As an expert types it."""
    stories.visit().build().write(path.parent / "trusted")
    command = [sys.executable, str(program.SOURCE), str(path), str(path.parent / "trusted" / "trust.json"), *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def test_system_files_are_remarked_and_spoil_nothing(honest: Files, tmp_path: Path) -> None:
    for place, path in (
        ("mac", as_zip(_from_a_mac(honest), tmp_path, top="")),
        ("stick", as_folder(_from_a_stick(honest), tmp_path)),
    ):
        done = run(path)
        assert (place, done.returncode) == (place, 3), done.stdout
        assert "系统文件 · system file" in done.stdout


@pytest.mark.parametrize("pack", [as_zip, as_folder], ids=["zip", "folder"])
def test_a_folder_within_a_folder(honest: Files, tmp_path: Path, pack: Callable[[Files, Path], Path]) -> None:
    deep = {f"取证包/zhicha-visit/{name}": data for name, data in honest.items()} | {"取证包/.DS_Store": b"\0"}
    assert run(pack(deep, tmp_path)).returncode == 3


def test_what_was_changed_stays_refused_under_the_droppings(honest: Files, tmp_path: Path) -> None:
    name = next(name for name in honest if name.endswith("original-1.jpg"))
    honest[name] = honest[name][:-1] + bytes([honest[name][-1] ^ 1])
    assert run(as_zip(_from_a_mac(honest), tmp_path, top="")).returncode == 1


def test_what_a_system_file_hides_is_not_taken_for_the_original(honest: Files, tmp_path: Path) -> None:
    name = next(name for name in honest if name.endswith("original-1.jpg"))
    honest[f"{name.rpartition('/')[0]}/._original-1.jpg"] = honest.pop(name)
    assert run(as_zip(honest, tmp_path)).returncode == 1


@pytest.mark.parametrize("gone", [("bagit.txt",), ("bagit.txt", "manifest-sha256.txt")])
def test_a_bundle_without_its_label_stays_refused(honest: Files, tmp_path: Path, gone: tuple[str, ...]) -> None:
    for name in gone:
        del honest[name]
    assert run(as_zip(honest, tmp_path)).returncode == 1


def test_what_is_no_bundle_is_not_judged(honest: Files, tmp_path: Path) -> None:
    inside = {name.removeprefix("data/"): data for name, data in honest.items() if name.startswith("data/")}
    done = run(as_folder(inside, tmp_path))
    assert done.returncode == 2
    assert "请选择证据包本身" in done.stderr
    assert "choose the bundle itself" in done.stderr


def test_a_slips_code_may_be_typed_in_groups_as_it_is_printed(tmp_path: Path) -> None:
    bundle = stories.visit().build()
    raw = next(data for name, data in bundle.files.items() if name.endswith("statement.json") and b"seal/1" in data)
    digest, count = b64u(sha256(raw)), json.loads(raw)["count"]
    grouped = " ".join(digest[start : start + 4] for start in range(0, 43, 4))
    other = "B" if digest[0] == "A" else "A"
    with browser_page.browser() as page:
        page.goto(browser_page.SOURCE.as_uri())
        for given, holds in (
            (grouped, True),
            (f"{grouped} : {count}", True),
            (f"zhicha-checkpoint/1 a 1 b\nzhicha-seal/1 {digest}:{count}", True),
            (f"{grouped}:{count + 1}", False),
            (other + grouped[1:], False),
        ):
            bundle.slip = given
            refused = [] if holds else ["slip.seal"]
            assert list(program.judge(program.load(), bundle, tmp_path / "a").failures) == refused, given
            assert browser_page.handed(page, bundle)["failures"] == refused, given
