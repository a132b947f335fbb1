"""The forms of the front end take texts as long as the server does, because they are told by the server."""

from __future__ import annotations

import re
from pathlib import Path

from server.form_limits import export_limits

SOURCES = Path(__file__).parents[2] / "pwa/src"
OF_THE_MAIN_JOB = (
    "field/findings",
    "field/evidence",
    "field/visits",
    "field/settings",
    "desk/evidence",
    "desk/findings",
)
MORE = ("desk/visits", "desk/cases", "desk/kit/ReasonDialog.vue", "desk/items/SiteForm.vue")


def test_no_form_has_a_limit_of_its_own() -> None:
    found = []
    for place in (*OF_THE_MAIN_JOB, *MORE):
        path = SOURCES / place
        for file in [path] if path.is_file() else path.rglob("*.vue"):
            found += [f"{file.name}: {one}" for one in re.findall(r'\bmaxlength="\d+"', file.read_text())]
    assert found == []


def test_every_limit_is_used() -> None:
    used = {name for file in SOURCES.rglob("*.vue") for name in re.findall(r"LIMITS\.(\w+)", file.read_text())}
    assert used == set(export_limits())
