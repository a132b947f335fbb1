"""Marks of tests name requirements that exist."""

from __future__ import annotations

import re
from pathlib import Path

from tests.contracts.coverage import ROOT, SENTENCES

_MARK = re.compile(r"mark\.requirement\(([^)]*)\)")


def test_every_mark_is_a_requirement_or_a_scenario_of_the_handbook() -> None:
    named: set[str] = set()
    for path in Path(ROOT / "tests").rglob("test_*.py"):
        for arguments in _MARK.findall(path.read_text()):
            named |= set(re.findall(r'"([^"]+)"', arguments))
    assert named, "no test carries a mark"
    assert named <= set(SENTENCES)


def test_the_handbook_is_whole() -> None:
    assert [one for one in SENTENCES if one.startswith("R")] == [f"R{n}" for n in range(1, 119)]
    assert [one for one in SENTENCES if one.startswith("S")] == [f"S{n}" for n in range(1, 25)]
