"""Binds events to the jobs that follow from them; called once by every composition root and by the tests."""

from __future__ import annotations

from server.journal import effects
from server.kit.jobs import Handler, Job
from server.push import jobs as push

EFFECTS: list[effects.Effects] = [push.ON_EVENT]
HANDLERS: dict[Job, Handler] = {**push.HANDLERS}


def wire() -> None:
    """Bind the ``ON_EVENT`` tables of all packages."""
    effects.bind(EFFECTS)
