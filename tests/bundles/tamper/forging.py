"""What manipulations have in common: the bundle before anybody touches it, and where things lie in it."""

from __future__ import annotations

from functools import cache
from typing import Any

from tests.bundles import stories
from tests.bundles.synthetic import Bundle, Session, Story


@cache
def _built() -> Bundle:
    return stories.visit().build()


def honest() -> Bundle:
    """The bundle of a visit before anybody touches it: its files may be changed, its story is for reading only."""
    return _built().copy()


def folder_of(bundle: Bundle, act: str, nth: int = 0) -> str:
    """Where the nth statement of a kind lies."""
    return bundle.folder(bundle.story.statement(act, nth))


def last_chain(story: Story) -> Session:
    """The chain that was opened last."""
    return story.sessions[-1]


def judged_by(story: Story, policy: dict[str, Any]) -> Bundle:
    """The bundle of a story for somebody who believes these."""
    bundle = story.build()
    bundle.policy = policy
    return bundle
