"""Lifecycles as tables: from which state, by which act, to which state, by whom, demanded by what.

Each package writes its own table in ``lifecycle.py``; this module only reads such tables. Pure: no framework, no
database, no clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from server.kit.errors import WrongState

Lifecycle = tuple["Step", ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One row: in state ``source`` (``None`` before the thing exists) the act leads to ``target``.

    ``by`` names the roles that may take it, ``basis`` the rule that demands it.
    """

    source: StrEnum | None
    act: str
    target: StrEnum
    by: tuple[StrEnum, ...]
    basis: str


def from_each(sources: Iterable[StrEnum], act: str, target: StrEnum, by: tuple[StrEnum, ...], basis: str) -> Lifecycle:
    """The same row for several source states (``any open → …``)."""
    return tuple(Step(source, act, target, by, basis) for source in sources)


def allowed_acts(lifecycle: Lifecycle, state: StrEnum | None) -> tuple[str, ...]:
    """The acts possible in a state, in the order of the table."""
    return tuple(dict.fromkeys(step.act for step in lifecycle if step.source == state))


def next_step(lifecycle: Lifecycle, state: StrEnum | None, act: str) -> Step:
    """The row for an act in a state.

    Raises:
        WrongState: the table has no such row; ``params`` name the state and the acts that it allows.
    """
    for step in lifecycle:
        if step.source == state and step.act == act:
            return step
    allowed = allowed_acts(lifecycle, state)
    raise WrongState(
        f"“{act}” is not possible in state {state or '—'}; possible: {', '.join(allowed) or 'nothing'}.",
        params={"act": act, "state": None if state is None else str(state), "allowed": list(allowed)},
    )


def reachable(lifecycle: Lifecycle, start: StrEnum | None = None) -> frozenset[StrEnum]:
    """All states that some sequence of acts leads to."""
    found: set[StrEnum] = set()
    waiting: list[StrEnum | None] = [start]
    while waiting:
        here = waiting.pop()
        for step in lifecycle:
            if step.source == here and step.target not in found:
                found.add(step.target)
                waiting.append(step.target)
    return frozenset(found)


def described(
    lifecycle: Lifecycle,
    state_names: Mapping[Any, tuple[str, str]],
    act_names: Mapping[str, tuple[str, str]],
) -> dict[str, Sequence[dict[str, Any]]]:
    """The table with its Chinese and English names, ready for JSON.

    Raises:
        KeyError: a state or an act of the table has no name.
    """
    acts = dict.fromkeys(step.act for step in lifecycle)
    states = dict.fromkeys(one for step in lifecycle for one in (step.source, step.target) if one is not None)
    return {
        "states": [{"code": str(one), "zh": state_names[one][0], "en": state_names[one][1]} for one in states],
        "acts": [{"code": act, "zh": act_names[act][0], "en": act_names[act][1]} for act in acts],
        "steps": [
            {
                "from": None if step.source is None else str(step.source),
                "act": step.act,
                "to": str(step.target),
                "by": [str(role) for role in step.by],
                "basis": step.basis,
            }
            for step in lifecycle
        ],
    }
