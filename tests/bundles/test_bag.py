"""A bundle is a BagIt 1.0 bag: the rules of RFC 8493, one by one, on a bundle that the product made.

Read from the RFC and sharing no code with the writer; the reference implementation (LibraryOfCongress/bagit-python
1.9.0, ``bagit.py --validate``) was run by hand on such a bundle too and found it valid.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

import pytest

from tests.factories.bundles import Evidenced, unpacked
from tests.factories.people import Office

pytestmark = pytest.mark.anyio


@pytest.fixture
async def bag(office: Office, tmp_path: Path) -> Path:
    story = await Evidenced.honest(office, 2)
    return unpacked(await story.bundle(), tmp_path)


def manifest(path: Path) -> dict[str, str]:
    """Path → digest; each line ``checksum filepath``, separated by white space (2.1.3)."""
    found: dict[str, str] = {}
    for line in path.read_text("utf-8").splitlines():
        match = re.fullmatch(r"([0-9a-f]{64})[ \t]+(\S.*)", line)
        assert match, line
        assert match[2] not in found, "a path is listed once"
        assert "%" not in match[2], "nothing needs the escaping of line breaks and per cent signs"
        assert not match[2].startswith(("/", "~", "./")) and ".." not in match[2].split("/")
        found[match[2]] = match[1]
    return found


def digests(bag: Path, *names: str) -> dict[str, str]:
    return {name: hashlib.sha256((bag / name).read_bytes()).hexdigest() for name in names}


@pytest.mark.requirement("R53")
class TestRfc8493:
    async def test_2_1_1_declaration(self, bag: Path) -> None:
        assert (bag / "bagit.txt").read_bytes() == b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

    async def test_2_1_2_and_2_1_3_every_payload_file_is_in_the_manifest_and_nothing_else(self, bag: Path) -> None:
        payload = [str(one.relative_to(bag)) for one in (bag / "data").rglob("*") if one.is_file()]
        assert manifest(bag / "manifest-sha256.txt") == digests(bag, *payload)

    async def test_2_2_1_the_tag_manifest_lists_the_tag_files_but_not_itself(self, bag: Path) -> None:
        tags = digests(bag, "bagit.txt", "bag-info.txt", "manifest-sha256.txt")
        assert manifest(bag / "tagmanifest-sha256.txt") == tags
        assert set(os.listdir(bag)) == {*tags, "tagmanifest-sha256.txt", "data"}

    async def test_2_2_2_bag_info_has_labels_and_the_true_oxum(self, bag: Path) -> None:
        lines = (bag / "bag-info.txt").read_text("utf-8").splitlines()
        info = dict(line.split(": ", 1) for line in lines)
        assert len(info) == len(lines)
        files = [one for one in (bag / "data").rglob("*") if one.is_file()]
        assert info["Payload-Oxum"] == f"{sum(one.stat().st_size for one in files)}.{len(files)}"
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", info["Bagging-Date"])
        assert info["Source-Organization"] == "云溪县人民政府"

    async def test_4_serialized_in_one_folder_that_has_the_archives_name(self, bag: Path) -> None:
        assert re.fullmatch(r"zhicha-visit-\d{8}-\d{4}-[0-9a-f]{8}", bag.name)
