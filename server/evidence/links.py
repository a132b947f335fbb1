"""What cites a capture. Cases lie above evidence, so the composition root says how they are read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from uuid import UUID

from server.access.actor import Actor
from server.evidence.schemas import CitedByCaseView

CasesCiting = Callable[[Actor, Sequence[UUID]], Awaitable[Mapping[UUID, list[CitedByCaseView]]]]


async def _none(actor: Actor, captures: Sequence[UUID]) -> Mapping[UUID, list[CitedByCaseView]]:
    del actor, captures
    return {}


_cases_citing: CasesCiting = _none


def bind(cases_citing: CasesCiting) -> None:
    """Set how cases are found, within the actor's scope (called by ``server.wiring``)."""
    global _cases_citing
    _cases_citing = cases_citing


async def cases_citing(actor: Actor, captures: Sequence[UUID]) -> Mapping[UUID, list[CitedByCaseView]]:
    """The cases that cite each of the captures and that the actor may see."""
    return await _cases_citing(actor, captures)
