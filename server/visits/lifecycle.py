"""The lifecycle of a visit (handbook D2), readable without knowing the program.

``TL`` and ``TM`` in this table are functions within the visit's own team: whoever leads it, whoever belongs to it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from server.access.roles import Role
from server.kit.lifecycle import Lifecycle, Step, from_each


class VisitState(StrEnum):
    """Where a visit stands."""

    DRAFT = "DRAFT"
    PLAN_APPROVED = "PLAN_APPROVED"
    TEAM_LOCKED = "TEAM_LOCKED"
    DEPARTED = "DEPARTED"
    ON_SITE = "ON_SITE"
    CONVERTED = "CONVERTED"
    LEFT = "LEFT"
    RECORD_SIGNED = "RECORD_SIGNED"
    RELEASED = "RELEASED"
    REPORTED = "REPORTED"
    FILED = "FILED"
    ABORTED = "ABORTED"
    COMPROMISED = "COMPROMISED"


_S, _R = VisitState, Role
_BEFORE_LEAVING: Final = (_S.DRAFT, _S.PLAN_APPROVED, _S.TEAM_LOCKED, _S.DEPARTED, _S.ON_SITE, _S.CONVERTED)

LIFECYCLE: Final[Lifecycle] = (
    Step(None, "plan", _S.DRAFT, (_R.SUP, _R.OFFICE), "733 art. 15"),
    Step(_S.DRAFT, "approve", _S.PLAN_APPROVED, (_R.LEADER, _R.HEAD), "733 art. 8, 12, 15"),
    Step(_S.PLAN_APPROVED, "lock_team", _S.TEAM_LOCKED, (_R.OFFICE,), "733 art. 8, 9, 17"),
    Step(_S.TEAM_LOCKED, "depart", _S.DEPARTED, (_R.TL,), "四不两直"),
    Step(_S.DEPARTED, "arrive", _S.ON_SITE, (_R.TL,), "四不两直; R82"),
    Step(_S.ON_SITE, "convert", _S.CONVERTED, (_R.TL,), "四不两直, exception"),
    Step(_S.ON_SITE, "leave", _S.LEFT, (_R.TM, _R.TL), "R83"),
    Step(_S.CONVERTED, "leave", _S.LEFT, (_R.TM, _R.TL), "R83"),
    Step(_S.LEFT, "sign", _S.RECORD_SIGNED, (_R.TL,), "四不两直, six clauses"),
    Step(_S.RECORD_SIGNED, "release", _S.RELEASED, (_R.OFFICE,), "R81, R84; 733 art. 16"),
    Step(_S.RELEASED, "report", _S.REPORTED, (_R.OFFICE, _R.LEADER), "R80, R85"),
    Step(_S.REPORTED, "file", _S.FILED, (_R.ARC,), "733 art. 16"),
    *from_each(_BEFORE_LEAVING, "abort", _S.ABORTED, (_R.TL, _R.OFFICE), "R81"),
    *from_each(_BEFORE_LEAVING, "compromise", _S.COMPROMISED, (_R.TL, _R.OFFICE), "R81; 733 art. 24"),
)

# The team may record findings once it is fixed, and what arrives late from a phone is still taken.
TEAM_AT_WORK: Final = frozenset(VisitState) - {_S.DRAFT, _S.PLAN_APPROVED, _S.FILED}

STATE_NAMES: Final[dict[VisitState, tuple[str, str]]] = {
    _S.DRAFT: ("待审批", "Awaiting approval"),
    _S.PLAN_APPROVED: ("方案已批准", "Plan approved"),
    _S.TEAM_LOCKED: ("人员已锁定", "Team locked"),
    _S.DEPARTED: ("已出发", "Departed"),
    _S.ON_SITE: ("现场中", "On site"),
    _S.CONVERTED: ("已转明查", "Converted to an open visit"),
    _S.LEFT: ("已离场", "Left the site"),
    _S.RECORD_SIGNED: ("记录已签署", "Record signed"),
    _S.RELEASED: ("已公开", "Released"),
    _S.REPORTED: ("已报告", "Reported"),
    _S.FILED: ("已归档", "Filed"),
    _S.ABORTED: ("已中止", "Aborted"),
    _S.COMPROMISED: ("已走漏", "Compromised"),
}

ACT_NAMES: Final[dict[str, tuple[str, str]]] = {
    "plan": ("拟订方案", "Plan"),
    "approve": ("批准方案", "Approve the plan"),
    "lock_team": ("锁定人员", "Lock the team"),
    "depart": ("出发", "Depart"),
    "arrive": ("到达现场", "Arrive"),
    "convert": ("转为明查", "Convert to an open visit"),
    "leave": ("离开现场", "Leave"),
    "sign": ("签署记录", "Sign the record"),
    "release": ("解除保密", "Release"),
    "report": ("报告", "Report"),
    "file": ("归档", "File"),
    "abort": ("中止", "Abort"),
    "compromise": ("登记走漏", "Record a leak"),
}
