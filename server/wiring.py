"""Binds events to the jobs that follow from them; called once by every composition root and by the tests."""

from __future__ import annotations

from server.journal import effects
from server.kit.jobs import Handler, Job

EFFECTS: list[effects.Effects] = []
HANDLERS: dict[Job, Handler] = {}


def wire() -> None:
    """Bind the ``ON_EVENT`` tables of all packages."""
    effects.bind(EFFECTS)
