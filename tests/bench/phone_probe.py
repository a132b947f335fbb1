"""What is watched inside the browser, and how a slow phone and a slow network are made."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import CDPSession, Page

from tests.bench.report import figure, percentile
from tests.factories.browser import Phone

# The mobile network of Lighthouse: 150 ms round trip, 1.6 Mbit/s down, 750 kbit/s up.
SLOW_4G = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6 * 1024 * 1024 / 8,
    "uploadThroughput": 750 * 1024 / 8,
}

# An animation frame is asked for before the paint; the message that it sends arrives after it.
_PAINTED = """
window.benchPainted = new Promise((resolve) => {
  const watching = new MutationObserver(() => {
    if (!document.querySelector(SELECTOR)) return
    watching.disconnect()
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => resolve(performance.now())
      port2.postMessage(0)
    })
  })
  watching.observe(document, { childList: true, subtree: true })
})
"""
_LONG_TASKS = """
() => {
  window.benchTasks = []
  new PerformanceObserver((seen) => {
    for (const one of seen.getEntries()) window.benchTasks.push([one.startTime, one.duration])
  }).observe({ type: 'longtask', buffered: true })
}
"""


def launched(phone: Phone, shown: str) -> tuple[Page, CDPSession]:
    """A browser that has not yet been to the app, ready to notice when ``shown`` (a selector) has been painted."""
    page = phone.open("about:blank")
    phone.context.add_init_script(_PAINTED.replace("SELECTOR", json.dumps(shown)))
    return page, phone.tools()


def painted_ms(page: Page) -> float:
    """Milliseconds from the beginning of the navigation until the paint."""
    found: float = page.evaluate("window.benchPainted")
    return found


def throttle(tools: CDPSession, rate: int) -> None:
    """Let the main thread run this many times slower than the machine's."""
    tools.send("Emulation.setCPUThrottlingRate", {"rate": rate})


def wait_until_installed(page: Page) -> None:
    """Until everything that later starts need lies on the phone."""
    page.evaluate("navigator.serviceWorker.ready.then((found) => found.active.state)")


def watch_long_tasks(page: Page) -> None:
    """From now on remember every task of the main thread over 50 ms."""
    page.evaluate(_LONG_TASKS)


def long_tasks(page: Page, since: float = 0) -> list[float]:
    """Durations of the remembered tasks that began after ``since`` (the page's own clock), in milliseconds."""
    found: list[float] = page.evaluate(
        "(since) => window.benchTasks.filter(([at]) => at >= since).map(([, took]) => took)", since
    )
    return found


def heap_mb(tools: CDPSession) -> float:
    """JavaScript heap of the page after a collection, in MB."""
    tools.send("HeapProfiler.enable")
    tools.send("HeapProfiler.collectGarbage")
    used: dict[str, Any] = tools.send("Runtime.getHeapUsage")
    return float(used["usedSize"]) / 1e6


def machine() -> str:
    """How busy the machine is: other work on it makes every time longer."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def timing(name: str, values: list[float], aim: str = "") -> None:
    """One figure for many measurements of a duration: the median, with the 90th percentile beside it."""
    spread = f"p90 {percentile(values, 0.9):.0f}, n={len(values)}"
    figure(f"{name}, p50", percentile(values, 0.5), "ms", "; ".join(filter(None, [aim, spread, machine()])))


@contextmanager
def phone_on(phone: Phone) -> Iterator[Phone]:
    """Close the phone whatever happens."""
    try:
        yield phone
    finally:
        phone.close()
