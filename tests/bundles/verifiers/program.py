"""verify.py as a module, whole or with one of its checks taken out."""

from __future__ import annotations

import types
from pathlib import Path
from typing import Any

from tests.bundles.synthetic import TOOLS, Bundle

SOURCE = TOOLS / "verify.py"
_COUNTED = "        self.counts[check] += 1\n"


def load(without: str | None = None) -> Any:
    """The program; ``without`` names a check that is to let everything pass."""
    source = SOURCE.read_text()
    assert source.count(_COUNTED) == 1
    if without is not None:
        source = source.replace(_COUNTED, f"{_COUNTED}        holds = holds or check == {without!r}\n")
    module = types.ModuleType("verify_without" if without else "verify_whole")
    exec(compile(source, str(SOURCE), "exec"), module.__dict__)
    return module


def judge(program: Any, bundle: Bundle, place: Path) -> Any:
    """The report of the program on a bundle."""
    path = bundle.write(place)
    report = program.Report()
    program.Verifier(program.Bag(str(path), report), bundle.policy, report).check_all(bundle.slip)
    return report
