"""Binds events to the jobs that follow from them; called once by every composition root and by the tests."""

from __future__ import annotations

from server.cases.links import cases_citing
from server.evidence import jobs as evidence
from server.evidence import links
from server.journal import effects
from server.kit.jobs import Handler, Job
from server.push import jobs as push

EFFECTS: list[effects.Effects] = [push.ON_EVENT, evidence.ON_EVENT]
HANDLERS: dict[Job, Handler] = {**push.HANDLERS, **evidence.HANDLERS}


def wire() -> None:
    """Bind the ``ON_EVENT`` tables of all packages, and what lower packages show of higher ones."""
    effects.bind(EFFECTS)
    links.bind(cases_citing)
