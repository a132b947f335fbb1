"""The lifecycle of a version of a programme: the office writes, a leader approves; what was approved is amended."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from server.access.roles import Role
from server.kit.lifecycle import Lifecycle, Step, from_each


class ProgrammeState(StrEnum):
    """Where a version stands."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    APPROVED = "APPROVED"
    WITHDRAWN = "WITHDRAWN"


class ProgrammeKind(StrEnum):
    """What a programme is for."""

    YEAR = "YEAR"
    STAGE = "STAGE"


KIND_NAMES: Final[dict[ProgrammeKind, tuple[str, str]]] = {
    ProgrammeKind.YEAR: ("年度督查计划", "Programme of the year"),
    ProgrammeKind.STAGE: ("阶段任务清单", "Task list of a stage"),
}

_S, _R = ProgrammeState, Role
_WRITERS: Final = (_R.SUP, _R.OFFICE)

LIFECYCLE: Final[Lifecycle] = (
    Step(None, "draft", _S.DRAFT, _WRITERS, "R106; B15 rule 6"),
    Step(_S.DRAFT, "revise", _S.DRAFT, _WRITERS, "R106"),
    Step(_S.DRAFT, "submit", _S.SUBMITTED, (_R.OFFICE,), "R106, a leader approves"),
    Step(_S.SUBMITTED, "return", _S.DRAFT, (_R.LEADER, _R.HEAD), "R106"),
    Step(_S.SUBMITTED, "approve", _S.APPROVED, (_R.LEADER, _R.HEAD), "R106, not by who wrote at it; 733 art. 15"),
    *from_each((_S.DRAFT, _S.SUBMITTED), "withdraw", _S.WITHDRAWN, (_R.OFFICE,), "R106"),
)

STATE_NAMES: Final[dict[ProgrammeState, tuple[str, str]]] = {
    _S.DRAFT: ("草稿", "Draft"),
    _S.SUBMITTED: ("已报批", "Laid before a leader"),
    _S.APPROVED: ("已批准", "Approved"),
    _S.WITHDRAWN: ("已撤回", "Withdrawn"),
}

ACT_NAMES: Final[dict[str, tuple[str, str]]] = {
    "draft": ("拟订", "Draft"),
    "revise": ("修改", "Revise"),
    "submit": ("报批", "Submit"),
    "return": ("退回修改", "Return"),
    "approve": ("批准", "Approve"),
    "withdraw": ("撤回", "Withdraw"),
}
