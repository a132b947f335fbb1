"""The shell recipe, word for word as it stands in README.txt."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.bundles.synthetic import TOOLS, Bundle

BEGIN, END = "#--- check.sh begins ---\n", "#--- check.sh ends ---"


def script() -> str:
    """What stands between the two marks."""
    return (TOOLS / "README.txt").read_text().split(BEGIN)[1].split(END)[0]


def by_hand(session: str, stamp: str) -> str:
    """The commands of the three steps before the script, for this session and this stamp's folder."""
    steps = (TOOLS / "README.txt").read_text().split("方法三：")[1].split("bash check.sh")[0]
    told = "".join(line[5:] for line in steps.splitlines(keepends=True) if line.startswith(" " * 5))
    assert told.count("…") == 2
    return told.replace("data/sessions/…", session).replace("data/anchors/…", stamp)


def judge(bundle: Bundle, place: Path) -> subprocess.CompletedProcess[str]:
    """What bash makes of it."""
    path = bundle.write(place)
    (place / "check.sh").write_text(script())
    return subprocess.run(
        ["bash", "check.sh", str(path), "trust.json"], cwd=place, capture_output=True, text=True, check=False
    )
