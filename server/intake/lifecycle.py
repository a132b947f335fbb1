"""The lifecycle of a received matter: registered as an item, returned to whom it came from, or declined."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from server.access.roles import Role
from server.kit.lifecycle import Lifecycle, Step


class MatterState(StrEnum):
    """Where a received matter stands."""

    WAITING = "WAITING"
    REGISTERED = "REGISTERED"
    RETURNED = "RETURNED"
    DECLINED = "DECLINED"


_S: Final = MatterState
_DESK: Final = (Role.REG, Role.OFFICE)

LIFECYCLE: Final[Lifecycle] = (
    Step(None, "receive", _S.WAITING, _DESK, "R2"),
    Step(_S.WAITING, "register", _S.REGISTERED, _DESK, "R1, R2; D1.1"),
    Step(_S.WAITING, "return", _S.RETURNED, _DESK, "R2, with the reason"),
    Step(_S.WAITING, "decline", _S.DECLINED, (Role.OFFICE,), "R2, with the reason"),
)

STATE_NAMES: Final[dict[MatterState, tuple[str, str]]] = {
    _S.WAITING: ("待登记", "To be registered"),
    _S.REGISTERED: ("已登记", "Registered"),
    _S.RETURNED: ("已退回来件单位", "Returned"),
    _S.DECLINED: ("不予登记", "Declined"),
}

ACT_NAMES: Final[dict[str, tuple[str, str]]] = {
    "receive": ("收件", "Receive"),
    "register": ("登记", "Register"),
    "return": ("退回", "Return"),
    "decline": ("不予登记", "Decline"),
}
