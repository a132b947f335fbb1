"""Every manipulation is refused by every verifier that can see it, and for the reason that it was made for.

Mutation: with any one check taken out of verify.py or verify.html, some manipulation passes. So no check is idle.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.bundles import stories
from tests.bundles.synthetic import Story
from tests.bundles.tamper import (
    of_acts,
    of_chains,
    of_enclosures,
    of_files,
    of_logs,
    of_passkeys,
    of_phones,
    of_proofs,
    of_records,
    of_renewals,
    of_stamps,
)
from tests.bundles.tamper.catalogue import CATALOGUE, Manipulation
from tests.bundles.verifiers import browser_page, program, recipe

HONEST: tuple[Callable[[], Story], ...] = (stories.visit, stories.case, stories.single, stories.rotated)
CHECKS = tuple(program.load().CHECKS)
# They fill the catalogue.
assert of_acts and of_chains and of_enclosures and of_files and of_logs and of_passkeys and of_phones and of_proofs
assert of_records and of_renewals and of_stamps

by_name = pytest.mark.parametrize("case", CATALOGUE, ids=lambda case: case.name)
by_check = pytest.mark.parametrize("check", CHECKS)


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with browser_page.browser() as opened:
        opened.goto(browser_page.SOURCE.as_uri())
        yield opened


@cache
def _alone(check: str) -> tuple[Manipulation, ...]:
    """The manipulations that this check is to catch."""
    return tuple(case for case in CATALOGUE if case.check == check)


class TestProgram:
    @pytest.mark.requirement("R53")
    @by_name
    def test_refuses(self, case: Manipulation, tmp_path: Path) -> None:
        report = program.judge(program.load(), case.make(), tmp_path)
        assert case.check in report.failures, f"{case.what} {report.failures}"

    @pytest.mark.parametrize("story", HONEST, ids=lambda story: story.__name__)
    @pytest.mark.parametrize("zipped", [True, False], ids=["zip", "folder"])
    def test_accepts_the_honest(self, story: Callable[[], Story], zipped: bool, tmp_path: Path) -> None:
        bundle = story().build()
        bundle.as_zip = zipped
        assert program.judge(program.load(), bundle, tmp_path).failures == {}

    @by_check
    def test_no_check_is_idle(self, check: str, tmp_path: Path) -> None:
        weakened = program.load(without=check)
        refusals = (program.judge(weakened, case.make(), tmp_path / case.name).failures for case in _alone(check))
        assert any(not failures for failures in refusals), f"nothing needs {check}"


class TestPage:
    @by_name
    def test_refuses(self, page: Page, case: Manipulation) -> None:
        shown = browser_page.handed(page, case.make())
        assert shown["verdict"] == "REFUSED"
        assert case.check in shown["failures"], case.what

    @pytest.mark.parametrize("story", HONEST, ids=lambda story: story.__name__)
    @pytest.mark.parametrize("folder", [True, False], ids=["folder", "zip"])
    def test_accepts_the_honest(self, page: Page, story: Callable[[], Story], folder: bool, tmp_path: Path) -> None:
        shown = browser_page.judge(page, story().build(), tmp_path, folder=folder)
        assert shown["verdict"] in ("ACCEPTED", "REMARKS"), shown

    @by_check
    def test_no_check_is_idle(self, page: Page, check: str) -> None:
        with browser_page.without(page, check):
            verdicts = (browser_page.handed(page, case.make())["verdict"] for case in _alone(check))
            assert any(verdict != "REFUSED" for verdict in verdicts), f"nothing needs {check}"


class TestRecipe:
    """The shell refuses what it can see. What it cannot is refused by the other two, and named in the catalogue."""

    @pytest.mark.parametrize("case", [one for one in CATALOGUE if one.shell is None], ids=lambda case: case.name)
    def test_refuses(self, case: Manipulation, tmp_path: Path) -> None:
        done = recipe.judge(case.make(), tmp_path)
        assert done.returncode == 1, f"{case.what} {done.stdout}"
        assert "REFUSED" in done.stdout

    @pytest.mark.parametrize("story", HONEST, ids=lambda story: story.__name__)
    def test_accepts_the_honest(self, story: Callable[[], Story], tmp_path: Path) -> None:
        done = recipe.judge(story().build(), tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "ACCEPTED" in done.stdout


def test_the_catalogue_is_large_and_told() -> None:
    assert len(CATALOGUE) >= 45
    assert all(case.what for case in CATALOGUE)
    assert len({case.name for case in CATALOGUE}) == len(CATALOGUE)


def test_both_verifiers_check_the_same(page: Page) -> None:
    assert page.evaluate("() => Object.keys(CHECKS).sort()") == sorted(CHECKS)
    assert page.evaluate("() => GROUPS.flatMap(group => group[2].split(' ')).sort()") == sorted(CHECKS)
