"""What a bundle's records of acts tell against a phone or a passkey is said by both verifiers, and refuses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.bundles import stories
from tests.bundles.synthetic import Bundle
from tests.bundles.trees import new_id, sha256
from tests.bundles.verifiers import browser_page, program

pytestmark = pytest.mark.requirement("R53")


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with browser_page.browser() as opened:
        opened.goto(browser_page.SOURCE.as_uri())
        yield opened


def _told(kind: str, subject: str, **data: object) -> Bundle:
    """The honest bundle of a visit in which this was recorded, too."""
    story = stories.visit()
    opening = story.statement("session/1").body
    story.log.insert(story.log.index("export"), story.act(kind, opening.get(subject, new_id()), opening["who"], **data))
    return story.build()


def test_a_fork_of_the_phones_chain(page: Page, tmp_path: Path) -> None:
    session = stories.visit().sessions[0].id
    bundle = _told("device.chain_forked", "device", session_id=session, seq=2, fork="PLACE", fork_id=new_id())
    found = program.judge(program.load(), bundle, tmp_path)
    assert (found.failures, found.remarks) == ({}, {"forked": [f"{session}, 2"]})
    assert browser_page.handed(page, bundle) == {"verdict": "REMARKS", "failures": [], "remarks": ["forked"]}


def test_a_counter_that_stood(page: Page, tmp_path: Path) -> None:
    """It is said of the statement that was confirmed, and of no other."""
    seal = stories.visit().statement("seal/1")
    bundle = _told("passkey.counter_stood", "", statement_sha256=sha256(seal.bytes).hex(), before=7, told=7)
    found = program.judge(program.load(), bundle, tmp_path)
    assert (found.failures, found.remarks) == ({}, {"counter": [bundle.folder(bundle.story.statement("seal/1"))]})
    assert browser_page.handed(page, bundle) == {"verdict": "REMARKS", "failures": [], "remarks": ["counter"]}


def test_a_fork_of_a_phone_that_took_nothing_here_is_not_said(tmp_path: Path) -> None:
    bundle = _told("device.chain_forked", "", session_id=new_id(), seq=1, fork="LINK", fork_id=new_id())
    found = program.judge(program.load(), bundle, tmp_path)
    assert (found.failures, found.remarks) == ({}, {})


def test_both_verifiers_know_the_same_remarks(page: Page) -> None:
    assert page.evaluate("() => Object.keys(REMARKS).sort()") == sorted(program.load().REMARKS)
