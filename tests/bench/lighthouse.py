"""Lighthouse and a Node new enough for it, from npm in pinned versions, kept in a cache of their own."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.factories.browser import ARGS, NoBrowser, browser_choice

HERE = Path(__file__).parent
PINS = ("package.json", "package-lock.json")
INSTALL_S = 600
RUN_S = 240


class NoLighthouse(RuntimeError):
    """Lighthouse cannot be had on this machine; the message says why."""


@dataclass(frozen=True)
class Scores:
    """Categories of 0 to 100, Lighthouse's own measure of the machine's speed, and what accessibility wants."""

    performance: float
    accessibility: float
    metrics: dict[str, float]
    benchmark: float
    findings: list[str]


def installed() -> Path:
    """The folder where Lighthouse is installed; installs it on first use.

    Raises:
        NoLighthouse: npm is missing or could not fetch it.
    """
    digest = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in PINS)).hexdigest()[:16]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "zhicha" / f"lighthouse-{digest}"
    if (cache / "installed").exists():
        return cache
    npm = shutil.which("npm")
    if npm is None:
        raise NoLighthouse("there is no npm to install it with")
    shutil.rmtree(cache, ignore_errors=True)
    cache.mkdir(parents=True)
    for name in PINS:
        shutil.copy(HERE / name, cache)
    command = [npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        done = subprocess.run(command, cwd=cache, capture_output=True, text=True, timeout=INSTALL_S)
    except subprocess.TimeoutExpired:
        raise NoLighthouse(f"npm did not install it within {INSTALL_S} s") from None
    if done.returncode != 0:
        raise NoLighthouse(f"npm could not install it: {done.stderr.strip()[-500:]}")
    (cache / "installed").touch()
    return cache


def measure(url: str, *, desktop: bool = False) -> Scores:
    """One run of Lighthouse on a page, in its mobile or its desktop preset.

    Raises:
        NoLighthouse: it could not be installed, found no browser, or did not come to a result.
    """
    folder = installed()
    try:
        browser = browser_choice()
    except NoBrowser as missing:
        raise NoLighthouse(str(missing)) from None
    environment = {**os.environ}
    if "executable_path" in browser:
        environment["CHROME_PATH"] = browser["executable_path"]
    command = [
        str(folder / "node_modules" / ".bin" / "node"),
        str(folder / "node_modules" / "lighthouse" / "cli" / "index.js"),
        url,
        "--output=json",
        "--quiet",
        "--no-enable-error-reporting",
        "--only-categories=performance,accessibility",
        f"--chrome-flags=--headless=new {' '.join(ARGS)}",
        *(["--preset=desktop"] if desktop else []),
    ]
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=RUN_S)
    except subprocess.TimeoutExpired:
        raise NoLighthouse(f"it did not come to a result within {RUN_S} s") from None
    if done.returncode != 0:
        raise NoLighthouse(f"it stopped: {done.stderr.strip()[-500:]}")
    return _scores(json.loads(done.stdout))


def _scores(told: dict[str, Any]) -> Scores:
    if told.get("runtimeError"):
        raise NoLighthouse(str(told["runtimeError"]["message"]))
    score = {name: 100 * float(found["score"] or 0) for name, found in told["categories"].items()}
    audits = told["audits"]
    wanted = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "speed-index")
    weighed = [one["id"] for one in told["categories"]["accessibility"]["auditRefs"] if one["weight"] > 0]
    return Scores(
        performance=score["performance"],
        accessibility=score["accessibility"],
        metrics={name: float(audits[name]["numericValue"]) for name in wanted},
        benchmark=float(told["environment"]["benchmarkIndex"]),
        findings=[f"{name}: {audits[name]['title']}" for name in weighed if audits[name]["score"] == 0],
    )
