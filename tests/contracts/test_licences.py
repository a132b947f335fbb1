"""Licences of others are named and shipped; what the machine must have is said once."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOTICE = (ROOT / "NOTICE").read_text()


@pytest.mark.parametrize("name", ["libheif", "pywebpush", "MinIO", "Noto Sans CJK SC", "certifi"])
def test_the_notice_names_what_carries_obligations(name: str) -> None:
    assert name in NOTICE


def test_every_installed_library_of_the_product_under_a_copyleft_licence_is_named() -> None:
    locked = re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    for name in locked:
        try:
            about = metadata.metadata(name)
        except metadata.PackageNotFoundError:  # of another platform
            continue
        licence = " ".join(
            [about.get("License-Expression") or "", *(one for one in about.get_all("Classifier") or () if "::" in one)]
        )
        if re.search(r"\b(?:MPL|LGPL|AGPL|Mozilla Public|Lesser General Public)", licence):
            assert name in NOTICE, f"{name} is not in NOTICE: {licence}"


def test_the_package_ships_its_licences() -> None:
    files = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["license-files"]
    assert {"LICENSE", "NOTICE", "media/fonts/OFL.txt"} == set(files)
    assert all((ROOT / file).is_file() for file in files)
    copied = (ROOT / "deploy/Dockerfile").read_text()
    assert "LICENSE NOTICE" in copied


@pytest.mark.parametrize(
    ("version", "enough"),
    [("v18.19.0", False), ("v20.9.0", False), ("v20.18.3", False), ("v20.19.0", True), ("v22.1.0", True), ("", False)],
)
def test_the_check_of_node_agrees_with_the_front_end(tmp_path: Path, version: str, enough: bool) -> None:
    wanted = json.loads((ROOT / "pwa/package.json").read_text())["engines"]["node"]
    assert wanted.removeprefix(">=") in (ROOT / "README.md").read_text()
    for name, says in (("node", version), ("npm", "10.0.0")):
        (tmp_path / name).write_text(f"#!/bin/sh\n[ -n '{says}' ] && echo '{says}'\n")
        (tmp_path / name).chmod(0o755)
    done = subprocess.run(
        ["bash", ROOT / "deploy/requirements.sh", sys.executable],
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode == 0) is enough, done.stderr
    assert enough or wanted.removeprefix(">=") in done.stderr
