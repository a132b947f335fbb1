"""Figures in one form: printed while they come, and kept for docs/performance.md."""

from __future__ import annotations

import json
from pathlib import Path

FIGURES = Path(__file__).parents[1] / "artifacts" / "bench.jsonl"


def percentile(values: list[float], share: float) -> float:
    """The value below which ``share`` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def figure(name: str, value: float, unit: str, note: str = "") -> None:
    """Print one measured figure and append it to the artifacts."""
    print(f"  {name:<58} {value:>10,.1f} {unit:<12} {note}", flush=True)
    FIGURES.parent.mkdir(parents=True, exist_ok=True)
    with FIGURES.open("a") as kept:
        kept.write(json.dumps({"name": name, "value": round(value, 3), "unit": unit, "note": note}) + "\n")
