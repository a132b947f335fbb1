"""Requirement or scenario of the handbook → the tests that prove it, and what has none: ``make requirements``.

``handbook.json`` beside this file holds the sentences: requirements R1–R118 with the sources that demand them, and the
acceptance scenarios S1–S24.
"""

from __future__ import annotations

import json
import os
import sys
from collections import defaultdict
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
HANDBOOK: dict[str, list[dict[str, Any]]] = json.loads(Path(__file__).with_name("handbook.json").read_text())
SENTENCES: dict[str, str] = {
    **{row["id"]: f"{row['text']} [{', '.join(row['sources'])}]" for row in HANDBOOK["requirements"]},
    **{row["id"]: f"{row['title']} [{', '.join(row['sources'])}]" for row in HANDBOOK["scenarios"]},
}


class Collector:
    """A pytest plugin that only looks: which test carries which mark."""

    def __init__(self) -> None:
        self.tests: dict[str, list[str]] = defaultdict(list)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Note the marks of every test, one line for a parametrised one."""
        for item in items:
            where = item.nodeid.split("[", 1)[0]
            for mark in item.iter_markers("requirement"):
                for one in mark.args:
                    if where not in self.tests[one]:
                        self.tests[one].append(where)


def marked() -> dict[str, list[str]]:
    """Requirement → tests, from the marks of all collected tests.

    Raises:
        RuntimeError: the tests could not be collected.
    """
    collector = Collector()
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        code = pytest.main(["--collect-only", "-q", str(ROOT / "tests")], plugins=[collector])
    if code != pytest.ExitCode.OK:
        raise RuntimeError(f"the tests could not be collected (pytest: {code})")
    return collector.tests


def main() -> None:
    """Print the table and the list of what has no test."""
    tests = marked()
    missing = [one for one in SENTENCES if one not in tests]
    for one, sentence in SENTENCES.items():
        if one in tests:
            print(f"{one:5} {sentence}")
            print(*(f"        {where}" for where in tests[one]), sep="\n")
    print(f"\n无测试 · without a test: {len(missing)} / {len(SENTENCES)}")
    print(*(f"{one:5} {SENTENCES[one]}" for one in missing), sep="\n")
    unknown = sorted(set(tests) - set(SENTENCES))
    if unknown:
        sys.exit(f"unknown marks: {', '.join(unknown)}")


if __name__ == "__main__":
    main()
