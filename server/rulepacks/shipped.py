"""The packs that come with the program, one file for each version: ``<id>@<version>.yaml``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from server.rulepacks.reader import read_pack
from server.rulepacks.rules import RulePack

_DATA: Final = Path(__file__).parent / "data"
DEFAULT: Final = "tongren-hitech-2014@1"
"""In force for an organisation that has decided nothing yet: the one text with limits for each kind of matter."""


@cache
def packs() -> dict[str, RulePack]:
    """Every shipped pack by its label.

    Raises:
        ValueError: a shipped file is broken, which a test forbids.
    """
    found: dict[str, RulePack] = {}
    for path in sorted(_DATA.glob("*.yaml")):
        _, _, version = path.stem.partition("@")
        pack, problems = read_pack(path.read_text("utf-8"), version=int(version))
        if pack is None or pack.label != path.stem:
            said = "; ".join(f"line {one.line}: {one.en}" for one in problems) or "its id is not that of the file"
            raise ValueError(f"{path.name}: {said}")
        found[pack.label] = pack
    return found


@cache
def ids() -> frozenset[str]:
    """The ids that no office may take for a pack of its own."""
    return frozenset(pack.id for pack in packs().values())
