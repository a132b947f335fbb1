"""The shell lets pass what Windows and macOS leave in a folder, as the other verifiers do, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bundles import stories
from tests.bundles.verifiers import recipe

pytestmark = pytest.mark.requirement("R53")


@pytest.mark.parametrize(
    ("left", "status"),
    [("Thumbs.db", 0), (".DS_Store", 0), ("desktop.ini", 0), ("._bundle.json", 0), ("photo.jpg", 1)],
)
def test_files_of_the_system_are_let_pass(left: str, status: int, tmp_path: Path) -> None:
    bundle = stories.visit().build()
    bundle.files[f"data/{left}"] = b"\0"
    done = recipe.judge(bundle, tmp_path)
    assert done.returncode == status, done.stdout + done.stderr
