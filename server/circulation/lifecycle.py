"""The lifecycle of a circulation (handbook D7), readable without knowing the program.

A breach of the desk's limit is computed, never a state; nothing follows from it but a reminder.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from server.access.roles import Role
from server.kit.lifecycle import Lifecycle, Step, from_each


class CirculationState(StrEnum):
    """Where a circulation stands."""

    PREPARED = "PREPARED"
    ON_DESK = "ON_DESK"
    READ = "READ"
    INSTRUCTED = "INSTRUCTED"
    RETURNED = "RETURNED"


_S, _R = CirculationState, Role
_KEEPERS: Final = (_R.REG, _R.OFFICE)
# The leader himself on his own desk, or the secretary who enters what stands on the paper.
_AT_THE_DESK: Final = (_R.LEADER, _R.HEAD, _R.ORIGIN, *_KEEPERS)

LIFECYCLE: Final[Lifecycle] = (
    Step(None, "open", _S.PREPARED, _KEEPERS, "D7; R40"),
    *from_each((_S.PREPARED, _S.READ, _S.INSTRUCTED), "deliver", _S.ON_DESK, _KEEPERS, "D7; R40–R41"),
    Step(_S.ON_DESK, "read", _S.READ, _AT_THE_DESK, "D7"),
    Step(_S.ON_DESK, "instruct", _S.INSTRUCTED, _AT_THE_DESK, "D7; 批示"),
    Step(_S.ON_DESK, "reroute", _S.ON_DESK, _KEEPERS, "R42; BWb 电传或其它途径"),
    *from_each((_S.ON_DESK, _S.READ, _S.INSTRUCTED, _S.PREPARED), "return", _S.RETURNED, _KEEPERS, "D7"),
)

STATE_NAMES: Final[dict[CirculationState, tuple[str, str]]] = {
    _S.PREPARED: ("待送阅", "Prepared"),
    _S.ON_DESK: ("在领导处", "On a desk"),
    _S.READ: ("已阅", "Read"),
    _S.INSTRUCTED: ("已批示", "Instructed"),
    _S.RETURNED: ("已退回", "Returned"),
}

ACT_NAMES: Final[dict[str, tuple[str, str]]] = {
    "open": ("登记送阅", "Open"),
    "deliver": ("送到", "Deliver"),
    "read": ("已阅", "Read"),
    "instruct": ("批示", "Instruct"),
    "reroute": ("转送", "Re-route"),
    "return": ("收回", "Take back"),
}
