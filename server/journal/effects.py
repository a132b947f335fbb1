"""Which jobs follow from which events; bound once by the composition root."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from server.journal.events import Event
from server.kit.jobs import Job

Effects = Mapping[type[Event], tuple[Job, ...]]

_bound: dict[type[Event], tuple[Job, ...]] = {}


def bind(parts: Iterable[Effects]) -> None:
    """Merge the ``ON_EVENT`` tables of all packages (called by ``server.wiring``)."""
    merged: dict[type[Event], tuple[Job, ...]] = {}
    for part in parts:
        for event, jobs in part.items():
            merged[event] = (*merged.get(event, ()), *jobs)
    _bound.clear()
    _bound.update(merged)


def jobs_of(event: Event) -> tuple[Job, ...]:
    """The jobs that follow from an event."""
    return _bound.get(type(event), ())
