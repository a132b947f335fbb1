"""The description of the interface is complete and fresh, and so are the front end's types made from it."""

from __future__ import annotations

import functools
import json
import subprocess
import sys
from pathlib import Path

import pytest

from server.app import create_app
from server.kit.http.description import described
from server.lifecycles import export_lifecycles, export_lists
from server.settings import Settings

ROOT = Path(__file__).parents[2]
HOW = "run `make api` and commit the result"


@functools.cache
def _described() -> dict[str, object]:
    return described(create_app(Settings(database_url="postgresql://nowhere/none")))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make api` would write today."""
    into = tmp_path_factory.mktemp("api")
    subprocess.run([sys.executable, "deploy/api.py", "--into", str(into)], cwd=ROOT, check=True, capture_output=True)
    return into


def test_the_committed_description_is_todays() -> None:
    written = json.loads((ROOT / "docs/openapi.json").read_text())
    assert written == json.loads(json.dumps(_described())), HOW


def test_every_error_is_a_problem() -> None:
    paths = _described()["paths"]
    assert isinstance(paths, dict)
    for path, methods in paths.items():
        for method, operation in methods.items():
            for status, answer in operation["responses"].items():
                if status.startswith(("4", "5")):
                    assert set(answer["content"]) == {"application/problem+json"}, f"{method} {path} {status}"


@pytest.mark.parametrize("name", ["schema.d.ts", "lifecycles.ts", "limits.ts"])
def test_the_front_ends_types_are_todays(name: str, written: Path) -> None:
    assert (written / name).read_text() == (ROOT / "pwa/src/shared/api" / name).read_text(), HOW


def test_lifecycles_and_lists_have_names_in_both_languages() -> None:
    assert set(export_lifecycles()) >= {"item", "slip", "receipt", "visit", "finding", "case"}
    for entries in export_lists().values():
        assert entries
        assert all(entry["zh"] and entry["en"] for entry in entries)
