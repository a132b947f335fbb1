"""Every direct dependency is pinned, and has its licence and its reason in docs/dependencies.md."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def _python() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]


def _node() -> dict[str, str]:
    package = json.loads((ROOT / "pwa/package.json").read_text())
    return {**package["dependencies"], **package["devDependencies"]}


def _documented() -> set[str]:
    rows = re.findall(r"^\| ([^|]+) \|", (ROOT / "docs/dependencies.md").read_text(), re.MULTILINE)
    return {name.strip().lower() for row in rows for name in row.split(",")} - {"package", "---"}


def test_every_dependency_has_a_reason_and_none_is_left_over() -> None:
    used = {re.split(r"[=<>\[;]", name)[0].lower() for name in _python()} | {name.lower() for name in _node()}
    assert _documented() - {"--"} == used


@pytest.mark.parametrize("requirement", _python())
def test_python_dependencies_are_pinned(requirement: str) -> None:
    assert "==" in requirement


def test_front_end_dependencies_are_pinned() -> None:
    assert {name: version for name, version in _node().items() if not re.fullmatch(r"\d[\w.-]*", version)} == {}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock", "pwa/package-lock.json"])
def test_locks_name_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert not re.search(r"https?://[^\s\"']*(registry|pypi|npmjs|pythonhosted|mirror)", text)
