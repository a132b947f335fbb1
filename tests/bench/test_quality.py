"""Lighthouse on the first page of both faces, the median of several runs. Nothing is asserted about its scores.

Axe on every screen belongs to the tests: `tests/e2e/test_screens.py`.
"""

from __future__ import annotations

import pytest

from tests.bench.lighthouse import NoLighthouse, measure
from tests.bench.phone_probe import machine
from tests.bench.report import figure, percentile
from tests.factories.product import Product

RUNS = 3
FACES = {"field": ("/m/", False), "desk": ("/desk/", True)}


@pytest.mark.parametrize("face", FACES)
def test_lighthouse(product: Product, face: str) -> None:
    path, desktop = FACES[face]
    print()
    try:
        runs = [measure(product.url + path, desktop=desktop) for _ in range(RUNS)]
    except NoLighthouse as missing:
        pytest.skip(f"no figures of Lighthouse: {missing}")
    preset = "desktop preset" if desktop else "mobile preset"
    speed = f"benchmark index {percentile([run.benchmark for run in runs], 0.5):.0f}"
    performance = percentile([run.performance for run in runs], 0.5)
    figure(
        f"{face}, Lighthouse performance", performance, "of 100", f"aim: 98; {preset}, n={RUNS}; {speed}; {machine()}"
    )
    figure(f"{face}, Lighthouse accessibility", runs[0].accessibility, "of 100", "aim: 100")
    for name in runs[0].metrics:
        figure(f"{face}, Lighthouse {name}", percentile([run.metrics[name] for run in runs], 0.5), "ms")
    for found in runs[0].findings:
        print(f"    {found}")
