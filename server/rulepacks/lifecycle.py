"""The lifecycle of a rule pack of the office's own: the office writes, a leader takes it into force (D9)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from server.access.roles import Role
from server.kit.lifecycle import Lifecycle, Step, from_each


class PackState(StrEnum):
    """Where a version stands."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    ENACTED = "ENACTED"
    WITHDRAWN = "WITHDRAWN"


_S, _R = PackState, Role

LIFECYCLE: Final[Lifecycle] = (
    Step(None, "draft", _S.DRAFT, (_R.OFFICE,), "D9, the office writes the rules"),
    Step(_S.DRAFT, "revise", _S.DRAFT, (_R.OFFICE,), "D9"),
    Step(_S.DRAFT, "submit", _S.SUBMITTED, (_R.OFFICE,), "D9, a leader approves"),
    Step(_S.SUBMITTED, "return", _S.DRAFT, (_R.LEADER, _R.HEAD), "D9"),
    Step(_S.SUBMITTED, "enact", _S.ENACTED, (_R.LEADER, _R.HEAD), "D9, not by its drafter"),
    *from_each((_S.DRAFT, _S.SUBMITTED), "withdraw", _S.WITHDRAWN, (_R.OFFICE,), "D9"),
)

STATE_NAMES: Final[dict[PackState, tuple[str, str]]] = {
    _S.DRAFT: ("草稿", "Draft"),
    _S.SUBMITTED: ("已报批", "Laid before a leader"),
    _S.ENACTED: ("已批准施行", "Enacted"),
    _S.WITHDRAWN: ("已撤回", "Withdrawn"),
}

ACT_NAMES: Final[dict[str, tuple[str, str]]] = {
    "draft": ("起草", "Draft"),
    "revise": ("修改", "Revise"),
    "submit": ("报批", "Submit"),
    "return": ("退回修改", "Return"),
    "enact": ("批准施行", "Enact"),
    "withdraw": ("撤回", "Withdraw"),
}
